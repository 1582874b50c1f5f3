# SPDX-License-Identifier: GPL-2.0-or-later
"""The program `tcpclose` with bounded memory: --idle and --max-memory, live reading, interrupts."""
import csv
import fcntl
import io
import os
import pty
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path

import pytest

import rewrap
from wireshark import PROJECT

CLIENT, SERVER = 40000, 80
BUILD = Path(os.environ.get("TCPCLOSE_BUILD", PROJECT / "build")).resolve()
SYN, ACK, FIN_ACK, RST, SYN_ACK = 0x02, 0x10, 0x11, 0x04, 0x12
SECOND = 1_000_000_000
SECONDS = 60
SUMS = ["summary", "patterns", "states", "hosts", "causes", "occupancy"]


@pytest.fixture(name="command", scope="module")
def fixture_command():
    return BUILD / "tcpclose"


def run(command, *arguments, **options):
    return subprocess.run([command, *arguments], capture_output=True, timeout=SECONDS,
                          check=True, **options).stdout


def rows(printed):
    return list(csv.DictReader(io.StringIO(printed.decode(), newline="")))


def packet(port, from_client, *header, client="10.0.0.1"):
    ends = (port, SERVER) if from_client else (SERVER, port)
    hosts = (client, "192.0.2.2") if from_client else ("192.0.2.2", client)
    return rewrap.ipv4(rewrap.TCP, rewrap.tcp_ipv4(*ends, *header)[20:], source=hosts[0],
                       destination=hosts[1])


