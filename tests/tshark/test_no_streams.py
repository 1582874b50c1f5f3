# SPDX-License-Identifier: GPL-2.0-or-later
"""Reports of a capture without packets, and of one without TCP: empty tables and no errors."""
import pytest

from rewrap import RAW, write_capture

UDP = bytes.fromhex("4500001c000100004011f8ed0a0000010a0000020035003500080000")
NOTHING = {"resets": "No RST."}  # others: "No TCP stream."
REPORTS = ["streams", "patterns", "states", "hosts", "causes", "resets", "occupancy,1"]
DIALOGS = ["streams", "patterns", "states", "hosts", "causes", "resets"]


@pytest.fixture(params=["empty", "udp"])
def capture(request, wireshark):
    path = wireshark.made / f"no-streams-{request.param}.pcap"
    frames = [(10**18, UDP)] if request.param == "udp" else []
    write_capture(path, RAW, frames).chmod(0o644)
    return path


@pytest.mark.parametrize("report", REPORTS)
def test_table_is_empty(wireshark, capture, report):
    lines = wireshark.tshark(capture, "-q", "-z", f"tcpclose,{report}").splitlines()
    assert NOTHING.get(report, "No TCP stream.") in lines
    assert len(lines) == 6


@pytest.mark.parametrize("report", REPORTS)
def test_filter_that_selects_nothing_gives_the_same(wireshark, report):
    lines = wireshark.tshark("simul_close", "-q", "-z", f"tcpclose,{report},udp").splitlines()
    assert "Filter: udp" in lines
    assert NOTHING.get(report, "No TCP stream.") in lines
    assert len(lines) == 6


def test_tree_counts_none(wireshark, capture):
    lines = wireshark.tshark(capture, "-q", "-z", "tcpclose,tree").splitlines()
    assert [line.split()[:2] for line in lines if line.startswith("Streams")] == [["Streams", "0"]]


def test_dialogs_are_empty(wireshark, capture):
    taps = [("tap", {"tap0": f"nstat:tcpclose,{dialog}"}) for dialog in DIALOGS]
    tree = ("tap", {"tap0": "stat:tcpclose"})
    answers = wireshark.sharkd(("load", {"file": str(capture)}), *taps, tree)
    for answer in answers[1:-1]:
        assert answer["taps"][0]["tables"][0]["i"] == []
    assert [(node["name"], node["count"]) for node in answers[-1]["taps"][0]["stats"]] == [
        ("Streams", 0)]
