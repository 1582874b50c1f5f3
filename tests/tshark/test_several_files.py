# SPDX-License-Identifier: GPL-2.0-or-later
"""Several files are read as one: as mergecap puts them together, whatever order they are named in."""
import os
import struct
import subprocess
import threading
from random import Random

import pytest

import rewrap
from test_command import CUT, REFUSED, command_
from test_encapsulations import written

__all__ = ["command_"]

STORM = "storm_lossy"
REPORTS = ["csv", "summary", "streams"]


def merged(wireshark, paths):
    whole = wireshark.made / "several-merged.pcapng"
    subprocess.run(["mergecap", "-w", whole, *paths], check=True)
    whole.chmod(0o644)
    return whole


def frames_in_order(wireshark):
    return sorted(rewrap.read_frames(wireshark.path(STORM)), key=lambda frame: frame[0])


def pieces(wireshark, count, name):
    """The storm in so many files, one after the other; the names are in another order."""
    frames = frames_in_order(wireshark)
    numbers = list(range(count))
    Random(count).shuffle(numbers)
    edges = [len(frames) * number // count for number in range(count + 1)]
    return sorted(written(wireshark, f"{name}-{count}-{number:03}", rewrap.ETHERNET, frames[begin:end])
                  for number, begin, end in zip(numbers, edges, edges[1:]))


@pytest.mark.parametrize("count", [2, 7, 100])
def test_pieces_are_the_whole(wireshark, command, count):
    paths = pieces(wireshark, count, "several-piece")
    whole = merged(wireshark, paths)
    for report in REPORTS:
        done = command(report, *paths)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == wireshark.tshark(whole, "-q", "-z", f"tcpclose,{report}")
    assert command("csv", *paths).stdout == command("csv", wireshark.path(STORM)).stdout


@pytest.mark.parametrize("count", [2, 5])
def test_files_that_overlap_are_interleaved(wireshark, command, count):
    random = Random(count)
    dealt = [[] for _ in range(count)]
    for frame in frames_in_order(wireshark):
        random.choice(dealt).append(frame)
    paths = [written(wireshark, f"several-dealt-{number}", rewrap.ETHERNET, frames)
             for number, frames in enumerate(dealt)]
    done = command("csv", *paths)
    assert done.stdout == wireshark.tshark(merged(wireshark, paths), "-q", "-z", "tcpclose,csv")
    assert done.stdout == command("csv", wireshark.path(STORM)).stdout


def test_file_goes_on_before_one_that_begins_at_the_same_time(wireshark, command):
    """The border of two files of a ring, in one microsecond."""
    frames = [(ns // 10**9 * 10**9, frame)
              for ns, frame in rewrap.read_frames(wireshark.path("four_way_client"))]
    paths = [written(wireshark, f"several-border-{number}", rewrap.ETHERNET, part)
             for number, part in enumerate([frames[:4], frames[4:]])]
    whole = written(wireshark, "several-border", rewrap.ETHERNET, frames)
    assert command("csv", *paths).stdout == command("csv", whole).stdout


def test_files_without_packets_change_nothing(wireshark, command):
    paths = [written(wireshark, f"several-none-{number}", rewrap.ETHERNET, []) for number in range(2)]
    done = command("csv", paths[0], wireshark.path(STORM), paths[1])
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == command("csv", wireshark.path(STORM)).stdout


def test_pipes_are_among_them(wireshark, command, tmp_path):
    paths = pieces(wireshark, 3, "several-piped")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(paths[1].read_bytes()))
    writer.start()
    done = subprocess.run([wireshark.folder / "tcpclose", "csv", paths[0], pipe, paths[2]],
                          capture_output=True, text=True, check=True, timeout=60)
    writer.join()
    assert done.stdout == command("csv", wireshark.path(STORM)).stdout


def test_file_that_is_named_twice(wireshark, command):
    path = wireshark.path("four_way_client")
    link = wireshark.made / "several-link.pcapng"
    link.symlink_to(path)
    done = command("csv", path, wireshark.path("refused"), link)
    assert (done.returncode, done.stdout) == (REFUSED, "")
    assert done.stderr == (f'tcpclose: "{path}" and "{link}" are the same file: its packets would count '
                           "twice.\n")


def test_file_that_is_not_there(wireshark, command):
    """A wrong name is told before the others are read."""
    done = command("csv", wireshark.path("four_way_client"), "no-such-file")
    assert (done.returncode, done.stdout) == (REFUSED, "")
    assert done.stderr == 'tcpclose: "no-such-file" cannot be opened: No such file or directory.\n'


def test_others_go_on_after_a_file_that_is_cut(wireshark, command):
    paths = pieces(wireshark, 3, "several-cut")
    by_begin = sorted(paths, key=lambda path: struct.unpack_from("<II", path.read_bytes(), 24))
    whole = by_begin[1].read_bytes()
    by_begin[1].write_bytes(whole[:-3])
    done = command("csv", *paths)
    assert done.returncode == CUT
    [line] = done.stderr.splitlines()
    assert line.startswith(f'tcpclose: "{by_begin[1]}" cannot be read after packet 299: it is cut short')
    frames = frames_in_order(wireshark)
    read = written(wireshark, "several-cut-rest", rewrap.ETHERNET, frames[:599] + frames[600:])
    assert done.stdout == command("csv", read).stdout
