# SPDX-License-Identifier: GPL-2.0-or-later
"""tcpclose split: each stream is in one bucket with all its packets, and no packet is lost or doubled."""
import csv
import io
import re
import resource
import shutil
import subprocess
from collections import Counter

import pytest

import rewrap
from test_command import CUT, REFUSED, UNREAD, command_
from test_command_links import fragmented, in_pieces
from test_encapsulations import WRAPPERS, written
from test_several_files import pieces
from wireshark import PROJECT

__all__ = ["command_"]

STREAMS = ["stream", "reuse_of_stream"]
STORMS = ["storm_clean", "storm_lossy"]
FRAMES = ["first_frame", "last_frame", "first_fin_frame", "first_rst_frame"]
SECOND = 10**9


@pytest.fixture(scope="module", name="split")
def fixture_split(wireshark, command, tmp_path_factory):  # pylint: disable=unused-argument
    """Splits; the buckets are where the unprivileged user can read them."""
    def run(*arguments, count=4, status=0, folder=None, **more):
        folder = folder or wireshark.made / f"split-{next(numbers)}"
        done = subprocess.run([wireshark.folder / "tcpclose", "split", "-n", str(count), "-o", folder,
                               *arguments], capture_output=True, text=True, check=False, **more)
        assert (done.returncode, done.stdout) == (status, ""), done.stderr
        return folder, done.stderr
    numbers = iter(range(1000))
    return run


def buckets(folder):
    return sorted(folder.glob("bucket-*"))


def frames_of(folder):
    """By bucket."""
    return [rewrap.read_frames(path) for path in buckets(folder)]


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def comparable(rows, number_of, frames):
    """With the frame numbers of the whole, and streams named by their first frames. frames: of the
    capture, in order."""
    def number(text):
        return str(number_of[frames[int(text) - 1]])

    first_of = {row["stream"]: number(row["first_frame"]) for row in rows}
    changed = []
    for row in rows:
        row = {name: number(value) if name in FRAMES and value else value for name, value in row.items()}
        row["cause_frames"] = re.sub(r"\d+", lambda found: number(found[0]), row["cause_frames"])
        for name in STREAMS:
            row[name] = first_of[row[name]] if row[name] else ""
        changed.append(tuple(row.items()))
    return changed


def assert_equal(command, folder, whole, path, *options):
    """The rows of all buckets are those of the capture, all frames of which differ."""
    number_of = {frame: number for number, frame in enumerate(whole, 1)}
    assert len(number_of) == len(whole)
    rows = []
    for bucket, frames in zip(buckets(folder), frames_of(folder)):
        done = command("csv", *options, bucket)
        assert (done.returncode, done.stderr) == (0, "")
        rows += comparable(rows_of(done.stdout), number_of, frames)
    expected = comparable(rows_of(command("csv", *options, path).stdout), number_of, whole)
    assert sorted(rows) == sorted(expected)
    return rows


def assert_united(command, split, path, frames, count=4):
    """What the buckets of a capture say together is what the whole says."""
    folder, error = split(path, count=count)
    assert error == ""
    end = max(ns for ns, _ in frames)
    options = ["--capture-end", f"{end // SECOND}.{end % SECOND:09}"]
    return folder, assert_equal(command, folder, frames, path, *options)


# ---- the same streams ----


