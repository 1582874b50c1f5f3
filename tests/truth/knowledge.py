# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether an observer at the capture point can know a kernel's state: the marks a_know, b_know.

The rule is mechanical, and says "no" where in doubt. "y" promises that the state follows from the
captured frames, each taken as delivered, RFC 9293, and what Linux is known to do. "r" (revealed): that
would give another state, but the endpoint's own frames have shown since which one is right. The letters
in a_why, b_why say why not "y":

q  the endpoint has sent a FIN, RST or SYN that has not yet passed the capture point
f  its state needs a FIN of it, and none was captured, or not in order
d  a captured frame towards it was lost, or a RST came that may or may not be exact without that frame
h  a RST in the window but not exact reached FIN_WAIT_2: whether it dies depends on the application
t  it became CLOSED with nothing on the wire: a timer, a close in SYN_SENT, a crash
u  something that was not captured changed it
i  somebody forged a FIN, RST or SYN in its name, and it has not spoken since
o  it is CLOSED, and the last captured frame of it is an old one
S  it stays in SYN_RECEIVED although the ACK arrived
L  a SYN arrived and did not lead to SYN_RECEIVED
r  one of these, and it has been revealed since

A scenario can add a letter of its own where it knows better: Endpoint.reason.
"""
from frame import ACK, FIN, OTHER, RST, SYN, beyond, reaches

SENT_FIN = {"FIN_WAIT_1", "FIN_WAIT_2", "CLOSING", "LAST_ACK", "TIME_WAIT"}
OPENING = {"SYN_SENT", "SYN_RECEIVED"}
# A RST this far ahead may be inside the window, whatever its scale.
WIDEST_WINDOW = 1 << 22


class Endpoint:
    """One side of the connections between a pair of ports."""

    def __init__(self):
        self.state = "CLOSED"       # when the kernel was last asked
        self.newest = 0             # when the newest of its captured frames was made
        self.acked = None           # the highest ACK number that it has sent
        self.received = None        # its RCV.NXT: that, or further
        self.fin_end = None         # the sequence number after its FIN
        self.next = 0               # the sequence number after all that it has sent: for forgers
        self.begin()

    def begin(self):
        """A new connection."""
        self.lost = []              # captured frames towards it that have not arrived
        self.fin_captured = False
        self.rst_captured = False
        self.silent = False         # closed with nothing on the wire
        self.unseen = False         # changed by a frame that was not captured
        self.disordered = ""        # "yes": its first FIN passed the capture point late or never;
                                    # "closing": and it was in CLOSING then
        self.fin_held = 0           # when a FIN was made that waits before the capture point
        self.fin_late = False       # its FIN was captured after it had taken the peer's
        self.old = False            # its last captured frame was an old one
        self.stuck = False          # in SYN_RECEIVED in spite of an ACK
        self.ignored_syn = None     # its state when it ignored a SYN
        self.forged = ""            # "i", or "r" when it has spoken since; then the flag: S, F or none
        self.doubt = None           # (letter, when): a RST of uncertain effect arrived
        self.told = None            # (state, mark) of the last row
        self.reason = ""

    def speaks(self, frame):
        """A frame of it tells which earlier frames towards it have not arrived."""
        for missing in self.lost:
            if frame.made <= missing.passed or frame.origin != "kernel":
                continue
            if missing.flags & RST:
                shows = not frame.flags & RST
            elif missing.length or missing.flags & (SYN | FIN):
                shows = frame.flags & ACK and beyond(missing.end, frame.ack) or \
                    frame.flags & (SYN | ACK) == SYN
            else:
                shows = frame.flags & (FIN | SYN)
            missing.revealed = missing.revealed or bool(shows)
        if frame.origin == "kernel":
            if self.forged and not frame.flags & RST:
                self.forged = "rF" if "F" in self.forged else "r"
            if self.doubt and frame.made > self.doubt[1]:
                self.doubt = ("r", 0)

    def uncertain(self, reset):
        """The letter for a RST whose effect depends on what no capture shows, or None."""
        if not reset.flags & RST or not reset.passed:
            return None
        for missing in self.lost:       # is RCV.NXT before it or after it?
            if (missing.length or missing.flags & (SYN | FIN)) and missing.passed < reset.passed and \
                    (self.received is None or beyond(missing.end, self.received)) and \
                    reaches(reset.seq, missing.seq) and reaches(missing.end, reset.seq):
                return "d"
        if self.state == "FIN_WAIT_2" and self.received is not None and \
                0 < (reset.seq - self.received) & 0xffffffff < WIDEST_WINDOW:
            return "h"
        return None


def makes_up_for(frame, missing, reset):
    """Does it no longer matter that a frame is missing? reset: this one is a RST, and was taken."""
    if frame is missing:
        return True
    if missing.flags & RST:
        return reset
    if missing.flags & SYN:
        return bool(frame.flags & SYN) and frame.seq == missing.seq
    if missing.length or missing.flags & FIN:
        return reaches(missing.seq, frame.seq) and reaches(frame.end, missing.end) and \
            (not missing.flags & FIN or bool(frame.flags & FIN)) and reaches(frame.ack, missing.ack)
    return reaches(frame.ack, missing.ack) and frame.flags & (ACK | RST | SYN) == ACK


class Connection:
    """A pair of addresses and ports, through all its incarnations."""

    def __init__(self, key, number):
        self.key, self.number = key, number
        self.incarnation = 1
        self.first_seq = {}         # side -> its initial sequence number
        self.ends = {"A": Endpoint(), "B": Endpoint()}

    def emitted(self, frame):
        """A kernel has made the frame."""
        end = self.ends[frame.side]
        if frame.flags & SYN:
            end.acked = end.received = frame.ack if frame.flags & ACK else None
            end.fin_end = None
        elif frame.flags & (ACK | RST) == ACK and (end.acked is None or beyond(frame.ack, end.acked)):
            end.acked = frame.ack
            if end.received is None or beyond(frame.ack, end.received):
                end.received = frame.ack
        if frame.flags & FIN:
            end.fin_end = frame.end

    def lost_uncaptured(self, frame):
        end = self.ends[frame.side]
        if frame.flags & FIN and not end.fin_captured:
            end.disordered = "yes"

    def held_uncaptured(self, frame):
        end = self.ends[frame.side]
        if frame.flags & FIN and not end.fin_captured:
            end.fin_held = frame.made

    def released(self, frame):
        """It has waited before the capture point: later ones may have passed it."""
        if frame.made < self.ends[frame.side].newest:
            frame.origin = "reord"
            self.lost_uncaptured(frame)

    def arrives(self, frame, before):
        """The frame is at the capture point; before: the kernels' states."""
        side, other = frame.side, OTHER[frame.side]
        if frame.flags & (SYN | ACK) == SYN and frame.origin == "kernel":
            if not self.first_seq:
                self.first_seq = {side: frame.seq}
            elif side not in self.first_seq and before[side].name in OPENING and \
                    self.ends[other].state in OPENING:
                self.first_seq[side] = frame.seq        # simultaneous open
            elif self.first_seq.get(side) != frame.seq:
                self.first_seq = {side: frame.seq}
                self.incarnation += 1
                for end in self.ends.values():
                    end.begin()
        self.notice(before, frame)

    def notice(self, states, frame=None):
        """States that have changed since the kernels were last asked, by no frame that was delivered."""
        for side, end in self.ends.items():
            if states[side].name != end.state:
                self.changed(side, end.state, states[side].name, frame)
                end.state = states[side].name

    def changed(self, side, old, new, frame):
        end = self.ends[side]
        if new == "CLOSED" and not (frame and frame.side == side and frame.flags & RST):
            end.silent = True
        if (old, new) == ("CLOSED", "SYN_SENT"):
            end.silent = False

    def captured(self, frame, before):
        end = self.ends[frame.side]
        if frame.origin == "kernel":
            end.newest = max(end.newest, frame.made)
        end.old = frame.origin in ("reord", "late", "dup")
        if frame.origin == "forged":
            if frame.flags & SYN or end.forged == "iS":
                end.forged = "iS"
            elif frame.flags & (RST | FIN):
                end.forged = "iF" if frame.flags & FIN else "i"
        elif frame.origin != "late":
            if frame.flags & FIN and not end.fin_captured:
                self.captured_fin(frame, before)
            if frame.flags & RST:
                end.rst_captured = True
                if before[frame.side].name == "CLOSED":
                    end.silent = False
            if frame.flags & (SYN | ACK) == SYN:
                end.silent = before[frame.side].name == "CLOSED" and frame.origin == "kernel"
            end.speaks(frame)

    def captured_fin(self, frame, before):
        end, peer = self.ends[frame.side], self.ends[OTHER[frame.side]]
        if end.fin_held and frame.made > end.fin_held:
            end.disordered = "yes"
        if before[frame.side].name in ("CLOSING", "TIME_WAIT") and peer.fin_end is not None and \
                reaches(frame.ack, peer.fin_end):
            end.fin_late = True
        end.fin_captured = True

    def delivered(self, frame, uncertain, when, after):
        """The receiver has it. uncertain, when: its letter and the time, both of before; after: its state."""
        end = self.ends[frame.receiver]
        if end.received is not None and not frame.flags & (RST | SYN) and \
                reaches(end.received, frame.seq) and beyond(frame.end, end.received):
            end.received = frame.end
        reset = bool(frame.flags & RST) and after.name == "CLOSED"
        if uncertain:
            end.doubt = (uncertain, when)
        elif reset:
            end.doubt = None
        end.lost = [missing for missing in end.lost if not makes_up_for(frame, missing, reset)]

    def settled(self, frame, arrived, before, after):
        """All that the frame did has been done; before, after: the kernels' states."""
        receiver, sender = self.ends[frame.receiver], self.ends[frame.side]
        now = after[frame.receiver].name
        receiver.stuck = now == "SYN_RECEIVED" and (receiver.stuck or (
            arrived and frame.flags & (ACK | SYN | RST) == ACK and frame.origin == "kernel"))
        if arrived and frame.flags & (SYN | ACK | RST) == SYN and now not in OPENING:
            receiver.ignored_syn = now
        elif receiver.ignored_syn != now:
            receiver.ignored_syn = None
        if frame.origin == "kernel":
            if frame.flags & RST and after[frame.side].name == "CLOSED":
                sender.ignored_syn = None
            if not frame.flags & RST and (frame.flags & SYN or beyond(frame.end, sender.next)):
                sender.next = frame.end
        if not frame.number and now != before[frame.receiver].name:
            receiver.unseen = now != "ESTABLISHED"
        for side, end in self.ends.items():
            if after[side].name != end.state:
                if end.forged == "r":
                    end.forged = ""
                if end.doubt and end.doubt[0] == "r":
                    end.doubt = None
            if side == frame.side and after[side].name != before[side].name:
                self.changed(side, before[side].name, after[side].name, frame)      # a timer
            end.state = after[side].name
            if end.state != "CLOSED":
                end.silent = False

    def marks(self, waiting):
        """side -> (y, r or n; the letters); waiting: frames that have not passed the capture point."""
        found = {}
        for side, end in self.ends.items():
            letters = self.early(side, [frame for frame in waiting if frame.side == side])
            letters += self.fins(end) + self.losses(end, self.ends[OTHER[side]])
            self.add_rest(end, letters)
            if set(letters) == {"r"}:
                letters = ["r"]
            mark = "y" if not letters else "r" if letters == ["r"] else "n"
            found[side] = mark, ",".join(letters) or "-"
            end.told = end.state, mark
        return found

    def early(self, side, waiting):
        end = self.ends[side]
        ahead = any(frame.flags & RST or frame.flags & FIN and not end.fin_captured or
                    frame.flags & (SYN | ACK) == SYN and frame.seq != self.first_seq.get(side)
                    for frame in waiting if frame.origin == "kernel")
        return ["q"] if ahead and end.told != (end.state, "y") else []

    @staticmethod
    def fins(end):
        letters = ["f"] if end.state in SENT_FIN and not end.fin_captured else []
        if end.fin_late and end.state in ("CLOSING", "TIME_WAIT"):
            letters.append("f")
        if end.disordered and end.state == "CLOSING":
            end.disordered = "closing"
        if end.disordered == "closing" and end.state in ("CLOSING", "TIME_WAIT"):
            letters.append("r")
        return letters

    @staticmethod
    def losses(end, peer):
        revealed = []
        closing = end.fin_captured or peer.fin_captured or peer.rst_captured or end.state != "ESTABLISHED"
        for missing in end.lost:
            new = missing.length or missing.flags & (SYN | FIN)
            if missing.flags & RST or \
                    new and (end.acked is None or beyond(missing.end, end.acked)) and \
                    (missing.flags & (SYN | FIN) or closing) or \
                    missing.flags & ACK and (end.state in OPENING or
                                             end.state in ("FIN_WAIT_1", "CLOSING", "LAST_ACK") and
                                             end.fin_end is not None and reaches(missing.ack, end.fin_end)):
                revealed.append(missing.revealed)
        return [] if not revealed else ["r"] if all(revealed) else ["d"]

    @staticmethod
    def add_rest(end, letters):
        letters += [letter for letter, holds in (("t", end.silent), ("u", end.unseen)) if holds]
        if end.forged and (end.state != "CLOSED" or end.forged == "iS"):
            letters.append(end.forged[0])
        if end.doubt and end.doubt[0] not in letters:
            letters.append(end.doubt[0])
        others = {"o": end.old and end.state == "CLOSED", "S": end.stuck, "L": end.ignored_syn is not None,
                  end.reason: end.reason}
        letters += [letter for letter, holds in others.items() if holds]
