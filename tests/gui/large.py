#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""large.py CAPTURE: how long the dialogs take to open and to sort on a large capture.

For each dialog the seconds that pass, and in brackets those of the processor, from the choice in
the menu until the rows are there, and from the click on a title until they are in order. The first
line is of a dialog of Wireshark's own, which has a few rows of nothing: that is what reading the
capture again takes. Runs on what TCPCLOSE_BUILD names, or on build/.
"""
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tshark"))

from desktop import Desktop, wait_for  # noqa: E402 (the path comes first)
from test_dialogs import DIALOGS, SCREEN  # noqa: E402
from wireshark import Wireshark  # noqa: E402

WIRESHARKS_OWN = "DHCP (BOOTP) Statistics"
ROWS_WORTH_SORTING = 100
TIMES = 3


def processor_seconds(process):
    status = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii")
    return sum(map(int, status.rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK")


def measured(desktop, action):
    """Seconds of the clock and of the processor."""
    begin, used = time.monotonic(), processor_seconds(desktop.wireshark)
    action()
    return f"{time.monotonic() - begin:.2f} ({processor_seconds(desktop.wireshark) - used:.2f})"


def sort(dialog, index):
    last_row = dialog.row_count() - 1

    def ends():
        return [dialog.ask("cell", "", row, 0) for row in (0, last_row)]

    before = ends()
    dialog.sort_by(index)
    wait_for("another order", lambda: ends() != before)


def main():
    programs = Wireshark()
    path = Path(sys.argv[1]).resolve()
    try:
        with Desktop(programs, ["-r", path], path.name) as desktop:
            for title in (WIRESHARKS_OWN, *DIALOGS.values()):
                times = [measured(desktop, lambda: desktop.dialog(title)) for _ in range(TIMES)]
                dialog = desktop.dialog(title)
                print(f"{title}: {dialog.row_count()} rows in {', '.join(times)} s")
                if dialog.row_count() > ROWS_WORTH_SORTING:
                    dialog.resize(*SCREEN)
                    times = [measured(desktop, lambda: sort(dialog, index)) for index in (0, 1, 5)]
                    print(f"    sorted in {', '.join(times)} s", flush=True)
    finally:
        programs.close()


if __name__ == "__main__":
    main()
