# SPDX-License-Identifier: GPL-2.0-or-later
"""Wireshark's programs with a plugin that was built with AddressSanitizer and
UndefinedBehaviorSanitizer: stock programs, so the sanitizers' libraries are loaded before them.

The environment says where they are (TCPCLOSE_PRELOAD; the build sets it), and whether to try
everything (TCPCLOSE_FUZZ_ALL) or a part that takes a minute or two."""
import functools
import os
import re
import shutil
import subprocess
import tempfile
from collections import namedtuple

from wireshark import Wireshark, as_nobody, built_plugins

EVERYTHING = bool(os.environ.get("TCPCLOSE_FUZZ_ALL"))
SECONDS = 300
FOUND_BY_SANITIZER = 99
CUT_SHORT = 2
UNREAD = 3 # of the program "tcpclose": packets that it does not look at

# How the arguments of reports on one stream end.
ONE_STREAM = ("tcpclose,story,0", "tcpclose,timeline,0")

# AddressSanitizer keeps what is freed for a while: little of it, so that growth is the program's.
OPTIONS = {
    "ASAN_OPTIONS": "detect_leaks=0:detect_odr_violation=0:quarantine_size_mb=1:"
                    f"exitcode={FOUND_BY_SANITIZER}",
    "UBSAN_OPTIONS": "print_stacktrace=1",
}

# What no run may print: a report of a sanitizer, or an exception blamed on the plugin, as tshark's
# text and sharkd's objects say it.
WRONG = re.compile(r"AddressSanitizer|runtime error:"
                   r"|(Malformed Packet|Dissector bug|Exception occurred)[^][{}]*TCP Close")

Run = namedtuple("Run", "status stdout stderr megabytes")


class Sanitized(Wireshark):
    """The programs; run them with check()."""

    def environment(self, plugin=True):
        return {**super().environment(plugin), **OPTIONS,
                "LD_PRELOAD": os.environ["TCPCLOSE_PRELOAD"]}

    def measured(self, *command, plugin=True, stdin=""):
        """A finished run, with the most memory that it had."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, \
                tempfile.TemporaryFile() as typed:
            typed.write(stdin.encode())
            typed.seek(0)
            process = subprocess.Popen(
                as_nobody(["timeout", "-s", "KILL", str(SECONDS), *command]),
                stdin=typed, stdout=out, stderr=err, env=self.environment(plugin))
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            texts = []
            for stream in (out, err):
                stream.seek(0)
                texts.append(stream.read().decode("utf-8", "replace"))
        return Run(process.returncode, *texts, usage.ru_maxrss / 1024)

    def check(self, *command, accepted=(0, CUT_SHORT), **how):
        """The same, where nothing may be wrong."""
        done = self.measured(*command, **how)
        wrong = [line for line in (done.stdout + done.stderr).splitlines() if WRONG.search(line)]
        assert not wrong, "\n".join(wrong[:5]) + "\n" + done.stderr[-4000:]
        assert done.status in accepted, f"status {done.status}\n{done.stderr[-4000:]}"
        return done

    @functools.cache
    def command(self):
        """The program "tcpclose", where every user can run it."""
        program = self.folder / "tcpclose"
        shutil.copy2(built_plugins().parent / "tcpclose", program)
        program.chmod(0o755)
        return program

    @functools.cache
    def taps(self):
        """Everything that the plugin can show in a window, as sharkd lists it."""
        listed = self.run("sharkd", "-", stdin='{"jsonrpc":"2.0","id":1,"method":"info"}\n')
        names = re.findall(r'"((?:nstat|stat|seqa):tcpclose[,\w]*)"', listed.stdout)
        assert {"nstat:tcpclose,streams", "stat:tcpclose", "seqa:tcpclose"} <= set(names), listed
        return names


def every_report(programs):
    """Arguments for all reports in one run, but for those on one stream, which may not be there."""
    return [word for report in programs.reports() if not report.endswith(ONE_STREAM)
            for word in ("-z", report)]


def check_reports_on_one_stream(programs, path):
    """All in one run; the first may find that the capture has no such stream, as the others would."""
    words = [word for report in ONE_STREAM for word in ("-z", report)]
    done = programs.measured("tshark", "-n", "-r", path, "-q", *words)
    assert not WRONG.search(done.stdout + done.stderr), done.stderr[-4000:]
    assert done.status in (0, CUT_SHORT) or (
        done.status == 1 and "the capture has no TCP stream" in done.stderr), done.stderr[-4000:]
