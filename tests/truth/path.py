# SPDX-License-Identifier: GPL-2.0-or-later
"""A wire that takes time: from each host to the capture point, and from there to the other one.

The delay varies, by the same pattern in each recording; nothing overtakes. Verdicts (wire.py) are fwd,
dropB and dropC, and
    missed  not captured, but delivered
A row has the states that the kernels were in last before the next frame passed, and before they sent a
SYN, FIN or RST that passes later: a_post, b_post; a_path, b_path: and all that they were in before.
a_settled, b_settled: whether all that had been captured had arrived by then, or was lost.
"""
import csv
import heapq
import random
import select
import struct
import time

from frame import LETTERS, OTHER, Frame, beyond, checksum, forged_frame, read_frame
from wire import Wire, pcapng

COLUMNS = ("frame time dir flags seq ack len origin verdict "
           "a_post b_post a_kind b_kind a_path b_path a_settled b_settled").split()
FAR = 0.020             # seconds between the capture point and B, and up to so much more
VARIATION = 0.006
CLOCK_TICK = 0.004      # of kernels with 250 ticks a second, or a multiple


class Path(Wire):
    def __init__(self, near, sysctls=None):
        """near: seconds from A to the capture point."""
        super().__init__(sysctls)
        # (sender, whether it is captured) -> how long it takes then, and what that varies by
        self.delays = {("A", False): (near, 0), ("A", True): (FAR, VARIATION),
                       ("B", False): (FAR, VARIATION), ("B", True): (near, 0)}
        self.random = {way: random.Random(str(way)) for way in self.delays}
        self.last = dict.fromkeys(self.delays, 0.0)     # when the newest frame arrives there
        self.due = []           # (when, number, what to do, frame)
        self.number = 0
        self.shown = []         # (time in ns, frame) of what was captured
        self.under_way = 0      # frames that are captured and have not arrived
        self.key = None
        self.complete = False   # a frame that is not captured has passed since the last row
        self.courses = {}       # the kernels' states in the newest connection, one after the other
        self.model = []
        self.until = time.monotonic()

    def begin(self, model=None):
        """When a tick of the kernels' clock begins, so that those of a pair round alike. model: the rows
        of the first of the pair, in a file."""
        if model:
            with open(model, encoding="ascii") as file:
                self.model = list(csv.DictReader(file, delimiter="\t"))
        time.sleep(-time.monotonic() % CLOCK_TICK)
        self.until = time.monotonic()

    def travel(self, frame, arrive):
        """Has it arrive at the capture point, or from there."""
        way = frame.side, arrive == self.arrive
        delay, variation = self.delays[way]
        delay += self.random[way].uniform(0, variation)
        self.last[way] = max(self.last[way], time.monotonic() + delay)
        self.at(self.last[way], arrive, frame)

    def at(self, when, arrive, frame):
        self.number += 1
        heapq.heappush(self.due, (when, self.number, arrive, frame))

    def drain(self):
        for side, host in self.hosts.items():
            while raw := host.read():
                frame = read_frame(raw, side)
                if frame:
                    self.sent(frame)
                    self.travel(frame, self.pass_by)

    def sent(self, frame):
        if frame.key != self.key:
            self.key = frame.key
            self.courses = {side: ["CLOSED"] for side in "AB"}
        end = self.connection(frame.key).ends[frame.side]
        if frame.has("S") or not frame.has("R") and beyond(frame.end, end.next):
            end.next = frame.end

    def pump(self, seconds=0.0):
        """So long after the end of the pump before: what is late by then makes nothing later."""
        self.until = end = self.until + seconds
        while True:
            self.drain()
            self.ask()
            now = time.monotonic()
            while self.due and self.due[0][0] <= now:
                _, _, arrive, frame = heapq.heappop(self.due)
                arrive(frame)
                self.drain()
                self.ask()
            if now >= end:
                return
            wake = min([end, *(entry[0] for entry in self.due[:1])])
            select.select([host.tap for host in self.hosts.values()], [], [],
                          max(wake - time.monotonic(), 0))

    def pass_by(self, frame):
        """It is at the capture point."""
        verdict = self.verdict(frame)
        self.complete = verdict in ("dropB", "missed")
        if not self.complete:
            self.capture(frame, verdict)
        if verdict not in ("dropB", "dropC"):
            self.under_way += 1
            self.travel(frame, self.arrive)

    def capture(self, frame, verdict):
        now = max(time.time_ns(), self.shown[-1][0] + 1000 if self.shown else 0)
        self.shown.append((now, frame))
        row = dict(self.rows[-1]) if self.rows else dict.fromkeys(COLUMNS, "-")
        row.update({
            "frame": len(self.shown), "time": f"{(now - self.shown[0][0]) / 1e9:.6f}",
            "dir": f"{frame.side}>{frame.receiver}", "flags": frame.letters(), "seq": frame.seq,
            "ack": frame.ack, "len": frame.length, "origin": frame.origin, "verdict": verdict,
            "a_settled": "n", "b_settled": "n"})
        self.rows.append(row)

    def arrive(self, frame):
        self.under_way -= 1
        self.hosts[frame.receiver].write(frame.raw)
        self.ask()      # before what it has sent at once is known

    def ask(self):
        """What the kernels are in belongs to the last row as long as the wire shows no more of it."""
        for side, state in self.states(self.connection(self.key)).items() if self.key else ():
            if state.name != self.courses[side][-1]:
                self.courses[side].append(state.name)
            if not self.rows or self.complete or self.is_announced(side):
                continue
            self.rows[-1].update({f"{side.lower()}_post": state.name, f"{side.lower()}_kind": state.kind,
                                  f"{side.lower()}_path": ">".join(self.courses[side][1:]),
                                  f"{side.lower()}_settled": "n" if self.under_way else "y"})

    def is_announced(self, side):
        """The next state of the endpoint: a SYN, FIN or RST of it is on its way to the capture point."""
        return any(frame.side == side and frame.origin == "kernel" and any(frame.has(flag) for flag in "SFR")
                   for *_, arrive, frame in self.due if arrive == self.pass_by)

    def write(self, base):
        with open(f"{base}.pcapng", "wb") as file:
            file.write(pcapng([(when, frame.raw) for when, frame in self.shown]))
        with open(f"{base}.truth.tsv", "w", encoding="ascii") as file:
            for row in [dict(zip(COLUMNS, COLUMNS)), *self.rows]:
                file.write("\t".join(str(row[column]) for column in COLUMNS) + "\n")

    def model_gap(self, side, flag):
        """Seconds between the last two frames of the side with the flag in the first of the pair."""
        times = [float(row["time"]) for row in self.model if row["dir"][0] == side and flag in row["flags"]]
        return times[-1] - times[-2]

    def again(self, side, flags, without="", after=0.0):
        """The newest captured frame of the side with the flags comes to the capture point once more: now, or
        so long after it came there."""
        when, frame = next((when, frame) for when, frame in reversed(self.shown)
                           if frame.side == side and frame.has(flags) and
                           not any(frame.has(letter) for letter in without))
        due = time.monotonic() + max(after - (time.time_ns() - when) / 1e9, 0)
        self.at(due, self.pass_by, self.copy(frame, "late"))

    # The forger, who sees all that passes.

    def forge_later(self, side, flags, offset):
        """A RST or the like in the side's name, so far beyond what it has sent."""
        end = self.connection(self.key).ends[side]
        self.travel(forged_frame(self.key, side, end.next + offset, 0, flags), self.pass_by)

    def newest(self, side):
        """The newest captured frame of the side, but for SYN, FIN and RST, and when that was, in ns."""
        return next((when, frame) for when, frame in reversed(self.shown)
                    if frame.side == side and not any(frame.has(letter) for letter in "SFR"))

    def impersonate(self, side, flags):
        """A FIN or RST with all marks of those that the side would send now. IPv4, with time stamps."""
        when, frame = self.newest(side)
        _, other = self.newest(OTHER[side])
        age_ms = round((time.time_ns() - when) / 1e6 + self.delays[side, False][0] * 1000)
        raw = bytearray(frame.raw[:-frame.length or None])
        identification, = struct.unpack_from("!H", raw, IDENTIFICATION)
        stamp, = struct.unpack_from("!I", raw, TIME_STAMPS)
        echo, = struct.unpack_from("!I", other.raw, TIME_STAMPS)
        struct.pack_into("!HH", raw, IDENTIFICATION - 2, len(raw) - IP, (identification + 1) & 0xffff)
        struct.pack_into("!II", raw, TCP + 4, frame.end, other.end)
        raw[TCP + 13] = sum(LETTERS[letter] for letter in flags)
        struct.pack_into("!II", raw, TIME_STAMPS, (stamp + age_ms) & 0xffffffff, echo)
        made = Frame(bytes(with_checksums(raw)), side)
        made.origin = "forged"
        self.travel(made, self.pass_by)


# Where they are in a frame: IPv4, and a segment that has no options but two NOPs and the time stamps.
IP, IDENTIFICATION, TCP, TIME_STAMPS = 14, 18, 34, 58


def with_checksums(raw):
    raw[IP + 10:IP + 12] = raw[TCP + 16:TCP + 18] = b"\0\0"
    raw[IP + 10:IP + 12] = checksum(bytes(raw[IP:TCP]))
    pseudo = bytes(raw[IP + 12:TCP]) + struct.pack("!HH", 6, len(raw) - TCP)
    raw[TCP + 16:TCP + 18] = checksum(pseudo + bytes(raw[TCP:]))
    return raw
