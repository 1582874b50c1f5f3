# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures what the plugin costs, and prints a table; --json FILE writes the same for programs.

Without the plugin means: the same tshark, with an empty plugin folder. Instructions are counted by
valgrind and are the same however busy the machine is; times are of the processor, the best of
alternating runs.

--stable measures on small inputs what does not depend on the machine, and fails (exit status 1) where
a figure is beyond its limit. Otherwise nothing fails: the table says what is met.
"""
import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tshark"))
from wireshark import Wireshark, as_nobody, built_plugins  # pylint: disable=wrong-import-position

CONVERSATIONS = ("-q", "-z", "conv,tcp")
FILTER = ("-Y", "tcp.port == 80")
CSV = ("-q", "-z", "tcpclose,csv")
SEGMENTS_A_STREAM = 9.5
SKIPPED = 77  # the exit status: see CMakeLists.txt
# What a script would ask for to find out how streams ended.
EIGHT_FIELDS = ("-T", "fields") + tuple(
    word for name in ("frame.number", "frame.time_epoch", "tcp.stream", "ip.src", "ip.dst",
                      "tcp.flags", "tcp.seq", "tcp.ack") for word in ("-e", name))


@dataclass
class Figure:
    """One row. target is what the project wants; limit, where --stable fails: somewhat beyond what was
    reached so far, so that nothing gets worse unnoticed. Both as "at most", unless at_least."""
    name: str
    value: float
    unit: str
    target: float | None = None
    limit: float | None = None
    at_least: bool = False

    def is_within(self, bound):
        return bound is None or (self.value >= bound if self.at_least else self.value <= bound)


class Bench:
    """The programs, and the captures that they are measured on."""

    def __init__(self, wireshark):
        self.wireshark = wireshark
        self.tools = built_plugins().parent / "tests" / "bench"

    def tool(self, name, *words):
        command = [self.tools / f"bench_{name}", *map(str, words)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def engine(self, what, count):
        """One number of the engine alone."""
        return float(self.tool("engine", what, count))

    def capture(self, kind, *numbers):
        path = self.wireshark.made / f"{kind}-{'-'.join(map(str, numbers))}.pcap"
        if not path.exists():
            self.tool("generate", kind, *numbers, path)
            path.chmod(0o644)
        return path

    def closes(self, segments):
        return self.capture("closes", round(segments / SEGMENTS_A_STREAM))

    # ---- instructions ----

    def tshark_instructions(self, capture, arguments, plugin):
        valgrind = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
        done = self.wireshark.run(*valgrind, "tshark", "-n", "-r", capture, *arguments, plugin=plugin,
                                  seconds=7200)
        counted = re.search(r"I +refs: +([\d,]+)", done.stderr)
        if done.returncode != 0 or not counted:
            raise RuntimeError(done.stderr)
        return int(counted[1].replace(",", ""))

    def added_percent(self, segments, arguments):
        """What the plugin adds to dissecting; starting up and writing the report's frame is subtracted.

        Starting up takes several times what dissecting takes, and now and then more: of
        two runs the lesser counts.
        """
        def least(capture, plugin):
            return min(self.tshark_instructions(capture, arguments, plugin) for _ in range(2))
        empty = self.capture("closes", 0)
        capture = self.closes(segments)
        work = [least(capture, plugin) - least(empty, plugin) for plugin in (False, True)]
        return 100 * (work[1] / work[0] - 1)

    def engine_instructions(self, what, count, segments, function="feed_packet"):
        """A segment, in that function of engine.c and what it calls."""
        counted = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
             f"--toggle-collect={function}*", self.tools / "bench_engine", what, str(count)],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True).stderr
        instructions = int(re.search(r"Collected : (\d+)", counted)[1])
        assert instructions > 0, f"no function {function} in bench_engine"
        return instructions / segments

    # ---- allocations and memory ----

    def allocations_of_data(self, segments):
        """How many allocations as many data segments add."""
        def allocations(count):
            report = subprocess.run(
                ["valgrind", "--leak-check=no", self.tools / "bench_engine", "data", str(count)],
                check=True, capture_output=True, text=True).stderr
            return int(re.search(r"total heap usage: ([\d,]+) allocs", report)[1].replace(",", ""))
        return allocations(2 * segments) - allocations(segments)

    def run(self, capture, arguments, plugin):
        """Processor seconds and peak memory (bytes) of tshark; what it prints is piped away."""
        command = as_nobody(["tshark", "-n", "-r", capture, *arguments])
        with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as away:
            process = subprocess.Popen(command, stdout=away.stdin, stderr=subprocess.DEVNULL,
                                       env=self.wireshark.environment(plugin))
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            away.stdin.close()
        if process.returncode != 0:
            raise RuntimeError(f"{command} ended with status {process.returncode}")
        return used.ru_utime + used.ru_stime, used.ru_maxrss * 1024

    def peak(self, capture, plugin):
        return self.run(capture, CONVERSATIONS, plugin)[1]

    def seconds(self, capture, arguments, plugin, other_arguments, other_plugin, rounds):
        """The best of alternating runs of the two."""
        pairs = [(self.run(capture, arguments, plugin)[0],
                  self.run(capture, other_arguments, other_plugin)[0]) for _ in range(rounds)]
        return tuple(map(min, zip(*pairs)))

    def added_ns(self, capture, segments, rounds):
        """Processor time that the plugin adds a segment."""
        with_it, without = self.seconds(capture, CONVERSATIONS, True, CONVERSATIONS, False, rounds)
        return 1e9 * (with_it - without) / segments


def stable_figures(bench, segments, streams):
    """The same on every machine and however busy it is."""
    yield Figure(f"instructions added to -q -z conv,tcp, {segments} segments",
                 bench.added_percent(segments, CONVERSATIONS), "%", 9, 7)
    yield Figure(f"instructions added to -q -z conv,tcp with a display filter, {segments} segments",
                 bench.added_percent(segments, CONVERSATIONS + FILTER), "%", 3, 5.5)
    yield Figure(f"instructions added to a display filter, {segments} segments",
                 bench.added_percent(segments, FILTER), "%", 3, 5.5)
    yield Figure(f"instructions added to -T fields, {segments} segments",
                 bench.added_percent(segments, EIGHT_FIELDS), "%", 3, 29)
    yield Figure("engine, ordinary segment", bench.engine_instructions("ordinary", 20000, 20000),
                 "instructions", limit=300)
    yield Figure("engine, segment of a four-way close",
                 bench.engine_instructions("closing", 2000, 9 * 2000), "instructions", limit=1560)
    yield Figure("engine, what a frame of a four-way close shows",
                 bench.engine_instructions("snapshots", 2000, 9 * 2000, "look_up"), "instructions",
                 300, 300)
    yield Figure("engine, allocations of 20000 data segments", bench.allocations_of_data(20000), "",
                 0, 0)
    yield Figure("engine, memory of 20000 data segments", bench.engine("data", 20000), "bytes")
    # At 100000 streams: below, what GLib's containers keep in reserve hides the streams' own.
    yield Figure("engine, memory of a stream with a four-way close", bench.engine("memory", 100000),
                 "bytes", 728, 660)
    yield Figure("engine, memory of a stream that a RST ends", bench.engine("resets", 100000),
                 "bytes", limit=1060)
    yield Figure("engine, memory of a stream on the average of all kinds of closes",
                 bench.engine("closes", 100000), "bytes", limit=850)
    capture = bench.capture("four-ways", streams)
    with_it, without = bench.peak(capture, True), bench.peak(capture, False)
    yield Figure(f"memory of a stream with a four-way close, all counted, {streams} streams",
                 (with_it - without) / streams, "bytes", 728, 800)
    yield Figure(f"peak memory of tshark with / without, {streams} streams", with_it / without, "",
                 1.10, 1.10)


def timed_figures(bench, big):
    """Processor times, and what needs large inputs."""
    yield Figure("engine, ordinary segment", bench.engine("ordinary", 1000000), "ns", 25)
    yield Figure("engine, segment of a four-way close", bench.engine("closing", 100000), "ns", 120)
    capture = bench.closes(380000)
    csv, conversations = bench.seconds(capture, CSV, True, CONVERSATIONS, True, 5)
    yield Figure("-z tcpclose,csv against -z conv,tcp, 380000 segments", csv / conversations, "", 1.15)
    csv, fields = bench.seconds(capture, CSV, True, EIGHT_FIELDS, False, 3)
    yield Figure("eight fields piped away against -z tcpclose,csv, 380000 segments", fields / csv, "",
                 3, at_least=True)
    yield Figure("engine, one stream, 5000000 segments with 10000 holes, against 50000 with 100",
                 bench.engine("long", 5000000) / bench.engine("long", 50000), "", 1.15)
    yield Figure(f"engine, a segment at {big} streams against 10000",
                 bench.engine("growth", big) / bench.engine("growth", 10000), "", 1.15)
    few = bench.added_ns(bench.capture("closes", 10000), 95000, 5)
    many = bench.added_ns(bench.capture("closes", big), 9.5 * big, 3)
    yield Figure("time that the plugin adds to tshark a segment, 10000 streams", few, "ns")
    yield Figure(f"the same at {big} streams, against that", many / few, "", 1.15)
    long = bench.capture("one", 5000000, 10000)
    yield Figure("memory that 5000000 segments of one stream with 10000 holes add to tshark",
                 max(0, bench.peak(long, True) - bench.peak(long, False)) / 1e6, "MB")


def machine_line():
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="ascii"))
    tshark = subprocess.run(["tshark", "--version"], capture_output=True, text=True, check=True)
    version = re.search(r"\d+\.\d+\.\d+", tshark.stdout)[0]
    return (f"{model[1] if model else platform.machine()}, {os.cpu_count()} processors, "
            f"{platform.system()} {platform.release()}, tshark {version}")


def row(figure):
    target = ""
    if figure.target is not None:
        verdict = "met" if figure.is_within(figure.target) else "MISSED"
        target = f"{'at least' if figure.at_least else 'at most'} {figure.target:g}  {verdict}"
    digits = 0 if abs(figure.value) >= 100 else 2 if figure.unit else 3
    return f"{figure.name:<76} {figure.value:>10.{digits}f} {figure.unit:<12} {target}"


def why_not():
    """Why nothing can be measured here; None if it can."""
    if not shutil.which("valgrind"):
        return "valgrind is not installed"
    if not os.path.exists("/proc/self/maps"):
        return "valgrind needs /proc"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stable", action="store_true",
                        help="small inputs, no times; fails where a figure is beyond its limit")
    parser.add_argument("--streams", type=int, default=1000000, help="the largest number of streams")
    parser.add_argument("--json", metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    missing = why_not()
    if missing:
        print(f"ok 1 bench # SKIP {missing}")
        return SKIPPED
    wireshark = Wireshark()
    figures = []
    try:
        bench = Bench(wireshark)
        print(machine_line())
        measured = [stable_figures(bench, 9500, 10000)] if options.stable else [
            stable_figures(bench, 38000, 100000), timed_figures(bench, options.streams)]
        for figure in (figure for part in measured for figure in part):
            print(row(figure), flush=True)
            figures.append(figure)
    finally:
        wireshark.close()
    if options.json:
        Path(options.json).write_text(
            json.dumps({"machine": machine_line(), "figures": [asdict(f) for f in figures]}, indent=2),
            encoding="utf-8")
    beyond = [figure for figure in figures if options.stable and not figure.is_within(figure.limit)]
    for figure in beyond:
        print(f"beyond its limit of {figure.limit:g} {figure.unit}: {figure.name}", file=sys.stderr)
    return 1 if beyond else 0


if __name__ == "__main__":
    sys.exit(main())
