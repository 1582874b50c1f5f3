# SPDX-License-Identifier: GPL-2.0-or-later
"""Dialogs that are open while Wireshark captures."""
import os

import pytest

import rewrap
from desktop import Desktop
from report import printed_table
from test_dialogs import DIALOGS, cells_of, in_any_order

CAPTURE = "parallel_v6"


@pytest.fixture(scope="module", name="parts")
def fixture_parts(wireshark):
    """Two captures: the second begins with the first."""
    frames = rewrap.read_frames(wireshark.path(CAPTURE))
    half = len(frames) // 2
    paths = [rewrap.write_capture(wireshark.made / f"{name}.pcap", rewrap.ETHERNET, part)
             for name, part in (("half", frames[:half]), ("whole", frames))]
    for path in paths:
        path.chmod(0o644)
    return paths


def count_of(wireshark, path):
    return len(wireshark.fields(path, ["frame.number"]))


def test_apply_shows_the_capture_so_far(wireshark, parts):
    """Wireshark captures from a pipe, into which the frames come in two goes."""
    half, whole = parts
    pipe = wireshark.made / "pipe"
    os.mkfifo(pipe)
    pipe.chmod(0o644)
    with pipe.open("r+b", buffering=0) as writer:
        writer.write(half.read_bytes())
        with Desktop(wireshark, ["-k", "-i", pipe], "Capturing from") as desktop:
            desktop.wait_for_packets("Packets", count_of(wireshark, half))
            for name, title in DIALOGS.items():
                shown = cells_of(desktop.dialog(title))
                assert shown == in_any_order(*printed_table(wireshark, half, name))
            writer.write(whole.read_bytes()[half.stat().st_size:])
            desktop.wait_for_packets("Packets", count_of(wireshark, whole))
            for name, title in DIALOGS.items():
                before = cells_of(desktop.dialogs[title])
                shown = cells_of(desktop.dialog(title))
                assert shown == in_any_order(*printed_table(wireshark, whole, name))
                assert shown != before
