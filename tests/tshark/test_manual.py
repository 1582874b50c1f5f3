# SPDX-License-Identifier: GPL-2.0-or-later
"""The manual page, tcpclose(7), against what the plugin has."""
import re
import shutil
import subprocess

import pytest

from wireshark import PROJECT

PAGE = PROJECT / "plugin" / "package" / "tcpclose.7"
TEXT = PAGE.read_text(encoding="utf-8").replace("\\-", "-")


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


@pytest.mark.skipif(not shutil.which("man"), reason="no man")
def test_man_has_nothing_to_complain_of():
    done = subprocess.run(["man", "--warnings", "-Tutf8", "-l", PAGE], capture_output=True, text=True,
                          env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANROFFSEQ": ""}, check=False)
    assert (done.returncode, done.stderr) == (0, "")
