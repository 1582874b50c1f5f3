# SPDX-License-Identifier: GPL-2.0-or-later
"""Several files, and preferences that change, in the life of one process."""
import re

COLUMNS = {"column0": "tcpclose.client.state:1", "column1": "tcpclose.server.state:1"}


def load(wireshark, capture):
    return ("load", {"file": str(wireshark.path(capture))})


def states_of(frames):
    return {frame["num"]: tuple(frame["c"]) for frame in frames}


def test_second_file_knows_nothing_of_the_first(wireshark):
    """Frame and stream numbers are the same in both; so are addresses and ports."""
    answers = wireshark.sharkd(load(wireshark, "tw_reuse_server_tw"), ("frames", COLUMNS),
                               load(wireshark, "simul_close"), ("frames", COLUMNS),
                               load(wireshark, "tw_reuse_server_tw"), ("frames", COLUMNS))
    assert states_of(answers[1]) == wireshark.states("tw_reuse_server_tw")
    assert states_of(answers[3]) == wireshark.states("simul_close")
    assert answers[5] == answers[1]


def test_preference_counts_from_the_next_load_on(wireshark):
    verdicts = ("frames", {"column0": "tcpclose.rst.verdict:1"})
    setting = {"name": "tcpclose.rst_policy", "value": "rfc793"}
    answers = wireshark.sharkd(load(wireshark, "rst_inwindow"), verdicts, ("setconf", setting),
                               load(wireshark, "rst_inwindow"), verdicts)
    first, second = ([frame["c"][0] for frame in frames if frame["c"][0]]
                     for frames in (answers[1], answers[4]))
    assert first[0] == "challenge"
    assert second[0] == "suspect"  # accepted under that policy, and in hindsight not taken


def test_any_frame_can_be_asked_for_again(wireshark):
    """Redissection comes in the order that the user clicks."""
    wanted = [11, 3, 9, 8, 10, 9]
    frames = [("frame", {"frame": number, "proto": True}) for number in wanted]
    answers = wireshark.sharkd(load(wireshark, "four_way_client"), *frames)
    states = wireshark.states("four_way_client")
    for number, answer in zip(wanted, answers[1:]):
        client, server = states[number]
        text = str(answer)
        assert f"Client state: {client}" in text
        assert f"Server state: {server}" in text


def test_dialog_has_the_cells_of_the_report(wireshark):
    """The dialog's table is what sharkd's tap answers; tshark prints the same rows."""
    tap = ("tap", {"tap0": "nstat:tcpclose,streams"})
    table = wireshark.sharkd(load(wireshark, "parallel_v6"), tap)[1]["taps"][0]["tables"][0]
    cells = [[str(cell).strip() for cell in row if str(cell).strip()] for row in table["i"]]
    report = wireshark.tshark("parallel_v6", "-q", "-z", "tcpclose,streams,wide")
    printed = [[cell for cell in re.split("  +", line.strip()) if cell != "-"]
               for line in report.splitlines() if line.split()[:1] and line.split()[0].isdigit()]
    assert printed
    assert cells == printed
