# SPDX-License-Identifier: GPL-2.0-or-later
"""What is told does not hang on how the capture was made: the shipped captures doubled, reordered, with
losses, cut off or begun late, against the same kernels' states."""
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "tshark"))

# pylint: disable=wrong-import-position
import derive
from names import SHIPPED
from test_kernel_states import NOT_KNOWABLE
from wireshark import CAPTURES, Wireshark

# way, snapshot length, percent of the knowable states that are right at least. As measured: swapped, 99.951,
# and a little less where Wireshark numbers streams as since 4.4. There, the same packets are mostly those of a
# loss behind the capture, or of a RST that was not taken. What is wrong of one missing is, but for some 20 of
# 752, what the same packets show of another world: a byte for the FIN, a FIN or RST behind a gap of the path
# and not of the capture, a FIN, RST or ACK that was lost before the capture; 99.011, and 98.990 since 4.4.
WAYS = {
    "as_it_is": (derive.as_it_is, None, 100),
    "doubled": (derive.doubled, None, 99.99),
    "swapped": (derive.swapped, None, 99.92),
    "one_missing": (derive.one_missing, None, 98.95),
    "begun_in_established": (derive.begun_in_established, None, 99.8),
    "cut_at_54": (derive.cut_at(54), 54, 99),
    "cut_at_64": (derive.cut_at(64), 64, 99),
    "cut_at_96": (derive.cut_at(96), 96, 99.9),
}


@pytest.fixture(scope="module", name="wireshark")
def fixture_wireshark():
    programs = Wireshark()
    yield programs
    programs.close()


def is_knowable(capture, row, side):
    return row[f"{side}_know"] == "y" and (capture, int(row["frame"]), side) not in NOT_KNOWABLE


@pytest.fixture(scope="module", name="whole")
def fixture_whole():
    """(capture, one of its connections as it was captured), of all captures"""
    return [(capture, take) for capture in SHIPPED
            for take in derive.connections(CAPTURES / f"{capture}.pcapng",
                                           CAPTURES / f"{capture}.truth.tsv")]


def compare(wireshark, way, whole, snapshot_length):
    """(capture, take, frame, endpoint, the kernel's state, the plugin's) of every knowable state; in one
    file, as most of tshark's time goes into starting"""
    takes = [(capture, take) for capture, connection in whole for take in way(connection) if take]
    path = derive.write_takes(wireshark.made / f"{way.__name__}.pcap", [take for _, take in takes],
                              snapshot_length)
    said = wireshark.fields(path, ("tcpclose.src.state", "tcpclose.dst.state"))
    path.unlink()
    shots = [(capture, number, shot) for number, (capture, take) in enumerate(takes) for shot in take]
    assert len(shots) == len(said)
    for (capture, number, shot), states in zip(shots, said):
        for side in "ab":
            if shot.counts and is_knowable(capture, shot.row, side):
                sender = shot.row["dir"][0].lower()
                yield (capture, number, shot.row["frame"], side, shot.row[f"{side}_post"],
                       states[0 if side == sender else 1])


@pytest.mark.parametrize("name", WAYS)
def test_states_are_the_kernels(wireshark, whole, name):
    way, snapshot_length, least = WAYS[name]
    wrong, total = [], 0
    for capture, number, frame, side, kernel, plugin in compare(wireshark, way, whole, snapshot_length):
        total += 1
        if plugin != kernel:
            wrong.append(f"{capture} take {number} frame {frame} endpoint {side}: "
                         f"kernel {kernel}, plugin {plugin}")
    percent = 100 * (1 - len(wrong) / total)
    print(f"{name}: {percent:.3f} % of {total}")
    assert percent >= least, "\n".join([f"{percent:.3f} % of {total}", *wrong])
