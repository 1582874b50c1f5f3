# SPDX-License-Identifier: GPL-2.0-or-later
"""tshark -M N forgets all that it knows after every N packets. No stream is lost without a word."""
import csv
import io
import json
from collections import Counter

import pytest

PACKETS = 200


def report(wireshark, capture, name, *arguments):
    return wireshark.run("tshark", "-n", "-q", "-r", wireshark.path(capture), "-z",
                         f"tcpclose,{name}", *arguments)


def printed(wireshark, capture, name, *arguments):
    done = report(wireshark, capture, name, "-M", str(PACKETS), *arguments)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("resetting session") > 1
    return done.stdout


def streams_of_segments(wireshark, capture):
    """How many segments have which ports in which session, as tshark itself counts the streams."""
    done = wireshark.run("tshark", "-n", "-r", wireshark.path(capture), "-M", str(PACKETS),
                         "-Y", "tcp", "-T", "fields", "-e", "tcp.stream", "-e", "tcp.srcport",
                         "-e", "tcp.dstport")
    assert done.returncode == 0, done.stderr
    return [tuple(line.split("\t")) for line in done.stdout.splitlines()]


def connections(segments):
    """Each stream of each session, by its number and ports: a session begins where the numbers do."""
    found, session = [], set()
    newest = -1
    for stream, *ports in segments:
        if int(stream) < newest and (stream, *sorted(ports)) not in session:
            found += session
            session, newest = set(), -1
        newest = max(newest, int(stream))
        session.add((stream, *sorted(ports)))
    return Counter(found + list(session))


def in_rows(rows):
    return Counter((str(row["stream"]), *sorted((str(row["client_port"]), str(row["server_port"]))))
                   for row in rows)


@pytest.mark.parametrize("capture", ["storm_clean", "storm_lossy"])
def test_every_stream_of_every_session_has_its_row(wireshark, capture):
    wanted = connections(streams_of_segments(wireshark, capture))
    rows = list(csv.DictReader(io.StringIO(printed(wireshark, capture, "csv")), strict=True))
    objects = [json.loads(line) for line in printed(wireshark, capture, "json").splitlines()]
    assert in_rows(rows) == in_rows(objects) == wanted
    assert sum(wanted.values()) > len(wireshark.tshark(capture, "-q", "-z", "tcpclose,json").splitlines())


@pytest.mark.parametrize("name", ["streams", "streams,wide"])
def test_every_session_has_its_table(wireshark, name):
    text = printed(wireshark, "storm_lossy", name)
    rows = [line for line in text.splitlines() if line[:6].strip().isdigit()]
    assert len(rows) == len(printed(wireshark, "storm_lossy", "json").splitlines())
    assert text.count("Filter: <none>") == [int(row.split()[0]) for row in rows].count(0) > 1


def test_filter_counts_in_every_session(wireshark):
    rows = csv.DictReader(io.StringIO(printed(wireshark, "storm_lossy", "csv,tcp.flags.reset == 1")))
    every = csv.DictReader(io.StringIO(printed(wireshark, "storm_lossy", "csv")))
    assert list(rows) == [row for row in every if row["rsts"] != "0"]


@pytest.mark.parametrize("name", ["patterns", "states", "hosts", "causes", "occupancy,1", "tree"])
def test_sum_of_a_part_is_refused(wireshark, name):
    done = report(wireshark, "storm_lossy", name, "-M", str(PACKETS))
    assert (done.returncode, done.stdout) == (1, "")
    [line] = [line for line in done.stderr.splitlines() if line.startswith("tshark: ")]
    assert "-M" in line and "tcpclose,csv" in line


@pytest.mark.parametrize("name", ["streams", "csv", "patterns", "tree"])
def test_session_that_never_ends_changes_nothing(wireshark, name):
    done = report(wireshark, "storm_lossy", name, "-M", "1000000")
    assert (done.returncode, done.stdout) == (
        0, wireshark.tshark("storm_lossy", "-q", "-z", f"tcpclose,{name}"))
