# SPDX-License-Identifier: GPL-2.0-or-later
"""The window of the summary: what tshark prints, and buttons that apply its filters."""
import re

import pytest

import rewrap
from desktop import path_of, wait_for

TITLE = "TCP Close Summary"


def open_summary(wireshark, desktop):
    desktop.ask("choose", "Statistics", *path_of(TITLE, wireshark.release))
    wait_for("the summary", lambda: desktop.has_window(TITLE))


def text_of(desktop):
    """Qt has U+FDD0 and its neighbour around the cells of tables."""
    return " ".join(re.sub("[\ufdd0\ufdd1]", " ", desktop.ask("first_text", TITLE)).split())


def filters_of(wireshark, capture):
    lines = wireshark.tshark(capture, "-q", "-z", "tcpclose").splitlines()
    return [found[1] for found in (re.search(r" \d+  +\d+  (tcp.*)$", line) for line in lines) if found]


@pytest.mark.parametrize("desktop", ["storm_lossy"], indirect=True)
def test_each_button_applies_the_filter_of_its_line(wireshark, desktop):
    filters = filters_of(wireshark, desktop.capture)
    assert len(filters) > 5
    open_summary(wireshark, desktop)
    wait_for("the page", lambda: "Worth a look" in text_of(desktop))
    shown = text_of(desktop)
    assert "<" not in shown
    for number, display_filter in enumerate(filters, 1):
        assert display_filter in shown
        desktop.ask("press", TITLE, f"Show {number}")
        displayed = len(wireshark.fields("storm_lossy", ["frame.number"], "-2", "-Y", display_filter))
        desktop.wait_for_packets("Displayed", displayed)
        assert desktop.ask("text", desktop.title, "Display filter entry") == display_filter
    assert text_of(desktop) == shown


@pytest.mark.parametrize("desktop", [rewrap.capture_without_tcp], indirect=True)
def test_without_tcp_it_says_so(wireshark, desktop):
    open_summary(wireshark, desktop)
    wait_for("the page", lambda: text_of(desktop) == "TCP streams none Nothing is worth a look.")
