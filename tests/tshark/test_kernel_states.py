# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin's states against the states of the kernels that talked, frame by frame.

NAME.truth.tsv has a row a frame. a_post and b_post are the kernels' states after it, a_know and
b_know say whether an observer at the capture point can know them: y (yes), r (the endpoint has
shown it by its own frames), n (no).
"""
import collections
import csv
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "truth"))

# pylint: disable=wrong-import-position
from names import SHIPPED
from unknowable import kind_of, shots_of
from wireshark import CAPTURES

# What must be right of the rows marked r, over all captures, in percent.
REVEALED_MINIMUM = 90.0

# Those that are not right: kind -> rows. What is told since is taken off.
NOT_REVEALED = {"in its name": 2}

# (capture, frame, endpoint): why the kernel's state, or the mark y beside it, is not to be held
# against the plugin.
RST_LOST = ("the RST in frame 486 was captured, then lost; the ACKs in 487 to 489 may have crossed it, and "
            "this RST is an answer to one of them: up to here nothing differs from a RST that arrived "
            "(linger0_queued), and the next segment of that endpoint tells")
OPEN_FIN_WAIT_2 = ("a RST in the window but not exact reaches FIN_WAIT_2: a socket that the application has "
                   "closed dies (rst_fw2_orphan_inexact), one that it still holds sends a challenge ACK; "
                   "nothing before the next frame tells which")
NO_SUCH_SOCKET = ("a forged segment from a port where the client never had a socket: that of a NAT's, to the "
                  "capture a connection older than itself, until the RST comes")
NOT_KNOWABLE = {
    ("nat_mismatch", 8, "a"): NO_SUCH_SOCKET,
    ("storm_lossy", 490, "a"): RST_LOST,
    ("storm_lossy", 491, "a"): RST_LOST,
    ("storm_clean", 697, "a"): OPEN_FIN_WAIT_2,
}

Row = collections.namedtuple("Row", "frame endpoint know kernel said")


def compare(wireshark, capture):
    names = ("frame.number", "tcpclose.src.state", "tcpclose.dst.state")
    said = {int(row[0]): row[1:] for row in wireshark.fields(capture, names)}
    with open(CAPTURES / f"{capture}.truth.tsv", encoding="ascii") as truth:
        for row in csv.DictReader(truth, delimiter="\t", quoting=csv.QUOTE_NONE):
            frame = int(row["frame"])
            sender = row["dir"][0].lower()
            for side in "ab":
                yield Row(frame, side, row[f"{side}_know"], row[f"{side}_post"],
                          said[frame][0 if side == sender else 1])


@pytest.fixture(scope="module")
def compared(wireshark):
    return {capture: list(compare(wireshark, capture)) for capture in SHIPPED}


@pytest.mark.parametrize("capture", SHIPPED)
def test_every_knowable_state_is_the_kernels(compared, capture):
    knowable = [row for row in compared[capture] if row.know == "y"]
    wrong = [f"frame {row.frame} endpoint {row.endpoint}: kernel {row.kernel}, plugin {row.said}"
             for row in knowable
             if row.said != row.kernel and (capture, row.frame, row.endpoint) not in NOT_KNOWABLE]
    assert compared[capture]
    assert not wrong, "\n".join(wrong)


def test_revealed_states_are_mostly_the_kernels(compared):
    revealed = [row for rows in compared.values() for row in rows if row.know == "r"]
    right = sum(row.said == row.kernel for row in revealed)
    assert revealed
    assert 100.0 * right / len(revealed) >= REVEALED_MINIMUM, f"{right} of {len(revealed)}"


def test_revealed_states_that_are_not_told_cannot_be_known(compared):
    """A row of no kind of README's "What it cannot know" is a mistake."""
    kinds, known = collections.Counter(), []
    for capture, rows in compared.items():
        shots = {shot.frame: shot for shot in shots_of(CAPTURES / f"{capture}.truth.tsv")}
        for row in rows:
            if row.know == "r" and row.said != row.kernel:
                conn = [shot for shot in shots.values()
                        if shot.conn == shots[row.frame].conn and shot.frame <= row.frame]
                kind = kind_of(conn, row.endpoint)
                kinds[kind] += 1
                if not kind:
                    known.append(f"{capture} frame {row.frame} endpoint {row.endpoint}: "
                                 f"kernel {row.kernel}, plugin {row.said}")
    assert not known, "\n".join(known)
    assert kinds == NOT_REVEALED


def test_excuses_are_needed(compared):
    """A row that has become right is taken off the list."""
    for capture, frame, endpoint in NOT_KNOWABLE:
        assert [row for row in compared[capture] if (row.frame, row.endpoint) == (frame, endpoint)
                and row.know == "y" and row.said != row.kernel], (capture, frame, endpoint)
