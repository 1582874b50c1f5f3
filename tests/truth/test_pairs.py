# SPDX-License-Identifier: GPL-2.0-or-later
"""What no observer can know: captures/unknown, pairs of connections of real kernels, recorded by pairs.py.
What is captured is the same in both up to a row, and the kernels' states are not: so there the plugin says
the same of both, and that it assumes it.

    TCPCLOSE_GOLDEN=write TCPCLOSE_BUILD=build pytest tests/truth/test_pairs.py

brings the table in captures/README.md up to date."""
import itertools
import os
import re
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "tshark"))

# pylint: disable=wrong-import-position
import alike
import derive
from rewrap import read_frames
from test_resets import BOOLEANS
from wireshark import CAPTURES, Wireshark

FOLDER = CAPTURES / "unknown"
PAIRS = sorted(path.stem[:-2] for path in FOLDER.glob("*_a.pcapng"))
README = CAPTURES / "README.md"
HEAD = "| pair | frames | endpoint | its kernel, `_a` | its kernel, `_b` | shown | in `_a`; or in `_b` |"
NAMES = ("client", "server")
FIELDS = [f"tcpclose.{name}.{what}" for name in NAMES for what in ("state", "confirmed", "path")]

# Nothing assumed is in them: all that the endpoint sends shows this state. It has not sent it; or it has
# left the state without a word.
FORGED = {"fin_forged", "rst_forged"}
SILENT = {"closed_in_syn_sent", "crash", "fin_behind_window"}

UNKNOWN = {pair: alike.unknowns(FOLDER, pair) for pair in PAIRS}
ROWS = list(itertools.chain(*UNKNOWN.values()))


@pytest.fixture(scope="module", name="said")
def fixture_said():
    """(pair, world, frame) -> what the plugin says of a capture that ends with that frame, by field"""
    wireshark = Wireshark()
    ends = sorted({(row.pair, world, row.frame) for row in ROWS for world in alike.WORLDS})
    takes = [[derive.Shot({}, *frame) for frame in read_frames(FOLDER / f"{pair}_{world}.pcapng")[:frame]]
             for pair, world, frame in ends]
    path = derive.write_takes(wireshark.made / "pairs.pcap", takes)
    rows = wireshark.fields(path, FIELDS, "-2")
    wireshark.close()
    lasts = itertools.accumulate(len(take) for take in takes)
    assert len(rows) == sum(len(take) for take in takes)
    return {end: {field: BOOLEANS.get(value, value) for field, value in zip(FIELDS, rows[last - 1])}
            for end, last in zip(ends, lasts)}


def of_both(said, row, what):
    return [said[row.pair, world, row.frame][f"tcpclose.{NAMES['ab'.index(row.side)]}.{what}"]
            for world in alike.WORLDS]


def is_proved(said, row):
    return of_both(said, row, "confirmed") == ["1", "1"]


@pytest.mark.parametrize("pair", PAIRS)
def test_kernels_differ_where_nothing_captured_does(pair):
    both = [alike.frames_of(FOLDER / f"{pair}_{world}.pcapng") for world in alike.WORLDS]
    same, _ = alike.same_frames(*both)
    assert UNKNOWN[pair]
    assert UNKNOWN[pair][-1].frame <= same
    # Close enough: what the path varies by is little of what it takes.
    assert max(map(alike.variation, both)) < 0.007


@pytest.mark.parametrize("pair", PAIRS)
def test_the_same_is_said_of_both(said, pair):
    for row in UNKNOWN[pair]:
        for what in ("state", "confirmed", "path"):
            one, other = of_both(said, row, what)
            assert one == other, row
        assert of_both(said, row, "state")[0] in row.states, row


