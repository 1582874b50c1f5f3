# SPDX-License-Identifier: GPL-2.0-or-later
"""The public names, read from the one place where they are written; and the captures shipped."""
import re

from wireshark import CAPTURES, PROJECT

WORDS = PROJECT / "plugin" / "engine" / "words"


def rows_of(list_name, header="state.h"):
    """The arguments of each X(...) of a list in a header of words."""
    body = re.search(rf"#define {list_name}\(X\)(.*?[^\\])\n", (WORDS / header).read_text(), re.DOTALL)
    return [[word.strip() for word in row.split(",", 2)]
            for row in re.findall(r"X\(((?:[^()\"]|\"(?:[^\"\\]|\\.)*\")*)\)", body.group(1))]


STATES = [row[0] for row in rows_of("TCP_STATE_LIST")]
PATTERNS = [row[0] for row in rows_of("TCP_PATTERN_LIST")]
SEVERITY_OF_EVENT = {row[0]: row[1] for row in rows_of("TCP_EVENT_LIST")}
EVENTS = list(SEVERITY_OF_EVENT)
CAUSES = [row[0] for row in rows_of("CAUSE_LIST", "causes.h")]
# Those that are expert infos, too.
RAISED_CAUSES = {"middlebox_reset", "idle_close_race", "connection_lost", "application_did_not_close"}
SHIPPED = sorted(path.stem for path in CAPTURES.glob("*.pcapng"))

# From 4.4 on, Wireshark itself begins a new tcp.stream at a SYN after a RST, also where the receiver
# ignored the RST or the SYN is an old one. What is said of streams is of others then.
STREAMS_BEFORE_AND_SINCE_4_4 = {"forged_rst_syn_sent": (1, 3), "handshake_mismatch": (2, 3),
                                "handshake_mismatch_v6": (1, 2), "storm_lossy": (69, 70)}


def counted_otherwise(wireshark, capture):
    """Are the capture's streams not those of Wireshark 4.0?"""
    return capture in STREAMS_BEFORE_AND_SINCE_4_4 and wireshark.release >= (4, 4)
