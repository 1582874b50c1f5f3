# SPDX-License-Identifier: GPL-2.0-or-later
"""What a segment says of the end in words of its own: MPTCP's options, and codes and text of a RST.
Wireshark's own fields say the same of those that it knows."""
import csv
import os
import shutil
import struct
from pathlib import Path

import pytest

import rewrap
from wireshark import PROJECT

SYN, ACK, RST, FIN = 0x02, 0x10, 0x04, 0x01
DATA_FIN = bytes([30, 18, 0x20, 0x15]) + struct.pack("!IIIHH", 1, 2, 0, 1, 0)[:14]
FASTCLOSE = bytes([30, 12, 0x70, 0, 1, 2, 3, 4, 5, 6, 7, 8])
TCPRST = bytes([30, 4, 0x80, 5])
TEXT = b"Blocked by policy"
CBOR = bytes.fromhex("193039a1010e")
BINARY = bytes.fromhex("33aa04d200007ed9")


def segment(by_client, seq, ack, flags, options=b"", payload=b"", window=500):
    ports = (50000, 80) if by_client else (80, 50000)
    options += b"\1" * (-len(options) % 4)
    header = struct.pack("!HHIIBBHHH", *ports, seq, ack, (20 + len(options)) << 2, flags, window, 0, 0)
    ends = ["192.0.2.1", "192.0.2.2"] if by_client else ["192.0.2.2", "192.0.2.1"]
    return rewrap.ipv4(rewrap.TCP, header + options + payload, source=ends[0], destination=ends[1])


SEGMENTS = {
    1: segment(True, 99, 0, SYN),
    2: segment(False, 199, 100, SYN | ACK),
    3: segment(True, 100, 200, ACK),
    4: segment(True, 100, 200, ACK, DATA_FIN),
    5: segment(False, 200, 100, RST | ACK, TCPRST),
    6: segment(False, 200, 100, RST | ACK, FASTCLOSE),
    7: segment(False, 200, 100, RST | ACK, payload=TEXT),
    8: segment(False, 200, 100, RST | ACK, payload=CBOR),
    9: segment(False, 200, 100, RST | ACK, payload=BINARY),
    10: segment(False, 200, 100, RST | ACK, window=9811),
    11: segment(False, 200, 100, ACK, payload=TEXT, window=9811),
}
NAMES = ["rst.netscaler", "rst.payload", "rst.diagnostic", "rst.diagnostic.pen", "mptcp", "mptcp.reason"]


@pytest.fixture(scope="module", name="capture")
def fixture_capture(wireshark):
    path = rewrap.write_capture(wireshark.made / "said.pcap", rewrap.RAW,
                                [(frame * 10**7, packet) for frame, packet in SEGMENTS.items()])
    path.chmod(0o644)
    return path


def said(wireshark, capture, *arguments):
    rows = wireshark.fields(capture, ["frame.number", *(f"tcpclose.{name}" for name in NAMES)], *arguments)
    return {int(row[0]): {name: value for name, value in zip(NAMES, row[1:], strict=True) if value}
            for row in rows if any(row[1:])}


WANTED = {
    4: {"mptcp": "data_fin"},
    5: {"mptcp": "subflow_reset", "mptcp.reason": "5"},
    6: {"mptcp": "fastclose"},
    7: {"rst.payload": TEXT.decode()},
    8: {"rst.diagnostic": "14"},
    9: {"rst.diagnostic": "1234", "rst.diagnostic.pen": "32473"},
    10: {"rst.netscaler": "9811"},
}


def test_what_is_said(wireshark, capture):
    assert said(wireshark, capture) == WANTED
    assert said(wireshark, capture, "-2") == WANTED


def test_mptcp_is_an_event_and_in_the_story(wireshark, capture):
    events = {row[0]: row[1].split(",") for row in wireshark.fields(
        capture, ["frame.number", "tcpclose.event"], "-Y", "tcpclose.mptcp")}
    assert [event for frame in ("4", "5", "6") for event in events[frame] if "mptcp" in event] == [
        "mptcp_data_fin", "mptcp_subflow_reset", "mptcp_fastclose"]
    story = wireshark.tshark(capture, "-q", "-z", "tcpclose,story,0")
    for sentence in ("DATA_FIN: its sender ends", "MP_TCPRST: this subflow ends",
                     "MP_FASTCLOSE: its sender aborts"):
        assert sentence in " ".join(story.split())


def test_the_program_says_the_same_of_mptcp(wireshark, capture):
    rows = list(csv.DictReader(wireshark.tshark(capture, "-q", "-z", "tcpclose,csv").splitlines()))
    assert [row["mptcp"] for row in rows] == ["data_fin fastclose subflow_reset"]
    program = wireshark.folder / "tcpclose"
    shutil.copy2(Path(os.environ.get("TCPCLOSE_BUILD", PROJECT / "build")).resolve() / "tcpclose", program)
    program.chmod(0o755)
    printed = wireshark.run(program, "csv", capture).stdout
    assert list(csv.DictReader(printed.splitlines())) == rows


def test_numbers_are_explained(wireshark, capture):
    tree = wireshark.tshark(capture, "-O", "tcpclose")
    assert "NetScaler code: 9811 (after a fatal TLS alert)" in tree
    assert "Diagnostic payload: 14 (connection timeout)" in tree
    assert "MPTCP reset reason: 5 (unacceptable performance)" in tree


def test_wireshark_reads_the_same(wireshark, capture):
    names = ["frame.number", "tcp.options.mptcp.subtype", "tcp.options.mptcp.rst_reason", "tcp.reset_cause"]
    rows = {int(row[0]): row[1:] for row in wireshark.fields(capture, names)}
    assert [rows[frame][0] for frame in (4, 5, 6)] == ["2", "8", "7"]
    assert int(rows[5][1], 0) == int(WANTED[5]["mptcp.reason"])
    assert rows[7][2] == WANTED[7]["rst.payload"]


def test_a_filter_finds_them(wireshark, capture):
    found = wireshark.fields(capture, ["frame.number"], "-Y", 'tcpclose.mptcp == "fastclose"')
    assert found == [("6",)]


@pytest.mark.parametrize("frame,kept", [(9, 41), (8, 45), (7, 50), (5, 41)])
def test_what_is_cut_off_says_nothing(wireshark, frame, kept):
    path = wireshark.made / f"said-{frame}-cut.pcap"
    rewrap.write_capture(path, rewrap.RAW, [(0, SEGMENTS[frame])], {0: kept}).chmod(0o644)
    assert said(wireshark, path) == {}


def test_what_nobody_can_see_is_escaped(wireshark):
    packet = segment(False, 200, 100, RST | ACK, payload=b"a\r\n\tb")
    path = rewrap.write_capture(wireshark.made / "said-odd.pcap", rewrap.RAW, [(0, packet)])
    path.chmod(0o644)
    [row] = said(wireshark, path).values()
    assert "\n" not in row["rst.payload"] and row["rst.payload"].startswith("a")
