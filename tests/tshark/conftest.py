# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from wireshark import Wireshark


@pytest.fixture(scope="session")
def wireshark():
    programs = Wireshark()
    yield programs
    programs.close()
