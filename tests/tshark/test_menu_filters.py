# SPDX-License-Identifier: GPL-2.0-or-later
"""The filters that Wireshark's menus apply, read from the one place where they are written."""
import re

import pytest

from wireshark import PROJECT

SOURCE = (PROJECT / "tap" / "filters.c").read_text(encoding="utf-8")
README = (PROJECT / "README.md").read_text(encoding="utf-8")
STRINGS = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'


def text_of(literals):
    """C string literals, one after the other, as one text"""
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals)).replace('\\"', '"')


ENTRIES = {text_of(label): text_of(display_filter)
           for label, display_filter in re.findall(rf"\{{{STRINGS},\s*{STRINGS}\}}", SOURCE)}
CLOSE_OF_STREAM = text_of(re.search(rf"g_strdup_printf\({STRINGS},", SOURCE).group(1))

CAPTURE_WITH = {
    "CLOSE_WAIT that hangs": "close_wait_alarm",
    "Resets before both FINs": "parallel_v6",
    "FINs without an answer": "fin_unanswered",
    "Simultaneous closes": "simul_close",
    "Reuse inside TIME_WAIT": "tw_reuse_server_tw",
}
WITHOUT = "four_way_client"


def test_every_entry_is_tried_here():
    assert set(ENTRIES) == set(CAPTURE_WITH)


@pytest.mark.parametrize("label", CAPTURE_WITH)
def test_entry_applies_a_filter_of_the_readme(label):
    assert f"| `{ENTRIES[label]}` |" in README
    assert f"*{label}*" in " ".join(README.split())


@pytest.mark.parametrize("label", CAPTURE_WITH)
def test_entry_finds_what_it_says_and_nothing_in_an_ordinary_close(wireshark, label):
    """With two passes, as in Wireshark."""
    assert wireshark.filtered(CAPTURE_WITH[label], ENTRIES[label], "frame.number")
    assert not wireshark.filtered(WITHOUT, ENTRIES[label], "frame.number")


@pytest.mark.parametrize("passes", [[], ["-2"]], ids=["one_pass", "two_passes"])
@pytest.mark.parametrize("capture", ["parallel_v6", "storm_lossy", "tw_expiry_reuse"])
def test_close_of_a_stream_is_what_changed_a_state_or_raised_an_event(wireshark, capture, passes):
    names = ("frame.number", "tcp.stream", "tcpclose.event", "tcpclose.client.previous",
             "tcpclose.server.previous")
    rows = wireshark.fields(capture, names, *passes)
    stream = rows[len(rows) // 2][1]
    expected = [(row[0],) for row in rows if row[1] == stream and any(row[2:])]
    display_filter = CLOSE_OF_STREAM.replace("%u", stream)
    assert 0 < len(expected) < len([row for row in rows if row[1] == stream])
    assert wireshark.fields(capture, ["frame.number"], "-Y", display_filter, *passes) == expected