@pytest.mark.parametrize("capture", STORMS)
def test_pieces_by_time_then_by_stream_are_the_whole(wireshark, command, split, capture):
    """A ring of four files, with names in another order, in four buckets: 0 rows and 0 columns differ,
    once the numbers of frames and streams, which are those of the bucket, are those of the whole."""
    frames = sorted(rewrap.read_frames(wireshark.path(capture)), key=lambda frame: frame[0])
    edges = [len(frames) * number // 4 for number in range(5)]
    ring = [written(wireshark, f"split-{name}-{capture}", rewrap.ETHERNET, frames[begin:end])
            for name, begin, end in zip("cadb", edges, edges[1:])]
    end = frames[-1][0]
    options = ["--capture-end", f"{end // SECOND}.{end % SECOND:09}"]
    folder, error = split(*sorted(ring))
    assert error == ""
    rows = assert_equal(command, folder, frames, wireshark.path(capture), *options)
    assert len(rows) > 60
    assert all(len(part) > 50 for part in frames_of(folder)), "all buckets have a share"


def test_columns_that_count_in_the_bucket_are_all_of_them(wireshark, command):
    [row, *_] = rows_of(command("csv", wireshark.path("refused")).stdout)
    assert sorted(name for name in row if "frame" in name or "stream" in name) == sorted(
        [*FRAMES, *STREAMS, "cause_frames"])


@pytest.mark.parametrize("name", sorted(set(WRAPPERS) - {"ipv6_extensions"}))
def test_tunnels_go_by_what_is_inside(wireshark, command, split, name):
    link_type, wrap = WRAPPERS[name]
    frames = [(ns, wrap(packet)) for ns, packet in rewrap.read_packets(wireshark.path("storm_clean"))]
    path = written(wireshark, f"split-{name}", link_type, frames)
    folder, rows = assert_united(command, split, path, frames)
    assert len(rows) > 60 and all(frames_of(folder))


@pytest.mark.parametrize("cuts,change", [
    ([8], list), ([8, 16], lambda parts: parts[::-1]), ([16, 24], lambda parts: parts[1:] + parts[:1])],
    ids=["two", "backwards", "first_comes_last"])
def test_fragments_go_with_their_stream(wireshark, command, split, cuts, change):
    mixed = []
    for first, capture in enumerate(["fin_data", "four_way_client", "four_way_v6", "refused"]):
        mixed += [(ns + number, piece) for number, (ns, piece)
                  in enumerate(fragmented(wireshark, capture, cuts, change, first=1 + first * 1000))]
    frames = sorted(mixed)
    path = written(wireshark, "split-fragments", rewrap.RAW, frames)
    folder, rows = assert_united(command, split, path, frames, count=16)
    assert len(rows) == 4 and sum(1 for part in frames_of(folder) if part) > 1
    assert_nothing_lost(folder, frames)


def test_fragments_of_fragments_in_a_tunnel(wireshark, command, split):
    frames = []
    for number, (ns, piece) in enumerate(fragmented(wireshark, "four_way_client", [16])):
        frames += [(ns, part) for part in in_pieces(rewrap.gre(piece)[14:], [24], 100 + number)]
    path = written(wireshark, "split-fragments-gre", rewrap.RAW, frames)
    folder, _ = split(path, count=256)
    [bucket] = [part for part in frames_of(folder) if part]
    assert bucket == frames
    assert command("csv", wireshark.path(path)).stdout.count("\n") == 2


def test_errors_go_with_the_stream_that_they_quote(wireshark, split):
    packets = rewrap.read_packets(wireshark.path("four_way_client"))
    frames = packets + [(packets[-1][0] + 1, rewrap.icmp_error(packets[0][1], 48))]
    folder, _ = split(written(wireshark, "split-icmp", rewrap.RAW, frames), count=256)
    assert [part for part in frames_of(folder) if part] == [frames]


# ---- the same packets ----


def assert_nothing_lost(folder, frames):
    """Nor doubled; and time goes on in every bucket."""
    parts = frames_of(folder)
    assert Counter(frame for part in parts for frame in part) == Counter(frames)
    place = {frame: number for number, frame in enumerate(frames)}
    for part in parts:
        places = [place[frame] for frame in part]
        assert places == sorted(places)


@pytest.mark.parametrize("count", [2, 32, 256])
def test_no_packet_is_lost_or_doubled(wireshark, split, count):
    frames = sorted(rewrap.read_frames(wireshark.path("storm_lossy")), key=lambda frame: frame[0])
    folder, _ = split(*pieces(wireshark, 7, "split-piece"), count=count)
    assert len(buckets(folder)) == count
    assert buckets(folder)[0].name == ("bucket-000.pcapng" if count > 100 else "bucket-00.pcapng")
    assert_nothing_lost(folder, frames)


def test_order_is_kept_behind_a_fragment_that_is_never_whole(wireshark, split):
    lone = rewrap.ipv4(rewrap.TCP, b"x" * 64, fragment=0x2000, identification=9)
    packets = rewrap.read_packets(wireshark.path("storm_clean"))
    frames = packets[:5] + [(packets[5][0], lone)] + packets[5:]
    path = written(wireshark, "split-lone", rewrap.RAW, frames)
    folder, _ = split(path)
    assert_nothing_lost(folder, frames)
    assert frames[5] in frames_of(folder)[0]


def test_fragments_wait_for_a_minute(wireshark, split):
    """The other half of a packet comes too late: what waited for it goes to bucket 0, and is told."""
    packets = rewrap.read_packets(wireshark.path("four_way_client"))
    first, second = rewrap.fragments(packets[0][1], 24)
    begin = packets[0][0]
    for late, told in ((60, False), (61, True)):
        frames = [(begin, first), (begin + late * SECOND, packets[1][1]),
                  (begin + late * SECOND, second)]
        path = written(wireshark, f"split-late-{late}", rewrap.RAW, frames)
        folder, error = split(path, count=256, status=UNREAD if told else 0)
        assert_nothing_lost(folder, frames)
        assert (frames[0] in frames_of(folder)[0]) == told
        assert ("fragments that waited too long for the others of their packet: 1." in error) == told


def test_what_is_no_tcp_is_left_out_unless_asked_for(wireshark, split):
    tcp = rewrap.read_packets(wireshark.path("four_way_client"))
    other = [(ns, rewrap.ipv4(rewrap.UDP, b"\0" * 8)) for ns, _ in tcp]
    frames = sorted(tcp + other)
    path = written(wireshark, "split-udp", rewrap.RAW, frames)
    folder, _ = split(path, count=256)
    assert sum(frames_of(folder), []) == tcp
    folder, _ = split("--all", path, count=256)
    assert frames_of(folder)[0] == other
    assert_nothing_lost(folder, frames)


def test_what_is_not_looked_at_is_kept_and_told(wireshark, command, split):
    packet = rewrap.read_packets(wireshark.path("four_way_client"))[0][1]
    frames = [(0, rewrap.ipv4(94, packet))]
    path = written(wireshark, "split-strange", rewrap.RAW, frames)
    folder, error = split(path, status=UNREAD)
    assert error == ("tcpclose: not looked at, and may hold TCP: packets: 1 of IP protocol 94. Those in "
                     "which no TCP header was seen are in bucket 0.\n")
    assert frames_of(folder)[0] == frames
    assert command("csv", buckets(folder)[0]).returncode == UNREAD


def test_packet_of_several_buckets_is_told(wireshark, split):
    streams = [rewrap.tcp_ipv4(port, 80, 1, 1, 0x10) for port in range(50000, 50016)]
    path = written(wireshark, "split-amsdu", rewrap.WLAN, [(0, rewrap.wlan_amsdu(streams))])
    folder, error = split(path, status=UNREAD)
    assert "packets with segments of several buckets: 1." in error
    assert sum(len(part) for part in frames_of(folder)) == 1
    path = written(wireshark, "split-amsdu-one", rewrap.WLAN, [(0, rewrap.wlan_amsdu(streams[:1] * 2))])
    assert split(path)[1] == ""


def test_interfaces_and_comments_are_kept(wireshark, split):
    packets = rewrap.read_packets(wireshark.path("four_way_client"))
    others = rewrap.read_packets(wireshark.path("four_way_v6"))
    raw = written(wireshark, "split-raw", rewrap.RAW, packets)
    cooked = written(wireshark, "split-cooked", rewrap.SLL, [(ns, rewrap.sll(packet))
                                                             for ns, packet in others])
    both = wireshark.made / "split-both.pcapng"
    subprocess.run(["mergecap", "-w", both, raw, cooked], check=True)
    noted = wireshark.made / "split-noted.pcapng"
    subprocess.run(["editcap", "-a", "3:look here", both, noted], check=True)
    twice = wireshark.made / "split-sections.pcapng"
    twice.write_bytes(wireshark.path("refused").read_bytes() + noted.read_bytes())
    for path in (noted, twice):
        path.chmod(0o644)
        folder, _ = split(path, count=2)
        names = ["frame.time_epoch", "frame.encap_type", "frame.len", "frame.comment"]
        found = [row for bucket in buckets(folder) for row in wireshark.fields(bucket, names)]
        assert sorted(found) == sorted(wireshark.fields(path, names))
        assert sum("look here" in row for row in found) == 1


def test_files_of_one_interface_have_one(wireshark, split):
    folder, _ = split(*pieces(wireshark, 7, "split-interface"))
    told = subprocess.run(["capinfos", "-I", *buckets(folder)], capture_output=True, text=True, check=True)
    assert re.findall(r"Number of interfaces in file: (\d+)", told.stdout) == ["1"] * 4


# ---- a bucket is split again ----


@pytest.mark.parametrize("capture", STORMS)
def test_split_again_is_the_split_into_more(wireshark, split, capture):
    """To the byte; without --after the same bits would choose again, and all packets be in one bucket."""
    of_all, _ = split(wireshark.path(capture), count=16)
    first, _ = split(wireshark.path(capture), count=4)
    found = []
    for bucket in buckets(first):
        again, error = split("--after", "4", bucket, count=4)
        assert error == ""
        found += [path.read_bytes() for path in buckets(again)]
        same, _ = split(bucket, count=4)
        assert sum(map(bool, frames_of(same))) == 1
    assert found == [path.read_bytes() for path in buckets(of_all)]


# ---- the same split by tcpdump ----


@pytest.mark.parametrize("count,more", [(2, []), (16, []), (4, ["--after", "2048"])])
@pytest.mark.parametrize("capture", STORMS)
def test_filters_are_the_same_split(wireshark, split, capture, count, more):
    if not shutil.which("tcpdump"):
        pytest.skip("no tcpdump here")
    frames = rewrap.read_frames(wireshark.path(capture))
    path = written(wireshark, f"split-bpf-{capture}", rewrap.ETHERNET, frames)
    folder, _ = split(*more, path, count=count)
    printed = subprocess.run([wireshark.folder / "tcpclose", "split", "-n", str(count), *more, "--as-bpf"],
                             capture_output=True, text=True, check=True)
    filters = printed.stdout.splitlines()
    assert len(filters) == count
    for filter_, bucket in zip(filters, buckets(folder)):
        part = wireshark.made / "split-bpf-part.pcap"
        subprocess.run(["tcpdump", "-r", path, "--time-stamp-precision=nano", "-w", part, filter_],
                       check=True, capture_output=True)
        part.chmod(0o644)
        names = ["frame.time_epoch", "ip.src", "ipv6.src", "tcp.srcport"]
        assert wireshark.fields(part, names) == wireshark.fields(bucket, names)


# ---- what goes wrong ----


@pytest.mark.parametrize("arguments,line", [
    (["-o", "x", "y"], "There is no -n N: how many buckets, a power of two, 2 to 256."),
    (["-n", "0", "-o", "x", "y"], '-n is "0": it has to be a power of two, 2 to 256.'),
    (["-n", "4x", "-o", "x", "y"], '-n is "4x": it has to be a power of two, 2 to 256.'),
    (["-n", "6", "-o", "x", "y"], '-n is "6": it has to be a power of two'),
    (["-n", "512", "-o", "x", "y"], '-n is "512": it has to be a power of two'),
    (["-n", "4", "--after", "3", "-o", "x", "y"],
     '--after is "3": it has to be a power of two, the number of buckets that the splits before have made, '
     "with -n 4 at most 16384."),
    (["-n", "256", "--after", "512", "-o", "x", "y"], '--after is "512": it has to be'),
    (["-n", "4", "--after", "0", "-o", "x", "y"], '--after is "0": it has to be'),
    (["-n", "4", "y"], "There is no -o FOLDER"),
    (["-n", "4", "-o", "x"], "There is no FILE"),
    (["-n", "4", "--as-bpf", "y"], "--as-bpf reads no FILE"),
    (["-n", "4", "-o", "x", "no-such-file"], '"no-such-file" cannot be opened'),
    (["-n", "4", "-o", "/dev/null/x", str(PROJECT / "captures" / "refused.pcapng")],
     'The folder "/dev/null/x" cannot be made: Not a directory')])
def test_wrong_command_lines(wireshark, command, arguments, line):  # pylint: disable=unused-argument
    done = subprocess.run([wireshark.folder / "tcpclose", "split", *arguments], capture_output=True,
                          text=True, check=False)
    assert (done.returncode, done.stdout) == (REFUSED, "")
    assert done.stderr.startswith(f"tcpclose: {line}"), done.stderr
    if " cannot be " not in line:
        assert done.stderr.endswith('\nTry "tcpclose split --help".\n')


def test_filters_that_cannot_be_written_are_told(wireshark, command):  # pylint: disable=unused-argument
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run([wireshark.folder / "tcpclose", "split", "-n", "4", "--as-bpf"], stdout=full,
                              stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == REFUSED
    assert done.stderr == "tcpclose: the filters cannot be written: No space left on device.\n"


def test_buckets_that_are_there_are_kept_unless_forced(wireshark, split):
    path = wireshark.path("four_way_client")
    folder, _ = split(path, count=8)
    before = frames_of(folder)
    other = wireshark.path("refused")
    _, error = split(other, folder=folder, status=REFUSED)
    assert re.fullmatch(r'tcpclose: ".*/bucket-0\d.pcapng" is there already: name another folder, or give '
                        r"--force to replace all buckets of this one\.\n", error)
    assert frames_of(folder) == before
    split("--force", other, folder=folder)
    assert len(buckets(folder)) == 4
    assert sum(frames_of(folder), []) == rewrap.read_frames(other)


def test_full_disk_leaves_no_half_file(wireshark, split):
    """A limit for the size of a file stands for the disk; its signal stays ignored, as Python has it."""
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))

    folder, error = split(wireshark.path("storm_lossy"), status=REFUSED, preexec_fn=limit,
                          restore_signals=False)
    assert re.fullmatch(r'tcpclose: ".*/bucket-0\d\.pcapng" cannot be written: File too large\.\n', error)
    assert list(folder.iterdir()) == []


def test_file_that_is_cut_is_split_as_far_as_it_goes(wireshark, split):
    path = wireshark.made / "split-cut.pcapng"
    path.write_bytes(wireshark.path("four_way_client").read_bytes()[:-30])
    folder, error = split(path, status=CUT)
    assert error.startswith(f'tcpclose: "{path}" cannot be read after packet 10: it is cut short')
    assert error.endswith("; the buckets have what was read.\n")
    assert sum(frames_of(folder), []) == rewrap.read_frames(wireshark.path("four_way_client"))[:10]
