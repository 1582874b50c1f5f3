# SPDX-License-Identifier: GPL-2.0-or-later
"""tcpclose.now.*: how many endpoints of the whole capture are in each closing state."""
import collections

import pytest

from names import SHIPPED

CLOSING = ("FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT", "CLOSING", "LAST_ACK", "TIME_WAIT")
NOW = tuple(f"tcpclose.now.{state.lower()}" for state in CLOSING)
SOCKETS = ("frame.number", "ip.src", "ipv6.src", "tcp.srcport", "ip.dst", "ipv6.dst", "tcp.dstport",
           "tcpclose.src.state", "tcpclose.dst.state")


def told(wireshark, capture, *arguments):
    """frame -> what the frame says of the sockets, and its counts"""
    rows = wireshark.fields(capture, SOCKETS + NOW, *arguments)
    return {int(row[0]): (row[1:len(SOCKETS)], tuple(map(int, row[len(SOCKETS):]))) for row in rows}


def counted(wireshark, capture):
    """frame -> the counts, made from the states of the sockets that the frames name"""
    states = {}
    counts = {}
    for frame, (ends, _) in told(wireshark, capture).items():
        src4, src6, sport, dst4, dst6, dport, src, dst = ends
        sender, receiver = (src4 or src6, sport), (dst4 or dst6, dport)
        states[sender, receiver] = src
        states[receiver, sender] = dst
        now = collections.Counter(states.values())
        counts[frame] = tuple(now[state] for state in CLOSING)
    return counts


def said(wireshark, capture, *arguments):
    return {frame: now for frame, (_, now) in told(wireshark, capture, *arguments).items()}


@pytest.mark.parametrize("capture", [name for name in SHIPPED if name != "tw_expiry_reuse"])
def test_counts_are_those_of_the_sockets(wireshark, capture):
    assert said(wireshark, capture) == counted(wireshark, capture)


@pytest.mark.parametrize("capture", ["storm_lossy", "parallel_v6", "tw_expiry_reuse"])
def test_later_passes_say_the_same(wireshark, capture):
    assert said(wireshark, capture, "-2") == said(wireshark, capture)


def test_time_wait_ends_without_a_segment(wireshark):
    counts = said(wireshark, "tw_expiry_reuse")
    assert counts[11][-1] == 1  # the last ACK
    assert counts[12][-1] == 0  # 66 s later


def test_time_wait_lasts_as_long_as_the_preference_says(wireshark):
    counts = said(wireshark, "tw_expiry_reuse", "-o", "tcpclose.two_msl:240")
    assert counts[11][-1] == 1
    assert counts[13][-1] == 0  # the client has begun anew in its place
