# SPDX-License-Identifier: GPL-2.0-or-later
"""plugin/schema/streams.json, by which programs check -z tcpclose,json and -z tcpclose,csv."""
import csv
import io
import json

import pytest

from names import PATTERNS, SHIPPED, STATES
from schema import Schema

STREAMS = Schema("streams")

shipped = pytest.mark.parametrize("capture", SHIPPED)


@pytest.fixture(scope="module", name="rows")
def fixture_rows(wireshark):
    """Of a capture: the objects of JSON, header and rows of CSV, from one run."""
    def of_capture(capture):
        text = wireshark.tshark(capture, "-q", "-z", "tcpclose,csv", "-z", "tcpclose,json")
        lines = text.splitlines(keepends=True)
        objects = [json.loads(line) for line in lines if line.startswith("{")]
        header, *cells = csv.reader(io.StringIO("".join(
            line for line in lines if not line.startswith("{")), newline=""), strict=True)
        return objects, header, cells
    return of_capture


@shipped
def test_shipped_captures_are_valid(rows, capture):
    objects, header, cells = rows(capture)
    assert len(objects) == len(cells) > 0
    assert header == list(STREAMS.columns())
    for one in objects:
        assert list(one) == list(STREAMS.whole["properties"])
        assert STREAMS.errors(one) == []
    for row in cells:
        assert STREAMS.errors_of_cells(header, row) == []


def test_every_column_is_required():
    assert STREAMS.whole["required"] == list(STREAMS.whole["properties"])


def test_the_words_are_those_of_the_plugin():
    said = STREAMS.whole["$defs"]
    assert said["state"]["enum"] == STATES
    assert said["pattern"]["enum"] == PATTERNS
    assert said["path"]["pattern"].count("|".join(STATES)) == 2


def wrong(row, **changes):
    return {name: value for name, value in {**row, **changes}.items() if value != "gone"}


@pytest.mark.parametrize("changes", [
    {"v": 1}, {"stream": "0"}, {"stream": -1}, {"stream": None}, {"client_port": 65536},
    {"server_address": ""}, {"pattern": "closed"}, {"closed_by": "network"}, {"reset_by": None},
    {"complete": 1}, {"first_fin_frame": 0}, {"teardown_s": "0.5"}, {"teardown_s": -1},
    {"client_state": "OPEN"}, {"client_path": "ESTABLISHED>"}, {"client_path": "ESTABLISHED>OPEN"},
    {"client_closing_s": True}, {"cause": "Not a word"}, {"cause_frames": "4, 7"}, {"rsts": "gone"},
    {"client_time_wait_censored": "gone"},
], ids=str)
def test_what_is_wrong_is_found(rows, changes):
    [row], _, _ = rows("four_way_client")
    assert STREAMS.errors(row) == []
    assert STREAMS.errors(wrong(row, **changes))


@pytest.mark.parametrize("changes", [{"client_path": "ESTABLISHED>CLOSE_WAIT?>LAST_ACK?"},
                                     {"cause_frames": None}, {"a_column_of_tomorrow": 7}], ids=str)
def test_what_may_be_is_valid(rows, changes):
    [row], _, _ = rows("four_way_client")
    assert STREAMS.errors(wrong(row, **changes)) == []
