# SPDX-License-Identifier: GPL-2.0-or-later
"""The dialogs of the Statistics menu, cell by cell against the reports that tshark prints."""
import re
from decimal import Decimal

import pytest

import rewrap
from desktop import wait_for
from report import printed_table, without_empty_columns

# The name of -z, and the entry in the menu.
DIALOGS = {
    "tcpclose,streams": "TCP Close Streams",
    "tcpclose,patterns": "TCP Close Patterns",
    "tcpclose,states": "TCP Close States",
    "tcpclose,hosts": "TCP Close Hosts",
    "tcpclose,causes": "TCP Close Causes",
    "tcpclose,resets": "TCP Close Resets",
}
CAPTURES = ["parallel_v6", "storm_lossy", "half_close_client", "tw_expiry_reuse"]
FILTER = "tcp.flags.reset == 1"
OF_REPORT = {"tcpclose,resets": "ipv6"}  # the other one leaves all of its rows
SCREEN = (4000, 1000)

every_dialog = pytest.mark.parametrize("name,title", DIALOGS.items(), ids=DIALOGS)


def on(*captures):
    return pytest.mark.parametrize("desktop", captures, indirect=True)


def in_any_order(titles, rows):
    """A dialog opens in the order of its first column."""
    return titles, sorted(rows)


def cells_of(dialog):
    return in_any_order(*without_empty_columns(dialog.titles(), dialog.rows()))


@on(*CAPTURES)
@every_dialog
def test_dialog_has_the_cells_of_the_report(wireshark, desktop, name, title):
    dialog = desktop.dialog(title)
    shown = cells_of(dialog)
    assert shown == in_any_order(*printed_table(wireshark, desktop.capture, name))


@on("storm_lossy")
@every_dialog
def test_filter_selects_as_in_the_report(wireshark, desktop, name, title):
    dialog = desktop.dialog(title)
    every = cells_of(dialog)
    chosen_by = OF_REPORT.get(name, FILTER)
    dialog.apply(chosen_by)
    chosen = cells_of(dialog)
    dialog.apply("")
    assert cells_of(dialog) == every
    assert chosen == in_any_order(
        *printed_table(wireshark, desktop.capture, name, chosen_by))
    assert chosen != every


@on("storm_lossy")
@every_dialog
def test_filter_that_matches_nothing_leaves_no_rows(desktop, name, title):
    dialog = desktop.dialog(title)
    assert dialog.row_count() > 0
    dialog.apply("udp")
    assert dialog.row_count() == 0


@on("storm_lossy")
@pytest.mark.parametrize("bad", ["tcp.stream ==", "tcp.no_such_field"])
def test_bad_filter_gets_wiresharks_error(wireshark, desktop, bad):
    """The one that tshark prints: in 4.0 in the status bar, then as the tool tip of the filter. It cannot
    be applied."""
    name, title = next(iter(DIALOGS.items()))
    refused = wireshark.run("tshark", "-n", "-r", desktop.capture, "-q", "-z", f"{name},{bad}")
    message = refused.stderr.strip().rpartition("is invalid - ")[2]
    dialog = desktop.dialog(title)
    rows = dialog.row_count()
    dialog.enter_filter(bad)
    shown = [*desktop.ask("labels", desktop.title), dialog.ask("description", "Display filter entry")]
    assert any(text.removeprefix("Invalid filter: ") == message for text in shown)
    assert not dialog.ask("is_idle", "Apply")
    assert dialog.row_count() == rows


@on(rewrap.empty_capture, rewrap.capture_without_tcp)
@every_dialog
def test_without_tcp_the_table_is_empty(desktop, name, title):
    dialog = desktop.dialog(title)
    assert dialog.rows() == []
    assert all(desktop.title in window for window in desktop.ask("windows"))
    assert dialog.titles()


@on("storm_lossy")
def test_mark_of_the_order_hides_no_title(desktop):
    """The dialog opens in the order of its first column: there is more room than where the same title
    is the second one's. The columns are as wide as their titles: their numbers are shorter."""
    marked, plain = desktop.dialog("TCP Close Streams"), desktop.dialog("TCP Close Resets")
    assert marked.titles()[0] == plain.titles()[1] == "Stream"
    assert marked.title_width(0) >= plain.title_width(1) + 12


def number_of(cell):
    """What a numeric column is sorted by: nothing, then times, then lower bounds."""
    return cell != "", cell.startswith(">="), Decimal(cell.removeprefix(">=") or 0)


@on("storm_lossy")
@every_dialog
def test_numeric_columns_sort_by_number(desktop, name, title):
    dialog = desktop.dialog(title)
    dialog.resize(*SCREEN)
    cells = list(zip(*dialog.rows()))
    numeric = [index for index, column in enumerate(cells)
               if any(column) and all(re.fullmatch(r"(>=)?[\d.]+|", cell) for cell in column)]
    assert numeric
    for index in reversed(numeric):  # the dialog opens in the order of the first
        rising = sorted(map(number_of, cells[index]))
        dialog.sort_by(index)
        wait_for(f"rows in the order of {dialog.titles()[index]!r}",
                 lambda: list(map(number_of, dialog.column(index))) == rising)
