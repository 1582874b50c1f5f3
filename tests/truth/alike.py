# SPDX-License-Identifier: GPL-2.0-or-later
"""Two captures of a connection each, compared in all that an observer may use.

Of a frame that is: all of its bytes, but that sequence and ACK numbers, SACK blocks, time stamps and IP
identifications count from where each side began, as kernels choose that at random; and when it was
captured, as far as the path's delay varies in both captures. Checksums follow from the rest.
"""
import collections
import csv
import struct
import sys
from pathlib import Path

from frame import Frame, beyond

# Behind this folder: both have a host.py.
sys.path.append(str(Path(__file__).resolve().parent.parent / "tshark"))

from rewrap import read_frames      # pylint: disable=wrong-import-position

NS_PER_S = 1e9
ROUND_TRIPS = 5         # of which pairs.py sees to it that no delayed ACK is among them
NO_OPERATION, SACK, TIME_STAMP = 1, 5, 8
END_OF_OPTIONS = 0
WORLDS = "ab"
SIDE = {b"\x02\x00\x0a\x00\x00\x01": "A", b"\x02\x00\x0a\x00\x00\x02": "B"}


def frames_of(capture):
    """[(seconds since the first, frame)] of a file that wire.pcapng() has made."""
    frames = read_frames(capture)
    return [((when - frames[0][0]) / NS_PER_S, Frame(raw, SIDE[raw[6:12]])) for when, raw in frames]


class Origins:
    """Where the random numbers of each side of a connection begin: what it showed first."""

    def __init__(self):
        self.first = {}

    def begin(self, frame):
        """A new connection of the side: whether it begins beyond the one before tells something, too."""
        before = self.first.pop(("number", frame.side), None)
        self.first.pop(("identification", frame.side), None)
        self.since("number", frame.side, frame.seq)
        return before is not None and before != frame.seq and beyond(frame.seq, before)

    def since(self, what, side, value, bits=32):
        return (value - self.first.setdefault((what, side), value)) % (1 << bits)


def options_of(header):
    """[(kind, value)]"""
    found, at = [], 20
    while at < len(header) and header[at] != END_OF_OPTIONS:
        size = 1 if header[at] == NO_OPERATION else header[at + 1]
        found.append((header[at], header[at + 2:at + size]))
        at += size
    return found


def option_seen(kind, value, frame, origins):
    if kind == TIME_STAMP:
        # In ticks of 1 ms: what they add to the time of capture is compared with that.
        stamp, echo = struct.unpack("!II", value)
        return kind, origins.since("stamp", frame.side, stamp), \
            echo and origins.since("stamp", frame.receiver, echo)
    if kind == SACK:
        edges = struct.unpack(f"!{len(value) // 4}I", value)
        return (kind, *(origins.since("number", frame.receiver, edge) for edge in edges))
    return kind, value


def seen(frame, origins):
    """What an observer sees of the frame, but for its time; time stamps apart."""
    ip_size, tcp = (20, 34) if frame.raw[12:14] == b"\x08\x00" else (40, 54)
    is_beyond = frame.has("S") and not frame.has("A") and origins.begin(frame)
    ip = bytearray(frame.raw[14:14 + ip_size])
    ip_id = None
    if ip_size == 20:
        ip_id, = struct.unpack_from("!H", ip, 4)
        ip_id = ip_id and 1 + origins.since("identification", frame.side, ip_id, 16)
        ip[4:6] = ip[10:12] = b"\0\0"
    header = frame.raw[tcp:tcp + (frame.raw[tcp + 12] >> 4) * 4]
    options = [option_seen(*option, frame, origins) for option in options_of(header)]
    return {
        "link": frame.raw[:14], "ip": bytes(ip), "identification": ip_id, "ports": header[:4],
        "beyond": is_beyond, "number": origins.since("number", frame.side, frame.seq),
        "ack": frame.has("A") and origins.since("number", frame.receiver, frame.ack),
        "flags, window": header[12:16], "urgent": header[18:20],
        "options": [option for option in options if option[0] != TIME_STAMP],
        "time stamps": [option[1:] for option in options if option[0] == TIME_STAMP],
        "payload": frame.raw[tcp + len(header):],
    }


def seen_of(frames):
    origins = collections.defaultdict(Origins)
    return [{"time": when, **seen(frame, origins[frame.key])} for when, frame in frames]


def variation(frames):
    """By how much the path varies: of the times in which side B answers the SYN and the first requests."""
    waiting, times = {}, []
    for when, frame in frames:
        if frame.side == "A" and frame.end != frame.seq:
            waiting[frame.end] = when
        elif frame.side == "B" and frame.ack in waiting:
            times.append(when - waiting.pop(frame.ack))
    return max(times[:ROUND_TRIPS]) - min(times[:ROUND_TRIPS])


def differences(one, other, tolerance):
    """What differs in the frame, one and other being of the same place, by name."""
    found = {name for name in one if name not in ("gap", "time", "time stamps") and one[name] != other[name]}
    if abs(one["gap"] - other["gap"]) > tolerance:
        found.add("gap")
    stamps = zip(sum(one["time stamps"], ()), sum(other["time stamps"], ()))
    if len(one["time stamps"]) != len(other["time stamps"]) or \
            any(abs(mine - yours) > tolerance * 1000 + 1 for mine, yours in stamps):
        found.add("time stamps")
    return found


def same_frames(one, other):
    """How many frames from the first are the same, and what differs in the next, if there is one."""
    tolerance = min(variation(one), variation(other))
    before = [0, 0]
    pairs = list(zip(seen_of(one), seen_of(other)))
    for number, (mine, yours) in enumerate(pairs):
        mine["gap"], yours["gap"] = mine["time"] - before[0], yours["time"] - before[1]
        before = [mine["time"], yours["time"]]
        if found := differences(mine, yours, tolerance):
            return number, found
    return len(pairs), set()


# A row of a pair up to which both captures are the same, and an endpoint whose kernels are not.
Unknown = collections.namedtuple("Unknown", "pair frame side states paths")


def truth_of(folder, pair, world):
    with open(folder / f"{pair}_{world}.truth.tsv", encoding="ascii") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def unknowns(folder, pair):
    """What an observer cannot know in this pair, NAME_a and NAME_b in the folder."""
    count, _ = same_frames(*(frames_of(folder / f"{pair}_{world}.pcapng") for world in WORLDS))
    rows = list(zip(*(truth_of(folder, pair, world)[:count] for world in WORLDS)))
    return [Unknown(pair, int(both[0]["frame"]), side, tuple(row[f"{side}_post"] for row in both),
                    tuple(row[f"{side}_path"] for row in both))
            for both in rows for side in "ab"
            if all(row[f"{side}_settled"] == "y" for row in both) and
            both[0][f"{side}_post"] != both[1][f"{side}_post"]]
