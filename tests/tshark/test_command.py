# SPDX-License-Identifier: GPL-2.0-or-later
"""The program "tcpclose" prints what tshark prints with the plugin, byte for byte, or says on standard
error what it has not looked at."""
import os
import shutil
import struct
import subprocess
from pathlib import Path
from random import Random

import pytest

import rewrap
from test_encapsulations import CASES, WRAPPERS, written
from wireshark import CAPTURES, PROJECT

ALL = sorted(path.stem for path in CAPTURES.glob("*.pcapng"))
BUSY = [name for name in ALL if "storm" in name]
REFUSED, CUT, UNREAD = 1, 2, 3
FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10


@pytest.fixture(scope="module", name="command")
def command_(wireshark):
    """The program, where the unprivileged user can read it."""
    build = Path(os.environ.get("TCPCLOSE_BUILD", PROJECT / "build")).resolve()
    program = wireshark.folder / "tcpclose"
    shutil.copy2(build / "tcpclose", program)
    program.chmod(0o755)

    def run(*arguments, **more):
        return wireshark.run(program, *arguments, **more)
    return run


def same(wireshark, command, capture, report="csv", options=(), arguments=""):
    """What both print; the program has looked at all."""
    done = command(report, *options, wireshark.path(capture))
    assert (done.returncode, done.stderr) == (0, "")
    printed = wireshark.tshark(capture, "-q", "-z", f"tcpclose,{report}{arguments}")
    assert done.stdout == printed
    return printed


@pytest.mark.parametrize("capture", ALL)
def test_same_rows(wireshark, command, capture):
    assert same(wireshark, command, capture).count("\n") > 1


@pytest.mark.parametrize("report", ["summary", "streams", "streams,wide", "patterns", "states", "hosts",
                                    "causes", "json"])
@pytest.mark.parametrize("capture", BUSY)
def test_same_report(wireshark, command, capture, report):
    assert same(wireshark, command, capture, report)


@pytest.mark.parametrize("capture", BUSY)
def test_same_occupancy(wireshark, command, capture):
    same(wireshark, command, capture, "occupancy", ["--interval", "0.5"], ",0.5")


@pytest.mark.parametrize("report", ["story", "timeline"])
@pytest.mark.parametrize("capture,stream", [("four_way_client", "0"), ("rst_inwindow", "0"),
                                            (BUSY[0], "17")])
def test_same_report_on_one_stream(wireshark, command, capture, stream, report):
    assert same(wireshark, command, capture, report, ["--stream", stream], f",{stream}")


@pytest.mark.parametrize("options,selected", [
    (["--stream", "99"], "tcp.stream == 99"),
    (["--stream", "0", "--port", "1"], "tcp.stream == 0 && tcp.port == 1")])
def test_no_report_on_a_stream_that_is_not_there(wireshark, command, options, selected):
    done = command("story", *options, wireshark.path("four_way_client"))
    assert (done.returncode, done.stdout) == (REFUSED, "")
    assert done.stderr == ('tcpclose: there is no report "story": the files have no TCP stream with '
                           f"{selected}.\n")


@pytest.mark.parametrize("name,capture", CASES)
def test_same_rows_in_other_wrappings(wireshark, command, name, capture):
    link_type, wrap = WRAPPERS[name]
    frames = [(ns, wrap(packet)) for ns, packet in rewrap.read_packets(wireshark.path(capture))]
    path = written(wireshark, f"command-{name}-{capture}", link_type, frames)
    assert same(wireshark, command, path).count("\n") > 1


@pytest.mark.parametrize("snaplen", [54, 64, 96])
def test_same_rows_of_cut_packets(wireshark, command, snaplen):
    frames = rewrap.read_frames(wireshark.path(BUSY[0]))
    cut = dict.fromkeys(range(len(frames)), snaplen)
    path = written(wireshark, f"command-snaplen-{snaplen}", rewrap.ETHERNET, frames, cut)
    same(wireshark, command, path)


@pytest.mark.parametrize("quoted", [8, 40])
def test_same_stream_numbers_where_errors_quote_other_connections(wireshark, command, quoted):
    """Wireshark numbers a connection that only an ICMP error names, if enough of it is quoted."""
    packets = rewrap.read_packets(wireshark.path("four_way_client"))
    other = rewrap.tcp_ipv4(50001, 80, 1, 1, 0x10)
    frames = [(packets[0][0], rewrap.icmp_error(other, quoted))] + packets
    path = written(wireshark, f"command-icmp-{quoted}", rewrap.RAW, frames)
    rows = same(wireshark, command, path).splitlines()
    assert rows[1].startswith("0," if quoted == 8 else "1,")


