# SPDX-License-Identifier: GPL-2.0-or-later
"""Who has made a RST, what later segments say of it, and the reports with a row a RST."""
import csv
import io
import re
from collections import Counter
from decimal import Decimal

import pytest

from names import CAUSES, SHIPPED
from wireshark import CAPTURES

FIELDS = ["tcpclose.rst.verdict", "tcpclose.rst.forged", "tcpclose.rst.trigger",
          "tcpclose.rst.challenge", "tcpclose.rst.refuted_in"]
NEXT = "its number is neither its sender's next nor one that the peer has acknowledged"
BOOLEANS = {"True": "1", "False": "0"}  # Wireshark 4.4 and newer
GOES_ON = "its sender goes on as if it had not sent it"


def resets(wireshark, capture, *arguments):
    """frame -> the fields above, without those that are not there"""
    rows = wireshark.fields(capture, ["frame.number", *FIELDS], "-Y", "tcp.flags.reset == 1",
                            *arguments)
    return {int(row[0]): {name.rsplit(".", 1)[1]: BOOLEANS.get(value, value)
                          for name, value in zip(FIELDS, row[1:], strict=True) if value}
            for row in rows}


def evidence(wireshark, capture, frame, *arguments):
    rows = wireshark.fields(capture, ["tcpclose.rst.evidence"], "-Y", f"frame.number == {frame}",
                            *arguments)
    return rows[0][0]


def test_a_challenged_rst_links_its_challenge_ack_with_two_passes(wireshark):
    assert resets(wireshark, "rst_inwindow")[8] == {"verdict": "challenge", "forged": "1"}
    assert resets(wireshark, "rst_inwindow", "-2")[8] == {"verdict": "challenge", "forged": "1",
                                                          "challenge": "9"}


def test_a_rst_that_was_lost_is_ignored_with_two_passes(wireshark):
    assert resets(wireshark, "storm_lossy")[486] == {"verdict": "accepted", "forged": "0"}
    assert resets(wireshark, "storm_lossy", "-2")[486] == {"verdict": "ignored", "forged": "0",
                                                           "refuted_in": "533"}


def test_a_sender_that_goes_on_shows_that_a_rst_was_forged(wireshark):
    first = evidence(wireshark, "rst_fw2_orphan_inexact", 10)
    second = evidence(wireshark, "rst_fw2_orphan_inexact", 10, "-2")
    assert first.startswith(NEXT) and GOES_ON not in first
    assert GOES_ON in second
    # its receiver has taken it all the same
    assert resets(wireshark, "rst_fw2_orphan_inexact", "-2")[10] == {
        "verdict": "accepted", "forged": "1", "refuted_in": "11"}


def test_a_refusal_links_the_syn(wireshark):
    assert resets(wireshark, "refused")[2] == {"verdict": "accepted", "forged": "0", "trigger": "1"}


def test_a_stream_that_a_forged_rst_ended_was_reset_by_the_network(wireshark):
    rows = wireshark.fields("rst_fw2_orphan_inexact", ["tcpclose.reset_by"], "-2")
    assert set(rows) == {("network",)}


def test_evidence_names_the_frames(wireshark):
    said = evidence(wireshark, "rst_fw2_orphan_inexact", 10, "-2")
    assert f"{GOES_ON} (frame 11)" in said
    assert re.search(re.escape(NEXT) + r" \(frames \d, \d\)", said)


# ---- own decision or answer ----

def kernels_resets(capture):
    """frame -> the flags of the RSTs that a kernel made, as its state file says"""
    with (CAPTURES / f"{capture}.truth.tsv").open(encoding="utf-8") as lines:
        return {int(row["frame"]): row["flags"]
                for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
                if "R" in row["flags"] and row["origin"] == "kernel"}


def test_the_kernels_decisions_and_answers_are_told_apart(wireshark):
    """tcp_send_active_reset sets the ACK flag; tcp_v4_send_reset does not, or has the number 0."""
    found = Counter()
    for capture in set(SHIPPED) - {"rst_alone"}:    # without a segment before it no number tells
        rows = wireshark.fields(capture, ["frame.number", "tcpclose.rst.origin", "tcp.seq_raw"],
                                "-Y", "tcp.flags.reset == 1")
        told = {int(frame): (origin, int(seq)) for frame, origin, seq in rows}
        for frame, flags in kernels_resets(capture).items():
            origin, seq = told[frame]
            wanted = "own_decision" if "A" in flags and seq != 0 else "answer"
            assert (capture, frame, origin) == (capture, frame, wanted)
            found[origin] += 1
    assert found["own_decision"] > 20 and found["answer"] > 50


