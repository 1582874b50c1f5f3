# SPDX-License-Identifier: GPL-2.0-or-later
"""Every command in the README is run, and prints what the README says. TCPCLOSE_GOLDEN=write puts what is
printed into the README and its translation, as test_golden.py does with its files.

A block ```console is a session, run by bash: lines with "$ ", those with "> " go on; between them is what
is printed, but for blank lines at its ends. A block ```sh has commands to be completed: CAPTURE, STREAM and
so on. A block ```python or ```lua is a file that a session uses.
"""
import os
import re
import shutil
from pathlib import Path

import pytest

from wireshark import PROJECT

README = PROJECT / "README.md"
TRANSLATION = PROJECT / "plugin" / "README.zh.md"
TEXT = README.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
SESSIONS = [body for kind, body in BLOCKS if kind == "console"]
FILES = {"python": "closers.py", "lua": "causes.lua"}

# What stands for something in a command, and one such thing.
COMPLETED = {"tcpdump -w - tcp": "cat CAPTURE", "tcpdump -U -w - tcp": "cat CAPTURE",
             "-i INTERFACE": "-r CAPTURE",
             "ring_*.pcap": "captures/tw_*.pcapng", "SECONDS": "0.5", "STREAM": "0", "[,FILTER]": ",tcp",
             "-o FOLDER CAPTURE": "--force -o FOLDER CAPTURE && ls FOLDER"}
# A command finds something in one of them.
CAPTURES = ("storm_lossy", "close_wait_alarm")

# What builds, installs or tests is run by other tests: as test_install.py, test_package.py, and run.sh
# runs this.
OTHER_TESTS = ("captures/demo.sh", "tests/run.sh", "cmake ", "sudo cmake ", "cpack ")

COMMANDS = [command.partition("  #")[0].strip()
            for kind, body in BLOCKS if kind == "sh"
            for command in re.sub(r"\\\n *", "", body).splitlines()]
RUN_HERE = [command for command in COMMANDS if not command.startswith(OTHER_TESTS)]


@pytest.fixture(scope="module", name="shell")
def fixture_shell(wireshark):
    """What a command prints, in a folder that has captures/, the files, and the program tcpclose."""
    folder = wireshark.folder / "readme"
    folder.mkdir()
    (folder / "captures").symlink_to(wireshark.captures)
    for kind, body in BLOCKS:
        if kind in FILES:
            (folder / FILES[kind]).write_text(body, encoding="utf-8")
    build = Path(os.environ.get("TCPCLOSE_BUILD", PROJECT / "build"))
    shutil.copy2(build / "tcpclose", folder)
    (folder / "tcpclose").chmod(0o755)
    folder.chmod(0o777)
    path = f"{folder}:{wireshark.environment()['PATH']}"

    def run(command):
        done = wireshark.run("bash", "-c", f"cd '{folder}' && set -o pipefail\n{command}", PATH=path)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        return done.stdout
    return run


def replayed(shell, session):
    """The session with what its commands print now."""
    commands = re.findall(r"^\$ (.*\n(?:> .*\n)*)", session, re.MULTILINE)
    told = []
    for command in commands:
        printed = shell(command.replace("\n> ", "\n")).strip("\n")
        lines = [line.rstrip() for line in printed.split("\n")]
        told.append("$ " + command + "".join(f"{line}\n" for line in lines if printed))
    return "\n".join(told)


def test_there_are_sessions_and_commands():
    assert len(SESSIONS) >= 15
    assert len(RUN_HERE) >= 15
    assert all(name in TEXT for name in FILES.values())


@pytest.mark.parametrize("number", range(len(SESSIONS)))
def test_session_prints_what_the_readme_says(shell, number):
    said, printed = SESSIONS[number], replayed(shell, SESSIONS[number])
    if os.environ.get("TCPCLOSE_GOLDEN") == "write":
        for path in (README, TRANSLATION):
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace(f"```console\n{said}```", f"```console\n{printed}```"), encoding="utf-8")
        return
    assert printed == said


@pytest.mark.parametrize("command", RUN_HERE)
def test_command_prints_something(shell, command):
    for name, value in COMPLETED.items():
        command = command.replace(name, value)
    written = re.search(r" > (\S+)$", command)
    if written:
        command += f" && cat {written[1]}"
    assert any(shell(command.replace("CAPTURE", f"captures/{capture}.pcapng")) for capture in CAPTURES)


@pytest.mark.parametrize("capture", ["storm_lossy", "storm_clean", "parallel_v6", "capture_gap", "old_dups",
                                     "half_close_client"])
def test_the_lean_recipe_prints_the_same_rows(shell, capture):
    [lean] = [command for command in RUN_HERE if "tcp.desegment_tcp_streams" in command]
    lean = lean.replace("CAPTURE", f"captures/{capture}.pcapng")
    plain = re.sub(r" -o \S+", "", lean)
    assert plain.count(" -o ") == 0 < lean.count(" -o ")
    assert shell(lean) == shell(plain) != ""


def test_blocks_of_other_kinds_hold_no_commands():
    assert {kind for kind, _ in BLOCKS} <= {"console", "sh", *FILES}


def test_no_line_is_too_wide():
    assert not [line for line in TEXT.splitlines() if len(line) > 120]


def test_links_lead_somewhere():
    """Files from the file's folder, and headings as GitHub names them."""
    for path in (README, TRANSLATION):
        text = path.read_text(encoding="utf-8")
        outside = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
        headings = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
                    for heading in re.findall(r"^#+ (.*)$", outside, re.MULTILINE)}
        links = re.findall(r"\]\(([^)\s]+)\)", outside)
        assert len(links) > 20
        broken = [link for link in links if not link.startswith("https://") and
                  (link[1:] not in headings if link.startswith("#") else not (path.parent / link).exists())]
        assert not broken
