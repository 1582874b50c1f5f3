# SPDX-License-Identifier: GPL-2.0-or-later
"""README's recipe for many captures: jobs of GNU parallel over files and buckets make the rows of the whole,
and what fails is done again, and nothing twice."""
import csv
import io
import re
import shutil
import subprocess

import pytest

import rewrap
from test_command import command_
from test_readme_commands import SESSIONS
from test_split import FRAMES, SECOND, STREAMS

__all__ = ["command_"]

CAPTURE = "storm_lossy"
OF_BUCKET = ["cause_frames", *FRAMES, *STREAMS]
[RECIPE] = [session for session in SESSIONS if "parallel --joblog" in session]
LINES = [line.replace("\n> ", "\n") for line in re.findall(r"^\$ (.*\n(?:> .*\n)*)", RECIPE, re.MULTILINE)]
SPLIT, REPORT = [line for line in LINES if "parallel" in line]

# In place of the program: notes what it is called for, and dies while a file tells it to.
WRAPPER = """#!/bin/bash
echo "$*" >> calls
if [ -e victim ] && [[ "$*" == *$(cat victim)* ]]; then
    head -c 1000 <("$(dirname "$0")/program" "$@" 2>&1)
    kill -KILL $$
fi
exec "$(dirname "$0")/program" "$@"
"""


@pytest.fixture(name="fleet")
def fixture_fleet(wireshark, command, tmp_path):  # pylint: disable=unused-argument
    """Runs lines in a folder of their own."""
    shutil.copy(wireshark.folder / "tcpclose", tmp_path / "program")
    wrapper = tmp_path / "tcpclose"
    wrapper.write_text(WRAPPER, encoding="ascii")
    wrapper.chmod(0o755)
    (tmp_path / "captures").symlink_to(wireshark.captures)

    def run(*lines):
        environment = {**wireshark.environment(), "HOME": str(tmp_path)}
        environment["PATH"] = f"{tmp_path}:{environment['PATH']}"
        return subprocess.run(["bash", "-e", "-o", "pipefail", "-c", "\n".join(lines)], cwd=tmp_path,
                              capture_output=True, text=True, check=False, env=environment)
    run.folder = tmp_path
    return run


def rows_of(text):
    """Sorted, and without what counts in the bucket."""
    return sorted(tuple((name, value) for name, value in row.items() if name not in OF_BUCKET)
                  for row in csv.DictReader(io.StringIO(text, newline="")))


def expected(wireshark, command):
    end = max(ns for ns, _ in rewrap.read_frames(wireshark.path(CAPTURE)))
    done = command("csv", "--capture-end", f"{end // SECOND}.{end % SECOND:09}", wireshark.path(CAPTURE))
    return rows_of(done.stdout)


def united(fleet):
    return rows_of((fleet.folder / "streams.csv").read_text(encoding="utf-8"))


def calls(fleet):
    """Since the last time."""
    path = fleet.folder / "calls"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    return lines


def test_recipe_makes_the_rows_of_the_whole(wireshark, command, fleet):
    done = fleet(*LINES)
    assert done.returncode == 0, done.stderr
    assert united(fleet) == expected(wireshark, command)
    assert len(calls(fleet)) == 8


@pytest.mark.parametrize("victim,of_split", [("bucket-02", False), ("ring_00001", True)])
def test_job_that_was_killed_is_done_again(wireshark, command, fleet, victim, of_split):
    (fleet.folder / "victim").write_text(victim, encoding="ascii")
    assert fleet(*LINES).returncode != 0
    runs = calls(fleet)
    wanted = "split" if of_split else "csv"
    assert sum(victim in run and run.startswith(wanted) for run in runs) == 3, "--retries"
    assert not (fleet.folder / "streams.csv").exists()

    (fleet.folder / "victim").unlink()
    done = fleet(*LINES[1:])
    assert done.returncode == 0, done.stderr
    again = calls(fleet)
    assert sum(run.startswith("split") for run in again) == of_split
    assert sum(run.startswith("csv") for run in again) == (4 if of_split else 1)
    assert united(fleet) == expected(wireshark, command)
    assert fleet(*LINES[1:]).returncode == 0
    assert calls(fleet) == []
