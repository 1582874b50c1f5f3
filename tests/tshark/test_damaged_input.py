# SPDX-License-Identifier: GPL-2.0-or-later
"""What tshark says of a damaged file, it says with the plugin too: same words, same status. A segment
whose payload is damaged counts all the same."""
import pytest

import rewrap

DAMAGED = {
    "cut_in_a_record": lambda whole: whole[:len(whole) - 30],
    "cut_in_the_first_record": lambda whole: whole[:100],
    "empty": lambda whole: b"",
    "text": lambda whole: b"This is no capture.\n" * 10,
    "header_only": lambda whole: whole[:60],
    "length_beyond_reason": lambda whole: whole[:-4] + b"\xff\xff\xff\x7f",
}


@pytest.mark.parametrize("passes", [[], ["-2"]], ids=["one_pass", "two_passes"])
@pytest.mark.parametrize("damage", DAMAGED)
def test_same_words_and_status_as_without_the_plugin(wireshark, damage, passes):
    path = wireshark.made / f"{damage}.pcapng"
    path.write_bytes(DAMAGED[damage](wireshark.path("four_way_client").read_bytes()))
    path.chmod(0o644)
    command = ["tshark", "-n", "-r", path, *passes]
    with_plugin = wireshark.run(*command)
    without = wireshark.run(*command, plugin=False)
    assert (with_plugin.returncode, with_plugin.stdout, with_plugin.stderr) == (
        without.returncode, without.stdout, without.stderr)
    assert with_plugin.returncode >= 0, "ended by a signal"


def test_frames_before_the_damage_are_analysed(wireshark):
    path = wireshark.made / "cut_in_a_record.pcapng"
    whole = wireshark.path("four_way_client").read_bytes()
    path.write_bytes(DAMAGED["cut_in_a_record"](whole))
    path.chmod(0o644)
    done = wireshark.run("tshark", "-n", "-r", path, "-T", "fields", "-e", "tcpclose.client.state")
    assert done.stdout.split()[-2:] == ["FIN_WAIT_2", "TIME_WAIT"]
    assert "cut short" in done.stderr


@pytest.mark.parametrize("passes", [[], ["-2"]], ids=["one_pass", "two_passes"])
def test_segment_counts_when_the_dissection_of_its_payload_fails(wireshark, passes):
    """What the FIN carries is no NTP: Wireshark's dissector gives up with an exception."""
    path = wireshark.made / "payload.pcap"
    frames = [(0, rewrap.tcp_ipv4(50000, 123, 1, 1, 0x11, b"\0\1\2\3\x81")),
              (1000000, rewrap.tcp_ipv4(50000, 123, 7, 1, 0x10))]
    rewrap.write_capture(path, rewrap.RAW, frames)
    path.chmod(0o644)
    names = ["tcpclose.client.state", "tcpclose.server.state"]
    assert wireshark.fields(path, ["frame.number"], "-Y", "_ws.malformed") == [("1",)]
    assert wireshark.fields(path, names, *passes) == [("FIN_WAIT_1", "CLOSE_WAIT")] * 2
