# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures tcpclose beside the programs that people use for the same, in one run on the same captures:
processor time and peak memory, each the best of alternating runs, with what it prints thrown away.

Four kinds of made-up traffic, and a real mix: the captures in captures/, many times over with other
addresses. Who is not installed has a row that says so. --packets says how large each capture is.
"""
import argparse
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench import Bench, machine_line

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tshark"))
import rewrap  # pylint: disable=wrong-import-position
from wireshark import CAPTURES, Wireshark, as_nobody, built_plugins  # pylint: disable=wrong-import-position

# Runs its arguments and prints what they cost. A process of its own, as small as it gets: until a program
# begins, what counts as its memory is that of who starts it.
MEASURE = """import os, sys
away = os.open(os.devnull, os.O_RDWR)
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ,
                        file_actions=[(os.POSIX_SPAWN_DUP2, away, number) for number in (0, 1, 2)])
_, status, used = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
OURS, DISSECTED, FLOWS = "tcpclose csv", "tshark -z tcpclose,csv", "argus"


@dataclass
class Cost:
    seconds: float
    megabytes: float


def programs(wireshark):
    """name -> the command for a capture, without which the row says that it is not installed."""
    tshark = ["tshark", "-n", "-q", "-r"]
    return {
        "tcpdump -w /dev/null": lambda path: ["tcpdump", "-r", path, "-w", "/dev/null"],
        OURS: lambda path: [wireshark.folder / "tcpclose", "csv", path],
        FLOWS: lambda path: ["argus", "-r", path, "-w", "/dev/null"],
        "tcptrace": lambda path: ["tcptrace", "-n", path],
        "tshark -z conv,tcp": lambda path: [*tshark, path, "-z", "conv,tcp"],
        DISSECTED: lambda path: [*tshark, path, "-z", "tcpclose,csv"],
    }


def measured(wireshark, command, plugin):
    """What a run costs; None: the program is not there."""
    if not shutil.which(command[0]):
        return None
    done = subprocess.run(as_nobody([sys.executable, "-I", "-S", "-c", MEASURE, *map(str, command)]),
                          env=wireshark.environment(plugin), capture_output=True, text=True, check=True)
    status, seconds, kilobytes = done.stdout.split()
    if status != "0":
        raise RuntimeError(f"{' '.join(map(str, command))} ended with status {status}")
    return Cost(float(seconds), int(kilobytes) / 1000)


def costs_of(wireshark, capture, rounds):
    """name -> the least of all rounds, in which the programs take turns; None as of measured()."""
    commands = {name: made(capture) for name, made in programs(wireshark).items()}
    found = {}
    for _ in range(rounds):
        for name, command in commands.items():
            cost = measured(wireshark, command, plugin=name == DISSECTED)
            if name in found and cost:
                cost = Cost(min(cost.seconds, found[name].seconds), min(cost.megabytes, found[name].megabytes))
            found[name] = cost
    return found


# ---- captures ----

def of_copy(frame, copy):
    """An Ethernet frame with addresses that no other copy has; nobody here looks at checksums."""
    changed = bytearray(frame)
    if frame[14] >> 4 == 4:
        for at in (26, 30):  # source and destination
            changed[at + 1:at + 3] = (copy + 1).to_bytes(2, "big")
    else:
        for at in (22, 38):
            changed[at + 4:at + 6] = (copy + 1).to_bytes(2, "big")
    return bytes(changed)


def real_mix(wireshark, packets):
    """The shipped captures that are of Ethernet in nanoseconds, as often as it takes, one copy 50 ms after
    the other."""
    real = []
    for path in sorted(CAPTURES.glob("*.pcapng")):
        frames = rewrap.read_frames(path)
        real += [(ns - frames[0][0], frame) for ns, frame in frames]
    copies = max(packets // len(real), 1)
    frames = sorted((10**18 + ns + copy * 50 * 10**6, of_copy(frame, copy))
                    for copy in range(copies) for ns, frame in real)
    path = rewrap.write_capture(wireshark.made / "real-mix.pcap", rewrap.ETHERNET, frames)
    path.chmod(0o644)
    return path


def captures(bench, packets):
    """(what it is, path)"""
    yield "short connections", bench.closes(packets)
    yield "bulk", bench.capture("one", packets, 0)
    yield "lossy bulk", bench.capture("one", packets, packets // 100)
    yield "tiny connections", bench.capture("tiny", packets * 2 // 5)
    yield "real mix", real_mix(bench.wireshark, packets)


# ---- the table ----

def lines_of(kind, costs):
    """A line a program: how its time compares with ours."""
    ours = costs[OURS].seconds
    for name, cost in costs.items():
        if cost:
            yield f"{kind:<18} {name:<24} {cost.seconds:8.2f} {cost.seconds / max(ours, 0.001):8.1f} " \
                  f"{cost.megabytes:8.0f}"
        else:
            yield f"{kind:<18} {name:<24} not installed"
        kind = ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packets", type=int, default=900000, help="in each capture (900000)")
    parser.add_argument("--rounds", type=int, default=3, help="of which the best counts (3)")
    parser.add_argument("--json", metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    wireshark = Wireshark()
    try:
        shutil.copy2(built_plugins().parent / "tcpclose", wireshark.folder)
        (wireshark.folder / "tcpclose").chmod(0o755)
        print(machine_line())
        print(f"{options.packets} packets each, the best of {options.rounds}\n")
        print(f"{'traffic':<18} {'program':<24} {'time (s)':>8} {'times':>8} {'MB':>8}")
        told = []
        for kind, path in captures(Bench(wireshark), options.packets):
            costs = costs_of(wireshark, path, options.rounds)
            print("\n".join(lines_of(kind, costs)), flush=True)
            told += [{"traffic": kind, "program": name, "seconds": cost and cost.seconds,
                      "megabytes": cost and cost.megabytes} for name, cost in costs.items()]
            path.unlink()
    finally:
        wireshark.close()
    if options.json:
        Path(options.json).write_text(json.dumps({"machine": machine_line(), "figures": told}, indent=2),
                                      encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
