# SPDX-License-Identifier: GPL-2.0-or-later
"""Who has made a RST, and what later segments say of it."""

FIELDS = ["tcpclose.rst.verdict", "tcpclose.rst.forged", "tcpclose.rst.trigger",
          "tcpclose.rst.challenge", "tcpclose.rst.refuted_in"]
NEXT = "its number is neither its sender's next nor one that the peer has acknowledged"
BOOLEANS = {"True": "1", "False": "0"}  # Wireshark 4.4 and newer
GOES_ON = "its sender goes on as if it had not sent it"


def resets(wireshark, capture, *arguments):
    """frame -> the fields above, without those that are not there"""
    rows = wireshark.fields(capture, ["frame.number", *FIELDS], "-Y", "tcp.flags.reset == 1",
                            *arguments)
    return {int(row[0]): {name.rsplit(".", 1)[1]: BOOLEANS.get(value, value)
                          for name, value in zip(FIELDS, row[1:], strict=True) if value}
            for row in rows}


def evidence(wireshark, capture, frame, *arguments):
    rows = wireshark.fields(capture, ["tcpclose.rst.evidence"], "-Y", f"frame.number == {frame}",
                            *arguments)
    return rows[0][0]


def test_a_challenged_rst_links_its_challenge_ack_with_two_passes(wireshark):
    assert resets(wireshark, "rst_inwindow")[8] == {"verdict": "challenge", "forged": "1"}
    assert resets(wireshark, "rst_inwindow", "-2")[8] == {"verdict": "challenge", "forged": "1",
                                                          "challenge": "9"}


def test_a_rst_that_was_lost_is_ignored_with_two_passes(wireshark):
    assert resets(wireshark, "storm_lossy")[486] == {"verdict": "accepted", "forged": "0"}
    assert resets(wireshark, "storm_lossy", "-2")[486] == {"verdict": "ignored", "forged": "0",
                                                           "refuted_in": "533"}


def test_a_sender_that_goes_on_shows_that_a_rst_was_forged(wireshark):
    first = evidence(wireshark, "rst_fw2_orphan_inexact", 10)
    second = evidence(wireshark, "rst_fw2_orphan_inexact", 10, "-2")
    assert first.startswith(NEXT) and GOES_ON not in first
    assert GOES_ON in second
    # its receiver has taken it all the same
    assert resets(wireshark, "rst_fw2_orphan_inexact", "-2")[10] == {
        "verdict": "accepted", "forged": "1", "refuted_in": "11"}


def test_a_refusal_links_the_syn(wireshark):
    assert resets(wireshark, "refused")[2] == {"verdict": "accepted", "forged": "0", "trigger": "1"}


def test_a_stream_that_a_forged_rst_ended_was_reset_by_the_network(wireshark):
    rows = wireshark.fields("rst_fw2_orphan_inexact", ["tcpclose.reset_by"], "-2")
    assert set(rows) == {("network",)}
