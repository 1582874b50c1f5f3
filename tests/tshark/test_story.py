# SPDX-License-Identifier: GPL-2.0-or-later
"""-z tcpclose,story,STREAM and -z tcpclose,timeline,STREAM against what the fields say of the stream."""
import functools
import re
import xml.etree.ElementTree as ET

import pytest

from names import PATTERNS
from recompute import all_visits, by_stream, segments
from rewrap import RAW, TCP, ipv4, tcp_ipv4, write_capture
from test_names import HOSTILE, RESOLVING, with_names
from wireshark import CAPTURES, PROJECT

SVG = "{http://www.w3.org/2000/svg}"
STEP = re.compile(r" *(\d+|-) +(-?\d+\.\d{6})  (\S.*)\.")
VISIT = re.compile(r" {25}(client|server) ([A-Z_0-9]+)(\??)(?: (>=)?([\d.]+)(ns|us|ms|s))?: (\S.*)\.")
NS = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9}
NAMES = sorted(path.stem for path in CAPTURES.glob("*.pcapng"))
BAD_ARGUMENTS = ["", ",", ",x", ",-1", ",1x", ", 1", ",0x1", ",4294967296", ",,tcp", "x", "0", ",+1"]


class Step:
    def __init__(self, frame, time, sentence):
        self.frame, self.time, self.sentence, self.visits = frame, time, sentence, []


BEGIN = {"story": "Stream ", "timeline": "<.xml"}


@functools.cache
def reports(wireshark, capture):
    """(report, number) -> what it prints of the stream; all in one run"""
    words = [word for number in by_stream(segments(wireshark, capture)) for report in BEGIN
             for word in ("-z", f"tcpclose,{report},{number}")]
    printed = re.split(f"(?m)^(?={'|'.join(BEGIN.values())})", wireshark.tshark(capture, "-q", *words))
    assert printed.pop(0) == ""
    return {("timeline" if text.startswith("<") else "story", int(re.search(r"Stream (\d+): ", text)[1])): text
            for text in printed}


def story(wireshark, capture, stream):
    return reports(wireshark, capture)["story", stream]


def steps(text):
    """The steps below the head; each line of them is of one of the two kinds."""
    lines = text.split("\n\n", 1)[1].splitlines()
    assert lines[0].split() == "Frame Time (s) What happened, and the states that begin".split()
    assert lines[-1].startswith("? assumed")
    found = []
    for line in lines[1:-1]:
        step, visit = STEP.fullmatch(line), VISIT.fullmatch(line)
        assert bool(step) != bool(visit), line
        if step:
            found.append(Step(*step.groups()))
        else:
            found[-1].visits.append(visit.groups())
    return found


def timeline(wireshark, capture, stream):
    return ET.fromstring(reports(wireshark, capture)["timeline", stream].encode())


def texts(svg):
    return [node.text for node in svg.iter(f"{SVG}text")]


def streams_of(wireshark, capture):
    return sorted(by_stream(segments(wireshark, capture)))


each_capture = pytest.mark.parametrize("capture", NAMES)


@each_capture
def test_each_visit_of_the_course_is_told_once_at_its_frame_with_its_time(wireshark, capture):
    every = by_stream(segments(wireshark, capture))
    visits = all_visits(every, every)
    capture_end = max(row["at"][0] for rows in every.values() for row in rows)
    for number in streams_of(wireshark, capture):
        told = [(role, state, not assumed, step.frame, bool(open_end), value, unit)
                for step in steps(story(wireshark, capture, number))
                for role, state, assumed, open_end, value, unit, _ in step.visits]
        assert sorted(visit[:4] for visit in told) == sorted(
            (visit.role, visit.state, visit.proved,
             str(visit.start[1]) if visit.start[1] else "-") for visit in visits[number])
        of_visit = {(visit.role, visit.state, str(visit.start[1] or "-")): visit
                    for visit in visits[number]}
        for role, state, _, frame, censored, value, unit in told:
            visit = of_visit[role, state, frame]
            if value is None:
                assert (state, visit.end) == ("CLOSED", None)
                continue
            end = visit.end[0] if visit.end else capture_end
            assert censored == (visit.time is None)
            missing = (end - visit.start[0]) / NS[unit] - float(value)
            step = 10.0 ** -len(value.partition(".")[2])
            assert -1e-6 < missing < step if censored else abs(missing) < step / 2 + 1e-6


@each_capture
def test_steps_are_segments_of_the_stream_in_order_of_time(wireshark, capture):
    every = by_stream(segments(wireshark, capture))
    for number in streams_of(wireshark, capture):
        time_of = {row["frame.number"]: row["frame.time_relative"] for row in every[number]}
        told = steps(story(wireshark, capture, number))
        assert all(step.frame == "-" or time_of[step.frame].startswith(step.time) for step in told)
        assert [float(step.time) for step in told] == sorted(float(step.time) for step in told)
        assert told[0].frame == every[number][0]["frame.number"]


