# SPDX-License-Identifier: GPL-2.0-or-later
"""Each preference changes the answer."""


def events(wireshark, capture, *options):
    words = []
    for option in options:
        words += ["-o", option]
    rows = wireshark.fields(capture, ["tcpclose.event"], *words)
    return [event for row in rows for event in row[0].split(",") if event]


def test_two_msl_decides_between_expired_and_reuse(wireshark):
    default = events(wireshark, "tw_expiry_reuse")
    longer = events(wireshark, "tw_expiry_reuse", "tcpclose.two_msl:240")
    assert "time_wait_expired" in default and "time_wait_reuse" not in default
    assert "time_wait_reuse" in longer and "time_wait_expired" not in longer


def test_two_msl_ends_time_wait_earlier(wireshark):
    assert "time_wait_reuse" in events(wireshark, "tw_reuse_server_tw")
    assert "time_wait_expired" in events(wireshark, "tw_reuse_server_tw", "tcpclose.two_msl:0")


def test_rst_policy_decides_on_an_inexact_rst(wireshark):
    def verdicts(policy):
        rows = wireshark.fields("rst_inwindow", ["tcpclose.rst.verdict"],
                                "-Y", "tcp.flags.reset == 1", "-o", f"tcpclose.rst_policy:{policy}")
        return [row[0] for row in rows]

    assert verdicts("rfc5961")[0] == "challenge"
    assert verdicts("rfc793")[0] == "accepted"


def test_stack_decides_on_an_inexact_rst_for_an_orphan(wireshark):
    def first_verdict(stack):
        return wireshark.fields("rst_fw2_orphan_inexact",
                                ["tcpclose.rst.verdict", "tcpclose.dst.state"],
                                "-Y", "tcp.flags.reset == 1", "-o", f"tcpclose.stack:{stack}")[0]

    assert first_verdict("linux") == ("accepted", "CLOSED")
    assert first_verdict("bsd") == ("challenge", "FIN_WAIT_2")


def test_close_wait_alarm_has_its_length(wireshark):
    def is_raised(*options):
        return "close_wait_alarm" in events(wireshark, "close_wait_alarm", *options)

    assert is_raised()
    assert is_raised("tcpclose.close_wait_alarm:32")
    assert not is_raised("tcpclose.close_wait_alarm:40")


def test_info_column_is_left_alone_unless_asked_for(wireshark):
    with_plugin = wireshark.tshark("four_way_client")
    assert with_plugin == wireshark.tshark("four_way_client", plugin=False)


def test_info_column_tells_the_changes(wireshark):
    lines = wireshark.tshark("four_way_client", "-o", "tcpclose.info_column:TRUE").splitlines()
    assert lines[7].endswith("[client ESTABLISHED -> FIN_WAIT_1, server ESTABLISHED -> CLOSE_WAIT]")
    assert "[client" not in lines[4], "nothing changes here"
