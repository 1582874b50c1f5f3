# SPDX-License-Identifier: GPL-2.0-or-later
"""The reports `patterns` and `states`, worked out again from tshark's words on single segments."""
from collections import defaultdict
from decimal import Decimal

import pytest

from names import PATTERNS, STATES

CAPTURES = ["storm_lossy", "storm_clean", "parallel_v6", "tw_expiry_reuse", "tw_reuse_server_tw",
            "half_close_client", "simul_close", "forged_syn_established", "close_wait_alarm",
            "mid_half_closed", "refused"]
FILTERS = ["tcp.flags.reset == 1", "tcp.stream < 20 && tcp.flags.fin == 1"]
ROLES = ["client", "server"]
TWO_MSL = 60 * 10**9
NAMES = ["tcp.stream", "frame.time_epoch", "tcpclose.event", "tcpclose.pattern",
         "tcpclose.teardown", "tcpclose.half_close.bytes", "tcp.srcport", "tcp.dstport"]
NAMES_OF_ROLE = ["state", "previous", "since", "dwell", "reason"]
EXPIRED = "2MSL have passed"


def ns_of(text):
    return int(Decimal(text) * 10**9)


def segments(wireshark, capture):
    """A dict a segment, with the final word on its stream."""
    names = NAMES + [f"tcpclose.{role}.{name}" for role in ROLES for name in NAMES_OF_ROLE]
    rows = wireshark.fields(capture, names, "-2")
    return [dict(zip(names, row)) for row in rows]


def by_stream(rows):
    streams = defaultdict(list)
    for row in rows:
        streams[int(row["tcp.stream"])].append(row)
    return streams


def ends_of_streams(streams, capture_end):
    """When each stream's time is over: at the next stream on the same ports, or with the capture.

    The captures have one pair of hosts, so ports are enough."""
    begins = defaultdict(list)
    for number, rows in streams.items():
        ports = frozenset((rows[0]["tcp.srcport"], rows[0]["tcp.dstport"]))
        begins[ports].append((number, ns_of(rows[0]["frame.time_epoch"])))
    ends = {}
    for of_ports in begins.values():
        of_ports.sort()
        for (number, _), (_, end) in zip(of_ports, of_ports[1:] + [(None, capture_end)]):
            ends[number] = min(end, capture_end)
    return ends


def visits_of(rows, role, end):
    """(state, time in it or None if it was not seen to end) of one endpoint of a stream"""
    visits = []
    state, since, time_wait_end = None, None, None
    for row in rows:
        now = ns_of(row["frame.time_epoch"])
        value = {name: row[f"tcpclose.{role}.{name}"] for name in NAMES_OF_ROLE}
        if state is None:
            state, since = value["state"], now
        elif value["previous"]:
            if state == "TIME_WAIT" and value["reason"] == EXPIRED:
                visits.append((state, None))
                now -= ns_of(value["since"])
            elif state == "TIME_WAIT" and value["previous"] == "CLOSED":
                visits += [(state, None), ("CLOSED", ns_of(value["dwell"]))]
            else:
                assert value["previous"] == state
                visits.append((state, now - since))
            state, since = value["state"], now
        if state == "TIME_WAIT" and (value["previous"] or time_wait_end is None
                                     or "time_wait_reack" in row["tcpclose.event"].split(",")):
            time_wait_end = now + TWO_MSL
    visits.append((state, None))
    if state == "TIME_WAIT" and end >= time_wait_end:
        visits.append(("CLOSED", None))
    return visits


def nearest_rank(times, percent):
    """The least time such that at least percent of the times are not above it."""
    return next(time for time in sorted(times)
                if 100 * sum(other <= time for other in times) >= percent * len(times))


def seconds(ns):
    us = (ns + 500) // 1000
    return f"{us // 10**6}.{us % 10**6:06}"


def mean(times):
    return (2 * sum(times) + len(times)) // (2 * len(times))


def cells_of(times, *columns):
    """Each column is a percentile, or the function of another figure."""
    if not times:
        return ["-"] * len(columns)
    return [seconds(column(times) if callable(column) else nearest_rank(times, column))
            for column in columns]


def expected_patterns(streams):
    found = []
    for pattern in PATTERNS:
        rows = [rows[-1] for rows in streams.values() if rows[-1]["tcpclose.pattern"] == pattern]
        teardowns = [ns_of(row["tcpclose.teardown"]) for row in rows if row["tcpclose.teardown"]]
        tenths = rows and (2000 * len(rows) + len(streams)) // (2 * len(streams))
        if rows:
            found.append([pattern, str(len(rows)), f"{tenths // 10}.{tenths % 10}",
                          *cells_of(teardowns, min, 50, 95, max),
                          str(sum(int(row["tcpclose.half_close.bytes"] or 0) for row in rows))])
    return found


