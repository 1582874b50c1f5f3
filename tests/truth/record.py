#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records what two real kernels do: NAME.pcapng, and NAME.truth.tsv with both kernels' own states beside
each frame (captures/README.md has the columns).

    sudo tests/truth/record.py [--out FOLDER] NAME...              scenarios of scenarios_*.py
    sudo tests/truth/record.py [--out FOLDER] --storm SEED COUNT   random connections: storm_SEED;
                                                                   with --clean, a network without faults
    tests/truth/record.py --list                                   what scenarios there are
    sudo tests/truth/record.py --check                             whether it can record here

Linux, root, iproute2 and tshark are needed. Both hosts are network namespaces of this process, connected
to nothing else: no interface, route or setting of the machine changes, and nothing is left behind. The
files are written when the scenario is through. Exit status 1, and a line, where recording is not possible.
"""
import argparse
import importlib
import os
import shutil
import sys
from pathlib import Path

from host import Impossible
from scenario import SCENARIOS
from storm import Storm
from wire import Wire


for _file in sorted(Path(__file__).resolve().parent.glob("scenarios_*.py")):
    importlib.import_module(_file.stem)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--out", type=Path, default=Path("."), metavar="FOLDER")
    parser.add_argument("--storm", nargs=2, type=int, metavar=("SEED", "COUNT"))
    parser.add_argument("--clean", action="store_true", help="a storm without faults of the network")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in SCENARIOS]
    if unknown:
        parser.error(f"no scenario {unknown[0]}: --list lists them")
    if not (options.names or options.storm or options.list or options.check):
        parser.error("name a scenario: --list lists them")
    return options


def record(name, folder):
    run, sysctls, _ = SCENARIOS[name]
    wire = Wire(sysctls)
    run(wire)
    save(wire, folder, name)


def record_storm(seed, count, clean, folder):
    storm = Storm(seed, count, clean)
    storm.run()
    save(storm.wire, folder, f"storm_{seed}")


def save(wire, folder, name):
    wire.write(folder / name)
    print(f"{name}: {len(wire.rows)} frames")


def possible():
    if os.geteuid() != 0:
        raise Impossible("not root")
    for program in ("ip", "tshark"):
        if not shutil.which(program):
            raise Impossible(f"no program {program}")


def in_child(function, *values):
    """Runs it in a process of its own, with which its namespaces end: the exit status."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 2
    try:
        possible()
        function(*values)
        status = 0
    except Impossible as reason:
        print(f"{Path(__file__).name}: cannot record here: {reason}", file=sys.stderr)
        status = 1
    except Exception:       # pylint: disable=broad-exception-caught
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        os._exit(status)


def main():
    options = arguments()
    if options.list:
        for name, (_, _, happens) in SCENARIOS.items():
            print(f"{name:24}{happens}")
        return 0
    work = [(record, name, options.out) for name in options.names]
    if options.storm:
        work.append((record_storm, *options.storm, options.clean, options.out))
    try:
        options.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sys.exit(f"{Path(__file__).name}: {error}")
    for job in work or [(Wire,)]:
        status = in_child(*job)
        if status:
            return abs(status)
    return 0


if __name__ == "__main__":
    sys.exit(main())
