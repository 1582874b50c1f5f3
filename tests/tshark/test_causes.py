# SPDX-License-Identifier: GPL-2.0-or-later
"""Why streams ended: the fields of segments and of streams, the expert infos, and the report, which is
worked out again from the fields."""
import re
from collections import defaultdict
from decimal import Decimal

import pytest

from names import CAUSES, RAISED_CAUSES
from recompute import by_stream, endpoints_of, nearest_rank, segments
from test_close import WARNING, expert_infos
from test_hosts import name_of

CAPTURES = ["storm_clean", "storm_lossy", "parallel_v6", "late_data_closed", "close_wait_alarm"]
SIDES = {"client", "server", "network", "both", "none"}
OF_STREAM = ["tcpclose.cause", "tcpclose.cause.side", "tcpclose.cause.sure",
             "tcpclose.cause.evidence", "tcpclose.idle", "tcpclose.cause.hint"]

every_capture = pytest.mark.parametrize("capture", CAPTURES)


@every_capture
def test_every_segment_of_a_stream_has_the_streams_cause(wireshark, capture):
    for rows in by_stream(segments(wireshark, capture)).values():
        said = {tuple(row[name] for name in OF_STREAM) for row in rows}
        assert len(said) == 1
        cause, side, _, evidence, _, _ = said.pop()
        assert cause in CAUSES
        assert side in SIDES
        frames = [int(frame) for frame in re.findall(r"\d+", evidence.split("(")[-1].split(")")[0])]
        if cause != "unknown":
            assert frames, evidence
        assert set(frames) <= {int(row["frame.number"]) for row in rows}


@every_capture
def test_every_rst_has_a_cause(wireshark, capture):
    names = ["tcp.flags.reset", "tcpclose.rst.verdict", "tcpclose.rst.cause", "tcpclose.rst.cause.sure"]
    for reset, verdict, cause, sure in wireshark.fields(capture, names, "-Y", "tcpclose"):
        assert (reset in ("1", "True")) == bool(verdict) == bool(cause) == bool(sure)
        assert not cause or cause in CAUSES


@every_capture
def test_the_rst_that_ended_a_stream_knows_its_cause_in_one_pass(wireshark, capture):
    names = ["frame.number", "tcpclose.first_rst", "tcpclose.cause"]
    final = {row[0]: row[2] for row in wireshark.fields(capture, names, "-2") if row[0] == row[1]}
    at_once = {row[0]: row[2] for row in wireshark.fields(capture, names) if row[0] == row[1]}
    assert {frame: at_once.get(frame) for frame, cause in final.items()
            if cause != "middlebox_reset"} == {
                frame: cause for frame, cause in final.items() if cause != "middlebox_reset"}


def test_a_hint_ends_the_evidence(wireshark):
    names = ["tcpclose.cause", "tcpclose.cause.hint", "tcpclose.cause.evidence"]
    rows = set(wireshark.fields("idle/idle_tls", names, "-2", "-Y", "tcpclose.cause.hint"))
    assert rows
    for cause, hint, evidence in rows:
        assert (cause, hint) == ("data_after_full_close", "tls_alert")
        assert evidence.endswith("; that was a TLS alert, and nothing was lost")


def test_late_payload_is_said_with_its_frames(wireshark):
    names = ["tcpclose.cause", "tcpclose.cause.side", "tcpclose.cause.evidence"]
    rows = set(wireshark.fields("orphan_data_fw2", names, "-2"))
    assert len(rows) == 1
    cause, side, evidence = rows.pop()
    assert (cause, side) == ("data_after_full_close", "both")
    assert re.search(r"answered what the (client|server) sent with a RST \(frames \d+, \d+, \d+\)$",
                     evidence)


def test_close_wait_is_found_by_the_clock(wireshark):
    """Nothing of the stream comes any more; another stream goes on."""
    rows = wireshark.fields("close_wait_alarm", ["tcpclose.cause", "tcpclose.cause.side"], "-2")
    assert ("application_did_not_close", "server") in rows


@every_capture
def test_expert_infos_are_at_a_frame_of_the_evidence(wireshark, capture):
    raised = {(frame, slug, severity)
              for frame, slug, severity in expert_infos(wireshark, capture, "-2")
              if slug in RAISED_CAUSES}
    by_frame = {int(row["frame.number"]): row for row in segments(wireshark, capture)}
    for frame, slug, severity in raised:
        assert severity == WARNING
        assert by_frame[frame]["tcpclose.cause"] == slug
    found = [by_frame[frame]["tcp.stream"] for frame, _, _ in raised]
    wanted = {row["tcp.stream"] for row in by_frame.values()
              if row["tcpclose.cause"] in RAISED_CAUSES}
    assert sorted(found) == sorted(wanted)


# ---- the report ----

class Row:
    def __init__(self):
        self.streams = []
        self.idle = []
        self.sure = 0

    def add(self, number, final):
        self.streams.append(number)
        self.sure += final["tcpclose.cause.sure"] in ("1", "True")
        if final["tcpclose.idle"]:
            self.idle.append(Decimal(final["tcpclose.idle"]))

    def cells(self, whole):
        idle = [f"{nearest_rank(sorted(self.idle), percent):.6f}" if self.idle else "-"
                for percent in (0, 50, 100)]
        share = (1000 * len(self.streams) + whole // 2) // whole
        return [str(len(self.streams)), f"{share // 10}.{share % 10}", *idle, str(self.sure),
                str(min(self.streams))]


def expected(wireshark, capture):
    streams = by_stream(segments(wireshark, capture))
    found = defaultdict(Row)
    for number, rows in streams.items():
        final = rows[-1]
        key = (final["tcpclose.cause"], final["tcpclose.cause.side"],
               name_of(endpoints_of(rows)["server"]))
        found[key].add(number, final)
    return [[*key, *row.cells(len(streams))] for key, row in found.items()]


def printed(wireshark, capture):
    lines = wireshark.tshark(capture, "-q", "-z", "tcpclose,causes").splitlines()
    return [line.split() for line in lines if line.split()[:1] and line.split()[0] in CAUSES]


@every_capture
def test_every_cell_is_what_the_fields_say(wireshark, capture):
    rows = printed(wireshark, capture)
    assert rows
    assert sorted(rows) == sorted(expected(wireshark, capture))


def test_rows_are_in_the_order_of_the_causes(wireshark):
    order = [CAUSES.index(row[0]) for row in printed(wireshark, "storm_lossy")]
    assert order == sorted(order)
