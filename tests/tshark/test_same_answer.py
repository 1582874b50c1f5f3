# SPDX-License-Identifier: GPL-2.0-or-later
"""One answer, however it is asked for."""
import json
import re

import pytest

from names import STATES

SOME = ["four_way_client", "four_way_v6", "simul_close_ackloss", "rst_inwindow", "tw_old_syn",
        "forged_syn_established", "old_dups", "parallel_v6", "storm_lossy"]

some = pytest.mark.parametrize("capture", SOME)


STREAM_FIELDS = ["tcp.stream", "tcpclose.pattern", "tcpclose.closed_by", "tcpclose.complete",
                 "tcpclose.teardown", "tcpclose.half_close.bytes", "tcpclose.fin_retransmissions"]
SEGMENT_FIELDS = ["frame.number", "tcpclose.event", "tcpclose.client.reason", "tcpclose.server.reason",
                  "tcpclose.client.dwell", "tcpclose.server.dwell", "tcpclose.client.confirmed",
                  "tcpclose.server.since", "tcpclose.fin.acks", "tcpclose.fin.retransmission_of"]
VERDICT_FIELDS = ["tcpclose.rst.verdict", "tcpclose.rst.refuted_in", "frame.number"]
STATE_FIELDS = [f"tcpclose.{who}.state" for who in ("client", "server", "src", "dst")]
ALL_FIELDS = sorted({*STREAM_FIELDS, *SEGMENT_FIELDS, *VERDICT_FIELDS, *STATE_FIELDS})


def rows_of(wireshark, capture, names, *arguments):
    """As wireshark.fields(), but all tests' fields are asked of one tshark."""
    at = [ALL_FIELDS.index(name) for name in names]
    return [tuple(row[index] for index in at)
            for row in wireshark.fields(capture, ALL_FIELDS, *arguments)]


@pytest.fixture(scope="module")
def plain(wireshark):
    return {capture: wireshark.states(capture) for capture in SOME}


@some
def test_every_segment_has_states(plain, capture):
    assert plain[capture]
    assert all(state in STATES for states in plain[capture].values() for state in states)


@some
def test_two_passes(wireshark, plain, capture):
    assert wireshark.states(capture, "-2") == plain[capture]


@some
@pytest.mark.parametrize("passes", [[], ["-2"]], ids=["one_pass", "two_passes"])
def test_text_of_the_tree(wireshark, plain, capture, passes):
    text = wireshark.tshark(capture, "-V", *passes)
    shown = {}
    for frame in re.split(r"^(?=Frame \d+: )", text, flags=re.MULTILINE)[1:]:
        client = re.search(r"^    \[Client state: (\w+)", frame, re.MULTILINE)
        server = re.search(r"^    \[Server state: (\w+)", frame, re.MULTILINE)
        shown[int(re.match(r"Frame (\d+)", frame).group(1))] = (client.group(1), server.group(1))
    assert shown == plain[capture]


def values_in(tree, name):
    """Every value of that name in nested JSON objects."""
    if isinstance(tree, list):
        return [value for item in tree for value in values_in(item, name)]
    if not isinstance(tree, dict):
        return []
    here = [tree[name]] if name in tree and isinstance(tree[name], str) else []
    return here + [value for item in tree.values() for value in values_in(item, name)]


@some
def test_json(wireshark, plain, capture):
    shown = {}
    for packet in json.loads(wireshark.tshark(capture, "-T", "json")):
        layers = packet["_source"]["layers"]
        shown[int(layers["frame"]["frame.number"])] = (
            *values_in(layers["tcpclose"], "tcpclose.client.state"),
            *values_in(layers["tcpclose"], "tcpclose.server.state"))
    assert shown == plain[capture]


@pytest.mark.parametrize("capture",
                         ["four_way_client", "rst_inwindow", "tw_old_syn", "parallel_v6"])
@pytest.mark.parametrize("passes", [[], ["-2"]], ids=["one_pass", "two_passes"])
def test_display_filter_selects_exactly_the_frames(wireshark, plain, capture, passes):
    for role, name in enumerate(("client", "server")):
        for state in {states[role] for states in plain[capture].values()}:
            display_filter = f'tcpclose.{name}.state == "{state}"'
            rows = (wireshark.filtered(capture, display_filter, "frame.number") if passes else
                    wireshark.fields(capture, ["frame.number"], "-Y", display_filter))
            assert [int(row[0]) for row in rows] == [
                frame for frame, states in plain[capture].items() if states[role] == state]


@some
@pytest.mark.parametrize("passes", [[], ["-2"]], ids=["one_pass", "two_passes"])
def test_custom_columns(wireshark, plain, capture, passes):
    columns = ('gui.column.format:"No.","%m","Client","%Cus:tcpclose.client.state:0:R",'
               '"Server","%Cus:tcpclose.server.state:0:R"')
    lines = wireshark.tshark(capture, "-o", columns, *passes).splitlines()
    shown = {int(frame): (client, server) for frame, client, server in map(str.split, lines)}
    assert shown == plain[capture]


@some
def test_read_filter_that_keeps_every_frame(wireshark, plain, capture):
    assert wireshark.states(capture, "-2", "-R", "tcp") == plain[capture]


@some
def test_read_filter_on_a_state_keeps_the_frames_as_they_were(wireshark, plain, capture):
    """The filter drops frames of streams; what is left still shows what the whole capture told."""
    state = list(plain[capture].values())[-1][0]
    rows = wireshark.fields(capture, ["tcpclose.client.state", "tcpclose.server.state"],
                            "-2", "-R", f'tcpclose.client.state == "{state}"')
    assert rows == [states for states in plain[capture].values() if states[0] == state]


@some
def test_sender_and_receiver_are_client_and_server(wireshark, capture):
    for client, server, src, dst in rows_of(wireshark, capture, STATE_FIELDS):
        assert sorted((client, server)) == sorted((src, dst))


@some
def test_second_pass_shows_the_streams_final_word_everywhere(wireshark, capture):
    """It is what the first pass shows on the stream's last segment, but for the time so far of a
    close that has not ended: that goes on up to the capture's end."""
    first = {row[0]: row for row in rows_of(wireshark, capture, STREAM_FIELDS)}
    lines = wireshark.tshark(capture, "-q", "-z", "tcpclose,json").splitlines()
    so_far = {str(row["stream"]): f"{row['teardown_s']:.9f}"
              for row in map(json.loads, lines) if row["teardown_censored"]}
    for stream, teardown in so_far.items():
        first[stream] = tuple(teardown if name == "tcpclose.teardown" else value
                              for name, value in zip(STREAM_FIELDS, first[stream]))
    second = rows_of(wireshark, capture, STREAM_FIELDS, "-2")
    assert {row[0]: row for row in second} == first
    assert set(second) == set(first.values())


@some
def test_events_and_reasons_are_the_same_on_both_passes(wireshark, capture):
    assert rows_of(wireshark, capture, SEGMENT_FIELDS, "-2") == rows_of(wireshark, capture, SEGMENT_FIELDS)


@some
def test_verdict_changes_only_where_a_later_segment_refutes_it(wireshark, capture):
    first = rows_of(wireshark, capture, VERDICT_FIELDS)
    second = rows_of(wireshark, capture, VERDICT_FIELDS, "-2")
    for (before, _, frame), (after, refuted_in, _) in zip(first, second, strict=True):
        if after != before:
            assert before == "accepted" and after in ("ignored", "suspect")
            assert int(refuted_in) > int(frame)
