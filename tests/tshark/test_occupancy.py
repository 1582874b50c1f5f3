# SPDX-License-Identifier: GPL-2.0-or-later
"""The report `occupancy`, worked out again from tshark's words on single segments."""
from decimal import Decimal

import pytest

from recompute import (CLOSING, REFUTED_BY, all_visits, by_stream, chosen_streams, holds, large_storm, ns_of,
                       seconds, segments)
from rewrap import RAW, read_packets, write_capture, write_seconds

CAPTURES = [("storm_lossy", "0.1"), ("storm_clean", "0.05"), ("storm_clean", "7"),
            ("parallel_v6", ".25"), ("tw_expiry_reuse", "10"), ("tw_reuse_server_tw", "0.1"),
            ("simul_close", "0.001"), ("close_wait_alarm", "5"), ("half_close_client", "0.01"),
            (large_storm, "3"), (large_storm, "0.5")]
BAD_ARGUMENTS = ["", ",", ",abc", ",0", ",-1", ",10x", ",1e3", ",0x10", ",inf", ",nan", ",.", ",1.2.3",
                 ", 1", ",0.0000000001", ",1000000001", "x", "x,1", ",,tcp", ",tcp"]
NOW = [f"tcpclose.now.{state.lower()}" for state in CLOSING]


def path_of(wireshark, capture):
    return capture(wireshark) if callable(capture) else capture


class Timeline:
    """The stays of a capture's streams, by state; times in ns since the capture's first frame."""

    def __init__(self, wireshark, capture, display_filter=None):
        rows = segments(wireshark, capture)
        every_stream = by_stream(rows)
        streams = every_stream
        if display_filter:
            streams = chosen_streams(wireshark, capture, streams, display_filter)
        self.begin = rows[0]["at"][0] - ns_of(rows[0]["frame.time_relative"])
        self.end = max(row["at"][0] for row in rows)
        visits = all_visits(streams, every_stream).values()
        self.stays = {state: [visit for of_stream in visits for visit in of_stream
                              if visit.state == state] for state in CLOSING}

    def intervals(self, length):
        """(from, to); the last one is closed"""
        number = 0
        while self.begin + number * length <= self.end:
            begin = self.begin + number * length
            yield begin, min(begin + length, self.end), begin + length > self.end
            number += 1

    def counts(self, state, begin, end, is_last, before):
        """At the end, and the most since the end of the interval before"""
        last_moment = (end, float("inf")) if is_last else (end, -1)
        at_end = sum(visit.start <= last_moment and (visit.end is None or visit.end > last_moment)
                     for visit in self.stays[state])
        starts = [visit.start for visit in self.stays[state]
                  if (begin, -1) < visit.start <= last_moment]
        most = [sum(holds(visit, start) for visit in self.stays[state]) for start in starts]
        return at_end, max([before, *most])

    def rows(self, length):
        before = dict.fromkeys(CLOSING, 0)
        for begin, end, is_last in self.intervals(length):
            row = [seconds(begin - self.begin), seconds(end - self.begin)]
            for state in CLOSING:
                at_end, peak = self.counts(state, begin, end, is_last, before[state])
                row += [str(at_end), str(peak)]
                before[state] = at_end
            yield row


def printed(wireshark, capture, interval, *more):
    argument = ",".join(["tcpclose,occupancy", interval, *more])
    lines = wireshark.tshark(capture, "-q", "-z", argument).splitlines()
    return [line.split() for line in lines if line.split() and line.split()[0][0].isdigit()]


@pytest.mark.parametrize("capture,interval", CAPTURES)
def test_every_cell_is_what_the_segments_say(wireshark, capture, interval):
    capture = path_of(wireshark, capture)
    worked_out = list(Timeline(wireshark, capture).rows(int(Decimal(interval) * 10**9)))
    assert worked_out
    assert printed(wireshark, capture, interval) == worked_out


@pytest.mark.parametrize("display_filter", ["tcp.flags.reset == 1", "tcp.stream == 1 || tcp.stream == 3"])
def test_filter_selects_whole_streams(wireshark, display_filter):
    worked_out = list(Timeline(wireshark, "storm_lossy", display_filter).rows(10**8))
    assert worked_out != list(Timeline(wireshark, "storm_lossy").rows(10**8))
    assert printed(wireshark, "storm_lossy", "0.1", display_filter) == worked_out


