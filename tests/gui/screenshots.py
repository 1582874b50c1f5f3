#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""screenshots.py [NAME...]: makes the pictures of captures/ again, all or those of these names.

Needs what the tests beside it need, and ImageMagick. Look at what it made.
"""
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tshark"))

from desktop import Desktop, path_of, wait_for  # noqa: E402 (the path comes first)
from wireshark import CAPTURES, PROJECT, Wireshark, as_nobody  # noqa: E402

COLOURS = 32
PROFILE = PROJECT / "plugin" / "profile" / "TCP Close"


def picture(desktop, area):
    command = ["import", "-window", "root", "-crop", area, "+repage", "+dither", "-colors", COLOURS,
               "-strip", "-define", "png:compression-level=9", "png8:-"]
    return subprocess.run(as_nobody(command), env=desktop.environment, check=True,
                          capture_output=True).stdout


def save(desktop, name, width, height, left=0, top=0):
    """What is in this part of the screen once it stands still, as a small PNG."""
    area = f"{width}x{height}+{left}+{top}"
    last = b""
    while (now := picture(desktop, area)) != last:
        last = now
        time.sleep(1)
    (CAPTURES / f"{name}.png").write_bytes(now)


def drag(desktop, x, from_y, to_y):
    words = ["mousemove", x, from_y, "mousedown", 1]
    for step in range(1, 5):
        words += ["mousemove", x, from_y + (to_y - from_y) * step // 4, "sleep", "0.1"]
    desktop.xdotool(*words, "mouseup", 1)


def dialog(name, title, width, height, sort_by=None):
    """A dialog; sorted by the column of this title, the greatest first."""
    def take(desktop):
        opened = desktop.dialog(title)
        opened.resize(width, height)
        if sort_by:
            for _ in range(2):
                opened.sort_by(opened.titles().index(sort_by))
                time.sleep(1)  # or it is a double click
        save(desktop, name, width, height)
    return take


def window(name, title, width, height):
    """A window of text and buttons that the menu entry of its name opens."""
    def take(desktop):
        desktop.ask("choose", "Statistics", *path_of(title, desktop.programs.release))
        wait_for(title, lambda: desktop.has_window(title))
        desktop.resize(title, width, height)
        save(desktop, name, width, height)
    return take


def ladder(desktop):
    desktop.open_flow_graph("TCP Close")
    save(desktop, "ladder", 756, 440)


def tree(desktop):
    desktop.resize(desktop.open_tree(), 900, 560)
    save(desktop, "tree", 900, 560)


def subtree(desktop):
    """The subtree of the second FIN, below some packets, as far as why its stream ended."""
    width, height, packets = 860, 940, 5
    title, details = desktop.title, "Packet details"
    desktop.resize(title, width, height)
    desktop.ask("choose", "View", "Packet Bytes")
    _, top, _, list_height = desktop.ask("table_area", title, "Packet list")
    _, row_top, _, row_height = desktop.ask("cell_area", title, "Packet list", 0, 0)
    drag(desktop, width // 2, top + list_height + 2, row_top + (packets + 1) * row_height)
    for entry in ("Last Packet", "Previous Packet"):  # brings the selected one into view
        desktop.ask("choose", "Go", entry)
    desktop.ask("select_row", title, details, row_of(desktop, "[TCP Close"))
    desktop.ask("choose", "View", "Expand Subtrees")
    _, last_top, _, last_height = desktop.ask("cell_area", title, details,
                                              row_of(desktop, "[Cause evidence"), 0)
    save(desktop, "subtree", width, last_top + last_height - top, 0, top)


def profile(desktop):
    """The line of the filter, and the packets with an event below it."""
    width = 1500
    desktop.resize(desktop.title, width, 940)
    _, top, _, _ = desktop.ask("area", desktop.title, "Display filter entry")
    _, list_top, _, list_height = desktop.ask("table_area", desktop.title, "Packet list")
    save(desktop, "profile", width, min(list_top + list_height, top + 460) - top + 4, 0, top - 4)


def row_of(desktop, text):
    """The first line of the details that begins so."""
    lines = [row[0] for row in desktop.ask("rows", desktop.title, "Packet details")]
    return next(row for row, line in enumerate(lines) if line.startswith(text))


# The capture, further arguments, and what to do.
SHOTS = {
    "streams": ("storm_lossy", [], dialog("streams", "TCP Close Streams", 1150, 420,
                                          sort_by="Teardown (s)")),
    "patterns": ("storm_clean", [], dialog("patterns", "TCP Close Patterns", 1080, 350)),
    "states": ("storm_lossy", [], dialog("states", "TCP Close States", 1100, 450)),
    "hosts": ("storm_clean", [], dialog("hosts", "TCP Close Hosts", 1090, 290)),
    "summary": ("storm_lossy", [], window("summary", "TCP Close Summary", 900, 700)),
    "timeline": ("half_close_client", ["-g", "1"], window("timeline", "TCP Close Timeline", 1040, 700)),
    "tree": ("storm_clean", [], tree),
    "subtree": ("four_way_client", ["-g", "10"], subtree),
    "profile": ("storm_lossy", ["-Y", "tcpclose.event", "-g", "520"], profile),
    "ladder": ("half_close_client", [], ladder),
}


def main():
    programs = Wireshark()
    try:
        for name in sys.argv[1:] or SHOTS:
            capture, arguments, take = SHOTS[name]
            path = programs.path(capture)
            chosen = PROFILE if name == "profile" else None
            with Desktop(programs, ["-r", path, *arguments], path.name, chosen) as desktop:
                take(desktop)
            print(CAPTURES / f"{name}.png")
    finally:
        programs.close()


if __name__ == "__main__":
    main()
