# SPDX-License-Identifier: GPL-2.0-or-later
"""Each cause has a capture that shows it: what kernels have made is told as it was."""
import re

import pytest

from names import CAUSES, counted_otherwise
from wireshark import CAPTURES, PROJECT

# capture -> the RSTs of these causes, in the order of frames: "!" behind those that are sure
OF_RSTS = {
    "accept_overflow": ["accept_overflow", "accept_overflow", "stray_after_close!"],
    "accept_overflow_v6": ["accept_overflow", "accept_overflow", "stray_after_close!"],
    "handshake_mismatch": ["handshake_mismatch!"],
    "handshake_mismatch_v6": ["handshake_mismatch!"],
    "keepalive_timeout": ["keepalive_timeout!"],
    "keepalive_timeout_v6": ["keepalive_timeout!"],
    "linger2": ["data_after_full_close"],
    "linger2_v6": ["abort!"],
    "mptcp_fastclose": ["abort!"],
    "nat_mismatch": ["nat_mismatch"],
}
# Where Wireshark begins a new stream at the SYN that comes again after the RST.
OF_RSTS_COUNTED_OTHERWISE = {"handshake_mismatch_v6": ["handshake_mismatch"]}
# cause -> a capture with a stream or a RST of it
SHOWN_BY = {
    "no_connection_seen": "rst_alone", "one_direction": "one_direction", "refused": "refused",
    "syn_unanswered": "syn_unanswered", "handshake_mismatch": "handshake_mismatch",
    "accept_overflow": "accept_overflow", "handshake_reset": "storm_clean",
    "middlebox_reset": "rst_fw2_orphan_inexact", "nat_mismatch": "nat_mismatch",
    "idle_close_race": "idle/idle_nginx", "data_after_full_close": "orphan_data_fw2",
    "keepalive_timeout": "keepalive_timeout", "connection_lost": "storm_lossy",
    "abort": "unread_close_server", "stray_after_close": "storm_lossy", "peer_vanished": "fin_unanswered",
    "application_did_not_close": "close_wait_alarm", "last_ack_lost": "last_ack_unanswered",
    "closed_without_reply": "storm_clean", "idle_close": "idle/idle_control",
    "normal_close": "four_way_client", "open_at_end": "mid_half_closed", "unknown": "odd_flags",
}
# Exchanges in tests/unit/test_cause.c show these: Linux gives up without a RST (tcp_write_err), and a peer
# that never closes takes half a minute.
IN_UNIT_TESTS = {"retransmission_timeout", "peer_never_closed"}


@pytest.mark.parametrize("capture", OF_RSTS)
def test_the_kernels_rsts_have_their_causes(wireshark, capture):
    rows = wireshark.fields(capture, ["tcpclose.rst.cause", "tcpclose.rst.cause.sure"], "-2", "-Y",
                            "tcpclose.rst.cause")
    expected = {**OF_RSTS, **OF_RSTS_COUNTED_OTHERWISE} if counted_otherwise(wireshark, capture) else OF_RSTS
    assert [cause + "!" * (sure in ("1", "True")) for cause, sure in rows] == expected[capture]


@pytest.mark.parametrize("cause", SHOWN_BY)
def test_a_capture_shows_the_cause(wireshark, cause):
    shown = f'tcpclose.cause == "{cause}" || tcpclose.rst.cause == "{cause}"'
    assert wireshark.filtered(CAPTURES / f"{SHOWN_BY[cause]}.pcapng", shown, "frame.number")


def test_no_cause_is_without_a_capture_or_a_reason():
    assert set(CAUSES) == SHOWN_BY.keys() | IN_UNIT_TESTS


def test_the_unit_tests_show_the_others():
    text = (PROJECT / "tests" / "unit" / "test_cause.c").read_text(encoding="utf-8")
    assert IN_UNIT_TESTS <= set(re.findall(r'\.cause = "(\w+)"', text))
