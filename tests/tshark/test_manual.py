# SPDX-License-Identifier: GPL-2.0-or-later
"""The manual pages, tcpclose(7) and tcpclose(1), against what plugin and program have."""
import re
import shutil
import subprocess

import pytest

from wireshark import PROJECT, built_plugins

PAGES = [PROJECT / "plugin" / "package" / f"tcpclose.{section}" for section in (1, 7)]
OF_PROGRAM, TEXT = (page.read_text(encoding="utf-8").replace("\\-", "-") for page in PAGES)


def test_every_report_is_described(wireshark):
    known = re.findall(r"^\s+(tcpclose,\w+)", wireshark.run("tshark", "-z", "help").stderr, re.M)
    described = re.findall(r"^\.TP\n\.BI? (tcpclose,\w+)", TEXT, re.M)
    assert len(known) > 5
    assert sorted(described) == sorted(known)


def test_every_field_and_preference_is_one_of_the_plugins(wireshark):
    fields = wireshark.run("tshark", "-G", "fields").stdout + wireshark.run("tshark", "-G", "currentprefs").stdout
    named = set(re.findall(r"\btcpclose\.[a-z0-9_.]*[a-z0-9_]", TEXT))
    assert len(named) > 10
    assert not [name for name in named if not re.search(rf"\b{re.escape(name)}\b", fields)]


def test_every_preference_and_longer_report_is_described(wireshark):
    preferences = re.findall(r"^#?(tcpclose\.\w+):", wireshark.run("tshark", "-G", "currentprefs").stdout, re.M)
    program = built_plugins().parent / "tcpclose"
    asked = subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout
    longer = [f"tcpclose,{name},{more}" if name != "occupancy" else "tcpclose,occupancy"
              for name, more in re.findall(r"(\w+)\[,(\w+)\]", asked)]
    assert len(preferences) > 5 and len(longer) > 3
    assert not [name for name in preferences + longer if not re.search(rf"\b{re.escape(name)}\b", TEXT)]


@pytest.mark.parametrize("arguments", [[], ["split"]], ids=["reports", "split"])
def test_every_option_of_the_program_is_described(arguments):
    program = built_plugins().parent / "tcpclose"
    asked = subprocess.run([program, *arguments, "--help"], capture_output=True, text=True, check=True).stdout
    of_reports, of_split = OF_PROGRAM.split(".SH SPLIT\n")
    known = re.findall(r"^  (?:-\w, )?(--[a-z-]+)", asked, re.M)
    described = re.findall(r"^\.TP\n\.(?:BI?|BR -\w ,\\~) (--[a-z-]+)", of_split if arguments else of_reports,
                           re.M)
    assert len(known) >= 5
    assert sorted(described) == sorted(set(known) - ({"--help"} if arguments else set()))


@pytest.mark.skipif(not shutil.which("man"), reason="no man")
@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_man_has_nothing_to_complain_of(page):
    done = subprocess.run(["man", "--warnings", "-Tutf8", "-l", page], capture_output=True, text=True,
                          env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANROFFSEQ": ""}, check=False)
    assert (done.returncode, done.stderr) == (0, "")
