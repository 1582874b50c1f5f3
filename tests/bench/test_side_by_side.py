# SPDX-License-Identifier: GPL-2.0-or-later
"""That side_by_side.py measures every program on every capture, on captures too small to say anything."""
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tshark"))
from wireshark import readable_temp_folder  # pylint: disable=wrong-import-position

PACKETS = 2000
KINDS = ["short connections", "bulk", "lossy bulk", "tiny connections", "real mix"]
OPTIONAL = {"tcpdump -w /dev/null", "argus", "tcptrace"}
OURS = {"tcpclose csv", "tshark -z conv,tcp", "tshark -z tcpclose,csv"}


def side_by_side(folder, **variables):
    """The table, and the figures as programs get them."""
    figures = folder / "figures.json"
    done = subprocess.run([sys.executable, "-B", HERE / "side_by_side.py", "--packets", str(PACKETS), "--rounds",
                           "1", "--json", figures], capture_output=True, text=True, check=False,
                          env={**os.environ, **variables})
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines(), json.loads(figures.read_text(encoding="utf-8"))["figures"]


def test_every_program_has_a_row_for_every_capture(tmp_path):
    table, figures = side_by_side(tmp_path)
    assert [(row["traffic"], row["program"]) for row in figures] == \
        [(kind, name) for kind in KINDS for name in list(dict.fromkeys(row["program"] for row in figures))]
    assert {row["program"] for row in figures} == OPTIONAL | OURS
    assert len(table) == 4 + len(figures)
    for row in figures:
        if row["program"] in OURS:
            assert row["seconds"] > 0 and row["megabytes"] > 1
    of = {(row["traffic"], row["program"]): row["seconds"] for row in figures}
    assert all(of[kind, "tcpclose csv"] < of[kind, "tshark -z tcpclose,csv"] for kind in KINDS)


@pytest.fixture(name="without_optional")
def fixture_without_optional():
    """A PATH that has tshark and what starts it, and no other program to compare with."""
    folder = readable_temp_folder()
    for name in ("tshark", "setpriv", "chmod", "ls"):
        found = shutil.which(name)
        if found:
            (folder / name).symlink_to(found)
    yield str(folder)
    shutil.rmtree(folder)


def test_program_that_is_not_there_is_said_to_be_not_installed(tmp_path, without_optional):
    table, figures = side_by_side(tmp_path, PATH=without_optional)
    assert sum(line.endswith("not installed") for line in table) == len(OPTIONAL) * len(KINDS)
    assert {row["program"] for row in figures if row["seconds"] is None} == OPTIONAL
