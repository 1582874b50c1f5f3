# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the helpers of tests/tshark are, and the programs with the sanitizers' libraries loaded."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tshark"))


@pytest.fixture(scope="session")
def programs():
    from sanitized import Sanitized  # the path is set above
    made = Sanitized()
    yield made
    made.close()
