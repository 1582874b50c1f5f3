# SPDX-License-Identifier: GPL-2.0-or-later
"""Two copies of the plugin under different file names: one works, and a line says so."""
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

SAID = ('tcpclose: a second copy of this plugin was found and is not used. Remove one of the files: '
        '"tshark -G plugins" or Help, About, Plugins lists them.')


@pytest.fixture(name="run", params=["in one folder", "in the user's folder too"])
def fixture_run(wireshark, request):
    """Runs a program that finds two copies."""
    folder = Path(tempfile.mkdtemp(dir=wireshark.made))
    home = folder / "home"
    shutil.copytree(wireshark.plugins, folder / "plugins")
    [module] = (folder / "plugins").glob("*/epan/tcpclose.so")
    other = module.parent
    if request.param != "in one folder":
        other = home / ".local/lib/wireshark" / other.relative_to(folder)
        other.mkdir(parents=True)
    shutil.copy(module, other / "tcpclose-old.so")
    subprocess.run(["chmod", "-R", "a+rX", folder], check=True)

    def run(program, *arguments, **more):
        return wireshark.run(program, *arguments, WIRESHARK_PLUGIN_DIR=str(folder / "plugins"), HOME=str(home),
                             **more)
    listed = run("tshark", "-G", "plugins").stdout
    assert "/tcpclose.so" in listed and "/tcpclose-old.so" in listed
    return run


def lines_of(done):
    return [line for line in done.stderr.splitlines() if "tcpclose: " in line or "uplicate" in line]


@pytest.mark.parametrize("arguments", [
    ["-T", "fields", "-e", "frame.number", "-e", "tcpclose.pattern", "-e", "tcpclose.client.state"],
    ["-q", "-z", "tcpclose,streams"],
    ["-q", "-z", "tcpclose,tree"],
    ["-2", "-V", "-O", "tcpclose"],
    ["-o", "tcpclose.two_msl:30", "-q", "-z", "tcpclose,states"],
])
def test_tshark_prints_what_it_prints_with_one_copy(wireshark, run, arguments):
    done = run("tshark", "-n", "-r", wireshark.path("four_way_client"), *arguments)
    assert done.returncode == 0, done.stderr
    assert lines_of(done) == [f"tshark: {SAID}"]
    assert done.stdout == wireshark.tshark("four_way_client", *arguments) != ""


def test_sharkd_says_and_does_the_same(wireshark, run):
    requests = [("load", {"file": str(wireshark.path("four_way_client"))}), ("tap", {"tap0": "stat:tcpclose"})]
    lines = [json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
             for number, (method, params) in enumerate(requests, 1)]
    done = run("sharkd", "-", stdin="\n".join(lines) + "\n")
    assert lines_of(done) == [f"sharkd: {SAID}"]
    answers = [json.loads(line).get("result") for line in done.stdout.splitlines() if line.startswith("{")]
    assert answers == wireshark.sharkd(*requests)