def is_part_of(some, course):
    """Are the states some of the course's, in that order?"""
    rest = iter(course)
    return all(state in rest for state in some)


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair not in FORGED | SILENT])
def test_it_is_said_to_be_assumed(said, pair):
    """And what the course has as proved, both kernels were in."""
    for row in UNKNOWN[pair]:
        assert of_both(said, row, "confirmed") == ["0", "0"], row
        proved = [state for state in of_both(said, row, "path")[0].split(">") if not state.endswith("?")]
        assert all(is_part_of(proved, path.split(">")) for path in row.paths), row


def test_what_is_proved_all_the_same_is_forged_or_silent(said):
    """README says of these what proved means."""
    assert {row.pair for row in ROWS if is_proved(said, row)} == FORGED | SILENT


@pytest.mark.parametrize("pair", sorted(SILENT))
def test_of_the_silent_both_were_in_the_state(said, pair):
    for row in UNKNOWN[pair]:
        if is_proved(said, row):
            state = of_both(said, row, "state")[0]
            assert all(state in path.split(">") for path in row.paths), row


def test_readme_names_each_pair():
    text = (CAPTURES.parent / "README.md").read_text(encoding="utf-8")
    section = text.partition("\n## What it cannot know\n")[2].partition("\n## ")[0]
    named = {name for name in re.findall(r"`(\w+)`", section) if "_" in name or name == "crash"}
    assert named == set(PAIRS)


# ---- what a difference is: the comparison bites ----

def changed(frames, number, at, bits):
    """The frames, one with a byte that is another."""
    when, frame = frames[number]
    raw = bytearray(frame.raw)
    raw[at] ^= bits
    return [*frames[:number], (when, alike.Frame(bytes(raw), frame.side)), *frames[number + 1:]]


@pytest.mark.parametrize("what,at,bits", [
    ("ip", 22, 1), ("identification", 19, 1), ("number", 41, 1), ("ack", 45, 1), ("flags, window", 47, 8),
    ("flags, window", 49, 1), ("time stamps", 60, 1), ("time stamps", 64, 1), ("payload", 66, 1)])
def test_another_byte_is_a_difference(what, at, bits):
    frames = alike.frames_of(FOLDER / "fin_lost_a.pcapng")
    number = next(number for number, (_, frame) in enumerate(frames) if number > 5 and frame.length)
    assert alike.same_frames(frames, frames) == (len(frames), set())
    assert alike.same_frames(frames, changed(frames, number, at, bits)) == (number, {what})


def test_another_time_is_a_difference():
    frames = alike.frames_of(FOLDER / "fin_lost_a.pcapng")
    for later, same in ((0.5, len(frames)), (1.5, 15)):
        moved = [(when + later * alike.variation(frames) * (number >= 15), frame)
                 for number, (when, frame) in enumerate(frames)]
        assert alike.same_frames(frames, moved)[0] == same


# ---- the table ----

def facts(said, row):
    shown = of_both(said, row, "state")[0] + ("" if is_proved(said, row) else "?")
    return (f"`{row.pair}`", NAMES["ab".index(row.side)], *row.states, shown)


def table(said, written):
    lines = [HEAD, "|---" * HEAD.count(" | ") + "|---|"]
    for (pair, *rest), rows in itertools.groupby(ROWS, lambda row: facts(said, row)):
        frames = ", ".join(str(row.frame) for row in rows)
        lines.append(f"| {' | '.join((pair, frames, *rest))} | {written.get(pair, '?')} |")
    return "\n".join(lines) + "\n"


def test_table_is_what_the_plugin_and_the_kernels_say(said):
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(HEAD)
    rows = re.match(r"\n(?:\|.*\n)*", rest).group()
    written = {pair: happened for pair, happened in
               re.findall(r"^\| (`\w+`) \|.*\| ([^|]*) \|$", rows, re.MULTILINE) if happened}
    made = table(said, written)
    if os.environ.get("TCPCLOSE_GOLDEN") == "write":
        README.write_text(before + made + rest[len(rows):], encoding="utf-8")
    else:
        assert HEAD + rows == made
    assert "?" not in written.values()