def expected_states(streams, ends):
    visits = defaultdict(list)
    for number, rows in streams.items():
        for role in ROLES:
            for state, time in visits_of(rows, role, ends[number]):
                visits[state, role].append(time)
    found = []
    for key in ((state, role) for state in STATES for role in ROLES):
        times = [time for time in visits[key] if time is not None]
        if visits[key]:
            found.append([*key, str(len(visits[key])), str(len(times)),
                          str(len(visits[key]) - len(times)),
                          *cells_of(times, min, mean, 50, 95, 99, max)])
    return found


def printed(wireshark, capture, report, display_filter=None):
    """The cells of each row; '-' where there is nothing."""
    argument = f"tcpclose,{report}" + (f",{display_filter}" if display_filter else "")
    lines = wireshark.tshark(capture, "-q", "-z", argument).splitlines()
    known = PATTERNS if report == "patterns" else STATES
    return [line.split() for line in lines if line.split()[:1] and line.split()[0] in known]


def expected(wireshark, capture, report, display_filter=None):
    rows = segments(wireshark, capture)
    streams = by_stream(rows)
    ends = ends_of_streams(streams, max(ns_of(row["frame.time_epoch"]) for row in rows))
    if display_filter:
        chosen = wireshark.fields(capture, ["tcp.stream"], "-2", "-Y", display_filter)
        streams = {number: streams[number] for number in {int(row[0]) for row in chosen}}
    if report == "patterns":
        return expected_patterns(streams)
    return expected_states(streams, ends)


def without_empty_columns(rows):
    """The text leaves out a column that is empty in every row."""
    kept = [index for index in range(len(rows[0])) if any(row[index] != "-" for row in rows)]
    return [[row[index] for index in kept] for row in rows]


@pytest.mark.parametrize("report", ["patterns", "states"])
@pytest.mark.parametrize("capture", CAPTURES)
def test_every_cell_is_what_the_segments_say(wireshark, capture, report):
    worked_out = expected(wireshark, capture, report)
    assert worked_out
    assert printed(wireshark, capture, report) == without_empty_columns(worked_out)


@pytest.mark.parametrize("report", ["patterns", "states"])
@pytest.mark.parametrize("display_filter", FILTERS)
def test_filter_selects_whole_streams(wireshark, display_filter, report):
    worked_out = expected(wireshark, "storm_lossy", report, display_filter)
    assert worked_out != expected(wireshark, "storm_lossy", report)
    cells = printed(wireshark, "storm_lossy", report, display_filter)
    assert cells == without_empty_columns(worked_out)


@pytest.mark.parametrize("report", ["patterns", "states"])
@pytest.mark.parametrize("capture", ["storm_lossy", "storm_clean", "tw_expiry_reuse"])
def test_dialog_has_the_cells_of_the_report(wireshark, capture, report):
    """The dialog's table is what sharkd's tap answers; the second opening begins from nothing."""
    load = ("load", {"file": str(wireshark.path(capture))})
    tap = ("tap", {"tap0": f"nstat:tcpclose,{report}"})
    answers = wireshark.sharkd(load, tap, tap)
    rows = [[word for word in row if word != "-"] for row in printed(wireshark, capture, report)]
    for answer in answers[1:]:
        table = answer["taps"][0]["tables"][0]
        assert [[str(cell).strip() for cell in row if str(cell).strip()]
                for row in table["i"]] == rows


@pytest.mark.parametrize("report", ["patterns", "states"])
def test_wrong_argument_is_refused_in_one_line(wireshark, report):
    done = wireshark.run("tshark", "-n", "-r", wireshark.path("simul_close"), "-q", "-z",
                         f"tcpclose,{report}x")
    lines = [line for line in done.stderr.splitlines() if not line.startswith("Running as user")]
    assert done.returncode == 1
    assert done.stdout == ""
    assert lines == [f'tshark: Invalid report "-z tcpclose,{report}x": it has to be '
                     f'"-z tcpclose,{report}[,filter]".']


def test_file_without_tcp_has_no_rows(wireshark):
    out = wireshark.tshark("simul_close", "-q", "-z", "tcpclose,states,udp")
    assert "No TCP stream." in out
