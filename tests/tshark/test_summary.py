# SPDX-License-Identifier: GPL-2.0-or-later
"""The summary: each line's filter selects the streams that it counts, and what is worth a look is in it."""
import re

import pytest

from names import CAUSES, SHIPPED
from rewrap import RAW, write_capture

# Nobody has to look at these.
HARMLESS = {"normal_close", "open_at_end", "stray_after_close", "unknown"}
# Of a sentence of several lines, the last one.
FINDING = re.compile(r"^[!\- ] (?P<sentence>.*?) {2,}(?P<streams>\d+) {2,}(?P<example>\d+)  "
                     r"(?P<filter>tcp.*|\(.*)$")
FILTERS = ["tcp.flags.reset == 1", "tcpclose.event == \"fin\""]


def summary(wireshark, capture, option="tcpclose"):
    return wireshark.tshark(capture, "-q", "-z", option).splitlines()


def findings(lines):
    return [found.groupdict() for found in map(FINDING.match, lines) if found]


def causes_by_stream(wireshark, capture):
    return dict(wireshark.filtered(capture, "tcpclose", "tcp.stream", "tcpclose.cause"))


def streams_of(wireshark, capture, display_filter):
    rows = wireshark.filtered(capture, display_filter, "tcp.stream")
    return {stream for row in rows for stream in row[0].split(",")}


def assert_filters_select_what_is_counted(wireshark, capture, lines):
    for finding in findings(lines):
        selected = streams_of(wireshark, capture, finding["filter"])
        assert len(selected) == int(finding["streams"]), finding
        assert min(map(int, selected)) == int(finding["example"]), finding


@pytest.mark.parametrize("capture", SHIPPED)
def test_filters_select_what_is_counted(wireshark, capture):
    lines = summary(wireshark, capture)
    assert len(lines) <= 40
    assert_filters_select_what_is_counted(wireshark, capture, lines)


@pytest.mark.parametrize("selected", FILTERS)
@pytest.mark.parametrize("capture", ["storm_lossy", "parallel_v6"])
def test_filters_select_what_is_counted_of_what_was_selected(wireshark, capture, selected):
    lines = summary(wireshark, capture, f"tcpclose,summary,{selected}")
    assert f"Filter       {selected}" in lines
    assert findings(lines)
    assert_filters_select_what_is_counted(wireshark, capture, lines)


@pytest.mark.parametrize("capture", SHIPPED)
def test_every_cause_but_the_harmless_is_worth_a_look(wireshark, capture):
    """Unless there are more than a page has room for."""
    lines = summary(wireshark, capture)
    told = set()
    for finding in findings(lines):
        told |= set(re.findall(r'tcpclose\.cause == "(\w+)"', finding["filter"]))
        if "tcp.stream in" in finding["filter"]:
            told.add(causes_by_stream(wireshark, capture)[finding["example"]])
    wanted = set(causes_by_stream(wireshark, capture).values()) - HARMLESS
    assert told - {"unknown"} <= wanted <= set(CAUSES)
    if not any("more: see" in line for line in lines):
        assert wanted <= told
    if not findings(lines):
        assert "Nothing is worth a look." in lines


def test_an_alarm_that_is_no_cause_is_worth_a_look(wireshark):
    found = findings(summary(wireshark, "storm_lossy"))
    assert any(finding["filter"].startswith("tcpclose.rst.forged == 1") for finding in found)


def test_normal_closes_are_not(wireshark):
    for capture in ("four_way_client", "simul_close", "three_way_client", "half_close_client"):
        lines = summary(wireshark, capture)
        assert "Nothing is worth a look." in lines
        assert findings(lines) == []


def test_streams_are_counted(wireshark):
    lines = summary(wireshark, "parallel_v6")
    streams = causes_by_stream(wireshark, "parallel_v6")
    assert any(line.startswith(f"TCP streams  {len(streams)}, in ") for line in lines)
    ended = next(line for line in lines if line.startswith("Ended by"))
    ended = re.sub(r"\(.*?\)", "", ended.removeprefix("Ended by"))
    assert sum(map(int, re.findall(r"\d+", ended))) == len(streams)


def test_the_plain_name_prints_the_summary(wireshark):
    assert summary(wireshark, "parallel_v6") == summary(wireshark, "parallel_v6", "tcpclose,summary")


def test_the_plain_name_takes_no_others_report(wireshark):
    for report in ("patterns", "streams", "causes"):
        lines = summary(wireshark, "parallel_v6", f"tcpclose,{report}")
        assert f"TCP Close {report.title()}" in lines


@pytest.mark.parametrize("option", ["tcpclose,nothing", "tcpclose,", "tcpclosed", "tcpclose,strea"])
def test_what_is_no_report_is_refused(wireshark, option):
    assert wireshark.refused("refused", option).endswith(
        f'Unknown report "-z {option}": "tshark -z help" lists those that there are.')


def test_bad_filter_gets_wiresharks_error(wireshark):
    assert "nonsense" in wireshark.refused("refused", "tcpclose,summary,nonsense")


def test_without_tcp_it_says_so(wireshark):
    path = wireshark.made / "no-streams-summary.pcap"
    write_capture(path, RAW, []).chmod(0o644)
    assert summary(wireshark, path) == [
        "", "TCP Close Summary", "TCP streams  none", "", "Nothing is worth a look."]
