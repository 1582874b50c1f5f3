# SPDX-License-Identifier: GPL-2.0-or-later
"""Entries of Wireshark's menus that are no tables: filters, the tree, and the ladder."""
import re

import pytest

from desktop import Desktop, path_of, wait_for
from test_menu_filters import CLOSE_OF_STREAM, ENTRIES
from test_tree import printed

CAPTURE = "storm_lossy"
LADDERS = ["half_close_client", "parallel_v6"]


@pytest.fixture(scope="module", name="selected")
def fixture_selected(wireshark):
    """Frame and stream of a segment in the middle."""
    rows = wireshark.fields(CAPTURE, ["frame.number", "tcp.stream"], "-Y", "tcpclose.event")
    return rows[len(rows) // 2]


@pytest.fixture(scope="module", name="opened")
def fixture_opened(wireshark, selected):
    path = wireshark.path(CAPTURE)
    with Desktop(wireshark, ["-r", path, "-g", selected[0]], path.name) as desktop:
        desktop.wait_for_packets("Packets", 900)
        yield desktop


def assert_filter_is_applied(wireshark, desktop, display_filter):
    displayed = len(wireshark.fields(CAPTURE, ["frame.number"], "-2", "-Y", display_filter))
    desktop.wait_for_packets("Displayed", displayed)
    assert desktop.ask("text", desktop.title, "Display filter entry") == display_filter


def test_conversation_filter_leaves_the_close_of_the_stream(wireshark, opened, selected):
    opened.ask("choose", "Analyze", "Conversation Filter", "TCP Close: this stream's close")
    assert_filter_is_applied(wireshark, opened, CLOSE_OF_STREAM.replace("%u", selected[1]))


@pytest.mark.parametrize("field", ["pattern", "cause"])
def test_conversation_filter_leads_to_the_streams_that_ended_alike(wireshark, opened, selected, field):
    [(value,)] = wireshark.fields(CAPTURE, [f"tcpclose.{field}"], "-2", "-Y", f"frame.number == {selected[0]}")
    opened.ask("choose", "Analyze", "Conversation Filter", f"TCP Close: streams with this {field}")
    assert_filter_is_applied(wireshark, opened, f'tcpclose.{field} == "{value}"')


# The report's dialog, the title of a column, and the filter of what is in its first cell.
CELLS = [
    ("Streams", "Stream", r"tcp\.stream == {}"),
    ("Patterns", "Pattern", r'tcpclose\.pattern == "{}".*'),
    ("States", "State", r".*tcpclose\.server\.(state|in\.).*"),
    ("Hosts", "Host", r".*{}.*"),
    ("Causes", "Cause", r'.*tcpclose\.cause == "{}"'),
]


@pytest.mark.parametrize("report, column, expected", CELLS, ids=[cell[0] for cell in CELLS])
def test_find_leads_from_a_row_to_its_packets(wireshark, opened, report, column, expected):
    """In two actions: the entry of the menu, and the cell."""
    dialog = opened.dialog(f"TCP Close {report}")
    cell = dialog.column(dialog.titles().index(column))[0]
    opened.find_packets(cell)
    wait_for("a filter", lambda: re.fullmatch(
        expected.format(re.escape(cell)), opened.ask("text", opened.title, "Display filter entry")))
    display_filter = opened.ask("text", opened.title, "Display filter entry")
    assert_filter_is_applied(wireshark, opened, display_filter)
    assert wireshark.fields(CAPTURE, ["frame.number"], "-2", "-Y", display_filter)


def test_the_entries_stand_together(wireshark, opened):
    """Before 4.6 Wireshark has no submenus there for what plugins add."""
    entries = opened.ask("entries", "Statistics")
    reports = ["Causes", "Find", "Hosts", "Patterns", "States", "Streams"]
    if wireshark.release >= (4, 6):
        assert {*reports, "Filters"} <= set(opened.ask("entries", "Statistics", "TCP Close"))
    else:
        places = [entries.index(f"TCP Close {report}") for report in reports]
        between = entries[min(places):max(places) + 1]
        assert all(entry.startswith("TCP Close ") for entry in between)


@pytest.mark.parametrize("label", ENTRIES)
def test_entry_applies_its_filter(wireshark, opened, label):
    menu = path_of("TCP Close Filters", wireshark.release)
    opened.ask("choose", "Statistics", *menu, label)
    assert_filter_is_applied(wireshark, opened, ENTRIES[label])


def test_tree_is_what_tshark_prints(wireshark, opened):
    title = opened.open_tree()
    rows = sorted(map(tuple, printed(wireshark, CAPTURE)))
    assert len(rows) > 20
    wait_for("the rows of the tree", lambda: rows == sorted(
        tuple(filter(None, row)) for row in opened.ask("rows", title, "")))


@pytest.mark.parametrize("desktop", LADDERS, indirect=True)
def test_flow_graph_has_the_arrows_that_tshark_prints(wireshark, desktop):
    printed = wireshark.tshark(desktop.capture, "-q", "-z", "flow,tcpclose,network").splitlines()
    arrows = sum("-->" in line or "<--" in line for line in printed)
    title = desktop.open_flow_graph("TCP Close")
    assert arrows > 5
    wait_for(f"{arrows} arrows", lambda: any(
        label.startswith(f"2 node(s), {arrows} item(s)") for label in desktop.ask("labels", title)))
