# SPDX-License-Identifier: GPL-2.0-or-later
"""The statistics tree: patterns, and who closed first."""
from collections import Counter, defaultdict

import pytest

from names import PATTERNS
from recompute import by_stream, chosen_streams, large_storm, ns_of, segments

CAPTURES = ["storm_lossy", "storm_clean", "parallel_v6", "tw_reuse_server_tw", "simul_close",
            "refused", "mid_half_closed", large_storm]
CLOSERS = ["client", "server", "both", "none"]
FILTER = "tcp.flags.reset == 1"


def path_of(wireshark, capture):
    return capture(wireshark) if callable(capture) else capture


def expected(wireshark, capture, display_filter=None):
    """{pattern: {closer: streams}}"""
    streams = by_stream(segments(wireshark, capture))
    if display_filter:
        streams = chosen_streams(wireshark, capture, streams, display_filter)
    found = defaultdict(Counter)
    for rows in streams.values():
        found[rows[-1]["tcpclose.pattern"]][rows[-1]["tcpclose.closed_by"]] += 1
    return found


def printed(wireshark, capture, *arguments, display_filter=None):
    """The rows: name and numbers, as tshark prints them"""
    report = "tcpclose,tree" + (f",{display_filter}" if display_filter else "")
    lines = wireshark.tshark(capture, "-q", "-z", report, *arguments).splitlines()
    known = {"Streams", *PATTERNS, *CLOSERS}
    return [line.split() for line in lines if line.split()[:1] and line.split()[0] in known]


def counts(rows):
    found, pattern = defaultdict(Counter), None
    for name, count, *_ in rows:
        if name in CLOSERS:
            found[pattern][name] = int(count)
        else:
            pattern = name
    return found


@pytest.mark.parametrize("passes", [(), ("-2",)], ids=["one pass", "two passes"])
@pytest.mark.parametrize("capture", CAPTURES)
def test_counts_are_what_the_segments_say(wireshark, capture, passes):
    capture = path_of(wireshark, capture)
    rows = printed(wireshark, capture, *passes)
    worked_out = expected(wireshark, capture)
    of_patterns = {row[0]: int(row[1]) for row in rows if row[0] in PATTERNS}
    assert worked_out
    assert counts(rows) == worked_out
    assert of_patterns == {pattern: sum(of.values()) for pattern, of in worked_out.items()}
    assert rows[0][:2] == ["Streams", str(sum(of_patterns.values()))]


@pytest.mark.parametrize("passes", [(), ("-2",)], ids=["one pass", "two passes"])
def test_filter_selects_whole_streams(wireshark, passes):
    worked_out = expected(wireshark, "storm_lossy", FILTER)
    assert worked_out != expected(wireshark, "storm_lossy")
    assert counts(printed(wireshark, "storm_lossy", *passes, display_filter=FILTER)) == worked_out


def test_counts_are_those_of_the_patterns_report(wireshark):
    report = wireshark.tshark("storm_lossy", "-q", "-z", "tcpclose,patterns").splitlines()
    patterns = {line.split()[0]: line.split()[1] for line in report
                if line.split()[:1] and line.split()[0] in PATTERNS}
    assert patterns
    assert {row[0]: row[1] for row in printed(wireshark, "storm_lossy")
            if row[0] in PATTERNS} == patterns


def test_rate_is_by_the_time_from_the_first_to_the_last_segment(wireshark):
    rows = segments(wireshark, "storm_lossy")
    elapsed_ms = (ns_of(rows[-1]["frame.time_epoch"]) - ns_of(rows[0]["frame.time_epoch"])) / 10**6
    for name, count, rate, *_ in printed(wireshark, "storm_lossy"):
        assert rate == f"{int(count) / elapsed_ms:.4f}", name


def flat(nodes):
    """The rows of sharkd's tree, each with all its numbers, as tshark would print them"""
    for node in nodes:
        share = "100%" if node["name"] == "Streams" else f"{node['perc']:.2f}%"
        yield (node["name"], str(node["count"]), f"{node['rate']:.4f}", share,
               f"{node['burstrate']:.4f}", f"{node['bursttime']:.3f}")
        yield from flat(node.get("sub", []))


@pytest.mark.parametrize("capture", ["storm_lossy", "parallel_v6", large_storm])
def test_sharkd_has_the_same_tree(wireshark, capture):
    """As the dialog it counts while the file is read again. Two trees at once do not meet, and the
    next begins from nothing."""
    capture = path_of(wireshark, capture)
    load = ("load", {"file": str(wireshark.path(capture))})
    two = ("tap", {"tap0": "stat:tcpclose", "tap1": "stat:tcpclose"})
    one = ("tap", {"tap0": "stat:tcpclose"})
    answers = wireshark.sharkd(load, two, one)
    trees = [tap["stats"] for answer in answers[1:] for tap in answer["taps"]]
    rows = sorted(map(tuple, printed(wireshark, capture)))
    assert len(trees) == 3
    for tree in trees:
        assert sorted(flat(tree)) == rows


def test_wrong_argument_is_refused_in_one_line(wireshark):
    assert wireshark.refused("simul_close", "tcpclose,treeX") == (
        'tshark: Invalid report "-z tcpclose,treeX": it has to be "-z tcpclose,tree[,filter]".')
