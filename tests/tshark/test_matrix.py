# SPDX-License-Identifier: GPL-2.0-or-later
"""What the matrix makes of a tree that cannot be made or entered, is of another Wireshark, fails or
passes. The trees are played by a script."""
import subprocess

import pytest

from wireshark import PROJECT

MATRIX = """
set -eu
. "$1/tests/lib.sh"
. "$1/tests/matrix/matrix.sh"
tree=$2/tree
logs=$2
releases=("9.8 sarge Debian X")
find_root() { true; }
matrix_begin
matrix_end
printf '%s\\n' "${lines[@]}"
counted
"""


@pytest.fixture(name="matrix")
def fixture_matrix(tmp_path):
    """Its last lines, if the tree's script does that when called with make, version and run."""
    def run(make="exit 0", version="echo 9.8.7", run="exit 0", last=2):
        tree = tmp_path / "tree"
        tree.write_text(f"#!/bin/bash\ncase $1 in\nmake) {make} ;;\nversion) {version} ;;\nrun) {run} ;;\nesac\n")
        tree.chmod(0o755)
        done = subprocess.run(["bash", "-c", MATRIX, "bash", PROJECT, tmp_path], capture_output=True,
                              text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()[-last:]
    return run


def test_what_passed_is_counted(matrix):
    assert matrix(run="echo noise; echo result 12 0 3 built, loaded, 10 tests passed") == [
        "Debian X (sarge): Wireshark 9.8.7: built, loaded, 10 tests passed",
        "12 passed, 0 failed, 3 skipped"]


def test_what_was_skipped_is_named(matrix):
    assert matrix(run="echo skip tests/x.py:7, 2 tests: no screen; echo result 12 0 2 built", last=3) == [
        "Debian X (sarge): Wireshark 9.8.7: built",
        "skipped: sarge, Wireshark 9.8.7: tests/x.py:7, 2 tests: no screen",
        "12 passed, 0 failed, 2 skipped"]


def test_what_failed_is_counted(matrix):
    assert matrix(run="echo result 12 2 0 built, loaded, 10 tests passed, 2 FAILED") == [
        "Debian X (sarge): Wireshark 9.8.7: built, loaded, 10 tests passed, 2 FAILED",
        "12 passed, 2 failed"]


def test_a_run_without_a_result_has_failed(matrix):
    assert matrix(run="exit 3") == [
        "Debian X (sarge): Wireshark 9.8.7: FAILED with exit status 3", "0 passed, 1 failed"]


@pytest.mark.parametrize("what,outcome", [
    ({"make": "echo no such host; exit 1"}, "the tree could not be made: no such host"),
    ({"version": "echo 9.9.0"}, "it has Wireshark 9.9.0 now, which is not among the supported"),
    ({"run": "echo no overlay; exit 125"}, "no overlay"),
])
def test_what_cannot_be_run_is_said_and_no_failure(matrix, what, outcome):
    assert matrix(**what) == [f"Debian X (sarge): not run: {outcome}", "0 passed, 0 failed"]
