# SPDX-License-Identifier: GPL-2.0-or-later
"""What tshark says of a damaged file, it says with the plugin too: same words, same status."""
import pytest

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