# ---- the report ----

def report(wireshark, capture, form, *arguments):
    return wireshark.tshark(capture, "-q", "-z", f"tcpclose,{form}", *arguments)


def csv_rows(wireshark, capture, *arguments):
    return list(csv.DictReader(io.StringIO(report(wireshark, capture, "rsts_csv", *arguments))))


COLUMNS = {  # of CSV, and the fields that say the same
    "frame": "frame.number", "stream": "tcp.stream", "sender_port": "tcp.srcport",
    "receiver_port": "tcp.dstport", "verdict": "tcpclose.rst.verdict", "origin": "tcpclose.rst.origin",
    "cause": "tcpclose.rst.cause", "cause_sure": "tcpclose.rst.cause.sure",
    "cause_hint": "tcpclose.rst.cause.hint",
    "trigger_frame": "tcpclose.rst.trigger", "challenge_frame": "tcpclose.rst.challenge",
    "refuted_frame": "tcpclose.rst.refuted_in", "forged": "tcpclose.rst.forged",
    "evidence": "tcpclose.rst.evidence",
}
LOWER = {"True": "true", "1": "true", "False": "false", "0": "false"}


@pytest.mark.parametrize("capture", ["storm_lossy", "storm_clean", "rst_inwindow", "refused", "parallel_v6",
                                     "rst_fw2_orphan_inexact", "four_way_client"])
def test_every_rst_has_a_row_that_says_what_its_fields_say(wireshark, capture):
    rows = wireshark.fields(capture, COLUMNS.values(), "-2", "-Y", "tcpclose.rst.verdict",
                            "-E", "aggregator=;")
    wanted = []
    for row in rows:
        cells = dict(zip(COLUMNS, row, strict=True))
        cells["cause_sure"] = LOWER[cells["cause_sure"]]
        cells["forged"] = LOWER[cells["forged"]]
        wanted.append(cells)
    made = [{name: row[name].replace("; ", ";") for name in COLUMNS}
            for row in csv_rows(wireshark, capture)]
    assert made == wanted


def test_sender_and_pieces_of_a_row(wireshark):
    [row] = [row for row in csv_rows(wireshark, "rst_fw2_orphan_inexact") if row["frame"] == "10"]
    assert row["sender"] in ("client", "server")
    assert {row["sender_address"], row["receiver_address"]} == {"10.9.0.1", "10.9.0.2"}
    assert row["pieces"].split()[:2] == ["number", "goes_on"]
    assert Decimal(row["time_s"]) > 10**9


@pytest.mark.parametrize("capture", SHIPPED)
def test_the_table_says_the_same_in_less_room(wireshark, capture):
    both = wireshark.tshark(capture, "-q", "-z", "tcpclose,resets", "-z", "tcpclose,rsts_csv")
    [text] = re.findall(r"\n=+\nTCP Close Resets\n.*?\n=+\n", both, re.DOTALL)
    rows = list(csv.DictReader(io.StringIO(both.replace(text, ""))))
    wanted = [[row["frame"], row["stream"], row["verdict"],
               row["cause"] + "?" * (row["cause_sure"] == "false" and row["cause"] != "unknown")]
              for row in rows]
    made = [[*words[:2], words[3], next(word for word in words if word.rstrip("?") in CAUSES)]
            for words in map(str.split, text.splitlines()) if words[:1] and words[0].isdigit()]
    assert made == wanted
    assert ("No RST." in text) == (not wanted)
    if "[fd00" not in text:
        assert max(map(len, text.splitlines())) <= 120


def test_a_filter_selects_streams(wireshark):
    rows = csv_rows(wireshark, "storm_lossy")
    name = "rsts_csv,tcp.stream == 23"
    chosen = list(csv.DictReader(io.StringIO(report(wireshark, "storm_lossy", name))))
    assert chosen == [row for row in rows if row["stream"] == "23"] != []


def test_the_dialog_has_a_row_a_rst(wireshark):
    tap = ("tap", {"tap0": "nstat:tcpclose,resets"})
    load = ("load", {"file": str(wireshark.path("storm_lossy"))})
    table = wireshark.sharkd(load, tap)[1]["taps"][0]["tables"][0]
    frames = sorted(int(row[0]) for row in table["i"])
    assert frames == [int(row["frame"]) for row in csv_rows(wireshark, "storm_lossy")]
