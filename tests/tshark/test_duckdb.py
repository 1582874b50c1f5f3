# SPDX-License-Identifier: GPL-2.0-or-later
"""DuckDB, from the npm registry, gives the same answers to the queries for a fleet as sqlite3."""
import shutil
import subprocess
from pathlib import Path

import pytest

from test_command import command_  # noqa: F401, a fixture; pylint: disable=unused-import
from wireshark import CAPTURES

PACKAGE = Path(__file__).resolve().parent / "duckdb"
SECONDS = 60
REPORTS = {"fleet": ["streams", "csv"], "occupancy": ["occupancy", "occupancy,csv", "--interval", "0.05"]}


@pytest.fixture(scope="module", name="duckdb")
def fixture_duckdb(tmp_path_factory):
    """Answers the queries of a file on a table. The package's version and what is in it are in its lock."""
    for program in ("node", "npm"):
        if not shutil.which(program):
            pytest.skip(f"no {program} here to install DuckDB with")
    folder = tmp_path_factory.mktemp("duckdb") / "package"
    shutil.copytree(PACKAGE, folder)
    try:
        done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder,
                              capture_output=True, text=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm did not install DuckDB in {SECONDS} s")
    if done.returncode != 0:
        reason = [line for line in done.stderr.splitlines() if line][:1]
        pytest.skip(f"npm cannot install DuckDB: {''.join(reason)}")

    def answer(table, path, queries):
        done = subprocess.run(["node", "query.mjs", table, path, queries], cwd=folder, capture_output=True,
                              text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout
    return answer


def of_sqlite(table, path, queries):
    done = subprocess.run(["sqlite3", "-init", "/dev/null", "-header", "-list", "-cmd",
                           f".import --csv {path} {table}", ":memory:"], capture_output=True, text=True,
                          input=queries.read_text(encoding="ascii"), check=True)
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("capture", ["storm_clean", "storm_lossy"])
@pytest.mark.parametrize("name", REPORTS)
def test_duckdb_answers_as_sqlite_does(wireshark, command, duckdb, tmp_path, name, capture):
    table, *words = REPORTS[name]
    path = tmp_path / f"{table}.csv"
    path.write_text(command(*words, wireshark.path(capture)).stdout, encoding="ascii")
    queries = CAPTURES / f"{name}.sql"
    told = duckdb(table, path, queries)
    assert len(told.splitlines()) > 20
    assert told == of_sqlite(table, path, queries)
