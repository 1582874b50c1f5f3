# SPDX-License-Identifier: GPL-2.0-or-later
"""plugin/schema/streams.json, by which programs check -z tcpclose,json and -z tcpclose,csv. That all shipped
captures are valid by it, test_machine_formats.py finds."""
import json

import pytest

from names import PATTERNS, STATES
from schema import Schema

STREAMS = Schema("streams")


@pytest.fixture(scope="module", name="row")
def fixture_row(wireshark):
    """An object of JSON."""
    return json.loads(wireshark.tshark("four_way_client", "-q", "-z", "tcpclose,json"))


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
def test_what_is_wrong_is_found(row, changes):
    assert STREAMS.errors(row) == []
    assert STREAMS.errors(wrong(row, **changes))


@pytest.mark.parametrize("changes", [{"client_path": "ESTABLISHED>CLOSE_WAIT?>LAST_ACK?"},
                                     {"cause_frames": None}, {"a_column_of_tomorrow": 7}], ids=str)
def test_what_may_be_is_valid(row, changes):
    assert STREAMS.errors(wrong(row, **changes)) == []