@each_capture
def test_every_fin_and_rst_that_is_no_copy_is_told(wireshark, capture):
    """Several that are alike are one step, which says how many, and which is the last."""
    every = by_stream(segments(wireshark, capture))
    for number in streams_of(wireshark, capture):
        told = steps(story(wireshark, capture, number))
        for row in every[number]:
            events = row["tcpclose.event"].split(",")
            word = ("RST" if any(event.startswith("rst_") for event in events) and
                    int(row["tcp.flags"], 16) & 0x04 else "FIN" if "fin" in events else None)
            if not word:
                continue
            [step] = [step for step in told
                      if step.frame != "-" and int(step.frame) <= row["at"][1]][-1:]
            last = re.search(r"\((\d+) segments, the last in frame (\d+)\)$", step.sentence)
            assert word in step.sentence
            assert row["at"][1] <= (int(last[2]) if last else int(step.frame))


@each_capture
def test_frames_in_sentences_are_frames_of_the_stream(wireshark, capture):
    every = by_stream(segments(wireshark, capture))
    for number in streams_of(wireshark, capture):
        frames = {row["frame.number"] for row in every[number]}
        text = story(wireshark, capture, number)
        assert set(re.findall(r"frame (\d+)", text)) <= frames


@each_capture
def test_the_head_is_what_the_fields_say(wireshark, capture):
    every = by_stream(segments(wireshark, capture))
    for number in streams_of(wireshark, capture):
        final = every[number][-1]
        text = story(wireshark, capture, number)
        assert text.startswith(f"Stream {number}: client ")
        assert (f"\nPattern {final['tcpclose.pattern']}; closed by {final['tcpclose.closed_by']}, "
                f"reset by {final['tcpclose.reset_by']}") in text
        not_sure = "" if final["tcpclose.cause.sure"] in ("1", "True") else " (not sure)"
        assert (f"\nCause {final['tcpclose.cause']}{not_sure}: "
                f"{final['tcpclose.cause.evidence']}\n") in text


def sentences(wireshark, capture):
    return [step.sentence for step in steps(story(wireshark, capture, 0))]


@pytest.mark.parametrize("capture,closer,other", [("four_way_client", "client", "server"),
                                                  ("half_close_client", "client", "server"),
                                                  ("four_way_v6", "client", "server")])
def test_a_close_of_four_segments_is_numbered(wireshark, capture, closer, other):
    told = [sentence for sentence in sentences(wireshark, capture) if " of four, " in sentence]
    assert [sentence.split(" of four, ") for sentence in told] == [
        ["First", f"FIN: the {closer} has no more data, and waits for the ACK"],
        ["Second", f"ACK: the FIN of the {closer} has reached the {other}, which may still send"],
        ["Third", f"FIN: the {other} has no more data either, and waits for the last ACK"],
        ["Fourth", f"ACK: the FIN of the {other} has reached the {closer}, and the close is complete"]]


def test_a_close_of_three_segments_is_numbered(wireshark):
    told = sentences(wireshark, "three_way_client")
    assert [sentence.split(",")[0] for sentence in told if " of three, " in sentence] == [
        "First of three", "Second of three", "Third of three"]
    assert any(sentence.startswith("Second of three, FIN with the ACK") for sentence in told)


@pytest.mark.parametrize("capture,said", [
    ("simul_close", "they cross"),
    ("half_close_client", r"^Data of the server, which may send until it closes \(half-close\) "
                          r"\(\d+ segments, the last in frame \d+\)$"),
    ("rst_inwindow", r"^RST in the name of the client, which has not sent it: it is not exact, so that the "
                     r"server keeps the connection and sends a challenge ACK \(frame \d+\)$"),
    ("rst_oow_above", "^RST in the name of the .*, which has not sent it: .* does not take it"),
    ("forged_fin", r"^FIN in the name of the client that does not count: frame \d+ shows that it has "
                   "not sent it$"),
    ("fin_moved", r"^FIN in the name of the client that does not count: that in frame \d+ does$"),
    ("hole_reply", r"FIN of the \w+ beyond missing data: the \w+ cannot take it yet$"),
    ("refused", "^RST of the server in answer to frame 1: the client must take it"),
    ("fin_unanswered", r"^FIN again: no ACK of it has reached the client \(first in frame \d+\)"),
    ("last_ack_lost_after", "that is what TIME_WAIT is for$"),
    ("tw_expiry_reuse", "^2MSL have passed: TIME_WAIT ends by time$"),
    ("dup_fin", "^RST of the .* it ends TIME_WAIT of the .* early"),
    ("close_wait_alarm", "CLOSE_WAIT lasts long: the application has not closed$"),
])
def test_what_is_odd_is_said(wireshark, capture, said):
    told = sentences(wireshark, capture)
    assert any(re.search(said, sentence) for sentence in told), told


