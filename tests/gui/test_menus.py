# SPDX-License-Identifier: GPL-2.0-or-later
"""Entries of Wireshark's menus that are no tables: filters, the tree, and the ladder."""
import pytest

from desktop import Desktop, wait_for
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


@pytest.mark.parametrize("label", ENTRIES)
def test_entry_applies_its_filter(wireshark, opened, label):
    opened.ask("choose", "Statistics", "TCP Close Filters", label)
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
