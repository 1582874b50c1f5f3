# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures derived from those with kernels' states beside them: the same connections as another observer
would have captured them. What the kernels were in stays as it is.

A Shot is one frame in a derived capture, with the truth's row of the frame that it was; only where
`counts` is set, the states after it are those after that frame. Each take, a list of shots, is one
connection seen in one way; all takes of a capture go into one file, with addresses of their own.
"""
import collections
import csv
import dataclasses
import struct

from rewrap import ETHERNET, read_frames, write_capture

ETHERNET_HEADER, IPV4_HEADER, IPV6_HEADER, TCP_HEADER = 14, 20, 40, 20
COPY_NS = 10_000


@dataclasses.dataclass(frozen=True)
class Shot:
    row: dict
    ns: int
    frame: bytes
    counts: bool = True


def connections(pcapng, truth):
    """The takes of a capture as it is: one of each pair of ports, in the order of their first frames."""
    frames = read_frames(pcapng)
    pairs = collections.defaultdict(list)
    with open(truth, encoding="ascii") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            ports = row["sport"], row["dport"]
            ns, frame = frames[int(row["frame"]) - 1]
            if row["flags"] != "ICMP":
                pairs[row["fam"], ports if row["dir"] == "A>B" else ports[::-1]].append(
                    Shot(row, ns, frame))
    return list(pairs.values())


# ---- the ways: take -> takes ----

def as_it_is(take):
    yield take


def doubled(take):
    """A port mirrored in both directions, or `-i any`: each frame again after 10 µs."""
    yield [dataclasses.replace(shot, ns=shot.ns + later) for shot in take for later in (0, COPY_NS)]


def swapped(take):
    """Two neighbours the other way round. What lies between them is nobody's state."""
    for at in range(len(take) - 1):
        first, second = take[at:at + 2]
        yield [*take[:at], dataclasses.replace(second, ns=first.ns, counts=False),
               dataclasses.replace(first, ns=second.ns, row=truth_of_swapped(first, second)),
               *take[at + 2:]]


def truth_of_swapped(first, second):
    """The states after both, for the sender of the first."""
    return {**second.row, "dir": first.row["dir"]}


def one_missing(take):
    for at in range(len(take)):
        yield take[:at] + take[at + 1:]


def begun_in_established(take):
    for at, shot in enumerate(take):
        if shot.row["a_post"] == shot.row["b_post"] == "ESTABLISHED":
            yield take[at + 1:]
            return


def cut_at(length):
    """A snapshot length. Where less than the fixed part of the TCP header is left, nothing is told."""
    def cut(take):
        ip = IPV4_HEADER if take[0].row["fam"] == "4" else IPV6_HEADER
        if ETHERNET_HEADER + ip + TCP_HEADER <= length:
            yield take
    return cut


# ---- the file ----

def readdressed(frame, number):
    """The frame with addresses that no other take has."""
    out = bytearray(frame)
    for address in (12, 16) if frame[ETHERNET_HEADER] >> 4 == 4 else (8, 24):
        struct.pack_into("!H", out, ETHERNET_HEADER + address + 1, number)
    return bytes(out)


def write_takes(path, takes, snapshot_length=None):
    """All of them, one after the other."""
    frames = [(shot.ns, readdressed(shot.frame, number))
              for number, take in enumerate(takes) for shot in take]
    cut = {index: snapshot_length for index in range(len(frames))} if snapshot_length else None
    write_capture(path, ETHERNET, frames, cut)
    path.chmod(0o644)
    return path