def test_what_was_not_captured_is_said(wireshark):
    assert "\nOnly segments of the client were captured.\n" in story(wireshark, "one_direction", 0)
    assert "\nNo SYN was captured: who is the client is a guess.\n" in story(wireshark, "mid_est_data", 0)
    assert "captured" not in story(wireshark, "four_way_client", 0).split("\n\n")[0]


# ---- the picture ----

@each_capture
def test_picture_has_the_states_the_frames_and_the_sentences(wireshark, capture):
    for number in streams_of(wireshark, capture):
        svg = timeline(wireshark, capture, number)
        told = steps(story(wireshark, capture, number))
        drawn = texts(svg)
        tips = [title.text for title in svg.iter(f"{SVG}title")]
        assert len(tips) == sum(len(step.visits) for step in told)
        assert sorted(" ".join(tip.split()[:2]) for tip in tips) == sorted(
            f"{role} {state}{assumed}" for step in told for role, state, assumed, *_ in step.visits)
        labels = [text.split()[0] for text in drawn if re.match(r"\d+( |$)", text)]
        assert [step.frame for step in told if step.frame != "-"] == [
            label for label in labels if f"Frame {label}:" in " ".join(drawn)]
        assert {state for step in told for _, state, *_ in step.visits} <= set(drawn)
        assert drawn[0].startswith(f"Stream {number}: ")
        assert drawn[0].split()[2].rstrip(",") in PATTERNS


@each_capture
def test_nothing_is_drawn_outside_the_picture(wireshark, capture):
    for number in streams_of(wireshark, capture):
        svg = timeline(wireshark, capture, number)
        width, height = int(svg.get("width")), int(svg.get("height"))
        for node in svg.iter(f"{SVG}rect"):
            left, top = int(node.get("x", 0)), int(node.get("y", 0))
            assert 0 <= left and left + int(node.get("width")) <= width
            assert 0 <= top and top + int(node.get("height")) <= height
        for node in svg.iter(f"{SVG}line"):
            assert 0 < int(node.get("x1")) < width


def test_arrows_go_from_the_sender_to_the_receiver_and_forged_ones_come_from_between(wireshark):
    svg = timeline(wireshark, "rst_inwindow", 0)
    lines = [(int(line.get("y1")), int(line.get("y2")), "stroke-dasharray" in line.attrib)
             for line in svg.iter(f"{SVG}line")]
    upper, lower = min(min(line[:2]) for line in lines), max(max(line[:2]) for line in lines)
    sent = [row["src"][1] for row in segments(wireshark, "rst_inwindow")]
    told = [int(step.frame) for step in steps(story(wireshark, "rst_inwindow", 0))]
    assert [line[0] == upper for line in lines if not line[2]] == [
        sent[frame - 1] == 40001 for frame in told if frame not in (8, 10)]
    assert all(upper < line[0] < lower for line in lines if line[2])
    assert sum(line[2] for line in lines) == 2


def test_times_are_to_scale_where_nothing_is_broken_or_stretched(wireshark):
    """The FIN_WAITs and CLOSE_WAIT of a plain close."""
    svg = timeline(wireshark, "four_way_client", 0)
    widths = {}
    for rect in svg.iter(f"{SVG}rect"):
        title = rect.find(f"{SVG}title")
        if title is not None:
            _, state, span = title.text.split(":")[0].split()
            value, unit = re.fullmatch(r"(?:>=)?([\d.]+)(\D+)", span).groups()
            widths[state] = int(rect.get("width")), float(value) * NS[unit]
    for state in ("FIN_WAIT_2?", "CLOSE_WAIT"):
        assert widths[state][0] / widths[state][1] == pytest.approx(
            widths["FIN_WAIT_1"][0] / widths["FIN_WAIT_1"][1], rel=0.01)


def test_a_long_silence_is_broken_and_its_length_said(wireshark):
    drawn = texts(timeline(wireshark, "close_wait_alarm", 0))
    assert any(re.fullmatch(r"3\d\.\d\ds", text) for text in drawn)


def test_colours_are_those_of_the_profile(wireshark):
    lines = (PROJECT / "plugin/profile/TCP Close/io_graphs").read_text(encoding="utf-8").splitlines()
    graphs = [line.split(",") for line in lines if line.startswith('"')]
    wanted = {cells[1].strip('"'): cells[3].strip('"') for cells in graphs}
    seen = {}
    for capture in ("four_way_client", "simul_close"):
        for rect in timeline(wireshark, capture, 0).iter(f"{SVG}rect"):
            title = rect.find(f"{SVG}title")
            if title is not None:
                seen[title.text.split()[1].rstrip("?")] = rect.get("fill")
    assert {state: seen[state] for state in wanted} == wanted


