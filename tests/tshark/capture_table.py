#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The table in captures/README.md: what the plugin says of each capture, beside what happened.

What happened is written by hand, in the table itself; the rest is made here. Run as a program, it
brings the table up to date: after a change of the plugin, look at the difference before committing.
The few rows that are others with Wireshark 4.4 and newer stand in a table of their own, by hand.
"""
import re

from names import EVENTS, PATTERNS, SHIPPED, STATES
from wireshark import CAPTURES, Wireshark

README = CAPTURES / "README.md"
HEAD = "| capture | frames | patterns | closing states | events | what happened |"
SINCE_4_4 = "## Since Wireshark 4.4"
CLOSING = STATES[STATES.index("ESTABLISHED") + 1:]


def in_order(found, order):
    return ", ".join(f"`{name}`" for name in order if name in found) or "-"


def facts(wireshark, capture):
    """frames, patterns, states and events of a capture, as sets of names"""
    names = ("tcpclose.pattern", "tcpclose.client.state", "tcpclose.server.state", "tcpclose.event")
    rows = wireshark.fields(capture, names, "-2")
    return {
        "frames": len(rows),
        "patterns": {row[0] for row in rows},
        "states": {state for row in rows for state in row[1:3]},
        "events": {event for row in rows for event in row[3].split(",") if event},
    }


def written_rows(text):
    """capture -> (the whole row, its last column)"""
    rows = re.findall(r"^(\| `(\w+)` \|.*\| ([^|]*) \|)$", text, re.MULTILINE)
    return {capture: (row, happened) for row, capture, happened in rows}


def row_of(capture, found, happened):
    return (f"| `{capture}` | {found['frames']} | {in_order(found['patterns'], PATTERNS)} "
            f"| {in_order(found['states'], CLOSING)} | {in_order(found['events'], EVENTS)} "
            f"| {happened} |")


def main():
    text = README.read_text()
    written = written_rows(text.partition(SINCE_4_4)[0])
    wireshark = Wireshark()
    rows = [row_of(capture, facts(wireshark, capture), written.get(capture, ("", "?"))[1])
            for capture in SHIPPED]
    wireshark.close()
    table = "\n".join([HEAD, "|---" * HEAD.count(" | ") + "|---|", *rows]) + "\n"
    README.write_text(re.sub(rf"{re.escape(HEAD)}\n(\|.*\n)*", lambda _: table, text, count=1))


if __name__ == "__main__":
    main()
