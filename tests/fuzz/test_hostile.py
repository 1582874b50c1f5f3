# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures made to hurt (hostile.py) through the sanitized plugin: nothing is found, and time and
memory stay in proportion. With TCPCLOSE_FUZZ_ALL they are large enough for anything quadratic to
run into the time limit of sanitized.py."""
import pytest

from hostile import HOSTILE, write
from sanitized import EVERYTHING, every_report

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


def test_fields_of_every_frame(programs, capture):
    """A filter that is never true has all fields made for every frame, in two passes."""
    done = programs.check("tshark", "-n", "-r", capture, "-2",
                          "-Y", 'tcpclose.pattern == "" || tcpclose.now.time_wait > 100000000')
    assert done.stdout == ""