# ---- names, arguments, errors ----

@pytest.mark.parametrize("name", HOSTILE)
def test_names_from_the_capture_are_escaped(wireshark, name):
    names = [(bytes([10, 9, 0, 1]), HOSTILE[name]), (bytes([10, 9, 0, 2]), b"b" + HOSTILE[name])]
    path = with_names(wireshark.path("four_way_client"), names, wireshark.made / f"story-{name}.pcapng")
    told, drawn = (wireshark.run("tshark", *RESOLVING, "-q", "-r", path, "-z", f"tcpclose,{report},0")
                   for report in ("story", "timeline"))
    plain = story(wireshark, "four_way_client", 0)
    assert (told.returncode, drawn.returncode) == (0, 0)
    assert "10.9.0.1" in plain and "10.9.0.1" not in told.stdout, "the names are not used"
    assert told.stdout.count("\n") == plain.count("\n")
    svg = ET.fromstring(drawn.stdout.encode())
    assert {node.tag for node in svg.iter()} <= {SVG + tag for tag in (
        "svg", "rect", "title", "text", "line", "polygon", "path")}
    [client] = [text for text in texts(svg) if text.startswith("client ")]
    assert client.removeprefix("client ") in told.stdout.split("\n")[0]


@pytest.mark.parametrize("report", ["story", "timeline"])
@pytest.mark.parametrize("argument", BAD_ARGUMENTS)
def test_wrong_argument_is_refused_in_one_line(wireshark, report, argument):
    assert wireshark.refused("simul_close", f"tcpclose,{report}{argument}") == (
        f'tshark: Invalid report "-z tcpclose,{report}{argument}": it has to be '
        f'"-z tcpclose,{report},STREAM[,filter]", with STREAM the number of a TCP stream (tcp.stream).')


@pytest.mark.parametrize("report", ["story", "timeline"])
def test_a_stream_that_is_not_there_is_refused_in_one_line(wireshark, report):
    assert wireshark.refused("simul_close", f"tcpclose,{report},7") == (
        f'tshark: Couldn\'t print "-z tcpclose,{report},7": the capture has no TCP stream 7.')
    assert wireshark.refused("simul_close", f"tcpclose,{report},0,udp") == (
        f'tshark: Couldn\'t print "-z tcpclose,{report},0": the capture has no TCP stream 0 '
        "with a segment that the filter lets through.")


@pytest.mark.parametrize("report", ["story", "timeline"])
def test_a_filter_and_a_second_pass_change_nothing_of_a_stream_that_is_let_through(wireshark, report):
    plain = wireshark.tshark("storm_lossy", "-q", "-z", f"tcpclose,{report},3")
    assert plain == wireshark.tshark("storm_lossy", "-q", "-z",
                                     f'tcpclose,{report},3,tcpclose.event == "fin"')
    assert plain == wireshark.tshark("storm_lossy", "-2", "-q", "-z", f"tcpclose,{report},3")


def long_stream(wireshark):
    """A handshake, and RSTs with impossible numbers, in the name of either side in turn."""
    def packet(number, from_client, *header):
        ports = (40000, 80) if from_client else (80, 40000)
        hosts = ("192.0.2.1", "192.0.2.2") if from_client else ("192.0.2.2", "192.0.2.1")
        tcp = tcp_ipv4(*ports, *header)[20:]
        return number * 10**6, ipv4(TCP, tcp, source=hosts[0], destination=hosts[1])
    handshake = [packet(0, True, 100, 0, 0x02), packet(1, False, 500, 101, 0x12),
                 packet(2, True, 101, 501, 0x10)]
    rsts = [packet(number, number % 2 == 0, 2**31 + number, 0, 0x04) for number in range(3, 203)]
    path = write_capture(wireshark.made / "long_stream.pcap", RAW, handshake + rsts)
    path.chmod(0o644)
    return path


def test_the_rest_of_a_long_stream_is_left_out_of_the_picture_and_that_is_said(wireshark):
    path = long_stream(wireshark)
    drawn = texts(timeline(wireshark, path, 0))
    told = steps(story(wireshark, path, 0))
    assert len(told) > 150
    assert f"The first {len(told) - 100} steps are not drawn." in drawn
    assert f"Frame {told[-1].frame}: {told[-1].sentence}." in " ".join(drawn)
    assert len([text for text in drawn if text.startswith("Frame ")]) == 100
