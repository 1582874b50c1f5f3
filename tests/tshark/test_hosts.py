# SPDX-License-Identifier: GPL-2.0-or-later
"""The report `hosts`, worked out again from tshark's words on single segments."""
from collections import defaultdict
from decimal import Decimal

import pytest

from recompute import (TWO_MSL, all_visits, by_stream, cells_of, chosen_streams, endpoints_of, large_storm,
                       measured, most_at_once, percent, segments, without_empty_columns)
from rewrap import RAW, read_packets, write_capture

CAPTURES = ["storm_lossy", "storm_clean", "parallel_v6", "tw_expiry_reuse", "tw_reuse_server_tw",
            "simul_close", "close_wait_alarm", "mid_half_closed", "forged_rst_syn_sent",
            "rst_inwindow", large_storm]

KINDS = ["address", "service", "ports"]
PORTS = 28232


def name_of(endpoint):
    address, port = endpoint
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def resetter_of(rows, endpoints):
    """Who sent the RST that ended the stream, or None."""
    return endpoints.get(rows[-1]["tcpclose.reset_by"])


def closers_of(rows, endpoints):
    closed_by = rows[-1]["tcpclose.closed_by"]
    return set(endpoints.values()) if closed_by == "both" else {endpoints.get(closed_by)}


class Row:
    """What is added up for an address or a service."""

    def __init__(self):
        self.streams = self.closed_first = self.resets = 0
        self.suspect = self.reuses = self.accepted = 0
        self.visits = []
        self.ages = []

    def add(self, rows, endpoints, own, visits):
        """own: the endpoints of the stream that belong to the row"""
        self.streams += 1
        self.closed_first += bool(own & closers_of(rows, endpoints))
        self.resets += resetter_of(rows, endpoints) in own
        self.visits += [visit for visit in visits if endpoints[visit.role] in own]

        self.suspect += sum(row["tcpclose.rst.verdict"] == "suspect" and row["src"] in own for row in rows)
        if rows[-1]["tcpclose.reuse.outcome"]:
            self.reuses += 1
            self.accepted += rows[-1]["tcpclose.reuse.outcome"] == "accepted"
            self.ages.append(Decimal(rows[-1]["tcpclose.reuse.age"]))

    def cells(self):
        close_waits = [visit for visit in self.visits if visit.state == "CLOSE_WAIT"]
        time_waits = [visit for visit in self.visits if visit.state == "TIME_WAIT"]
        return [str(self.streams), percent(self.closed_first, self.streams),
                percent(self.resets, self.streams),
                *cells_of(measured(close_waits), 95),
                str(sum(visit.proved and visit.end is None for visit in close_waits)),
                str(sum(not visit.proved for visit in close_waits)), str(len(time_waits)),
                str(most_at_once(time_waits)), "-", "-", *self.reuse_cells(),
                str(self.suspect) if self.suspect else "-"]

    def reuse_cells(self):
        if not self.reuses:
            return ["-", "-", "-"]
        return [str(self.reuses), str(self.accepted), f"{min(self.ages):.6f}"]


class Ports:
    """A client's TIME_WAITs from connections to a service."""

    def __init__(self):
        self.streams = 0
        self.time_waits = []

    def add(self, visits):
        self.streams += bool(visits)
        self.time_waits += visits

    def cells(self):
        most = most_at_once(self.time_waits)
        return [str(self.streams), "-", "-", "-", "-", "-", str(len(self.time_waits)), str(most),
                percent(most, PORTS), self.used_up_in(most), "-", "-", "-", "-"]

    def used_up_in(self, most):
        starts = sorted(visit.start[0] for visit in self.time_waits)
        span = starts[-1] - starts[0]
        if len(starts) < 10 or span < 10**9:
            return "-"
        each = Decimal(span) / (len(starts) - 1)
        return f"{each * (PORTS - most) / 10**9:.6f}" if each * PORTS <= TWO_MSL else "-"


def expected(wireshark, capture, display_filter=None):
    every_stream = by_stream(segments(wireshark, capture))
    streams = every_stream
    if display_filter:
        streams = chosen_streams(wireshark, capture, streams, display_filter)
    visits = all_visits(streams, every_stream)
    found = defaultdict(Row)
    ports = defaultdict(Ports)
    for number, rows in sorted(streams.items()):
        endpoints = endpoints_of(rows)
        for address in {address for address, _ in endpoints.values()}:
            own = {endpoint for endpoint in endpoints.values() if endpoint[0] == address}
            found["address", address].add(rows, endpoints, own, visits[number])
        server = endpoints["server"]
        found["service", name_of(server)].add(rows, endpoints, {server}, visits[number])
        held = [visit for visit in visits[number] if visit[:2] == ("client", "TIME_WAIT")]
        if held:
            ports["ports", f"{endpoints['client'][0]}>{name_of(server)}"].add(held)
    found.update(ports)
    return [[*key, *row.cells()] for key, row in found.items()]


def printed(wireshark, capture, display_filter=None, idle=False):
    """idle: with the cells about idle connections, which test_idle.py looks at"""
    argument = "tcpclose,hosts" + (f",{display_filter}" if display_filter else "")
    lines = wireshark.tshark(capture, "-q", "-z", argument).splitlines()
    rows = [line.split() for line in lines if line.split()[:1] and line.split()[0] in KINDS]
    idle_cells = 0 if idle else sum(line.split().count("Idle") for line in lines)
    return [row[:len(row) - idle_cells] for row in rows]


