# SPDX-License-Identifier: GPL-2.0-or-later
"""The engine's short way for ordinary segments against the long one, on every shipped capture; the unit
tests and the fuzzer do the same with random streams."""
import ipaddress
import re
import subprocess

import pytest

from names import SHIPPED
from wireshark import built_plugins

FIELDS = ("frame.number", "frame.time_epoch", "tcp.stream", "ip.src", "ipv6.src", "ip.dst", "ipv6.dst",
          "tcp.srcport", "tcp.dstport", "tcp.seq_raw", "tcp.ack_raw", "tcp.len",
          "tcp.window_size_value", "tcp.flags", "ip.id", "tcp.options")


def segments(wireshark, capture):
    """A line for short_way.c of each segment."""
    pairs = {}
    for row in wireshark.fields(capture, FIELDS):
        (frame, time, stream, *hosts, source, destination, seq, ack, length, window, flags, ip_id,
         options) = row
        sender, receiver = [int(ipaddress.ip_address(text)) for text in hosts if text]
        source, destination = int(source), int(destination)
        side = int((source, sender) < (destination, receiver))
        ends = tuple(sorted([(source, sender), (destination, receiver)]))
        pair = pairs.setdefault(ends, len(pairs))
        seconds, _, fraction = time.partition(".")
        yield " ".join(map(str, (
            stream, pair, side, frame, 0, int(seconds) * 10**9 + int(fraction.ljust(9, "0")), seq,
            ack or 0, length, window, int(flags, 16) & 0xff, int(ip_id or "0", 16), options or "-")))


@pytest.fixture(scope="module", name="ways")
def fixture_ways(wireshark):
    """What short_way says of each capture: segments in it, and what was printed."""
    tool = built_plugins().parent / "tests" / "unit" / "short_way"
    said = {}
    for capture in SHIPPED:
        lines = list(segments(wireshark, capture))
        done = subprocess.run([tool], input="\n".join(lines), text=True, capture_output=True, check=False)
        said[capture] = (len(lines), done.stdout)
    return said


def test_both_ways_leave_the_same(ways):
    for name, (count, printed) in ways.items():
        assert re.match(rf"{count} segments, \d+ the short way\n", printed), (name, printed)


def test_some_segments_take_the_short_way(ways):
    assert sum(int(re.search(r"(\d+) the short way", printed)[1]) for _, printed in ways.values()) > 100
