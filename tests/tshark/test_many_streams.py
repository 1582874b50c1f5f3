# SPDX-License-Identifier: GPL-2.0-or-later
"""Many rows of CSV and JSON, read by the programs that people read them with.

TCPCLOSE_STREAMS is the number of streams: with 1000000 this takes some minutes and 8 GB.
"""
import csv
import json
import os
import subprocess
from collections import Counter

import pytest

import rewrap
from wireshark import as_nobody

STREAMS = int(os.environ.get("TCPCLOSE_STREAMS", 3000))
SYN, FIN_ACK, RST, SYN_ACK = 0x02, 0x11, 0x04, 0x12
SERVER_PORT, FIRST_PORT, PORTS = 80, 20000, 40000
SECONDS = 7200


def segments():
    """(ns, packet): all streams begin; then the client of each third sends a FIN, of each third a
    RST before it has acknowledged the SYN, and the others send nothing."""
    def packet(number, from_client, *header):
        client, server = FIRST_PORT + number % PORTS, SERVER_PORT
        ends = (client, server) if from_client else (server, client)
        tcp = rewrap.tcp_ipv4(*ends, *header)[20:]
        addresses = [f"10.0.0.{number // PORTS + 1}", "192.0.2.2"]
        source, destination = addresses if from_client else addresses[::-1]
        return rewrap.ipv4(rewrap.TCP, tcp, source=source, destination=destination)

    for number in range(STREAMS):
        yield 3 * number, packet(number, True, 100, 0, SYN)
        yield 3 * number + 1, packet(number, False, 500, 101, SYN_ACK)
    for number in range(STREAMS):
        flags = (FIN_ACK, RST, None)[number % 3]
        if flags:
            yield 3 * STREAMS + number, packet(number, True, 101, 501, flags)


@pytest.fixture(scope="module", name="reports")
def fixture_reports(wireshark):
    """A file of each form."""
    capture = rewrap.write_capture(wireshark.made / "many.pcap", rewrap.RAW, segments())
    capture.chmod(0o644)
    made = {}
    for form in ("csv", "json"):
        made[form] = wireshark.made / f"many.{form}"
        with made[form].open("wb") as out:
            subprocess.run(as_nobody(["tshark", "-n", "-q", "-r", capture,
                                      "-z", f"tcpclose,{form}"]),
                           stdout=out, env=wireshark.environment(), timeout=SECONDS, check=True)
    return made


def patterns(of_each_row):
    """Every row once, in order; how many have which pattern."""
    found = Counter()
    for number, (stream, pattern) in enumerate(of_each_row):
        assert int(stream) == number
        found[pattern] += 1
    return found


EXPECTED = Counter({"fin_unanswered": (STREAMS + 2) // 3, "handshake_aborted": (STREAMS + 1) // 3,
                    "open": STREAMS // 3})


def test_python_reads_the_csv(reports):
    with reports["csv"].open(encoding="utf-8", newline="") as text:
        rows = csv.DictReader(text, strict=True)
        assert patterns((row["stream"], row["pattern"]) for row in rows) == EXPECTED


def test_python_reads_the_json(reports):
    with reports["json"].open(encoding="utf-8") as lines:
        objects = map(json.loads, lines)
        assert patterns((row["stream"], row["pattern"]) for row in objects) == EXPECTED


def test_jq_reads_the_json(reports):
    done = subprocess.run(["jq", "-r", "[.stream, .pattern] | @tsv", reports["json"]], text=True,
                          capture_output=True, timeout=SECONDS, check=True)
    assert done.stderr == ""
    assert patterns(line.split("\t") for line in done.stdout.splitlines()) == EXPECTED


def test_sqlite3_imports_the_csv(reports):
    """It takes the types and the names from nothing but the header."""
    commands = (f".import --csv {reports['csv']} streams",
                "select pattern, count(*), sum(teardown_s <> '') from streams group by pattern;")
    done = subprocess.run(["sqlite3", ":memory:", *commands], text=True, capture_output=True,
                          timeout=SECONDS, check=True)
    assert done.stderr == ""
    rows = [line.split("|") for line in done.stdout.splitlines()]
    assert Counter({pattern: int(count) for pattern, count, _ in rows}) == EXPECTED
    assert {pattern: int(times) for pattern, _, times in rows}["open"] == 0
