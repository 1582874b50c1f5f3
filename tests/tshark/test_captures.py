# SPDX-License-Identifier: GPL-2.0-or-later
"""The shipped captures show everything that the plugin can say, and the table says so."""
import pytest

from capture_table import README, SINCE_4_4, facts, row_of, written_rows
from names import EVENTS, PATTERNS, SHIPPED, STATES, counted_otherwise
from wireshark import CAPTURES


@pytest.fixture(scope="module")
def shown(wireshark):
    return {capture: facts(wireshark, capture) for capture in SHIPPED}


def test_at_least_25_captures_with_the_kernels_states():
    with_truth = [capture for capture in SHIPPED if (CAPTURES / f"{capture}.truth.tsv").exists()]
    assert with_truth == SHIPPED
    assert len(SHIPPED) >= 25


@pytest.mark.parametrize("pattern", PATTERNS)
def test_pattern_occurs(shown, pattern):
    assert any(pattern in found["patterns"] for found in shown.values())


@pytest.mark.parametrize("state", STATES)
def test_state_occurs(shown, state):
    assert any(state in found["states"] for found in shown.values())


@pytest.mark.parametrize("event", EVENTS)
def test_event_occurs(shown, event):
    assert any(event in found["events"] for found in shown.values())


def test_nothing_is_shown_that_state_h_does_not_name(shown):
    for found in shown.values():
        assert found["patterns"] <= set(PATTERNS)
        assert found["states"] <= set(STATES)
        assert found["events"] <= set(EVENTS)


ROWS, _, ROWS_SINCE_4_4 = map(written_rows, README.read_text().partition(SINCE_4_4))


def test_table_lists_every_capture_and_nothing_else():
    assert sorted(ROWS) == SHIPPED


@pytest.mark.parametrize("capture", SHIPPED)
def test_row_of_the_table_is_what_the_plugin_says(wireshark, shown, capture):
    rows = {**ROWS, **ROWS_SINCE_4_4} if counted_otherwise(wireshark, capture) else ROWS
    row, happened = rows[capture]
    assert row == row_of(capture, shown[capture], happened)
    assert len(happened) > 10, "say what happened"
