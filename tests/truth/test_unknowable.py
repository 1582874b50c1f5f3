# SPDX-License-Identifier: GPL-2.0-or-later
"""What the shipped captures' states that are not told are held against (test_kernel_states.py) says no to
what can be known."""
import pytest

from unknowable import Shot, kind_of


def exchange(*steps):
    """(ms, side, flags, seq, ack, len) each, as the truth has them"""
    return [Shot(number, ms / 1000, "0", side, flags, seq, ack, seq + length + ("F" in flags))
            for number, (ms, side, flags, seq, ack, length) in enumerate(steps, 1)]


TALKED = ((0, "a", "PA", 1, 1, 10), (5, "b", "A", 1, 11, 0), (20, "a", "FA", 11, 1, 0))


@pytest.mark.parametrize("last, side, kind", [
    pytest.param((29, "b", "PA", 1, 11, 10), "b", "crossed or lost", id="within_twice_the_quickest"),
    pytest.param((31, "b", "PA", 1, 11, 10), "b", None, id="later"),
    pytest.param((29, "b", "A", 1, 12, 0), "b", None, id="acknowledged"),
    pytest.param((31, "a", "A", 11, 1, 0), "a", "in its name", id="nothing_beyond_the_fin"),
    pytest.param((31, "a", "PA", 11, 1, 10), "a", None, id="data_beyond_the_fin"),
])
def test_kind_is_decided_by_the_segments(last, side, kind):
    assert kind_of(exchange(*TALKED, last), side) == kind
