# SPDX-License-Identifier: GPL-2.0-or-later
"""The textbook's close, and that a normal close alarms nobody."""
import xml.etree.ElementTree as xml

import pytest

import rewrap
from names import RAISED_CAUSES, SEVERITY_OF_EVENT

CHAT, NOTE, WARNING = 0x200000, 0x400000, 0x600000
SEVERITIES = {"CHAT": CHAT, "NOTE": NOTE, "WARNING": WARNING}

NORMAL = ["four_way_client", "four_way_v6", "three_way_client", "simul_close", "simul_open",
          "fin_data", "tfo_close", "mid_est_data"]


def expert_infos(wireshark, capture, *arguments):
    """(frame, event, severity) of each expert info of the plugin's own"""
    document = xml.fromstring(wireshark.tshark(capture, "-T", "pdml", *arguments))
    for packet in document.iter("packet"):
        frame = int(packet.find(".//field[@name='frame.number']").get("show"))
        for info in packet.iter("field"):
            names = [child.get("name") for child in info]
            own = [name for name in names if name and name.startswith("tcpclose.expert.")]
            if info.get("name") == "_ws.expert" and own:
                severity = info.find("field[@name='_ws.expert.severity']").get("show")
                yield frame, own[0].rsplit(".", 1)[1], int(severity)


def test_a_fin_that_was_not_captured_has_no_frame(wireshark):
    """Only the client's frames: its last ACK covers a FIN that nobody saw."""
    path = wireshark.made / "client-alone.pcap"
    frames = rewrap.read_frames(wireshark.path("four_way_client"))
    rewrap.write_capture(path, rewrap.ETHERNET,
                         [(ns, frame) for ns, frame in frames if frame[26:30] == bytes([10, 9, 0, 1])])
    path.chmod(0o644)
    reasons = [row[0] for row in wireshark.fields(path, ["tcpclose.client.reason"])]
    assert reasons[-1] == "it acknowledged the FIN"


def test_four_way_close_prints_the_textbooks_states(wireshark):
    states = list(wireshark.states("four_way_client").values())
    assert states[-5:] == [
        ("ESTABLISHED", "ESTABLISHED"),
        ("FIN_WAIT_1", "CLOSE_WAIT"),
        ("FIN_WAIT_2", "CLOSE_WAIT"),
        ("TIME_WAIT", "LAST_ACK"),
        ("TIME_WAIT", "CLOSED"),
    ]


def test_three_way_close_passes_fin_wait_2_in_no_time(wireshark):
    assert list(wireshark.states("three_way_client").values())[-4:] == [
        ("ESTABLISHED", "ESTABLISHED"),
        ("FIN_WAIT_1", "CLOSE_WAIT"),
        ("TIME_WAIT", "LAST_ACK"),
        ("TIME_WAIT", "CLOSED"),
    ]


def test_simultaneous_close_takes_both_through_closing(wireshark):
    states = list(wireshark.states("simul_close").values())
    assert ("CLOSING", "CLOSING") in states
    assert states[-1] == ("TIME_WAIT", "TIME_WAIT")
    assert "LAST_ACK" not in {state for pair in states for state in pair}


def test_fin_and_its_ack_name_each_others_frame(wireshark):
    names = ["frame.number", "tcpclose.fin.acked_in", "tcpclose.fin.acks"]
    rows = wireshark.fields("four_way_client", names, "-2")
    assert [row for row in rows if row[1] or row[2]] == [
        ("8", "9", ""), ("9", "", "8"), ("10", "11", ""), ("11", "", "10")]


@pytest.mark.parametrize("passes", [[], ["-2"]], ids=["one_pass", "two_passes"])
@pytest.mark.parametrize("capture", NORMAL)
def test_normal_close_raises_nothing_above_chat(wireshark, capture, passes):
    infos = list(expert_infos(wireshark, capture, *passes))
    assert infos, "the course of a close is told as chats"
    assert [info for info in infos if info[2] > CHAT] == []


@pytest.mark.parametrize("capture", ["linger0_close_wait", "close_wait_alarm", "rst_inwindow",
                                     "old_dups", "odd_flags", "storm_lossy"])
def test_expert_infos_are_the_events_with_their_severities(wireshark, capture):
    events = {}
    for frame, event in wireshark.fields(capture, ["frame.number", "tcpclose.event"]):
        events[int(frame)] = event.split(",") if event else []
    infos = [info for info in expert_infos(wireshark, capture) if info[1] not in RAISED_CAUSES]
    assert infos
    for frame, event, severity in infos:
        assert event in events[frame]
        assert severity == SEVERITIES[SEVERITY_OF_EVENT[event]]
    raised = {(frame, event) for frame, event, _ in infos}
    for frame, of_frame in events.items():
        # A RST that only ends TIME_WAIT breaks nothing: time_wait_reset speaks for it.
        quiet = {"rst_accepted"} if "time_wait_reset" in of_frame else set()
        assert {event for event in of_frame if event not in quiet} <= {
            event for number, event in raised if number == frame}


def test_expert_infos_are_seen_where_the_tree_is_not_drawn(wireshark):
    """By Wireshark's own fields, its report, and its column."""
    capture = "storm_clean"
    infos = [info for info in expert_infos(wireshark, capture) if info[1] == "rst_accepted"]
    frames = sorted({frame for frame, _, _ in infos})
    text = 'RST accepted: the connection is aborted'
    by_filter = wireshark.tshark(capture, "-Y", f'_ws.expert.message == "{text}"').splitlines()
    by_report = [line for line in wireshark.tshark(capture, "-q", "-z", "expert").splitlines()
                 if text in line]
    severities = wireshark.tshark(capture, "-o", 'gui.column.format:"S","%a"').splitlines()
    assert frames
    assert [int(line.split()[0]) for line in by_filter] == frames
    assert [line.split()[0] for line in by_report] == [str(len(infos))]
    assert {severities[frame - 1] for frame in frames} <= {"Warning", "Error"}


def test_abort_warns(wireshark):
    severities = {event: severity
                  for _, event, severity in expert_infos(wireshark, "linger0_close_wait")}
    assert severities["rst_accepted"] == WARNING
