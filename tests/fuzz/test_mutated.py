# SPDX-License-Identifier: GPL-2.0-or-later
"""Damaged captures through the sanitized plugin, in every way of reading a file: no report of a
sanitizer, no exception blamed on the plugin, no hang. All shipped captures go in one file, so that
their streams get in each other's way; with TCPCLOSE_FUZZ_ALL also one by one, and with more seeds."""
import functools
import json

import pytest

from mutations import mutations, tool
from names import SHIPPED
from sanitized import (CUT_SHORT, EVERYTHING, UNREAD, check_reports_on_one_stream,
                       every_report)

MUTATIONS = mutations(range(1, 11) if EVERYTHING else (1,))
FIELDS = ("frame.number", "tcpclose.client.state", "tcpclose.server.state", "tcpclose.event",
          "tcpclose.rst.verdict", "tcpclose.fin.acks", "tcpclose.now.time_wait")


@pytest.fixture(scope="module", name="damaged")
def fixture_damaged(programs):
    """The file of a mutation of all captures (None) or of one."""
    together = programs.made / "all.pcapng"
    tool("mergecap", "-a", "-w", together, *(programs.path(name) for name in SHIPPED))

    @functools.cache
    def make(mutation, capture=None):
        path = programs.made / f"{capture}-{mutation}.pcapng"
        MUTATIONS[mutation](programs.path(capture) if capture else together, path)
        path.chmod(0o644)
        return path
    return make


# ---- ways of reading ----

def one_pass(programs, path):
    programs.check("tshark", "-n", "-r", path, "-q", *every_report(programs))


def two_passes(programs, path):
    programs.check("tshark", "-n", "-r", path, "-2", "-q", *every_report(programs))


def with_tree(programs, path):
    programs.check("tshark", "-n", "-r", path, "-2", "-V", *every_report(programs))


def with_fields(programs, path):
    """One pass, a filter that looks at the tree, and a report that has its own."""
    wanted = [word for field in FIELDS for word in ("-e", field)]
    programs.check("tshark", "-n", "-r", path, "-Y", "tcpclose.event || tcp.flags.fin == 1",
                   "-T", "fields", *wanted, "-z", "tcpclose,csv,tcp.stream < 50")


def dialogs(programs, path):
    """What the windows show, asked of sharkd; opened twice."""
    taps = {f"tap{i}": name for i, name in enumerate(programs.taps())}
    requests = [{"jsonrpc": "2.0", "id": i, "method": method, "params": parameters}
                for i, (method, parameters) in enumerate(
                    [("load", {"file": str(path)}), ("tap", taps), ("tap", taps),
                     ("tap", {"tap0": "expert"})], 1)]
    programs.check("sharkd", "-", stdin="\n".join(json.dumps(one) for one in requests) + "\n")


def command(programs, path):
    """The program that does without Wireshark's dissection."""
    for report in ("csv", "streams"):
        programs.check(programs.command(), report, path, accepted=(0, CUT_SHORT, UNREAD))


WAYS = (one_pass, with_tree, dialogs, command, check_reports_on_one_stream)
CASES = [(None, mutation, way) for mutation in MUTATIONS
         for way in (*WAYS, *((two_passes, with_fields) if EVERYTHING else ()))]
if EVERYTHING:
    CASES += [(name, mutation, with_tree) for name in SHIPPED for mutation in MUTATIONS]


@pytest.mark.parametrize("capture,mutation,way", CASES, ids=[
    f"{capture or 'all'}-{mutation}-{way.__name__}" for capture, mutation, way in CASES])
def test_nothing_is_found(programs, damaged, capture, mutation, way):
    way(programs, damaged(mutation, capture))
