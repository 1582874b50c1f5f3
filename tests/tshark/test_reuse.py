# SPDX-License-Identifier: GPL-2.0-or-later
"""A pair of endpoints used again inside a TIME_WAIT: which, how old, and what came of it."""
from decimal import Decimal

import pytest

from rewrap import RAW, read_packets, write_capture

NAMES = ["frame.number", "tcp.stream", "tcpclose.reuse.of_stream", "tcpclose.reuse.age",
         "tcpclose.reuse.outcome"]


def reuses(wireshark, capture, *arguments):
    """Of the streams that say it: each row the same on all segments."""
    rows = wireshark.fields(capture, NAMES, "-2", "-Y", "tcp", *arguments)
    told = {row[1]: tuple(row[1:]) for row in rows if row[4]}
    assert {tuple(row[1:]) for row in rows if row[1] in told} == set(told.values())
    return sorted(told.values())


@pytest.mark.parametrize("capture,outcome,age", [("tw_reuse_server_tw", "accepted", "0.30"),
                                                 ("tw_old_syn", "challenged", "0.10")])
def test_reuse_is_told_with_its_outcome(wireshark, capture, outcome, age):
    (stream, of_stream, seconds, said), = reuses(wireshark, capture)
    assert (stream, of_stream, said) == ("1", "0", outcome)
    assert round(Decimal(seconds), 2) == Decimal(age)


@pytest.mark.parametrize("capture", ["tw_expiry_reuse", "forged_syn_established", "four_way_client"])
def test_no_reuse_without_time_wait(wireshark, capture):
    assert reuses(wireshark, capture) == []


def test_two_msl_says_how_long(wireshark):
    """66 s after the close: inside a TIME_WAIT of 240 s."""
    (_, of_stream, seconds, outcome), = reuses(wireshark, "tw_expiry_reuse", "-o", "tcpclose.two_msl:240")
    assert (of_stream, outcome) == ("0", "accepted")
    assert 60 < Decimal(seconds) < 70
    assert reuses(wireshark, "tw_reuse_server_tw", "-o", "tcpclose.two_msl:0") == []


def cut(wireshark, name, last):
    """tw_reuse_server_tw up to a frame."""
    path = wireshark.made / f"{name}.pcap"
    packets = list(read_packets(wireshark.path("tw_reuse_server_tw")))[:last]
    write_capture(path, RAW, packets).chmod(0o644)
    return path


def test_syn_without_answer(wireshark):
    (_, _, _, outcome), = reuses(wireshark, cut(wireshark, "reuse-unanswered", 12))
    assert outcome == "unanswered"


def test_rst_refuses(wireshark):
    """The SYN-ACK made a RST."""
    path = wireshark.made / "reuse-refused.pcap"
    packets = list(read_packets(wireshark.path("tw_reuse_server_tw")))[:13]
    ns, packet = packets[-1]
    packet = bytearray(packet)
    assert packet[33] == 0x12
    packet[33] = 0x14
    write_capture(path, RAW, [*packets[:-1], (ns, bytes(packet))]).chmod(0o644)
    (_, _, _, outcome), = reuses(wireshark, path)
    assert outcome == "refused"
