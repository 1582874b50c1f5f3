# SPDX-License-Identifier: GPL-2.0-or-later
"""Of what kind of README's "What it cannot know" a state is, decided by the captured segments alone."""
import collections
import csv

from frame import beyond, reaches

# What a host takes for a burst, whatever the path: BURST_NS.
HOST = 0.002

Shot = collections.namedtuple("Shot", "frame time conn side flags seq ack end")


def shot_of(row):
    flags = row["flags"]
    end = int(row["seq"]) + int(row["len"]) + ("S" in flags) + ("F" in flags)
    return Shot(int(row["frame"]), float(row["time"]), row["conn"], row["dir"][0].lower(), flags,
                int(row["seq"]), int(row["ack"]) if "A" in flags else None, end & 0xffffffff)


def shots_of(truth_file):
    with open(truth_file, encoding="ascii") as truth:
        return [shot_of(row) for row in csv.DictReader(truth, delimiter="\t", quoting=csv.QUOTE_NONE)
                if row["flags"] != "ICMP"]


def quickest_answer(shots, side):
    """The shortest time from a segment to the ACK that ends where it ends; 0: there is none."""
    times = [answer.time - shot.time for shot in shots for answer in shots
             if shot.side != side and shot.end != shot.seq and answer.side == side and
             answer.frame > shot.frame and answer.ack == shot.end]
    return min(times, default=0)


def may_have_crossed(shots, side):
    """Its newest segment can have left before what was captured last of the other side, and is neither
    acknowledged nor obeyed, can have reached it: within twice the path's quickest answer."""
    own = [shot for shot in shots if shot.side == side]
    before = [shot for shot in shots if own and shot.side != side and shot.frame < own[-1].frame]
    lacked = [shot for shot in before if "R" in shot.flags or
              shot.end != shot.seq and own[-1].ack is not None and beyond(shot.end, own[-1].ack)]
    return bool(lacked) and \
        own[-1].time - lacked[-1].time < max(2 * quickest_answer(shots, side), HOST)


def may_be_in_its_name(shots, side):
    """The newest FIN of its address has the number that comes next, and what has come from there since is
    nothing that the one who sent it could not send: no byte beyond it."""
    own = [shot for shot in shots if shot.side == side]
    fins = [number for number, shot in enumerate(own) if "F" in shot.flags]
    if not fins or fins[-1] == 0:
        return False
    fin = own[fins[-1]]
    return fin.seq == own[fins[-1] - 1].end and \
        all(reaches(fin.end, shot.end) for shot in own[fins[-1] + 1:])


def kind_of(shots, side):
    """Of the state of a side after the last of the shots; None: it could be known."""
    if may_have_crossed(shots, side):
        return "crossed or lost"
    return "in its name" if may_be_in_its_name(shots, side) else None