def closed(port, at):
    """A connection that ends with a four-way close, and lasts a second; its numbers are its own."""
    ours, theirs = 100 + at // SECOND * 1000, 500 + at // SECOND * 1000
    steps = [(True, ours, 0, SYN), (False, theirs, ours + 1, SYN_ACK),
             (True, ours + 1, theirs + 1, ACK), (True, ours + 1, theirs + 1, FIN_ACK),
             (False, theirs + 1, ours + 2, ACK), (False, theirs + 1, ours + 2, FIN_ACK),
             (True, ours + 2, theirs + 2, ACK)]
    return [(at + number * SECOND // 8, packet(port, *step)) for number, step in enumerate(steps)]


def opened(port, at):
    return closed(port, at)[:3]


def write(wireshark, name, packets):
    capture = rewrap.write_capture(wireshark.made / name, rewrap.RAW, sorted(packets))
    capture.chmod(0o644)
    return capture


@pytest.fixture(name="capture", scope="module")
def fixture_capture(wireshark):
    """An hour with a close a second on 600 ports in turn, each heard of no more but by a SYN, and
    connections that stay open."""
    packets = []
    for second in range(3600):
        packets += closed(CLIENT + second % 600, second * SECOND)
    for number in range(40):
        packets += opened(50000 + number, number * 90 * SECOND)
    return write(wireshark, "bound_hour.pcap", packets)


@pytest.mark.parametrize("report", SUMS)
@pytest.mark.parametrize("seconds", ["1", "45", "600"])
def test_sums_are_the_same(command, capture, report, seconds):
    options = ["--interval", "60"] if report == "occupancy" else []
    assert run(command, report, *options, "--idle", seconds, capture) == \
        run(command, report, *options, capture)


def test_rows_of_what_has_ended_are_the_same(command, capture):
    plain = rows(run(command, "csv", capture))
    bounded = rows(run(command, "csv", "--idle", "45", capture))
    assert len(plain) == 3640
    assert [row["stream"] for row in bounded] != [row["stream"] for row in plain]
    bounded.sort(key=lambda row: int(row["stream"]))
    assert [row for row in bounded if row["client_state"] == "CLOSED"] == \
        [row for row in plain if row["client_state"] == "CLOSED"]
    assert [row["stream"] for row in bounded] == [row["stream"] for row in plain]
    assert {row["heard_again"] for row in bounded} == {"false"}


def test_json_has_the_rows_of_csv(command, capture):
    count = len(rows(run(command, "csv", "--idle", "1", capture)))
    assert run(command, "json", "--idle", "1", capture).count(b"\n") == count


def test_reuse_in_time_wait_is_found(wireshark, command):
    """TIME_WAIT is waited for, however short the idle time."""
    packets = closed(CLIENT, 0) + closed(CLIENT + 1, 10 * SECOND) + \
        [(at, packet) for at, packet in closed(CLIENT, 50 * SECOND)]
    capture = write(wireshark, "bound_reuse.pcap", packets)
    bounded = rows(run(command, "csv", "--idle", "2", capture))
    plain = rows(run(command, "csv", capture))
    assert sorted(map(str, bounded)) == sorted(map(str, plain))
    assert run(command, "hosts", "--idle", "2", capture) == run(command, "hosts", capture)


def heard_again(wireshark, command, name, late, **options):
    packets = opened(CLIENT, 0) + closed(CLIENT + 1, 100 * SECOND) + late
    return rows(run(command, "csv", "--idle", "30", write(wireshark, name, packets), **options))


def test_stream_heard_of_again_says_so(wireshark, command):
    late = [(200 * SECOND, packet(CLIENT, True, 101, 501, RST))]
    got = heard_again(wireshark, command, "bound_again.pcap", late)
    assert [(row["stream"], row["heard_again"], row["first_frame"]) for row in got] == \
        [("0", "false", "1"), ("1", "false", "4"), ("0", "true", "11")]


def test_syn_on_forgotten_ports_is_a_stream_of_its_own(wireshark, command):
    late = [(200 * SECOND, packet(CLIENT, True, 9000, 0, SYN))]
    got = heard_again(wireshark, command, "bound_syn.pcap", late)
    assert [(row["stream"], row["heard_again"]) for row in got] == \
        [("0", "false"), ("1", "false"), ("2", "false")]


def test_repeated_syn_of_a_forgotten_stream_says_so(wireshark, command):
    late = [(200 * SECOND, packet(CLIENT, True, 100, 0, SYN))]
    got = heard_again(wireshark, command, "bound_same_syn.pcap", late)
    assert [(row["stream"], row["heard_again"]) for row in got][-1] == ("0", "true")


def test_where_nobody_knows_any_more_nothing_is_said(wireshark, command):
    """50,000 forgotten streams of a kind are known again."""
    packets = [(number * SECOND // 100,
                packet(CLIENT, True, 100, 0, SYN,
                       client=f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"))
               for number in range(50300)]
    late = 2000 * SECOND
    packets += [(late, packet(CLIENT + 1, True, 5, 7, ACK)),
                (late + 1, packet(CLIENT + 2, True, 5, 0, SYN))]
    capture = write(wireshark, "bound_lost.pcap", packets)
    got = rows(run(command, "csv", "--idle", "1", capture))
    assert [row["heard_again"] for row in got[-2:]] == ["", "false"]
    assert len(got) == 50302


def test_memory_is_bounded_by_its_size(command, capture):
    """The longest idle go, those that have ended first: the open ones are the last rows."""
    got = rows(run(command, "csv", "--max-memory", "200K", capture))
    assert sorted(int(row["stream"]) for row in got) == list(range(3640))
    states = [row["client_state"] for row in got]
    assert states.index("ESTABLISHED") > 3000


def peak_of_many(wireshark, command, streams, *reports):
    """What each report of so many streams takes at most, in kB. By standard input, as a file in
    memory counts too."""
    generate = BUILD / "tests" / "bench" / "bench_generate"
    path = wireshark.made / "bound_many.pcap"
    subprocess.run([generate, "closes", str(streams), path], check=True, timeout=SECONDS)
    peaks = []
    for arguments in reports:
        with path.open("rb") as capture, subprocess.Popen(
                ["cat"], stdin=capture, stdout=subprocess.PIPE) as cat, subprocess.Popen(
                    [command, *arguments, "-"], stdin=cat.stdout,
                    stdout=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = status
        assert status == 0
        peaks.append(usage.ru_maxrss)
    path.unlink()
    return peaks


def test_memory_does_not_grow_with_streams(wireshark, command):
    peaks = [peak_of_many(wireshark, command, streams, ["csv", "--idle", "5"])[0]
             for streams in (100000, 400000)]
    assert peaks[1] < 1.15 * peaks[0], peaks


def test_no_report_takes_more_than_reading_did(wireshark, command):
    """What the stays and times of these take fits where conversations were looked up."""
    counted, *others = peak_of_many(wireshark, command, 150000, ["patterns"], ["hosts"],
                                    ["occupancy", "--interval", "1"])
    assert max(others) < 1.03 * counted


# ---- live ----

def start(command, *arguments, **options):
    return subprocess.Popen([command, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, **options)


def wait_until_read(process, seconds=0.3):
    """It has taken what was written to it, and time to work on that."""
    end = time.monotonic() + SECONDS
    while struct.unpack("i", fcntl.ioctl(process.stdin, termios.FIONREAD, b"1234"))[0] > 0:
        assert time.monotonic() < end
        time.sleep(0.01)
    time.sleep(seconds)


def test_rows_come_while_the_input_waits(wireshark, command):
    capture = write(wireshark, "bound_live.pcap",
                    closed(CLIENT, 0) + opened(CLIENT + 1, 90 * SECOND))
    with start(command, "csv", "--idle", "10", "-") as process:
        process.stdin.write(capture.read_bytes())
        process.stdin.flush()
        assert process.stdout.readline().startswith(b"stream,")
        assert process.stdout.readline().startswith(b"0,")
        process.stdin.close()
        assert process.stdout.readline().startswith(b"1,")
        assert process.wait(SECONDS) == 0


def assert_interrupted(process, packets, reported):
    """Ctrl-C while it waits for more: what was read is reported."""
    wait_until_read(process)
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 2
    assert reported in process.stdout.read()
    assert process.stderr.read() == \
        b"tcpclose: interrupted after packet %d: the report is of what was read.\n" % packets


@pytest.mark.parametrize("options", [["csv"], ["csv", "--idle", "10"], ["patterns"]])
def test_interrupt_ends_a_read_that_waits(wireshark, command, options):
    capture = write(wireshark, "bound_interrupt.pcap", closed(CLIENT, 0))
    with start(command, *options, "-") as process:
        process.stdin.write(capture.read_bytes())
        process.stdin.flush()
        assert_interrupted(process, 7, b"four_way")


def test_interrupt_before_the_first_packet(command):
    with start(command, "patterns", "-") as process:
        process.stdin.write(b"\xd4")
        process.stdin.flush()
        assert_interrupted(process, 0, b"No TCP stream.")


def test_closed_output_ends_reading(wireshark, command, capture):
    with start(command, "csv", "--idle", "1", "-") as process:
        process.stdout.close()
        try:
            process.stdin.write(capture.read_bytes())
            process.stdin.flush()
        except BrokenPipeError:
            pass
        assert process.wait(SECONDS) == 1
        assert b"cannot be written: Broken pipe" in process.stderr.read()


# ---- progress ----

def told_on_terminal(command, whole, seconds, status=0):
    """What standard error is told, of a capture that comes in two halves."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([command, "patterns", "-"], stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL, stderr=theirs) as process:
        os.close(theirs)
        process.stdin.write(whole[:len(whole) // 2])
        process.stdin.flush()
        wait_until_read(process, seconds)
        process.stdin.write(whole[len(whole) // 2:])
        process.stdin.close()
        assert process.wait(SECONDS) == status
    try:
        return os.read(ours, 100000)
    except OSError:  # Linux: nothing was written, and nobody has it open
        return b""
    finally:
        os.close(ours)


def test_progress_on_a_terminal_is_erased(command, capture):
    told = told_on_terminal(command, capture.read_bytes(), 0.5)
    assert b" packets, " in told and b" a second" in told
    assert told.endswith(b"\r\033[K")
    assert told.count(b"packets") <= 10


def test_message_stands_on_a_line_of_its_own(command, capture):
    told = told_on_terminal(command, capture.read_bytes()[:-5], 0.5, status=2)
    before, message = told.split(b"tcpclose: ")
    assert b" packets, " in before and before.endswith(b"\r\033[K")
    assert message.startswith(b'"-" cannot be read')


def test_no_progress_in_a_pipe(command, capture):
    done = subprocess.run([command, "patterns", capture], capture_output=True, check=True,
                          timeout=SECONDS)
    assert done.stderr == b""


# ---- what is refused ----

@pytest.mark.parametrize("arguments, told", [
    (["streams", "--idle", "5"], 'The report "streams" takes no --idle: its table is as wide as the widest '
     'row, so that no row is printed before the end. "csv" has the same rows.'),
    (["resets", "--max-memory", "5M"], 'The report "resets" takes no --max-memory: its table is as wide as '
     'the widest row, so that no row is printed before the end. "rsts_csv" has the same rows.'),
    (["story", "--stream", "0", "--idle", "5"], 'The report "story" takes no --idle: it tells its stream up '
     'to the end. To keep little, let it read no other packets, as with --bpf "'),
    (["json", "--with-file", "--idle", "5"], 'The report "json" with the files takes no --idle: in each row '
     "stands when the files end. Without --with-file it does."),
    (["csv", "--idle", "0"], '--idle is "0": it has to be a whole number of seconds, 1 or more.'),
    (["csv", "--idle", "1.5"], '--idle is "1.5": it has to be a whole number of seconds, 1 or more.'),
    (["csv", "--max-memory", "0"], '--max-memory is "0": it has to be a number of bytes'),
    (["csv", "--max-memory", "5X"], '--max-memory is "5X": it has to be'),
    (["csv", "--max-memory", "5MB"], '--max-memory is "5MB": it has to be'),
    (["csv", "--max-memory", "99999999999G"], '--max-memory is "99999999999G": it has to be'),
])
def test_wrong_bounds(command, capture, arguments, told):
    done = subprocess.run([command, *arguments, capture], capture_output=True, timeout=SECONDS,
                          check=False)
    assert done.returncode == 1
    assert told in done.stderr.decode()
