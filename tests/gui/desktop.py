# SPDX-License-Identifier: GPL-2.0-or-later
"""A Wireshark with a screen (Xvfb) and a session bus to itself, and someone to work it."""
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from wireshark import NOBODY, as_nobody

READER = Path(__file__).with_name("accessibility.py")
SCREEN = "4000x1000x24"  # wide enough for every column of a table
SECONDS = 300  # nothing takes that long, but a large capture on a busy machine


def wait_for(what, condition):
    """The condition's first true answer."""
    end = time.monotonic() + SECONDS
    while not (answer := condition()):
        if time.monotonic() > end:
            raise TimeoutError(f"waited {SECONDS} s for {what}")
        time.sleep(0.05)
    return answer


class Refusal(Exception):
    """What was asked for is not there, or does not work now."""


class Desktop(contextlib.ExitStack):
    """A running Wireshark; whatever it takes ends with the `with` block.

    arguments are those of the command line, title is a part of the main window's once it is ready;
    profile is the folder of a configuration profile, to start with.
    """

    def __init__(self, programs, arguments, title, profile=None):
        super().__init__()
        self.programs = programs
        self.title = title
        self.dialogs = {}
        self.home = self._make_home(profile)
        if profile:
            arguments = ["-C", profile.name, *arguments]
        self.environment = {
            **programs.environment(), "HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.home),
            "TMPDIR": str(self.home),
            "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        }
        with contextlib.ExitStack() as undo:
            undo.push(self)
            self.environment["DISPLAY"] = self._start_screen()
            self.environment["DBUS_SESSION_BUS_ADDRESS"] = self._start_bus()
            self.wireshark = self._start(["wireshark", "-n", *arguments])
            self.wait_for_window(title)
            # The text, not its path: the checkout may be closed to the session's user.
            self.reader = self._start([sys.executable, "-c", READER.read_text(encoding="utf-8")],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            wait_for("Wireshark's accessibility tree", lambda: self.has_window(title))
            undo.pop_all()

    # ---- starting ----

    def _make_home(self, profile):
        home = self.programs.folder / f"desktop-{time.monotonic_ns()}"
        home.mkdir(mode=0o700)
        if profile:
            shutil.copytree(profile, home / ".config" / "wireshark" / "profiles" / profile.name)
        if os.geteuid() == 0:
            for path in (home, *home.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
        return home

    def _start(self, command, **options):
        options = {"stdin": subprocess.DEVNULL, **options}
        process = subprocess.Popen(as_nobody(command), env=self.environment, **options)
        self.callback(self._stop, process)
        return process

    @staticmethod
    def _stop(process):
        with process:  # closes its pipes
            process.terminate()
            try:
                process.wait(SECONDS)
            finally:
                process.kill()

    def _start_screen(self):
        read, write = os.pipe()
        with os.fdopen(read) as number:
            self._start(["Xvfb", "-displayfd", write, "-screen", "0", SCREEN, "-nolisten", "tcp",
                         "-noreset"],
                        pass_fds=[write])
            os.close(write)
            return f":{number.readline().strip()}"

    def _start_bus(self):
        bus = self._start(["dbus-daemon", "--session", "--nofork", "--print-address"],
                          stdout=subprocess.PIPE, text=True)
        return bus.stdout.readline().strip()

    # ---- X ----

    def xdotool(self, *words):
        """True if it has done it."""
        return subprocess.run(as_nobody(["xdotool", *words]), env=self.environment, check=False,
                              stdout=subprocess.DEVNULL, timeout=SECONDS).returncode == 0

    def wait_for_window(self, title):
        def is_there():
            if self.wireshark.poll() is not None:
                raise RuntimeError(f"wireshark has ended with {self.wireshark.returncode}")
            return self.xdotool("search", "--onlyvisible", "--name", title)
        wait_for(f"window {title!r}", is_there)

    def resize(self, title, width, height):
        """Puts the window on top, into the screen's upper left corner, that wide and high."""
        self.xdotool("search", "--onlyvisible", "--name", title, "windowraise", "windowmove", 0, 0,
                     "windowsize", width, height)
        wait_for(f"the new size of {title!r}",
                 lambda: self.ask("area", title) == [0, 0, width, height])

    def answer(self, title, *keys):
        """By the keyboard: of a window that comes after one was closed, Qt 5 forgets to tell."""
        self.xdotool("search", "--onlyvisible", "--name", title, "windowfocus")
        self.xdotool("sleep", "0.5", *keys)

    def click(self, area):
        left, top, width, height = area
        self.xdotool("mousemove", left + width // 2, top + height // 2, "click", 1)

    # ---- the accessibility tree ----

    def ask(self, verb, *arguments):
        """The answer of accessibility.py."""
        print(json.dumps([verb, *arguments]), file=self.reader.stdin, flush=True)
        said = json.loads(self.reader.stdout.readline())
        if "error" in said:
            raise Refusal(said["error"])
        return said["answer"]

    def has_window(self, title):
        return any(title in name for name in self.ask("windows"))

    def wait_for_packets(self, what, number):
        """As the status bar says: what is "Packets" or "Displayed"."""
        numbers = re.compile(rf"{what}: {number}\b")
        wait_for(f"{what}: {number} in the status bar", lambda: any(
            label.startswith("Packets: ") and numbers.search(label)
            for label in self.ask("labels", self.title)))

    def open_flow_graph(self, flow_type):
        """Statistics, Flow Graph, of that type. Returns the window's title."""
        title = "Wireshark · Flow"
        self.ask("choose", "Statistics", "Flow Graph")
        wait_for("the flow graph", lambda: self.has_window(title))
        self.resize(title, 756, 440)
        self.click(self.ask("area", title, "All Flows"))
        self.xdotool("sleep", "0.5", "type", flow_type)
        self.xdotool("key", "Return")
        wait_for(f"flow type {flow_type!r}", lambda: self.ask("area", title, flow_type)[2])
        return title

    def open_tree(self):
        """Statistics, TCP Close Pattern Tree. Returns the window's title."""
        title = "TCP Close Pattern Tree"
        self.ask("choose", "Statistics", title)
        wait_for("the pattern tree", lambda: self.has_window(title))
        return title

    def find_packets(self, cell):
        """Statistics, TCP Close Find, of what a cell of a report says."""
        title = "TCP Close Find"
        self.ask("choose", "Statistics", *path_of(title, self.programs.release))
        self.wait_for_window(title)
        self.answer(title, "key", "shift+Tab")  # the buttons come before the line
        self.answer(title, "type", cell)
        self.answer(title, "key", "Return")
        wait_for("the end of the question",
                 lambda: not self.xdotool("search", "--onlyvisible", "--name", title))

    def dialog(self, entry):
        """The one by that name in the Statistics menu, without a filter.

        It stays open: of the windows that come after one was closed, Qt 5 forgets to tell.
        """
        if entry in self.dialogs:
            self.dialogs[entry].apply("")
        else:
            path = path_of(entry, self.programs.release)
            title = "/".join(path)
            self.ask("choose", "Statistics", *path)
            wait_for(f"dialog {title!r}", lambda: self.has_window(title))
            self.dialogs[entry] = Dialog(self, title)
            self.dialogs[entry].wait_until_filled()
        return self.dialogs[entry]


def path_of(entry, release):
    """Wireshark 4.6 makes a submenu of the dialogs, earlier releases have them side by side."""
    return entry.rsplit(" ", 1) if release >= (4, 6) else [entry]


def plain(cell):
    return re.sub("^>= +", ">=", cell.strip())


class Dialog:
    """A table that Wireshark fills from a tap, with a line for a filter."""

    def __init__(self, desktop, title):
        self.desktop = desktop
        self.title = title

    def ask(self, verb, *arguments):
        return self.desktop.ask(verb, self.title, *arguments)

    def wait_until_filled(self):
        """Wireshark disables the button for as long as it reads the capture again."""
        wait_for(f"the rows of {self.title!r}", lambda: self.ask("is_idle", "Apply"))

    def enter_filter(self, display_filter):
        self.ask("enter", "Display filter entry", display_filter)

    def apply(self, display_filter):
        self.enter_filter(display_filter)
        self.ask("press", "Apply")
        self.wait_until_filled()

    def titles(self):
        """Without the room for the mark of the order."""
        return [title.strip() for title in self.ask("titles", "")]

    def rows(self):
        """Without the blanks that numbers are filled up with."""
        return [[plain(cell) for cell in row] for row in self.ask("rows", "")]

    def row_count(self):
        return self.ask("row_count", "")

    def column(self, index):
        return [plain(cell) for cell in self.ask("column", "", index)]

    def resize(self, width, height):
        self.desktop.resize(self.title, width, height)

    def title_width(self, index):
        return self.ask("title_area", "", index)[2]

    def sort_by(self, index):
        """Clicks the title of the column, which has to be on the screen: once, for rising order."""
        self.desktop.click(self.ask("title_area", "", index))
