# SPDX-License-Identifier: GPL-2.0-or-later
"""demo.sh refuses what it cannot show in one line, before it installs or builds anything."""
import subprocess

import pytest

from wireshark import CAPTURES

DEMO = CAPTURES / "demo.sh"


@pytest.mark.parametrize("arguments,complaint", [
    (["/nowhere/at/all.pcapng"], "demo.sh: /nowhere/at/all.pcapng: no such file\n"),
    (["/"], "demo.sh: /: is a folder, not a capture\n"),
    (["one", "two"], "demo.sh: usage: demo.sh [CAPTURE]\n"),
])
def test_refuses_in_one_line(arguments, complaint):
    done = subprocess.run([DEMO, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", complaint)