def any_segment(random, port):
    """A packet with a segment that may be of two connections on the same ports, and how much of it is
    captured: some are cut, some are quoted by an ICMP error, some have a header of a wrong length."""
    ends = [("192.0.2.1", port), ("192.0.2.2", 80)]
    if random.random() < 0.5:
        ends.reverse()
    (source, source_port), (destination, destination_port) = ends
    flags = random.choice([SYN, SYN, SYN | ACK, SYN | ACK, ACK, ACK, RST | ACK, RST, FIN | ACK, FIN,
                           SYN | RST, SYN | FIN | ACK, 0])
    packet = rewrap.tcp_ipv4(source_port, destination_port, random.choice([1000, 1001, 2000]),
                             random.choice([0, 1001, 2001]), flags, random.choice([b"", b"", b"x"]),
                             source=source, destination=destination)
    kind = random.randrange(16)
    if kind == 0:
        return packet, random.randint(33, 42)
    if kind == 1:
        packet = rewrap.icmp_error(packet, random.randint(33, 48))
    if kind in (2, 3):
        packet = packet[:32] + bytes([{2: 0x40, 3: 0xF0}[kind]]) + packet[33:]
    return packet, len(packet)


def test_same_stream_numbers_of_any_segments(wireshark, command):
    """The same rows are of the same streams: what begins one differs between the releases."""
    random = Random(1)
    frames, cut = [], {}
    for port in range(10000, 11500):
        for _ in range(random.randint(2, 9)):
            packet, cut[len(frames)] = any_segment(random, port)
            frames.append((len(frames) * 1000, packet))
    path = written(wireshark, "command-any-segments", rewrap.RAW, frames, cut)
    assert same(wireshark, command, path).count("\n") > 1500


def test_same_stream_numbers_in_two_vlans(wireshark, command):
    """By default no release tells conversations apart by what is below IP."""
    tags = [struct.pack("!HH", vlan, 0x0800) for vlan in (7, 8)]
    frames = [(ns, rewrap.ethernet(0x8100, tags[index % 2] + packet)) for index, (ns, packet)
              in enumerate(rewrap.read_packets(wireshark.path("four_way_client")))]
    path = written(wireshark, "command-two-vlans", rewrap.ETHERNET, frames)
    assert same(wireshark, command, path).count("\n") == 2


@pytest.mark.parametrize("options,filter_", [
    (["--stream", "3"], "tcp.stream == 3"),
    (["--address", "10.9.0.1"], "ip.addr == 10.9.0.1"),
    (["--address", "fd00:9::2"], "ipv6.addr == fd00:9::2"),
    (["--address", "192.0.2.77"], "ip.addr == 192.0.2.77"),
    (["--stream", "1", "--port", "1"], "tcp.stream == 1 && tcp.port == 1")])
@pytest.mark.parametrize("report", ["csv", "streams", "summary"])
def test_options_select_as_the_filter_does(wireshark, command, report, options, filter_):
    same(wireshark, command, BUSY[0], report, options, f",{filter_}")


def test_numbers_are_decimal(wireshark, command):
    same(wireshark, command, BUSY[0], "csv", ["--stream", "010"], ",tcp.stream == 10")


def test_preferences(wireshark, command):
    capture = wireshark.path("tw_reuse_server_tw")
    done = command("csv", "--two-msl", "1", "--stack", "bsd", "--rst-policy", "rfc793",
                   "--close-wait-alarm", "0", capture)
    printed = wireshark.tshark(capture, "-q", "-z", "tcpclose,csv", "-o", "tcpclose.two_msl:1",
                               "-o", "tcpclose.stack:bsd", "-o", "tcpclose.rst_policy:rfc793",
                               "-o", "tcpclose.close_wait_alarm:0")
    assert done.stdout == printed != wireshark.tshark(capture, "-q", "-z", "tcpclose,csv")


def test_standard_input(wireshark, command):
    path = wireshark.path("four_way_client")
    with path.open("rb") as stdin:
        program = wireshark.folder / "tcpclose"
        done = subprocess.run([program, "csv", "-"], stdin=stdin, capture_output=True, text=True,
                              check=True)
    assert done.stdout == command("csv", path).stdout


# ---- what is not looked at ----


def unread(done):
    assert done.returncode == UNREAD
    [line] = done.stderr.splitlines()
    return line


