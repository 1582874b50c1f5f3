# SPDX-License-Identifier: GPL-2.0-or-later
"""compare.sh OLD_BUILD NEW_BUILD [CAPTURE...]

Compares byte for byte what tshark prints with two builds of the plugin: the packets' trees, all fields
that the plugin registers, and every report, of each capture in one pass and in two. Without a CAPTURE
it takes the shipped ones, and 10,000 streams that the new build's bench_generate makes: five minutes on
two processors.

Prints a line for each difference, with the first lines that differ, and at last "N outputs compared,
M differ". Exit status 0 only if something was compared and nothing differs; a tshark that fails counts
as a difference.
"""
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tshark"))
from wireshark import CAPTURES, Wireshark, as_nobody, built_plugins  # pylint: disable=wrong-import-position

STREAMS = 10000  # of the capture that is made
WIDTH = 100  # how much of a line is shown


class Comparison:
    """Two builds, and what is to be asked of both."""

    def __init__(self, old, new, captures):
        self.old, self.new = old, new
        self.captures = captures
        self.compared = 0
        self.differ = 0

    def count(self, title, difference):
        self.compared += 1
        if difference:
            self.differ += 1
            print(f"{title}: {difference}", flush=True)

    def fields(self):
        """Those that both builds register; a difference is counted."""
        names = []
        registered = [registered_fields(build) for build in (self.old, self.new)]
        for field in dict.fromkeys(itertools.chain(*registered)):
            if all(field in one for one in registered):
                names.append(field.split("\t")[2])
        self.count("tshark -G fields", first_difference(*registered))
        return names

    def reports(self):
        """Those that both builds have; a difference is counted."""
        listed = [build.reports() for build in (self.old, self.new)]
        self.count("tshark -z help", first_difference(*listed))
        return [report for report in listed[1] if report in listed[0]] + ["tcpclose,streams,wide"]

    def run(self):
        fields = self.fields()
        if not fields:
            sys.exit("compare: the builds have no field in common")
        questions = [("-V -O tcpclose", ["-V", "-O", "tcpclose"]),
                     ("-T fields, all", ["-T", "fields"] + [
                         word for name in ("frame.number", "_ws.expert.message", *fields)
                         for word in ("-e", name)])]
        questions += [(f"-q -z {report}", ["-q", "-z", report]) for report in self.reports()]
        # The largest captures first, so that no core waits in the end.
        pool = ThreadPoolExecutor(os.cpu_count())
        waiting = {}
        try:
            for capture in sorted(self.captures, key=lambda path: -path.stat().st_size):
                for (title, question), passes in itertools.product(questions, ([], ["-2"])):
                    job = pool.submit(self.ask_both, capture, passes + question)
                    waiting[job] = " ".join([f"{capture.name}: tshark", *passes, title])
            for job in as_completed(waiting):
                self.count(waiting[job], job.result())
        finally:
            pool.shutdown(cancel_futures=True)

    def ask_both(self, capture, question):
        """Where the answers differ, in words; nothing if they do not. Nothing of them is kept, and no
        more is read than needed."""
        command = as_nobody(["tshark", "-n", "-r", capture, *question])
        with tempfile.TemporaryFile() as old_errors, tempfile.TemporaryFile() as new_errors:
            old, new = (subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors,
                                         stdin=subprocess.DEVNULL, env=build.environment())
                        for build, errors in ((self.old, old_errors), (self.new, new_errors)))
            with old, new:
                try:
                    difference = first_difference(old.stdout, new.stdout)
                finally:
                    if sys.exc_info()[0] or difference:
                        old.kill()
                        new.kill()
            if difference:
                return difference
            said = [errors_of(file) for file in (old_errors, new_errors)]
            if old.returncode or new.returncode:
                return (f"exit status {old.returncode} and {new.returncode}: "
                        f"{shown(said[0], 0)} and {shown(said[1], 0)}")
            difference = first_difference(*(text.splitlines() for text in said))
            return difference and f"standard error, {difference}"


def registered_fields(build):
    listed = build.run("tshark", "-G", "fields").stdout.splitlines()
    return [line for line in listed if line.startswith("F\t") and line.split("\t")[4] == "tcpclose"]


def errors_of(file):
    file.seek(0)
    return b"".join(line for line in file if not line.startswith(b"Running as user"))


def first_difference(old_lines, new_lines):
    for number, (old, new) in enumerate(itertools.zip_longest(old_lines, new_lines), 1):
        if old != new:
            column = len(os.path.commonprefix([old or "", new or ""])) if old and new else 0
            return f"line {number}: {shown(old, column)} and {shown(new, column)}"
    return None


def shown(line, column):
    """Some of the line around a column."""
    if line is None:
        return "nothing"
    if isinstance(line, bytes):
        line = line.decode("utf-8", "replace")
    begin = max(0, column - WIDTH // 4) if len(line) > WIDTH else 0
    return repr(line[begin:begin + WIDTH])


def loaded(build):
    """The programs with the plugin from a build folder."""
    os.environ["TCPCLOSE_BUILD"] = str(build)
    try:
        built_plugins()
    except RuntimeError as error:
        sys.exit(f"compare: {error}")
    return Wireshark()


def made_capture(build, folder):
    path = folder / f"closes-{STREAMS}.pcap"
    generate = build / "tests" / "bench" / "bench_generate"
    if not generate.exists():
        sys.exit(f"compare: {generate} is missing: build with tests")
    subprocess.run([generate, "closes", str(STREAMS), path], check=True)
    path.chmod(0o644)
    return path


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: compare.sh OLD_BUILD NEW_BUILD [CAPTURE...]")
    old_build, new_build, *names = (Path(word).resolve() for word in sys.argv[1:])
    for name in names:
        if not os.access(name, os.R_OK):
            sys.exit(f"compare: cannot read {name}")
    old, new = loaded(old_build), None
    try:
        new = loaded(new_build)
        captures = []
        for name in names or sorted(CAPTURES.glob("*.pcapng")):
            captures.append(new.made / f"{len(captures)}" / name.name)
            captures[-1].parent.mkdir()
            shutil.copyfile(name, captures[-1])
        if not names:
            captures.append(made_capture(new_build, new.made))
        subprocess.run(["chmod", "-R", "a+rX", new.made], check=True)
        comparison = Comparison(old, new, captures)
        comparison.run()
    finally:
        old.close()
        if new:
            new.close()
    print(f"{comparison.compared} outputs compared, {comparison.differ} differ")
    sys.exit(1 if comparison.differ or comparison.compared <= 1 else 0)


main()
