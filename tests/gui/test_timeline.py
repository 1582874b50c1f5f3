# SPDX-License-Identifier: GPL-2.0-or-later
"""The window Timeline: the selected packet's stream, and the way to its packets and to the next."""
import pytest

from desktop import Desktop, path_of, wait_for

CAPTURE = "storm_lossy"
ENTRY = "TCP Close Timeline"
PICTURE = "\ufffc"  # stands for it in the text


@pytest.fixture(scope="module", name="streams")
def fixture_streams(wireshark):
    """stream -> (its cause, the frame of its last segment)"""
    rows = wireshark.fields(CAPTURE, ["tcp.stream", "tcpclose.cause", "frame.number"], "-2", "-Y", "tcp")
    return {int(stream): (cause, int(frame)) for stream, cause, frame in rows}


@pytest.fixture(scope="module", name="chosen")
def fixture_chosen(streams):
    """Two streams of one cause with none of that between, and not all of the capture."""
    for number, (cause, _) in streams.items():
        later = [other for other in sorted(streams) if other > number and streams[other][0] == cause]
        if later and later[0] > number + 3:
            return number, later[0]
    raise AssertionError("no such streams")


@pytest.fixture(scope="module", name="opened")
def fixture_opened(wireshark, streams, chosen):
    path = wireshark.path(CAPTURE)
    frame = streams[chosen[0]][1]
    with Desktop(wireshark, ["-r", path, "-g", frame], path.name) as desktop:
        desktop.wait_for_packets("Packets", 900)
        desktop.ask("choose", "Statistics", *path_of(ENTRY, wireshark.release))
        wait_for("the timeline", lambda: desktop.has_window("Timeline"))
        yield desktop


def story(wireshark, number):
    return wireshark.tshark(CAPTURE, "-q", "-z", f"tcpclose,story,{number}").strip()


def shown(desktop):
    """The text, and whether the picture has its place below the first lines."""
    head, picture, rest = desktop.ask("first_text", "Timeline").partition(f"\n{PICTURE}\n")
    parts = [part.replace("\u2028", "\n").strip("\n") for part in (head, rest)]
    return "\n\n".join(parts).rstrip(), picture != ""


def test_it_shows_what_is_known_of_the_selected_packets_stream(wireshark, opened, chosen):
    wait_for("the story", lambda: "Stream " in shown(opened)[0])
    assert shown(opened) == (story(wireshark, chosen[0]), True)


def test_next_shows_the_next_stream_with_this_cause_and_show_its_packets(wireshark, opened, chosen):
    opened.ask("press", "Timeline", "Next stream with this cause")
    wait_for("the next stream", lambda: shown(opened) == (story(wireshark, chosen[1]), True))
    opened.ask("press", "Timeline", "Show these packets")
    display_filter = f"tcp.stream == {chosen[1]}"
    displayed = len(wireshark.fields(CAPTURE, ["frame.number"], "-Y", display_filter))
    opened.wait_for_packets("Displayed", displayed)
    assert opened.ask("text", opened.title, "Display filter entry") == display_filter
    assert shown(opened)[0] == story(wireshark, chosen[1])
