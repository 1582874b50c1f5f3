# SPDX-License-Identifier: GPL-2.0-or-later
"""Real servers that close idle connections, and a client that uses its own at the wrong moment:
captures/idle, recorded by tests/truth/idle.py."""
import csv

import pytest

from wireshark import CAPTURES

IDLE = CAPTURES / "idle"
TIMEOUTS = {"idle_nginx": 2, "idle_haproxy": 5, "idle_node": 3, "idle_tls": 2}
NAMES = [*TIMEOUTS, "idle_control"]
RACE = "idle_close_race"


def staged(name):
    """The client's port -> what it did, and what came of it."""
    with open(IDLE / f"{name}.idle.tsv", encoding="ascii") as file:
        next(file)
        return {row["port"]: row for row in csv.DictReader(file, delimiter="\t")}


def told(wireshark, name):
    """The client's port -> the stream's row for programs."""
    lines = wireshark.tshark(IDLE / f"{name}.pcapng", "-q", "-z", "tcpclose,csv").splitlines()
    return {row["client_port"]: row for row in csv.DictReader(lines)}


def service_cells(wireshark, name):
    """Of the report `hosts`: its last cells, that are about idle connections."""
    lines = wireshark.tshark(IDLE / f"{name}.pcapng", "-q", "-z", "tcpclose,hosts").splitlines()
    count = sum(line.split().count("Idle") for line in lines)
    return next(line.split() for line in lines if line.startswith("service"))[-count:]


@pytest.mark.parametrize("name", NAMES)
def test_races_are_found_and_nothing_else_is_one(wireshark, name):
    rows = told(wireshark, name)
    wanted = {port for port, row in staged(name).items()
              if row["what"] == "race" and row["outcome"] != "reply"}
    assert set(rows) == set(staged(name))
    assert {port for port, row in rows.items() if row["cause"] == RACE} == wanted
    assert bool(wanted) == (name != "idle_control")


@pytest.mark.parametrize("name", TIMEOUTS)
def test_timeout_is_named(wireshark, name):
    timeout = TIMEOUTS[name]
    survived, ended, by, said, agree = service_cells(wireshark, name)
    assert by == "server"
    assert abs(float(said) - timeout) <= timeout * 0.01
    assert float(survived) < timeout
    assert abs(float(ended) - timeout) <= timeout * 0.01
    assert int(agree) >= 3


def cause_rows(wireshark, name):
    """Of the report `causes`: (cause, side) -> its cells about idle times, min to timeout."""
    lines = wireshark.tshark(IDLE / f"{name}.pcapng", "-q", "-z", "tcpclose,causes").splitlines()
    rows = [line.split() for line in lines if "10.9.0.2:8080" in line]
    return {(row[0], row[1]): row[5:-2] for row in rows}


@pytest.mark.parametrize("name", ["idle_nginx", "idle_haproxy", "idle_node"])
def test_cause_has_the_timeout_as_a_hint(wireshark, name):
    rows = cause_rows(wireshark, name)
    *_, timeout = rows["idle_close", "server"]
    assert float(timeout) == pytest.approx(TIMEOUTS[name], rel=0.01)
    assert rows["idle_close", "client"][-1] == "-"
    assert rows[RACE, "both"][-1] == "-"


def test_one_close_names_no_timeout(wireshark):
    _, ended, by = service_cells(wireshark, "idle_control")
    assert by == "server"
    assert float(ended) == pytest.approx(3, rel=0.01)


def test_late_writes_and_alerts_are_told_apart(wireshark):
    for name, what in (("idle_control", "upload"), ("idle_tls", "alert")):
        rows = told(wireshark, name)
        causes = [rows[port]["cause"] for port, row in staged(name).items() if row["what"] == what]
        assert len(causes) >= 2
        assert set(causes) == {"data_after_full_close"}
