# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs Wireshark's programs with the plugin from a build tree, and nothing of the user's own.

As root, Wireshark reads plugins from the system folder only. Tests then run as an unprivileged
user, from a copy of plugin and captures that this user can read: the checkout may be in a closed
folder.
"""
import functools
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
CAPTURES = PROJECT / "captures"
NOBODY = 65534
SECONDS = 120

# What a report needs besides its name.
REPORT_ARGUMENTS = {"flow,tcpclose": ",network", "tcpclose,occupancy": ",86400",
                    "tcpclose,story": ",0", "tcpclose,timeline": ",0"}


def readable_temp_folder():
    """A new folder that every user can reach."""
    for parent in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        folder = Path(tempfile.mkdtemp(prefix="tcpclose-test-", dir=parent))
        folder.chmod(0o755)
        if os.geteuid() != 0 or subprocess.run(as_nobody(["ls", folder]), capture_output=True,
                                               check=False).returncode == 0:
            return folder
        folder.rmdir()
    raise RuntimeError("no temporary folder is open to other users")


def as_nobody(command, capabilities=()):
    """The command, run by the unprivileged user if this is root, who leaves it these capabilities."""
    if os.geteuid() != 0:
        return [str(word) for word in command]
    drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    if capabilities:
        kept = ",".join(f"+{capability}" for capability in capabilities)
        drop += [f"--inh-caps={kept}", f"--ambient-caps={kept}"]
    return drop + [str(word) for word in command]


def built_plugins():
    """The folder of the build tree that stands in for the plugin folder."""
    build = Path(os.environ.get("TCPCLOSE_BUILD", PROJECT / "build")).resolve()
    modules = list(build.glob("plugins/*/epan/tcpclose.so"))
    if not modules:
        raise RuntimeError(f"{build} holds no plugins/*/epan/tcpclose.so: build first")
    return build / "plugins"


class Wireshark:
    """The programs, and a folder for what tests write; close() removes all of it."""

    def __init__(self):
        self.folder = readable_temp_folder()
        self.home = self.folder / "home"
        self.plugins = self.folder / "plugins"
        self.no_plugins = self.folder / "no-plugins"
        self.captures = self.folder / "captures"
        self.made = self.folder / "made"
        self.answers = {}
        self.filtering = None
        shutil.copytree(built_plugins(), self.plugins)
        shutil.copytree(CAPTURES, self.captures)
        for folder in (self.home, self.no_plugins, self.made):
            folder.mkdir()
        if os.geteuid() == 0:
            os.chown(self.home, NOBODY, NOBODY)
        subprocess.run(["chmod", "-R", "a+rX", self.folder], check=True)

        [folder] = self.plugins.iterdir()
        self.release = tuple(int(number) for number in re.split("[.-]", folder.name))  # (4, 0)

    def close(self):
        if self.filtering:
            self.filtering.close()
        shutil.rmtree(self.folder)

    def environment(self, plugin=True):
        return {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "WIRESHARK_PLUGIN_DIR": str(self.plugins if plugin else self.no_plugins),
        }

    def run(self, *command, plugin=True, stdin="", seconds=SECONDS, **variables):
        """The finished process; it is not checked."""
        return subprocess.run(as_nobody(command), capture_output=True, text=True, input=stdin,
                              env={**self.environment(plugin), **variables}, timeout=seconds,
                              check=False)

    def tshark(self, capture, *arguments, plugin=True):
        """What tshark prints of a capture: a name of a shipped one, or a path.

        Of a shipped one the same is asked once: most of tshark's time goes into starting.
        """
        question = (str(capture), arguments, plugin)
        if question in self.answers:
            return self.answers[question]
        done = self.run("tshark", "-n", "-r", self.path(capture), *arguments, plugin=plugin)
        assert done.returncode == 0, done.stderr
        if not isinstance(capture, Path):
            self.answers[question] = done.stdout
        return done.stdout

    def refused(self, capture, report):
        """The one line with which tshark refuses to print a report."""
        done = self.run("tshark", "-n", "-r", self.path(capture), "-q", "-z", report)
        lines = [line for line in done.stderr.splitlines()
                 if not line.startswith("Running as user")]
        assert (done.returncode, done.stdout, len(lines)) == (1, "", 1), done.stdout + done.stderr
        return lines[0]

    def path(self, capture):
        return capture if isinstance(capture, Path) else self.captures / f"{capture}.pcapng"

    def fields(self, capture, names, *arguments):
        """A row a frame: the values of the fields, several in one frame joined by commas."""
        command = ["-T", "fields", "-E", "occurrence=a"]
        for name in names:
            command += ["-e", name]
        lines = self.tshark(capture, *arguments, *command).splitlines()
        return [tuple(line.split("\t")) for line in lines]

    def filtered(self, capture, display_filter, *fields):
        """A row for each segment that the filter lets through in a second pass: the fields' values.

        All captures and filters are asked of one process.
        """
        self.filtering = self.filtering or Filtering(self)
        return self.filtering.rows(self.path(capture), display_filter, fields)

    def states(self, capture, *arguments):
        """frame number -> (client's state, server's state)"""
        names = ("frame.number", "tcpclose.client.state", "tcpclose.server.state")
        rows = self.fields(capture, names, *arguments)
        return {int(frame): (client, server) for frame, client, server in rows}

    @functools.cache
    def reports(self):
        """What -z takes for each report of the plugin, as tshark lists them."""
        listed = self.run("tshark", "-r", self.path("refused"), "-z", "help").stderr
        names = re.findall(r"^\s*(tcpclose,\w+|flow,tcpclose)$", listed, re.MULTILINE)
        assert {"tcpclose,streams", "flow,tcpclose"} <= set(names), listed
        return [name + REPORT_ARGUMENTS.get(name, "") for name in names]

    def sharkd(self, *requests):
        """The results of the requests (method, parameters), all in one process."""
        lines = [json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
                 for number, (method, params) in enumerate(requests, 1)]
        done = self.run("sharkd", "-", stdin="\n".join(lines) + "\n")
        answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        assert len(answers) == len(requests), done.stdout + done.stderr
        return [answer.get("result", answer) for answer in answers]


class Filtering:
    """A sharkd that filters one capture after the other: most of tshark's time goes into starting."""

    def __init__(self, wireshark):
        # pylint: disable-next=consider-using-with
        self.process = subprocess.Popen(as_nobody(["sharkd", "-"]), stdin=subprocess.PIPE, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        env=wireshark.environment())
        self.loaded = None
        self.loads = 0

    def close(self):
        self.process.stdin.close()
        self.process.wait(SECONDS)
        self.process.stdout.close()

    def ask(self, method, **parameters):
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
        print(json.dumps(request), file=self.process.stdin, flush=True)
        line = next((line for line in self.process.stdout if line.startswith("{")), "{}")
        answer = json.loads(line)
        assert "result" in answer, (request, line)
        return answer["result"]

    def rows(self, path, display_filter, fields):
        if path != self.loaded:
            self.ask("load", file=str(path))
            self.loaded, self.loads = path, self.loads + 1
        # It remembers what a filter let through, also of the file before: spaces make it another one.
        columns = {f"column{number}": f"{field}:0" for number, field in enumerate(fields)}
        frames = self.ask("frames", filter=display_filter + " " * self.loads, **columns)
        return [tuple(frame["c"]) for frame in frames]
