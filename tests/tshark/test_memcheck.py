# SPDX-License-Identifier: GPL-2.0-or-later
"""tshark with the plugin under valgrind: no error and no lost memory with the plugin's code in its
stack. What Wireshark does alone is not ours to judge."""
import os
import shutil
import xml.etree.ElementTree as xml

import pytest

SECONDS = 1500

pytestmark = [pytest.mark.skipif(not shutil.which("valgrind"), reason="valgrind is not installed"),
              pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="valgrind needs /proc")]


def errors_of_the_plugin(report):
    """One line for each error of valgrind's XML report that has the plugin in a stack."""
    found = []
    for error in xml.fromstring(report).iter("error"):
        frames = list(error.iter("frame"))
        if any((frame.findtext("obj") or "").endswith("/tcpclose.so") for frame in frames):
            ours = [f"{frame.findtext('fn')} ({frame.findtext('file')}:{frame.findtext('line')})"
                    for frame in frames if (frame.findtext("obj") or "").endswith("/tcpclose.so")]
            found.append(f"{error.findtext('kind')} in {', '.join(ours)}")
    return found


def test_report_is_understood():
    report = """<valgrindoutput><error><kind>Leak_DefinitelyLost</kind><stack>
        <frame><obj>/usr/lib/libglib-2.0.so.0</obj><fn>g_malloc</fn></frame>
        <frame><obj>/x/plugins/4.0/epan/tcpclose.so</obj><fn>file_open</fn></frame></stack></error>
        <error><kind>UninitCondition</kind><stack><frame><obj>/usr/bin/tshark</obj></frame></stack>
        </error></valgrindoutput>"""
    assert errors_of_the_plugin(report) == ["Leak_DefinitelyLost in file_open (None:None)"]


@pytest.mark.parametrize("capture,arguments", [
    ("parallel_v6", ["-V"]),
    ("forged_syn_established", ["-2", "-V"]),
    ("storm_lossy", ["-2", "-q", "-z", "tcpclose,streams"]),
    ("storm_clean", ["-q", "-z", "tcpclose,patterns", "-z", "tcpclose,states"]),
    ("tw_expiry_reuse", ["-q", "-z", "tcpclose,hosts", "-z", "tcpclose,occupancy,1",
                         "-z", "tcpclose,tree"]),
    ("tw_reuse_server_tw", ["-q", "-z", "tcpclose,csv", "-z", "tcpclose,json"]),
    ("half_close_client", ["-2", "-q", "-z", "flow,tcpclose,network"]),
])
def test_no_error_in_the_plugin(wireshark, capture, arguments):
    report = wireshark.home / f"{capture}.xml"
    done = wireshark.run(
        "valgrind", "--tool=memcheck", "--xml=yes", f"--xml-file={report}", "--leak-check=full",
        "--show-leak-kinds=definite", "--keep-debuginfo=yes", "--error-limit=no",
        "--num-callers=40", "tshark", "-n", "-r", wireshark.path(capture), *arguments,
        seconds=SECONDS,
        # Allocations of a packet and of a file one by one, so that valgrind sees them.
        WIRESHARK_DEBUG_WMEM_OVERRIDE="simple", G_SLICE="always-malloc")
    assert done.returncode == 0, done.stderr
    assert done.stdout
    errors = errors_of_the_plugin(report.read_text())
    assert not errors, "\n".join(errors)
