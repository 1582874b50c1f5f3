# SPDX-License-Identifier: GPL-2.0-or-later
"""tests/truth/record.py: what it records has the form of the shipped captures, and the plugin agrees."""
import shutil
import subprocess
import sys

import pytest

from test_kernel_states import compare
from wireshark import CAPTURES, PROJECT

TRUTH = PROJECT / "tests" / "truth"
# A plain close; and one with copies, whose marks are not all "y".
SCENARIOS = ("four_way_client", "dup_fin")


def record(*arguments):
    return subprocess.run([sys.executable, "-B", TRUTH / "record.py", *arguments], capture_output=True,
                          text=True, timeout=120, check=False)


def open_to_all(folder):
    """Whatever this user's umask is: programs under test are run by another one."""
    subprocess.run(["chmod", "-R", "a+rX", folder], check=True)


@pytest.fixture(scope="module")
def folder(wireshark):
    check = record("--check")
    if check.returncode == 1:
        pytest.skip(check.stderr.strip())
    made = wireshark.made / "recorded"
    done = record("--out", made, *SCENARIOS)
    assert (check.returncode, done.returncode) == (0, 0), check.stderr + done.stderr
    open_to_all(made)
    return made


def header(path):
    return path.read_text(encoding="ascii").partition("\n")[0]


@pytest.mark.parametrize("name", SCENARIOS)
def test_plugin_agrees_with_the_kernels(wireshark, folder, name):
    rows = list(compare(wireshark, str(folder / name)))
    assert {"CLOSED", "TIME_WAIT", "LAST_ACK"} <= {row.kernel for row in rows if row.know == "y"}
    assert not [row for row in rows if row.know == "y" and row.said != row.kernel]


@pytest.mark.parametrize("name", SCENARIOS)
def test_form_is_that_of_the_shipped_ones(folder, name):
    truth = f"{name}.truth.tsv"
    assert header(folder / truth) == header(CAPTURES / truth)
    assert sorted(path.name for path in folder.glob(f"{name}.*")) == [f"{name}.pcapng", truth]


def test_not_root_is_said_in_a_line(wireshark):
    copy = wireshark.made / "truth"
    shutil.copytree(TRUTH, copy)
    open_to_all(copy)
    done = wireshark.run(sys.executable, "-B", copy / "record.py", "--out", wireshark.home, SCENARIOS[0])
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "record.py: cannot record here: not root\n"