def is_refuted_later(row):
    """Does the segment take back what was assumed? The report knows from the beginning, frames do not."""
    reasons = (row["tcpclose.client.reason"], row["tcpclose.server.reason"])
    return any(reason.startswith(begin) for begin in REFUTED_BY for reason in reasons)


@pytest.mark.parametrize("capture,interval", [("half_close_client", "0.1"), ("tw_expiry_reuse", "7"),
                                              ("tw_reuse_server_tw", "0.02"), ("three_way_client", "1")])
def test_counts_are_those_of_the_fields_now(wireshark, capture, interval):
    """What I/O Graphs plots: no more than the peaks, and each peak is plotted. At the end the clock
    alone can have changed something since the last frame, and only in TIME_WAIT."""
    assert not any(map(is_refuted_later, segments(wireshark, capture)))
    frames = [(ns_of(row[0]), list(map(int, row[1:])))
              for row in wireshark.fields(capture, ["frame.time_relative", *NOW])]
    length = ns_of(interval)
    before = [0] * len(CLOSING)
    for number, row in enumerate(printed(wireshark, capture, interval)):
        counts = [now for at, now in frames if number * length <= at < (number + 1) * length]
        at_end, peak = list(map(int, row[2::2])), list(map(int, row[3::2]))
        assert peak == [max(column) for column in zip(before, *counts)]
        last = counts[-1] if counts else before
        assert at_end[:-1] == last[:-1]
        assert at_end[-1] <= last[-1]
        before = at_end


def test_time_wait_ends_between_frames(wireshark):
    """The clock ends it 60 s after it began, in a row without a frame."""
    rows = printed(wireshark, "tw_expiry_reuse", "1")
    held = [row for row in rows if row[-2] == "1"]
    assert 59 <= len(held) <= 61
    assert rows[62][-2:] == ["0", "0"]


def test_intervals_begin_with_the_first_frame_of_any_kind(wireshark):
    udp = bytes.fromhex("4500001c000100004011f8ed0a0000010a000002" "0035003500080000")
    packets = read_packets(wireshark.path("simul_close"))
    path = wireshark.made / "udp_first.pcap"
    write_capture(path, RAW, [(packets[0][0] - 2 * 10**9, udp), *packets]).chmod(0o644)
    rows = printed(wireshark, path, "1")
    assert [row[0] for row in rows[:3]] == ["0.000000", "1.000000", "2.000000"]
    assert all(set(row[2:]) == {"0"} for row in rows[:2])
    assert rows == list(Timeline(wireshark, path).rows(10**9))


def test_time_stamps_beyond_the_limits_are_taken_as_at_them(wireshark):
    """Nanoseconds since the first frame do not fit 64 bits: 4,000,000,000 s is the newest time."""
    packets = [packet for _, packet in read_packets(wireshark.path("four_way_client"))]
    path = write_seconds(wireshark.made / "far_times.pcapng",
                         [(1 if index == 0 else 2**40, packet)
                          for index, packet in enumerate(packets)])
    path.chmod(0o644)
    rows = printed(wireshark, path, "1000000000")
    assert [[float(cell) for cell in row[:2]] for row in rows] == [
        [0, 1e9], [1e9, 2e9], [2e9, 3e9], [3e9, 3999999999]]


@pytest.mark.parametrize("argument", BAD_ARGUMENTS)
def test_wrong_argument_is_refused_in_one_line(wireshark, argument):
    assert wireshark.refused("simul_close", f"tcpclose,occupancy{argument}") == (
        f'tshark: Invalid report "-z tcpclose,occupancy{argument}": it has to be '
        '"-z tcpclose,occupancy,SECONDS[,csv][,filter]", with SECONDS from 0.000000001 to 1000000000.')


def test_too_many_rows_are_refused_in_one_line(wireshark):
    assert wireshark.refused("tw_expiry_reuse", "tcpclose,occupancy,0.000001").startswith(
        'tshark: Couldn\'t print "-z tcpclose,occupancy": ')


def test_bad_filter_is_refused(wireshark):
    complaint = wireshark.refused("simul_close", "tcpclose,occupancy,1,nonsense.field")
    assert complaint.startswith("tshark: Couldn't register tap: ")
    assert "nonsense.field" in complaint
