# SPDX-License-Identifier: GPL-2.0-or-later
"""The begin and the end of the capture as arguments, and what tells the rows of many captures apart."""
import csv
import io
import json

import pytest

import rewrap
from schema import Schema
from test_command import command_  # noqa: F401, a fixture; pylint: disable=unused-import
from test_encapsulations import written

SECOND = 10**9
CAPTURES = ["storm_lossy", "tw_reuse_server_tw", "half_close_client", "close_wait_alarm", "fin_unanswered"]
LATER = [SECOND // 2, 25 * SECOND, 100 * SECOND]  # TIME_WAIT goes on, goes on, is over
OTHER_PORT = 9
REPORTS = ["csv", "json", "streams", "states", "hosts", "causes", "patterns", "occupancy,0.5"]
NOT_OTHER = f"tcp.port != {OTHER_PORT}"
NUMBERS = ["stream", "first_frame", "last_frame", "first_fin_frame", "first_rst_frame", "cause_frames",
           "reuse_of_stream"]


def decimal(ns):
    return f"{ns // SECOND}.{ns % SECOND:09}"


def frames_of(wireshark, capture):
    return rewrap.read_frames(wireshark.path(capture))


def end_of(wireshark, capture):
    return max(ns for ns, _ in frames_of(wireshark, capture))


def other_segment():
    return rewrap.ethernet(0x0800, rewrap.tcp_ipv4(50000, OTHER_PORT, 1, 0, 2))


@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize("capture", CAPTURES[:2])
def test_end_is_as_a_last_segment_at_that_time(wireshark, capture, later):
    end = end_of(wireshark, capture) + later
    longer = written(wireshark, f"end-{capture}-{later}", rewrap.ETHERNET,
                     [*frames_of(wireshark, capture), (end, other_segment())])
    words = ["-q"] + [word for report in REPORTS for word in ("-z", f"tcpclose,{report},{NOT_OTHER}")]
    told = wireshark.tshark(capture, *words, "-o", f"tcpclose.capture_end:{decimal(end)}")
    assert told == wireshark.tshark(longer, *words)
    assert told != wireshark.tshark(capture, *words)


@pytest.mark.parametrize("capture", CAPTURES)
def test_program_says_the_same(wireshark, command, capture):
    for later in LATER:
        end = decimal(end_of(wireshark, capture) + later)
        done = command("csv", "--capture-end", end, wireshark.path(capture))
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == wireshark.tshark(capture, "-q", "-z", "tcpclose,csv", "-o",
                                               f"tcpclose.capture_end:{end}")


def rows_without_numbers(text):
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    return sorted(tuple(value for name, value in row.items() if name not in NUMBERS) for row in rows)


def test_pieces_by_flow_are_the_whole(wireshark, command):
    """A connection, and all that come after it on its endpoints, have ports of one parity."""
    def ports_at(frame):
        return 14 + (20 if frame[14] >> 4 == 4 else 40)

    frames = frames_of(wireshark, "storm_lossy")
    end = decimal(max(ns for ns, _ in frames))
    united = []
    for parity in (0, 1):
        of_piece = [(ns, frame) for ns, frame in frames
                    if (frame[ports_at(frame) + 1] + frame[ports_at(frame) + 3]) % 2 == parity]
        piece = written(wireshark, f"end-piece-{parity}", rewrap.ETHERNET, of_piece)
        done = command("csv", "--capture-end", end, piece)
        united += rows_without_numbers(done.stdout)
        assert done.stdout != command("csv", piece).stdout or of_piece[-1][0] == frames[-1][0]
    assert sorted(united) == rows_without_numbers(command("csv", wireshark.path("storm_lossy")).stdout)
    assert len(united) > 60


# ---- the begin ----

def begin_of(wireshark, capture):
    return frames_of(wireshark, capture)[0][0]


@pytest.mark.parametrize("earlier", [SECOND // 3, 3 * SECOND])
@pytest.mark.parametrize("capture", CAPTURES[:2])
def test_begin_is_as_a_first_frame_at_that_time(wireshark, command, capture, earlier):
    def reported(path, *options):
        return [wireshark.tshark(path, "-q", "-z", f"tcpclose,{report}", *options)
                for report in ("occupancy,0.5", "occupancy,0.5,csv", "story,0")]

    begin = begin_of(wireshark, capture) - earlier
    longer = written(wireshark, f"begin-{capture}-{earlier}", rewrap.ETHERNET,
                     [(begin, rewrap.ethernet(0x88CC, b"\0" * 40)), *frames_of(wireshark, capture)])
    told = reported(capture, "-o", f"tcpclose.capture_begin:{decimal(begin)}")
    assert told[:2] == reported(longer)[:2]
    assert not any(one == other for one, other in zip(told, reported(capture)))
    for report, expected in zip([["occupancy"], ["occupancy,csv"]], told):
        assert command(*report, "--interval", "0.5", "--capture-begin", decimal(begin),
                       wireshark.path(capture)).stdout == expected
    assert command("story", "--stream", "0", "--capture-begin", decimal(begin),
                   wireshark.path(capture)).stdout == told[2]


# ---- what goes wrong ----

BEFORE = "the capture cannot end at {}, as its last segment is of {}: give that time or a later one."
FORM = ("the end of the capture that was given has to be seconds since 1970, up to 9223372035, with up "
        "to nine decimals, as 1700000000.25.")


@pytest.mark.parametrize("report", ["csv", "summary", "story,0"])
@pytest.mark.parametrize("given", ["1", "yesterday", None])
def test_wrong_end_is_refused(wireshark, given, report):
    end = end_of(wireshark, "four_way_client")
    given = given or decimal(end - 1)
    done = wireshark.run("tshark", "-q", "-r", wireshark.path("four_way_client"), "-z",
                         f"tcpclose,{report}", "-o", f"tcpclose.capture_end:{given}")
    said = FORM if given == "yesterday" else BEFORE.format("1.000000000" if given == "1" else given,
                                                           decimal(end))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1] == (f'tshark: Couldn\'t print "-z tcpclose,{report.split(",")[0]}" '
                                            f"with the preference tcpclose.capture_end: {said}")


def test_program_refuses_an_end_before_the_last_segment(wireshark, command):
    path = wireshark.path("four_way_client")
    end = end_of(wireshark, "four_way_client")
    done = command("csv", "--capture-end", decimal(end - 1), path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"tcpclose: there is no report: {BEFORE.format(decimal(end - 1), decimal(end))}\n"
    assert command("csv", "--capture-end", decimal(end), path).stdout == command("csv", path).stdout


@pytest.mark.parametrize("given", ["yesterday", None])
def test_wrong_begin_is_refused(wireshark, command, given):
    first = begin_of(wireshark, "four_way_client")
    late = decimal(first + 1)
    problem = ("the begin of the capture that was given has to be seconds since 1970, up to 9223372035, with "
               "up to nine decimals, as 1700000000.25." if given else
               f"the capture cannot begin at {late}, as its first frame is of {decimal(first)}: give that "
               "time or an earlier one.")
    done = wireshark.run("tshark", "-q", "-r", wireshark.path("four_way_client"), "-z", "tcpclose,csv",
                         "-o", f"tcpclose.capture_begin:{given or late}")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1] == (
        f'tshark: Couldn\'t print "-z tcpclose,csv" with the preference tcpclose.capture_begin: {problem}')
    done = command("csv", "--capture-begin", given or late, wireshark.path("four_way_client"))
    assert (done.returncode, done.stdout) == (1, "")
    assert given or done.stderr == f"tcpclose: there is no report: {problem}\n"
    path = wireshark.path("four_way_client")
    assert command("csv", "--capture-begin", decimal(first), path).stdout == command("csv", path).stdout


def test_fields_take_the_last_segment_where_the_end_is_before_it(wireshark):
    names = ["tcpclose.pattern", "tcpclose.teardown"]
    assert wireshark.fields("half_close_client", names, "-2", "-o", "tcpclose.capture_end:1") == \
        wireshark.fields("half_close_client", names, "-2")


# ---- which capture a row is of ----

def with_other_packets(wireshark):
    """Packets without TCP before and after all others; the last is not the latest."""
    frames = frames_of(wireshark, "four_way_client")
    first, last = frames[0][0] - SECOND, end_of(wireshark, "four_way_client") + SECOND
    other = rewrap.ethernet(0x88CC, b"\0" * 40)
    path = written(wireshark, "end-others", rewrap.ETHERNET,
                   [(first, other), *frames, (last, other), (last - 1, other)])
    return path, [decimal(first), decimal(last)]


def test_with_file_says_when_the_whole_input_begins_and_ends(wireshark, command):
    path, times = with_other_packets(wireshark)
    plain, with_file = (command("csv", *options, path).stdout.splitlines()
                        for options in ([], ["--with-file"]))
    assert with_file == [plain[0] + ",file,file_first_s,file_last_s",
                         f"{plain[1]},{path},{','.join(times)}"]
    assert wireshark.tshark(path, "-q", "-z", "tcpclose,csv,with_file", "-o", f"tcpclose.file:{path}") == \
        command("csv,with_file", path).stdout


def test_with_file_goes_before_a_filter(wireshark):
    path, times = with_other_packets(wireshark)
    words = ["-q", "-z", "tcpclose,json,with_file,frame.number == 3", "-Y", "frame.number == 4"]
    [row] = map(json.loads, wireshark.tshark(path, *words).splitlines())
    assert row["file"] is None
    assert [f"{row[name]:.3f}" for name in ("file_first_s", "file_last_s")] == \
        [f"{float(time):.3f}" for time in times]
    assert wireshark.refused("four_way_client", "tcpclose,csvwith_file") == (
        'tshark: Invalid report "-z tcpclose,csvwith_file": it has to be '
        '"-z tcpclose,csv[,with_file][,filter]".')


def test_several_files_have_all_names(wireshark, command):
    paths = [wireshark.path(name) for name in ("four_way_client", "refused")]
    done = command("json", "--with-file", *paths)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {row["file"] for row in rows} == {";".join(map(str, paths))}
    schema, of_streams = Schema("with_file"), Schema("streams")
    assert list(rows[0]) == [*of_streams.whole["properties"], *schema.whole["properties"]]
    assert schema.whole["required"] == list(schema.whole["properties"])
    for row in rows:
        assert schema.errors(row) == of_streams.errors(row) == []
    assert schema.errors({**rows[0], "file": ""})
