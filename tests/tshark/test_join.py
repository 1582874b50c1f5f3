# SPDX-License-Identifier: GPL-2.0-or-later
"""captures/join.sql: the rows of a capture that was cut by time become those of the whole again."""
import csv
import io
import subprocess
from collections import Counter

import pytest

import rewrap
from test_command import command_  # noqa: F401, a fixture; pylint: disable=unused-import
from test_encapsulations import written
from wireshark import CAPTURES

SECOND = 10**9
PIECES = 4
STORMS = ["storm_clean", "storm_lossy"]
TIMES = [f"{role}_{state}_s" for role in ("client", "server") for state in
         ("fin_wait_1", "fin_wait_2", "close_wait", "closing", "last_ack", "time_wait")]
# Of the times of the connections that were cut: told and right, told and wrong, not told.
TOLD = {"storm_clean": {True: 41, None: 10}, "storm_lossy": {True: 24, False: 1, None: 22}}
WHO = ["client_address", "client_port", "server_address", "server_port", "first_seen_s"]


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def joined(text, folder):
    """Of the CSV of all pieces."""
    pieces = folder / "pieces.csv"
    pieces.write_text(text, newline="", encoding="utf-8")
    done = subprocess.run(["sqlite3", "-init", "/dev/null", "-header", "-csv", ":memory:",
                           f".import --csv {pieces} pieces", f".read {CAPTURES / 'join.sql'}"],
                          capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return rows_of(done.stdout)


def cut(frames, pieces):
    """As many pieces of the same length in time; the last one has the last frame."""
    first, last = frames[0][0], frames[-1][0]
    found = [[] for _ in range(pieces)]
    for frame in frames:
        found[min((frame[0] - first) * pieces // (last - first), pieces - 1)].append(frame)
    return found


def of_pieces(wireshark, command, pieces, name):
    """The CSV of the pieces, and the end that they were told."""
    end = pieces[-1][-1][0]
    text = ""
    for number, frames in enumerate(pieces):
        path = written(wireshark, f"join-{name}-{number}", rewrap.ETHERNET, frames)
        done = command("csv", "--with-file", "--capture-end", f"{end // SECOND}.{end % SECOND:09}", path)
        assert (done.returncode, done.stderr) == (0, "")
        text += done.stdout.partition("\n")[2] if text else done.stdout
    return text


@pytest.fixture(scope="module", name="of_storm")
def fixture_of_storm(wireshark, command, tmp_path_factory):
    """Of a storm: the rows of the pieces, joined, and of the whole, by who and when."""
    def made(capture):
        frames = sorted(rewrap.read_frames(wireshark.path(capture)), key=lambda frame: frame[0])
        text = of_pieces(wireshark, command, cut(frames, PIECES), capture)
        whole = rows_of(command("csv", wireshark.path(capture)).stdout)
        by_who = [{tuple(row[name] for name in WHO): row for row in rows}
                  for rows in (joined(text, tmp_path_factory.mktemp("join")), whole)]
        return rows_of(text), *by_who, whole
    return made


def is_right(row, of_whole, name):
    """A time that the rows of a cut connection do not tell is empty."""
    return row[name] == of_whole[name] or (name in TIMES and row["parts"] != "1" and row[name] == "")


@pytest.mark.parametrize("capture", STORMS)
def test_cut_storm_has_the_rows_of_the_whole(of_storm, capture):
    pieces, rows, by_who, whole = of_storm(capture)
    assert len(pieces) > len(whole) + 10
    assert len(by_who) == len(whole) == len(rows)
    assert rows.keys() == by_who.keys()
    assert sum(int(row["parts"]) for row in rows.values()) == len(pieces)

    columns = [name for name in whole[0] if name in next(iter(rows.values()))]
    assert len(columns) >= 14 + len(TIMES) and set(TIMES) <= set(columns)
    right = {who for who, row in rows.items() if all(is_right(row, by_who[who], name) for name in columns)}
    uncut = {who for who, row in rows.items() if row["cut"] == "no"}
    was_cut = rows.keys() - uncut
    assert uncut <= right
    assert len(was_cut) > 10
    assert len(was_cut & right) == {"storm_clean": 12, "storm_lossy": 12}[capture], "what README says"

    times = Counter(row[name] == by_who[who][name] if row[name] else None for who, row in rows.items()
                    for name in TIMES if who in was_cut and row[name] + by_who[who][name])
    assert times == TOLD[capture], "what README says: 65 of 98 are told and right"

    same_pattern = {who for who in was_cut if rows[who]["pattern"] == by_who[who]["pattern"]}
    assert len(same_pattern) >= len(was_cut) - 1, "what README says"
    for name in ("last_seen_s", "complete", "rsts", "fin_retransmissions"):
        assert [row[name] for row in rows.values()] == [by_who[who][name] for who in rows], name


CLIENT, SERVER = ("192.0.2.1", 50000), ("192.0.2.2", 80)
FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10


def segment(second, sender, flags, seq, ack, payload=b""):
    receiver = SERVER if sender is CLIENT else CLIENT
    packet = rewrap.tcp_ipv4(sender[1], receiver[1], seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, flags, payload,
                             source=sender[0], destination=receiver[0])
    return round(second * SECOND), rewrap.ethernet(0x0800, packet)


def connection(second, base):
    return [segment(second, CLIENT, SYN, base, 0), segment(second, SERVER, SYN | ACK, 7000, base + 1),
            segment(second, CLIENT, ACK, base + 1, 7001)]


def close(second, base):
    return [segment(second, CLIENT, FIN | ACK, base + 1, 7001), segment(second, SERVER, ACK, 7001, base + 2)]


def close_of_server(second, base):
    return [segment(second, SERVER, FIN | ACK, 7001, base + 2), segment(second, CLIENT, ACK, base + 2, 7002)]


BEGIN = 2**32 - 2  # the numbers wrap


@pytest.mark.parametrize("pieces,told", [
    ([connection(1, BEGIN), close(2, BEGIN) + close_of_server(2, BEGIN)], [("four_way", "client", "true", "life")]),
    ([connection(1, BEGIN), [], close(3, BEGIN), close_of_server(4, BEGIN)],
     [("four_way", "client", "true", "close")]),
    ([connection(1, BEGIN) + close(1, BEGIN), [segment(2, SERVER, RST | ACK, 7001, BEGIN + 2)]],
     [("fin_answered_by_reset", "client", "true", "close")]),
    ([connection(1, BEGIN), [segment(2, SERVER, ACK, 7001, BEGIN + 1, b"x")]], [("open", "none", "false", "life")]),
    # another connection on the same ports: its SYN has another number
    ([connection(1, BEGIN), connection(2, 1000) + close(2, 1000) + close_of_server(2, 1000)],
     [("open", "none", "false", "no"), ("four_way", "client", "true", "no")]),
    # and one whose SYN was not captured: its numbers are far away
    ([connection(1, BEGIN), close(2, 2**31) + close_of_server(2, 2**31)],
     [("open", "none", "false", "no"), ("four_way", "client", "true", "no")]),
], ids=["life", "close", "reset", "open", "other_syn", "other_numbers"])
def test_row_goes_on_with_its_own_connection(wireshark, command, tmp_path, pieces, told):
    text = of_pieces(wireshark, command, [piece for piece in pieces if piece], "made")
    assert [(row["pattern"], row["closed_by"], row["complete"], row["cut"])
            for row in joined(text, tmp_path)] == told


# ---- what a part cannot know ----

def payload(second, sender, seq, ack, data=b"x"):
    return segment(second, sender, ACK, seq, ack, data)


def answer(second, sender, seq):
    """A RST as to a connection that its sender does not have."""
    return segment(second, sender, RST, seq, 0)


OPEN = connection(1, BEGIN)
HALF_CLOSED = [*OPEN, *close(1.5, BEGIN)]
CLOSED_BY_SERVER = [*OPEN, segment(1.5, SERVER, FIN | ACK, 7001, BEGIN + 1),
                    segment(1.5, CLIENT, ACK, BEGIN + 1, 7002)]
REQUEST = [payload(1.1, CLIENT, BEGIN + 1, 7001), segment(1.1, SERVER, ACK, 7001, BEGIN + 2)]
LATE = [payload(4, CLIENT, BEGIN + 1, 7002), answer(4.001, SERVER, 7002)]
SOON = [payload(1.7, CLIENT, BEGIN + 1, 7002), answer(1.701, SERVER, 7002)]
OWN_RST = [segment(3, SERVER, RST | ACK, 7001, BEGIN + 2)]
PARTS = {
    "abort": [HALF_CLOSED, OWN_RST],
    "idle_close_race": [CLOSED_BY_SERVER, LATE],
    "data_after_full_close": [CLOSED_BY_SERVER, SOON],
    "connection_lost": [[*OPEN, *REQUEST], [payload(4, CLIENT, BEGIN + 2, 7001), answer(4.001, SERVER, 7001)]],
    "peer_vanished": [OPEN, [segment(second, CLIENT, FIN | ACK, BEGIN + 1, 7001) for second in (2, 3, 5)]],
    "closed_without_reply": [[*OPEN, *REQUEST], [*close_of_server(2, BEGIN), segment(
        3, CLIENT, FIN | ACK, BEGIN + 2, 7002), segment(3, SERVER, ACK, 7002, BEGIN + 3)]],
    "normal_close": [HALF_CLOSED, [*close_of_server(3, BEGIN)], [segment(4, SERVER, ACK, 7002, BEGIN + 2),
                                                                answer(4, CLIENT, BEGIN + 2)]],
    "open_at_end": [OPEN, [payload(2, CLIENT, BEGIN + 1, 7001), segment(2, SERVER, ACK, 7001, BEGIN + 2)]],
}


@pytest.mark.parametrize("cause", PARTS)
def test_cause_is_that_of_the_whole(wireshark, command, tmp_path, cause):
    pieces = PARTS[cause]
    [row] = joined(of_pieces(wireshark, command, pieces, f"cause-{cause}"), tmp_path)
    path = written(wireshark, f"join-whole-{cause}", rewrap.ETHERNET, sum(pieces, []))
    [whole] = rows_of(command("csv", path).stdout)
    assert row["cause"] == cause
    assert not [(name, row[name], whole[name]) for name in whole if name in row and
                not is_right(row, whole, name)]


def test_syn_after_a_rst_alone_begins_another_connection(wireshark, command, tmp_path):
    pieces = [HALF_CLOSED, OWN_RST, connection(5, BEGIN + 70000)]
    rows = joined(of_pieces(wireshark, command, pieces, "rst-alone"), tmp_path)
    assert [(row["pattern"], row["parts"]) for row in rows] == [("fin_answered_by_reset", "2"), ("open", "1")]


def test_times_go_on_over_the_cut(wireshark, command, tmp_path):
    """In FIN_WAIT_2 and CLOSE_WAIT from 1.5 s on, until the FIN at 3 s; the capture ends at 11 s."""
    pieces = [HALF_CLOSED, close_of_server(3, BEGIN), [segment(11, ("192.0.2.3", 1), SYN, 1, 0)]]
    row, _ = joined(of_pieces(wireshark, command, pieces, "times"), tmp_path)
    assert {name: row[name] for name in TIMES if row[name]} == {
        "client_fin_wait_1_s": "0.000000000", "client_fin_wait_2_s": "1.500000000",
        "client_time_wait_s": "8.000000000", "server_close_wait_s": "1.500000000",
        "server_last_ack_s": "0.000000000"}


def test_next_connection_ends_what_is_open(wireshark, command, tmp_path):
    pieces = [HALF_CLOSED + close_of_server(2, BEGIN), connection(5, BEGIN + 2**29)]
    row, _ = joined(of_pieces(wireshark, command, pieces, "succeeded"), tmp_path)
    path = written(wireshark, "join-whole-succeeded", rewrap.ETHERNET, sum(pieces, []))
    whole, _ = rows_of(command("csv", path).stdout)
    assert row["client_time_wait_s"] == whole["client_time_wait_s"] == "3.000000000"
