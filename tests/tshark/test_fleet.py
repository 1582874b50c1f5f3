# SPDX-License-Identifier: GPL-2.0-or-later
"""README's recipe for many captures: jobs of GNU parallel or Slurm over files and buckets make the rows of the
whole, and what fails is done again, and nothing twice."""
import collections
import csv
import io
import re
import shutil
import subprocess

import pytest

import rewrap
import slurm
from test_command import command_
from test_readme_commands import SESSIONS
from test_split import FRAMES, SECOND, STREAMS
from wireshark import CAPTURES, PROJECT

__all__ = ["command_"]

CAPTURE = "storm_clean"
OF_BUCKET = ["cause_frames", *FRAMES, *STREAMS]
RECIPE, OVER_TIME = [[line.replace("\n> ", "\n")
                      for line in re.findall(r"^\$ (.*\n(?:> .*\n)*)", session, re.MULTILINE)]
                     for session in SESSIONS if "parallel --joblog" in session]
LINES = RECIPE
SPLIT, REPORT = [line for line in LINES if "parallel" in line]
CLOSING = ["fin_wait_1", "fin_wait_2", "close_wait", "closing", "last_ack", "time_wait"]

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


def test_fleet_sql_counts_the_rows(command, wireshark, tmp_path):
    text = command("csv", wireshark.path(CAPTURE)).stdout
    (tmp_path / "streams.csv").write_text(text, encoding="ascii")
    done = subprocess.run(["sqlite3", "-cmd", f".import --csv {tmp_path}/streams.csv streams", ":memory:"],
                          input=(CAPTURES / "fleet.sql").read_text(encoding="ascii"), capture_output=True,
                          text=True, check=True)
    said = [tuple(line.split("|")) for line in done.stdout.splitlines()]
    rows = list(csv.DictReader(io.StringIO(text, newline="")))

    def service(row):
        return f"{row['server_address']} {row['server_port']}"
    patterns = collections.Counter(row["pattern"] for row in rows)
    causes = collections.Counter((row["cause"], row["cause_side"], service(row)) for row in rows)
    services = {service(row): [] for row in rows}
    for row in rows:
        services[service(row)].append(row)
    assert {row[0]: int(row[1]) for row in said[:len(patterns)]} == patterns
    assert {row[:3]: int(row[3]) for row in said[len(patterns):-len(services)]} == causes
    for name, *counts, longest in said[-len(services):]:
        states = collections.Counter(row["server_state"] for row in services[name])
        times = [float(row["server_close_wait_s"]) for row in services[name] if row["server_close_wait_s"]]
        assert [int(count) for count in counts] == [
            len(services[name]), states["CLOSE_WAIT"], states["FIN_WAIT_2"], states["TIME_WAIT"]]
        assert float(longest or 0) == pytest.approx(max(times, default=0))


# ---- occupancy ----

def whole_occupancy(wireshark, command):
    return list(csv.DictReader(io.StringIO(command("occupancy,csv", "--interval", "0.5",
                                                   wireshark.path(CAPTURE)).stdout, newline="")))


def assert_occupancy_is_of_the_whole(told, whole):
    """What is counted at the ends is the sum; the peaks are between what is said of them."""
    lines = [line.split("|") for line in told.splitlines()]
    counts = lines[:lines.index(["state", "at_least", "at_most"])]
    assert counts == [["from_s", "to_s", *CLOSING]] + [
        [row["from_s"], row["to_s"], *(row[f"{state}_end"] for state in CLOSING)] for row in whole]
    for state, (name, at_least, at_most) in zip(CLOSING, lines[len(counts) + 1:], strict=True):
        peak = max(int(row[f"{state}_peak"]) for row in whole)
        assert name == state.upper()
        assert int(at_least) <= peak <= int(at_most)


def test_occupancy_of_the_buckets_adds_up(wireshark, command, fleet):
    done = fleet(*RECIPE[:RECIPE.index(SPLIT) + 1], *OVER_TIME)
    assert done.returncode == 0, done.stderr
    whole = whole_occupancy(wireshark, command)
    assert len(whole) >= 3
    assert_occupancy_is_of_the_whole(done.stdout, whole)
    without = OVER_TIME[0].replace("--capture-begin $begin ", "").replace("o-{}", "p-{}")
    done = fleet("rm occupancy.log", without, *OVER_TIME[1:])
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) > len(whole) + len(CLOSING) + 2, "each has intervals of its own"


def test_peaks_come_together_with_short_intervals(wireshark, command, fleet):
    """What changes is nearly always in an interval of its own: the two numbers are one apart at most."""
    short = "--interval 0.00001"
    done = fleet(*RECIPE[:RECIPE.index(SPLIT) + 1], *[line.replace("--interval 0.5", short) for line in OVER_TIME])
    assert done.returncode == 0, done.stderr
    text = command("occupancy,csv", *short.split(), wireshark.path(CAPTURE)).stdout
    whole = list(csv.DictReader(io.StringIO(text, newline="")))
    assert_occupancy_is_of_the_whole(done.stdout, whole)
    peaks = [line.split("|") for line in done.stdout.splitlines()][-len(CLOSING):]
    assert all(int(at_most) - int(at_least) <= 1 for _, at_least, at_most in peaks)


# ---- Slurm ----

@pytest.mark.parametrize("count,bucket", [(64, "07"), (128, "007")])
def test_job_reports_its_bucket_of_all_folders(fleet, count, bucket):
    """Of a split into 128 the numbers have three digits."""
    done = fleet(
        LINES[0], f"for f in ring_*.pcapng; do tcpclose split -n {count} -o ${{f%.pcapng}} $f; done",
        "SLURM_ARRAY_TASK_ID=7 captures/report.sbatch csv ring_*[0-9]",
        f"tcpclose csv ring_*[0-9]/bucket-{bucket}.pcapng | cmp - report-{bucket}.csv",
        'SLURM_ARRAY_TASK_ID=7 captures/report.sbatch "occupancy,csv --interval 9" ring_*[0-9]',
        f"grep ^from_s, occupancy-{bucket}.csv")
    assert done.returncode == 0, done.stderr


@pytest.fixture(name="cluster")
def fixture_cluster():
    reason = slurm.reason_not_to()
    if reason:
        pytest.skip(reason)
    cluster = slurm.Cluster()
    try:
        if not cluster.wait():
            pytest.skip("Slurm's daemons do not come up on this machine")
        yield cluster
    finally:
        cluster.end()


def test_job_array_makes_the_rows_of_the_whole(wireshark, command, fleet, cluster):
    """With one job that is killed, and submitted again."""
    [array] = re.findall(r"`(sbatch --wait --array=.*?)`", (PROJECT / "README.md").read_text(encoding="utf-8"))
    [ends] = [line.splitlines()[0] for line in LINES if line.startswith("end=")]
    configuration = f"export SLURM_CONF={cluster.environment['SLURM_CONF']}"
    split = LINES[:LINES.index(SPLIT) + 1]
    (fleet.folder / "victim").write_text("bucket-02", encoding="ascii")
    assert fleet(configuration, *split, ends, array).returncode != 0
    reports = sorted(path.name for path in fleet.folder.glob("report-*.csv"))
    assert reports == ["report-00.csv", "report-01.csv", "report-03.csv"]

    (fleet.folder / "victim").unlink()
    again = array.replace("--array=0-3", "--array=2")
    done = fleet(configuration, ends, again, LINES[LINES.index(REPORT) + 1])
    assert done.returncode == 0, done.stderr
    assert united(fleet) == expected(wireshark, command)
