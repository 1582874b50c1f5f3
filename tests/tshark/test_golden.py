# SPDX-License-Identifier: GPL-2.0-or-later
"""What each report prints of some captures, letter by letter.

golden/REPORT.CAPTURE.txt holds it, and golden/REPORT.CAPTURE.since_4_4.txt where Wireshark itself counts
other streams (names.py). After a change that is meant, write the files anew with TCPCLOSE_GOLDEN=write,
with 4.0 and with a newer Wireshark, and look at the difference before committing.
"""
import os

import pytest

from names import STREAMS_BEFORE_AND_SINCE_4_4, counted_otherwise
from wireshark import HERE

GOLDEN = HERE / "golden"

# report -> captures; see option_of for what it is called on the command line.
REPORTS = {
    "streams": ["four_way_client", "simul_close", "rst_inwindow", "tw_reuse_server_tw",
                "parallel_v6", "half_close_client"],
    "patterns": ["parallel_v6", "storm_lossy", "refused"],
    "states": ["parallel_v6", "storm_lossy", "tw_expiry_reuse", "refused"],
    "causes": ["parallel_v6", "late_data_closed", "close_wait_alarm", "refused"],
    "story": ["four_way_client", "half_close_client", "simul_close", "unread_close_server",
              "rst_inwindow", "tw_expiry_reuse"],
    "ladder": ["four_way_client", "four_way_v6", "simul_close", "half_close_client", "rst_inwindow",
               "tw_reuse_server_tw", "refused"],
}

CASES = [(report, capture) for report, captures in REPORTS.items() for capture in captures]


def option_of(report):
    if report == "ladder":
        return "flow,tcpclose,network"
    return f"tcpclose,{report}" + ",0" * (report == "story")


@pytest.mark.parametrize("report,capture", CASES)
@pytest.mark.parametrize("passes", [[], ["-2"]], ids=["one_pass", "two_passes"])
def test_report_is_as_it_was(wireshark, report, capture, passes):
    variant = ".since_4_4" if counted_otherwise(wireshark, capture) else ""
    golden = GOLDEN / f"{report}.{capture}{variant}.txt"
    printed = wireshark.tshark(capture, "-q", "-z", option_of(report), *passes)
    if os.environ.get("TCPCLOSE_GOLDEN") == "write" and not passes:
        GOLDEN.mkdir(exist_ok=True)
        golden.write_text(printed)
    assert printed == golden.read_text()


def test_no_golden_file_is_left_over():
    assert sorted(path.name for path in GOLDEN.iterdir()) == sorted(
        [f"{report}.{capture}.txt" for report, capture in CASES] +
        [f"{report}.{capture}.since_4_4.txt" for report, capture in CASES
         if capture in STREAMS_BEFORE_AND_SINCE_4_4])