def test_unknown_links_and_types_are_told(wireshark, command):
    packet = rewrap.read_packets(wireshark.path("four_way_client"))[0][1]
    usb = written(wireshark, "command-usb", 189, [(0, b"\0" * 64)])
    assert "1 of link type USB" in unread(command("csv", usb))
    other = written(wireshark, "command-nsh", rewrap.ETHERNET, [(0, rewrap.ethernet(0x894F, packet))])
    assert "1 of EtherType 0x894f" in unread(command("csv", other))
    strange = written(wireshark, "command-ip", rewrap.RAW, [(0, rewrap.ipv4(94, packet))])
    assert "1 of IP protocol 94" in unread(command("csv", strange))


def test_packets_inside_tcp_are_told(wireshark, command):
    packet = rewrap.read_packets(wireshark.path("four_way_client"))[0][1]
    message = rewrap.openflow_packet_in(packet)
    frames = [(0, rewrap.tcp_ipv4(50001, 6653, 1, 1, 0x18, message))]
    path = written(wireshark, "command-openflow", rewrap.RAW, frames)
    assert "1 of TCP port 6653" in unread(command("csv", path))


def test_what_holds_no_tcp_is_not_told(wireshark, command):
    frames = [(0, rewrap.ethernet(0x0806, b"\0" * 28)), (1, rewrap.ethernet(0x88CC, b"\0" * 40))]
    path = written(wireshark, "command-arp", rewrap.ETHERNET, frames)
    done = command("csv", path)
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)


# ---- what goes wrong ----


def test_file_that_ends_in_the_middle(wireshark, command):
    whole = wireshark.path("four_way_client").read_bytes()
    path = wireshark.made / "command-cut.pcapng"
    path.write_bytes(whole[:len(whole) - 30])
    path.chmod(0o644)
    done = command("csv", path)
    assert done.returncode == CUT
    [line] = done.stderr.splitlines()
    assert "after packet 10" in line and "cut short" in line
    assert done.stdout.count("\n") == 2


@pytest.mark.parametrize("arguments,line", [
    ([], "There is no FILE"),
    (["csv"], "There is no FILE"),
    (["csv", "no-such-file"], '"no-such-file" cannot be opened'),
    (["no-such-report", "x"],
     '"no-such-report" is neither a report nor a file. The reports are: summary streams[,wide] '),
    (["csv", "json", "."], '"json" is another report, and there is no file of that name: one report'),
    (["csv", ".", "story"], '"story" is another report'),
    ([".", "csv"], '"csv" is a report, and there is no file of that name: it goes before the files.'),
    (["no-such.pcap"], '"no-such.pcap" cannot be opened: No such file or directory.'),
    (["streams,wid", "x"], '"streams,wid" is neither a report nor a file.'),
    (["occupancy,1", "x"], '"occupancy,1" is neither a report nor a file. What tshark takes behind '
     '"occupancy," is an option here: --interval, '),
    (["story,0", "x"], '"story,0" is neither a report nor a file. What tshark takes behind "story,"'),
    (["--port", "70000", "."], '--port is "70000": it has to be a port\'s number, 0 to 65535.'),
    (["--port", "-1", "."], '--port is "-1": it has to be a port\'s number, 0 to 65535.'),
    (["--port", "http", "."], '--port is "http": it has to be a port\'s number'),
    (["--port", "80", "--port", "443", "."], '--port is given twice, "80" and "443", and takes one value: '
     'a --bpf such as "tcp port 80 or tcp port 443" selects more.'),
    (["--address", "::1", "--address", "::2", "."], '--address is given twice, "::1" and "::2", and takes'),
    (["-f", "ip", "--bpf", "ip6", "."], '--bpf is given twice, "ip" and "ip6", and takes one value'),
    (["--stream", "1", "--stream", "1", "."], '--stream is given twice, "1" and "1", and takes one'),
    (["--stream", "-1", "."], '--stream is "-1": it has to be a stream\'s number, 0 or more.'),
    (["--stream", "4294967296", "."], '--stream is "4294967296": it has to be a stream\'s number'),
    (["--port-range", "0", "."], '--port-range is "0": it has to be a number of ports, 1 to 65535.'),
    (["--address", "host", "."], "--address is \"host\": it has to be an IPv4 or IPv6 address."),
    (["--two-msl", "-1", "."],
     '--two-msl is "-1": it has to be a whole number of seconds, 0 to 4294967295.'),
    (["--close-wait-alarm", "0.5", "."], '--close-wait-alarm is "0.5": it has to be a whole number'),
    (["--stack", "vms", "."], '--stack is "vms": it has to be "linux" or "bsd".'),
    (["occupancy", "x"], 'The report "occupancy" takes an --interval of SECONDS'),
    (["csv", "--interval", "1", "x"], 'The report "csv" takes no --interval.'),
    (["story", "--stream", "0", "--interval", "1", "x"], 'The report "story" takes no --interval.'),
    (["streams", "--with-file", "x"], 'The report "streams" takes no --with-file'),
    (["csv", "--capture-end", "1.0000000001", "x"], '--capture-end is "1.0000000001": it has to be'),
    (["csv", "--capture-begin", "", "x"], '--capture-begin is "": it has to be seconds since 1970, up to'),
    (["story", "x"], 'The report "story" takes a --stream N.'),
    (["timeline", "--stream", "0"], "There is no FILE"),
    (["occupancy", "--interval", "1,5", "x"], '--interval is "1,5": it has to be SECONDS from'),
    (["--what", "x"], "Unknown option --what.")])
