# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures hold more than packets: log entries, system calls, blocks of vendors. Wireshark numbers
them as frames, and so does the program."""
import struct

import pytest

import rewrap
from test_command import command_, same
from test_split import fixture_split, frames_of
from wireshark import CAPTURES

__all__ = ["command_", "fixture_split"]

CAPTURE = "storm_clean"
PACKET = 6
FIRST_NS = rewrap.read_frames(CAPTURES / f"{CAPTURE}.pcapng")[0][0]
OTHERS = {
    "systemd_journal": rewrap.block(9, b"__REALTIME_TIMESTAMP=%d\nMESSAGE=up\n" % (FIRST_NS // 1000)),
    "vendor": rewrap.block(0xBAD, struct.pack("<I", 12345) + b"abcd"),
    "system_call": rewrap.block(0x204, struct.pack("<HQQIH", 0, FIRST_NS, 7, 30, 1) + b"abcdefgh"),
}


def blocks_of(data):
    at = 0
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        yield kind, data[at:at + length]
        at += length


def with_others(wireshark, name, first):
    """The capture with such a record before each tenth packet, from that one on."""
    out, packets = [], 0
    for kind, block in blocks_of(wireshark.path(CAPTURE).read_bytes()):
        if kind == PACKET:
            if packets % 10 == first:
                out.append(OTHERS[name])
            packets += 1
        out.append(block)
    path = wireshark.made / f"other-{name}-{first}.pcapng"
    path.write_bytes(b"".join(out))
    path.chmod(0o644)
    return path


@pytest.mark.parametrize("name,first", [(name, first) for name in OTHERS for first in (0, 5)
                                        if (name, first) != ("vendor", 0)])
def test_frames_have_the_same_numbers(wireshark, command, name, first):
    path = with_others(wireshark, name, first)
    rows = same(wireshark, command, path)
    assert rows != command("csv", wireshark.path(CAPTURE)).stdout
    for report in ("streams,wide", "resets", "summary"):
        same(wireshark, command, path, report)
    same(wireshark, command, path, "occupancy", ["--interval", "1"], ",1")


@pytest.mark.parametrize("name", OTHERS)
def test_they_are_no_packets_of_the_file(wireshark, command, name):
    """Neither its first nor its last one, and what has no time does not begin in 1970."""
    path = with_others(wireshark, name, 0)
    printed = command("csv", "--with-file", path).stdout
    of_packets = command("csv", "--with-file", wireshark.path(CAPTURE)).stdout
    assert [row.split(",")[-2:] for row in printed.splitlines()] == \
        [row.split(",")[-2:] for row in of_packets.splitlines()]
    assert wireshark.tshark(path, "-q", "-z", "tcpclose,csv,with_file", "-o",
                            f"tcpclose.file:{path}") == printed


@pytest.mark.parametrize("name", OTHERS)
def test_no_bucket_has_them(wireshark, split, name):
    folder, _ = split(with_others(wireshark, name, 5), count=2)
    frames = [frame for part in frames_of(folder) for frame in part]
    assert sorted(frames) == sorted(rewrap.read_frames(wireshark.path(CAPTURE)))
