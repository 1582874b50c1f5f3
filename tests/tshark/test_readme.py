# SPDX-License-Identifier: GPL-2.0-or-later
"""The README's tables against the names that the plugin has, and its filters against tshark."""
import re

import pytest

from names import CAUSES, PATTERNS, SEVERITY_OF_EVENT
from wireshark import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")]
        for line in README.splitlines() if line.startswith("| ")]
FILTERS = [row[1].strip("`") for row in ROWS if len(row) == 2 and row[1].startswith("`tcpclose")]


def test_every_event_has_its_row_and_severity():
    rows = {row[0].strip("`"): row[1].upper() for row in ROWS if len(row) == 3}
    assert {event: rows.get(event) for event in SEVERITY_OF_EVENT} == SEVERITY_OF_EVENT


def test_every_pattern_has_its_row():
    first_cells = {row[0].strip("`") for row in ROWS}
    assert not set(PATTERNS) - first_cells


def test_every_cause_has_its_row_in_order():
    slugs = [row[0].strip("`") for row in ROWS if len(row) == 4 and row[0].startswith("`")]
    assert [slug for slug in slugs if slug in CAUSES] == CAUSES


def test_every_field_is_described(wireshark):
    fields = [line.split("\t")[2] for line in wireshark.run("tshark", "-G", "fields").stdout.splitlines()
              if line.startswith("F\t") and line.split("\t")[4] == "tcpclose"]
    described = set(re.findall(r"`(tcpclose\.[a-z0-9_.]+)`", README))
    assert fields
    assert not [name for name in fields
                if name not in described and not name.startswith("tcpclose.expert.")]


def test_every_preference_is_described(wireshark):
    preferences = re.findall(r"^#?(tcpclose\.\w+):",
                             wireshark.run("tshark", "-G", "currentprefs").stdout, re.MULTILINE)
    assert preferences
    assert not [name for name in preferences if f"`{name}`" not in README]


def test_there_are_ten_filters_or_more():
    assert len(FILTERS) >= 10


@pytest.mark.parametrize("display_filter", FILTERS)
def test_the_filter_finds_something_in_a_storm(wireshark, display_filter):
    assert any(wireshark.filtered(capture, display_filter, "frame.number")
               for capture in ("storm_lossy", "storm_clean", "close_wait_alarm", "half_close_client",
                               "tw_reuse_server_tw", "syn_unanswered", "late_data_closed",
                               "fin_unanswered", "gave_up", "mid_half_closed"))
