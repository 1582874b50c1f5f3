# SPDX-License-Identifier: GPL-2.0-or-later
"""The reports `patterns` and `states`, worked out again from tshark's words on single segments."""
import pytest

from names import PATTERNS, STATES
from recompute import (ROLES, all_visits, by_stream, cells_of, chosen_streams, large_storm, measured,
                       ns_of, percent, segments, without_empty_columns)

CAPTURES = ["storm_lossy", "storm_clean", "parallel_v6", "tw_expiry_reuse", "tw_reuse_server_tw",
            "half_close_client", "simul_close", "forged_syn_established", "close_wait_alarm",
            "mid_half_closed", "refused", large_storm]
FILTERS = ["tcp.flags.reset == 1", "tcp.stream < 20 && tcp.flags.fin == 1"]


def mean(times):
    return (2 * sum(times) + len(times)) // (2 * len(times))


def expected_patterns(streams):
    found = []
    for pattern in PATTERNS:
        rows = [rows[-1] for rows in streams.values() if rows[-1]["tcpclose.pattern"] == pattern]
        teardowns = [ns_of(row["tcpclose.teardown"]) for row in rows
                     if row["tcpclose.teardown"] and row["tcpclose.complete"] in ("1", "True")]
        if rows:
            found.append([pattern, str(len(rows)), percent(len(rows), len(streams)),
                          *cells_of(teardowns, min, 50, 95, max),
                          str(sum(int(row["tcpclose.half_close.bytes"] or 0) for row in rows))])
    return found


def expected_states(streams, every_stream):
    visits = [visit for of_stream in all_visits(streams, every_stream).values()
              for visit in of_stream]
    found = []
    in_order = [*(state for state in STATES if state != "CLOSED"), "CLOSED"]  # as a connection lives
    for state, role in ((state, role) for state in in_order for role in ROLES):
        of_row = [visit for visit in visits if (visit.state, visit.role) == (state, role)]
        times = measured(of_row)
        assumed = sum(not visit.proved for visit in of_row)
        if of_row:
            found.append([state, role, str(len(of_row)), str(len(times)), str(assumed),
                          str(len(of_row) - len(times) - assumed),
                          *cells_of(times, min, mean, 50, 95, 99, max)])
    return found


def printed(wireshark, capture, report, display_filter=None):
    """The cells of each row; '-' where there is nothing."""
    argument = f"tcpclose,{report}" + (f",{display_filter}" if display_filter else "")
    lines = wireshark.tshark(capture, "-q", "-z", argument).splitlines()
    known = PATTERNS if report == "patterns" else STATES
    return [line.split() for line in lines if line.split()[:1] and line.split()[0] in known]


def expected(wireshark, capture, report, display_filter=None):
    every_stream = by_stream(segments(wireshark, capture))
    streams = every_stream
    if display_filter:
        streams = chosen_streams(wireshark, capture, streams, display_filter)
    if report == "patterns":
        return expected_patterns(streams)
    return expected_states(streams, every_stream)


@pytest.mark.parametrize("report", ["patterns", "states"])
@pytest.mark.parametrize("capture", CAPTURES)
def test_every_cell_is_what_the_segments_say(wireshark, capture, report):
    capture = capture(wireshark) if callable(capture) else capture
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
    assert wireshark.refused("simul_close", f"tcpclose,{report}x") == (
        f'tshark: Invalid report "-z tcpclose,{report}x": it has to be '
        f'"-z tcpclose,{report}[,filter]".')
