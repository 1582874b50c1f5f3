# SPDX-License-Identifier: GPL-2.0-or-later
"""A report that could not be written is an error, on a full disk and on a closed pipe."""
import subprocess

import pytest

from wireshark import as_nobody

# Small and large, with a RST: in one write at the end, and in several before.
CAPTURES = ["rst_inwindow", "storm_lossy"]


def statuses(wireshark, capture, stdout):
    """report -> exit status, and the last line on standard error"""
    found = {}
    for report in wireshark.reports():
        done = subprocess.run(
            as_nobody(["tshark", "-n", "-q", "-r", wireshark.path(capture), "-z", report]),
            stdout=stdout, stderr=subprocess.PIPE, env=wireshark.environment(), timeout=120,
            check=False)
        found[report] = done.returncode, done.stderr.decode().strip().split("\n")[-1]
    return found


def check(found, error):
    """Wireshark itself prints what it calls a flow, and takes no notice of errors."""
    assert found.pop("flow,tcpclose,network") == (0, "")
    assert len(found) > 5
    wanted = (1, f"tshark: Couldn't write the report: {error}.")
    assert found == dict.fromkeys(found, wanted)


@pytest.mark.parametrize("capture", CAPTURES)
def test_full_disk_is_an_error(wireshark, capture):
    with open("/dev/full", "wb") as full:
        check(statuses(wireshark, capture, full), "No space left on device")


@pytest.mark.parametrize("capture", CAPTURES)
def test_closed_pipe_is_an_error(wireshark, capture):
    reader = subprocess.Popen(["true"], stdin=subprocess.PIPE)
    reader.wait()
    with reader.stdin:
        check(statuses(wireshark, capture, reader.stdin), "Broken pipe")
