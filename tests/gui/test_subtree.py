# SPDX-License-Identifier: GPL-2.0-or-later
"""The subtree of a selected packet, and the links in it."""
import pytest

from desktop import Desktop, wait_for

CAPTURE = "fin_lost_after"
SUBTREE = "[TCP Close Analysis"


@pytest.fixture(scope="module", name="repeated_fin")
def fixture_repeated_fin(wireshark):
    """The frame of a FIN that is sent again."""
    rows = wireshark.fields(CAPTURE, ["frame.number"], "-Y", "tcpclose.fin.retransmission_of")
    return int(rows[0][0])


class Details:
    """The pane with the packet's details."""

    def __init__(self, desktop):
        self.desktop = desktop

    def lines(self):
        """All, expanded."""
        self.desktop.ask("choose", "View", "Expand All")
        return [row[0] for row in self.desktop.ask("rows", self.desktop.title, "Packet details")]

    def first_line(self):
        """Empty as long as no frame is shown."""
        pane = (self.desktop.title, "Packet details")
        return self.desktop.ask("cell", *pane, 0, 0) if self.desktop.ask("row_count", *pane) else ""

    def wait_for_frame(self, frame):
        wait_for(f"frame {frame}", lambda: self.first_line().startswith(f"Frame {frame}:"))

    def follow(self, text):
        """Selects the line that begins so, and goes where it leads to."""
        row = next(row for row, line in enumerate(self.lines()) if line.startswith(text))
        self.desktop.ask("select_row", self.desktop.title, "Packet details", row)
        self.desktop.ask("choose", "Go", "Go to Linked Packet")


@pytest.fixture(scope="module", name="details")
def fixture_details(wireshark, repeated_fin):
    path = wireshark.path(CAPTURE)
    with Desktop(wireshark, ["-r", path, "-g", repeated_fin], path.name) as desktop:
        yield Details(desktop)


def test_subtree_has_the_lines_that_tshark_prints(wireshark, details, repeated_fin):
    printed = wireshark.tshark(CAPTURE, "-2", "-O", "tcpclose", "-Y",
                               f"frame.number == {repeated_fin}").splitlines()
    wanted = [line.strip() for line in printed if line.startswith((SUBTREE, "    "))]
    details.wait_for_frame(repeated_fin)
    lines = details.lines()
    begin = next(row for row, line in enumerate(lines) if line.startswith(SUBTREE))
    assert lines[begin:] == wanted
    assert len(wanted) > 20


def test_links_lead_from_fin_to_fin_and_to_its_ack_and_back(wireshark, details, repeated_fin):
    field = {"[Repeats the FIN in": "tcpclose.fin.retransmission_of",
             "[FIN acknowledged in": "tcpclose.fin.acked_in",
             "[Acknowledges the FIN in": "tcpclose.fin.acks"}
    values = {int(frame): dict(zip(field, rest)) for frame, *rest in
              wireshark.fields(CAPTURE, ["frame.number", *field.values()], "-2")}
    frame = repeated_fin
    for text in field:
        details.wait_for_frame(frame)
        details.follow(text)
        assert int(values[frame][text]) != frame
        frame = int(values[frame][text])
        details.wait_for_frame(frame)
