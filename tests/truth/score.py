#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin's states against the kernels', for what record.py has recorded.

    tests/truth/score.py CAPTURE...

A capture is NAME.pcapng with NAME.truth.tsv beside it. TCPCLOSE_BUILD names the build folder, if it is
not build/. Rows marked "y" must all be right, or exit status is 1; of those marked "r", most.
"""
import collections
import shutil
import sys
from pathlib import Path

# Not a copy of it: what the tests compare and what is compared here shall be the same.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tshark"))

# pylint: disable=wrong-import-position
from test_kernel_states import compare
from wireshark import Wireshark


def score(wireshark, capture):
    """mark -> how often [it occurs, the plugin is right]"""
    for file in (capture, capture.with_suffix(".truth.tsv")):
        # tshark may be run by another user, who cannot read the folder that they are in.
        shutil.copyfile(file, wireshark.made / file.name)
        (wireshark.made / file.name).chmod(0o644)
    counts = collections.defaultdict(lambda: [0, 0])
    for row in compare(wireshark, str(wireshark.made / capture.stem)):
        counts[row.know][0] += 1
        counts[row.know][1] += row.said == row.kernel
        if row.know != "n" and row.said != row.kernel:
            print(f"  {capture.stem} frame {row.frame} endpoint {row.endpoint} [{row.know}]: "
                  f"kernel {row.kernel}, plugin {row.said}")
    return counts


def main():
    if len(sys.argv) < 2 or not all(name.endswith(".pcapng") for name in sys.argv[1:]):
        sys.exit(__doc__)
    total = collections.Counter()
    wireshark = Wireshark()
    try:
        for name in sys.argv[1:]:
            counts = score(wireshark, Path(name))
            print(f"{Path(name).stem}: right of the knowable "
                  f"{counts['y'][1]} of {counts['y'][0]}, revealed {counts['r'][1]} of {counts['r'][0]}")
            for mark, (rows, right) in counts.items():
                total[mark, "rows"] += rows
                total[mark, "right"] += right
    finally:
        wireshark.close()
    for mark, what in (("y", "knowable"), ("r", "revealed"), ("n", "not knowable")):
        print(f"{what}: {total[mark, 'right']} of {total[mark, 'rows']}")
    return int(total["y", "right"] != total["y", "rows"])


if __name__ == "__main__":
    sys.exit(main())