def test_wrong_command_lines(command, arguments, line):
    done = command(*arguments)
    assert (done.returncode, done.stdout) == (REFUSED, "")
    assert done.stderr.startswith(f"tcpclose: {line}"), done.stderr


def test_help_is_in_the_characters_of_the_terminal(command):
    for locale, option in (("C.UTF-8", "[OPTION\u2026]"), ("C", "[OPTION?]")):
        assert option in command("--help", LC_ALL=locale).stdout


# Of four_way_client.pcapng: what is left, how many packets of it there are, what is said.
NO_HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)
DAMAGED = {
    "text": (lambda whole: b"This is no capture.\n" * 10, 0, "known format"),
    "wrong_magic": (lambda whole: b"\xd4\xc3\xb2\xa0" + NO_HEADER[4:] + whole[24:], 0, "known format"),
    "empty": (lambda whole: b"", 0, "it is empty"),
    "magic_alone": (lambda whole: whole[:10], 0, "known format"),
    "cut_in_a_packet": (lambda whole: whole[:len(whole) - 30], 10, "cut short"),
    "pcap_cut_in_its_header": (lambda whole: NO_HEADER[:20], 0, "cut short"),
    "pcap_cut_in_a_record": (lambda whole: NO_HEADER + struct.pack("<IIII", 1, 0, 20, 20) +
                             rewrap.ipv4(94, b"") + b"\1\0", 1, "cut short"),
    "pcap_cut_in_a_packet": (lambda whole: NO_HEADER + struct.pack("<IIII", 1, 0, 20, 20) + b"\x45",
                             0, "cut short"),
    "length_beyond_reason": (lambda whole: NO_HEADER + struct.pack("<IIII", 1, 0, 0x7FFFFFFF, 0x7FFFFFFF)
                             + b"\0" * 100, 0, ""),
}


@pytest.mark.parametrize("way", ["file", "pipe"])
@pytest.mark.parametrize("damage", DAMAGED)
def test_what_is_no_whole_capture(wireshark, command, damage, way):
    """What was read is reported, and one line says where it ends and why."""
    make, packets, why = DAMAGED[damage]
    data = make(wireshark.path("four_way_client").read_bytes())
    path = wireshark.made / f"command-{damage}.pcap"
    path.write_bytes(data)
    path.chmod(0o644)
    if way == "file":
        done = command("csv", path)
    else:
        made = subprocess.run([wireshark.folder / "tcpclose", "csv", "-"], input=data,
                              capture_output=True, check=False)
        done = subprocess.CompletedProcess(made.args, made.returncode, made.stdout.decode(),
                                           made.stderr.decode())
    lines = [line for line in done.stderr.splitlines() if "not looked at" not in line]
    [line] = lines
    assert done.returncode == CUT, done.stderr
    if way == "pipe" and why == "known format" and wireshark.release >= (4, 6):
        why = "cut short"  # Wiretap itself says so of a pipe that ends before it has told the format
    assert f"cannot be read after packet {packets}: " in line and why in line
    assert line.endswith("; the report is of what was read.")
    assert done.stdout.startswith("stream,")


@pytest.mark.parametrize("arguments, what", [
    (["csv"], "report"), (["--help"], "help"), (["split", "--help"], "help"), (["--version"], "version")])
def test_full_disk_is_told(wireshark, command, arguments, what):
    program = wireshark.folder / "tcpclose"
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run([program, *arguments, wireshark.path("four_way_client")], stdout=full,
                              stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == REFUSED
    assert done.stderr == f"tcpclose: the {what} cannot be written: No space left on device.\n"