def path_of(wireshark, capture):
    return capture(wireshark) if callable(capture) else capture


def loopback(wireshark):
    """Both ends at one address."""
    frames = []
    for ns, packet in read_packets(wireshark.path("four_way_client")):
        packet = bytearray(packet)
        packet[12:20] = bytes([127, 0, 0, 1] * 2)
        frames.append((ns, bytes(packet)))
    path = wireshark.made / "loopback.pcap"
    write_capture(path, RAW, frames).chmod(0o644)
    return path


@pytest.mark.parametrize("capture", [*CAPTURES, loopback])
def test_every_cell_is_what_the_segments_say(wireshark, capture):
    capture = path_of(wireshark, capture)
    worked_out = without_empty_columns(expected(wireshark, capture))
    assert worked_out
    assert sorted(printed(wireshark, capture)) == sorted(worked_out)


@pytest.mark.parametrize("display_filter", ["tcp.flags.reset == 1", "tcp.port == 47099",
                                            "tcp.stream < 20 && tcp.flags.fin == 1"])
def test_filter_selects_whole_streams(wireshark, display_filter):
    worked_out = without_empty_columns(expected(wireshark, "storm_lossy", display_filter))
    assert worked_out != without_empty_columns(expected(wireshark, "storm_lossy"))
    assert sorted(printed(wireshark, "storm_lossy", display_filter)) == sorted(worked_out)


def test_addresses_come_first_and_then_those_with_most_streams(wireshark):
    rows = printed(wireshark, large_storm(wireshark))
    order = [(KINDS.index(row[0]), -int(row[2])) for row in rows]
    assert len(rows) > 10
    assert order == sorted(order)


def test_storm_has_what_the_report_is_for(wireshark):
    """Hundreds of streams, and a peak that is less than what was held in all."""
    rows = {row[1]: row for row in printed(wireshark, large_storm(wireshark))}
    service = rows["10.9.0.2:47001"]
    assert int(service[2]) >= 300
    assert 0 < int(service[9]) < int(service[8])


@pytest.mark.parametrize("capture", ["storm_lossy", "tw_expiry_reuse", large_storm])
def test_dialog_has_the_cells_of_the_report(wireshark, capture):
    """The dialog's table is what sharkd's tap answers; the second opening begins from nothing."""
    capture = path_of(wireshark, capture)
    load = ("load", {"file": str(wireshark.path(capture))})
    tap = ("tap", {"tap0": "nstat:tcpclose,hosts"})
    rows = sorted([word for word in row if word != "-"]
                  for row in printed(wireshark, capture, idle=True))
    assert rows
    for answer in wireshark.sharkd(load, tap, tap)[1:]:
        table = answer["taps"][0]["tables"][0]["i"]
        assert sorted([str(cell).strip() for cell in row if str(cell).strip()]
                      for row in table) == rows


def test_names_where_the_user_asks_for_names(wireshark):
    """Rows are told apart by address: two hosts of one name are two rows."""
    hosts = wireshark.made / "hosts-of-one-name"
    hosts.write_text("10.9.0.1 same.example\n10.9.0.2 same.example\n")
    hosts.chmod(0o644)
    done = wireshark.run("tshark", "-r", wireshark.path("four_way_client"), "-H", hosts, "-N", "nt",
                         "-q", "-z", "tcpclose,hosts")
    assert done.returncode == 0, done.stderr
    names = [line.split()[1] for line in done.stdout.splitlines()
             if line.split()[:1] in (["address"], ["service"])]
    assert names == ["same.example", "same.example", "same.example:http-alt"]


@pytest.mark.parametrize("argument", ["hostsx", "hosts.tcp"])
def test_wrong_argument_is_refused_in_one_line(wireshark, argument):
    assert wireshark.refused("simul_close", f"tcpclose,{argument}") == (
        f'tshark: Invalid report "-z tcpclose,{argument}": it has to be '
        '"-z tcpclose,hosts[,filter]".')


def many_closes(wireshark, count, step_us):
    """four_way_client again and again, each time from another port: its client holds TIME_WAITs."""
    packets = list(read_packets(wireshark.path("four_way_client")))
    frames = []
    for number in range(count):
        for ns, packet in packets:
            packet = bytearray(packet)
            at = 20 if packet[12:16] == packets[0][1][12:16] else 22
            packet[at:at + 2] = (20000 + number).to_bytes(2, "big")
            frames.append((ns + number * step_us * 1000, bytes(packet)))
    path = wireshark.made / f"closes-{count}-{step_us}.pcap"
    write_capture(path, RAW, sorted(frames, key=lambda frame: frame[0])).chmod(0o644)
    return path


@pytest.mark.parametrize("count,step_us,held,used_up", [
    (800, 2000, "2.8", "54.864000"),    # 500 a second: (28232 - 800) / 500
    (800, 2200, "2.8", "-"),            # TIME_WAITs end before the ports do
    (9, 2000, "0.0", "-")])             # a few in a moment make no rate
def test_ports_are_used_up_at_the_rate_seen(wireshark, count, step_us, held, used_up):
    rows = [row for row in printed(wireshark, many_closes(wireshark, count, step_us)) if row[0] == "ports"]
    assert len(rows) == 1
    assert rows[0][2] == rows[0][8] == rows[0][9] == str(count)
    assert rows[0][10:] == [held, *([used_up] if used_up != "-" else [])]
