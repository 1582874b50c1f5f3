# SPDX-License-Identifier: GPL-2.0-or-later
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tshark"))

from desktop import Desktop  # noqa: E402 (the path comes first)
from wireshark import Wireshark  # noqa: E402


@pytest.fixture(scope="session")
def wireshark():
    programs = Wireshark()
    yield programs
    programs.close()


@pytest.fixture(scope="module")
def desktop(wireshark, request):
    """Wireshark with a capture open, the indirect parameter: a shipped one's name, or its maker."""
    capture = request.param(wireshark) if callable(request.param) else request.param
    path = wireshark.path(capture)
    with Desktop(wireshark, ["-r", path], path.name) as opened:
        opened.capture = path
        yield opened
