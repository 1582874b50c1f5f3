# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures made to hurt (hostile.py) through the sanitized plugin: nothing is found, and time and
memory stay in proportion. With TCPCLOSE_FUZZ_ALL they are large enough for anything quadratic to
run into the time limit of sanitized.py."""
import random

import pytest

from hostile import HOSTILE, reuse, write
from rewrap import write_capture, write_seconds
from sanitized import EVERYTHING, UNREAD, check_reports_on_one_stream, every_report

FRAMES = 200_000 if EVERYTHING else 10_000

# What the plugin may take more than Wireshark alone, with all reports at once and the sanitizer's
# own share: a stream's record and its rows, if every frame is a stream of its own.
MEGABYTES = 24
BYTES_A_FRAME = 6000


@pytest.fixture(scope="module", name="capture", params=HOSTILE)
def fixture_capture(programs, request):
    path = programs.made / f"{request.param}.pcap"
    write(path, HOSTILE[request.param](FRAMES))
    path.chmod(0o644)
    yield path
    path.unlink()


def test_reports_take_memory_in_proportion(programs, capture):
    command = ("tshark", "-n", "-r", capture, "-q", "-z", "conv,tcp")
    without = programs.check(*command, plugin=False)
    done = programs.check(*command, *every_report(programs))
    assert done.stdout.count("TCP Close") >= 3
    assert done.megabytes - without.megabytes < MEGABYTES + FRAMES * BYTES_A_FRAME / 2**20


def test_a_stream_is_told_and_drawn(programs, capture):
    check_reports_on_one_stream(programs, capture)


def test_the_program_takes_memory_in_proportion(programs, capture):
    for report in ("csv", "summary"):
        done = programs.check(programs.command(), report, capture, accepted=(0,))
        assert done.stdout
        assert done.megabytes < 4 * MEGABYTES + FRAMES * BYTES_A_FRAME / 2**20


@pytest.mark.parametrize("link", (0, 1, 9, 101, 105, 113, 119, 127, 163, 276))
def test_any_link_of_any_bytes(programs, link):
    """What a link's header says is only what somebody sent."""
    chance = random.Random(link)
    packets = [made for _, made in reuse(700)]
    for made, packet in enumerate(packets):
        packets[made] = bytearray(chance.randbytes(chance.randrange(80)) + packet)
        for _ in range(chance.randrange(8)):
            packets[made][chance.randrange(len(packets[made]))] = chance.randrange(256)
    path = write_capture(programs.made / f"link-{link}.pcap", link, list(enumerate(packets)))
    path.chmod(0o644)
    programs.check(programs.command(), "csv", path, accepted=(0, UNREAD))
    programs.check(programs.command(), "csv", "--bpf", "tcp port 80", path, accepted=(0, UNREAD))


def test_fields_of_every_frame(programs, capture):
    """A filter that is never true has all fields made for every frame, in two passes."""
    done = programs.check("tshark", "-n", "-r", capture, "-2",
                          "-Y", 'tcpclose.pattern == "" || tcpclose.now.time_wait > 100000000')
    assert done.stdout == ""


def test_times_at_the_limits_and_beyond(programs):
    """No sum and no difference of times leaves 64 bits."""
    chance = random.Random(3)
    times = [0, 1, 2**31, 4 * 10**9, 9223372037, 18446744073, 2**40, 2**62, 2**63 - 1, 2**63,
             2**64 - 4 * 10**9, 2**64 - 1]
    path = write_seconds(programs.made / "far.pcapng",
                         [(chance.choice(times), made) for _, made in reuse(400)])
    path.chmod(0o644)
    for options in ((), ("-2",), ("-o", "tcpclose.two_msl:4294967295")):
        programs.check("tshark", "-n", "-r", path, "-V", *options)
        programs.check("tshark", "-n", "-r", path, "-q", *every_report(programs), *options)
