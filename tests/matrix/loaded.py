# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints what tshark -G plugins says of the plugin in a build folder; exit status 1 if nothing."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tshark"))

from wireshark import Wireshark  # noqa: E402 (the folder has to be known first)


def main():
    programs = Wireshark()
    try:
        listed = programs.run("tshark", "-G", "plugins")
    finally:
        programs.close()
    rows = [[cell.strip() for cell in row.split("\t")] for row in listed.stdout.splitlines()]
    rows = [row for row in rows if row[0] == "tcpclose.so"]
    if len(rows) != 1:
        sys.exit("tshark -G plugins does not list tcpclose.so once:\n" + listed.stdout + listed.stderr)
    print(" ".join(rows[0][:-1]))


main()
