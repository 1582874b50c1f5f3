# SPDX-License-Identifier: GPL-2.0-or-later
"""The configuration profile in Wireshark: its columns, and its buttons in one menu."""
import pytest

from desktop import Desktop, wait_for
from wireshark import PROJECT

PROFILE = PROJECT / "plugin" / "profile" / "TCP Close"
CAPTURE = "close_wait_alarm"
FIRST = "tcpclose.server.in.close_wait > 30 or tcpclose.client.in.close_wait > 30"


@pytest.fixture(scope="module", name="opened")
def fixture_opened(wireshark):
    path = wireshark.path(CAPTURE)
    with Desktop(wireshark, ["-r", path], path.name, PROFILE) as desktop:
        yield desktop


def test_the_columns_say_whose_state_they_have(opened):
    titles = opened.ask("titles", opened.title, "Packet list")
    assert titles[6:12] == ["Stream", "Client state", "Server state", "Event", "Pattern", "Cause"]
    assert opened.ask("cell", opened.title, "Packet list", 0, 11) == "application_did_not_close"


def test_one_button_has_the_filters_and_their_line_keeps_its_room(wireshark, opened):
    opened.resize(opened.title, 1400, 700)
    assert opened.ask("area", opened.title, "Display filter entry")[2] > 1000
    opened.click(opened.ask("area", opened.title, "TCP Close"))
    opened.xdotool("sleep", "1", "key", "Down", "key", "Return")
    wait_for("the filter", lambda: opened.ask("text", opened.title, "Display filter entry") == FIRST)
    opened.wait_for_packets("Displayed", len(wireshark.fields(CAPTURE, ["frame.number"], "-2", "-Y", FIRST)))
