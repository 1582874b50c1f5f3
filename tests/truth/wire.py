# SPDX-License-Identifier: GPL-2.0-or-later
"""The wire between two hosts, which is the capture point too; and the files that it writes.

This process holds both TAP devices and all sockets of both hosts, in one thread. Writing a frame to a
TAP device runs the receiving kernel's whole TCP before the call returns, and no socket is busy
elsewhere: a frame is one step, and both kernels can be asked before it and after it. Nothing waits
for things to settle; only the kernels' timers act later.

What becomes of a frame is its verdict:
    fwd    captured, delivered at once
    dropC  captured, then lost                  dropB  lost before the capture point
    holdC  captured, delivered at release()     holdB  captured and delivered at release()
    dupC   captured once, delivered twice       dupB   copied before the capture point
A hold can have a tag, for release(): "holdC:first".
"""
import collections
import select
import struct
import subprocess
import time

from frame import V4, Frame, forged_frame, read_frame
from host import Host, needed
from knowledge import Connection

COLUMNS = ("frame time stream conn inc dir fam sport dport flags seq ack len win origin verdict "
           "a_pre b_pre a_post b_post dst_dlv a_kind b_kind a_rq a_wq b_rq b_wq "
           "a_know b_know a_why b_why knowable").split()

# A verdict for frames to come.
Rule = collections.namedtuple("Rule", "verdict side flags without matches")


class Wire:
    def __init__(self, sysctls=None, route=""):
        self.hosts = {side: Host(side, sysctls or {}, route) for side in "AB"}
        self.connections = {}
        self.queue = []             # frames that the kernels have made
        self.held = {}              # tag -> [(verdict, frame)]
        self.rules = []             # [Rule, how often it still holds]
        self.policy = None          # frame -> verdict, where no rule holds
        self.on_frame = None        # called with each frame that a kernel made, when it has been carried
        self.capturing = True
        self.captured = []          # (time in ns, frame's bytes)
        self.rows = []
        self.tick = 0
        time.sleep(0.02)
        for host in self.hosts.values():
            while host.read():
                pass                # what a device that has come up says

    def connection(self, key):
        if key not in self.connections:
            self.connections[key] = Connection(key, len(self.connections))
        return self.connections[key]

    def states(self, connection):
        return {side: host.state(connection.key) for side, host in self.hosts.items()}

    # What becomes of frames.

    def on(self, verdict, side=None, flags="", without="", times=1, matches=None):
        """This verdict for the next frames of the side that have the flags, and none of the others;
        matches: asked of the frame besides."""
        self.rules.append([Rule(verdict, side, flags, without, matches or (lambda frame: True)), times])

    def verdict(self, frame):
        if frame.origin == "dup":
            return "fwd"
        for entry in self.rules:
            rule, times = entry
            if times and rule.side in (None, frame.side) and frame.has(rule.flags) and \
                    not any(frame.has(letter) for letter in rule.without) and rule.matches(frame):
                entry[1] -= 1
                return rule.verdict
        return self.policy(frame) if self.policy else "fwd"

    # Carrying frames.

    def drain(self):
        """Takes what the kernels have sent to the queue."""
        for side, host in self.hosts.items():
            while raw := host.read():
                frame = read_frame(raw, side)
                if frame:
                    self.connection(frame.key).emitted(frame)
                    self.tick += 1
                    frame.made = self.tick
                    self.queue.append(frame)

    def step(self):
        """Carries the oldest frame of the queue, if there is one."""
        if not self.queue:
            return False
        frame = self.queue.pop(0)
        self.carry(frame, self.verdict(frame))
        return True

    def pump(self, seconds=0.0):
        """Carries frames for so long; 0: those that there are, and what they lead to."""
        end = time.monotonic() + seconds
        while True:
            self.drain()
            while self.step():
                pass
            left = end - time.monotonic()
            if left <= 0:
                return
            select.select([host.tap for host in self.hosts.values()], [], [], left)

    def carry(self, frame, verdict):
        connection = self.connection(frame.key)
        verdict, _, tag = verdict.partition(":")
        if verdict == "dropB":
            connection.lost_uncaptured(frame)
        elif verdict == "holdB":
            connection.held_uncaptured(frame)
        if verdict in ("holdB", "holdC"):
            self.held.setdefault(tag, []).append((verdict, frame))
        if verdict in ("dropB", "holdB"):
            return
        if verdict == "dupB":
            self.queue.insert(0, self.copy(frame, "dup"))
            verdict = "fwd"
        self.pass_capture_point(connection, frame, verdict)

    def pass_capture_point(self, connection, frame, verdict):
        now = max(time.time_ns(), self.captured[-1][0] + 1000 if self.captured else 0)
        before = self.states(connection)
        connection.arrives(frame, before)
        self.tick += 1
        frame.passed = self.tick
        if self.capturing:
            self.captured.append((now, frame.raw))
            frame.number = len(self.captured)
            connection.captured(frame, before)
        arrived = verdict in ("fwd", "dupC")
        for _ in range({"fwd": 1, "dupC": 2}.get(verdict, 0)):
            self.deliver(connection, frame)
        if not arrived:
            connection.ends[frame.receiver].lost.append(frame)
        after = self.states(connection)
        connection.settled(frame, arrived, before, after)
        if self.capturing:
            self.note(connection, frame, verdict, before, after)
        if self.on_frame and frame.origin == "kernel":
            self.on_frame(frame)

    def deliver(self, connection, frame):
        host = self.hosts[frame.receiver]
        uncertain, when = connection.ends[frame.receiver].uncertain(frame), self.tick
        host.write(frame.raw)
        self.drain()
        connection.delivered(frame, uncertain, when, host.state(connection.key))

    def release(self, tag=""):
        """Lets the frames go on that were held under the tag."""
        for verdict, frame in self.held.pop(tag, []):
            connection = self.connection(frame.key)
            if verdict == "holdB":
                connection.released(frame)
                self.carry(frame, "fwd")
                continue
            connection.notice(self.states(connection))
            self.deliver(connection, frame)
            after = self.states(connection)
            for side, end in connection.ends.items():
                end.state = after[side].name
            if frame.number:
                self.rows[frame.number - 1]["dst_dlv"] = after[frame.receiver].name

    @staticmethod
    def copy(frame, origin):
        made = Frame(frame.raw, frame.side)
        made.origin = origin
        return made

    def replay(self, frame):
        """An old frame comes once more."""
        self.carry(self.copy(frame, "late"), "fwd")

    def forge(self, connection, side, flags, seq, ack=0, options=b"", verdict="fwd"):
        self.carry(forged_frame(connection.key, side, seq, ack, flags, options), verdict)

    # The files.

    def note(self, connection, frame, verdict, before, after):
        waiting = self.queue + [held for frames in self.held.values() for kind, held in frames
                                if kind == "holdB"]
        marks = connection.marks([other for other in waiting if other.key == frame.key])
        row = {
            "frame": frame.number, "time": f"{(self.captured[-1][0] - self.captured[0][0]) / 1e9:.6f}",
            "stream": "-", "conn": connection.number, "inc": connection.incarnation,
            "dir": f"{frame.side}>{frame.receiver}", "fam": 4 if frame.family == V4 else 6,
            "sport": frame.sport, "dport": frame.dport, "flags": frame.letters(), "seq": frame.seq,
            "ack": frame.ack, "len": frame.length, "win": frame.window, "origin": frame.origin,
            "verdict": verdict,
            "dst_dlv": after[frame.receiver].name if verdict in ("fwd", "dupC") else "-",
            "knowable": max((mark for mark, _ in marks.values()), key="yrn".index),
        }
        for side, end in (("a", "A"), ("b", "B")):
            row[f"{side}_pre"] = before[end].name
            row[f"{side}_post"], row[f"{side}_kind"], row[f"{side}_rq"], row[f"{side}_wq"] = after[end]
            row[f"{side}_know"], row[f"{side}_why"] = marks[end]
        self.rows.append(row)

    def write(self, base):
        """BASE.pcapng and BASE.truth.tsv."""
        with open(f"{base}.pcapng", "wb") as file:
            file.write(pcapng(self.captured))
        for row, stream in zip(self.rows, streams(f"{base}.pcapng"), strict=True):
            row["stream"] = stream
        with open(f"{base}.truth.tsv", "w", encoding="ascii") as file:
            for row in [dict(zip(COLUMNS, COLUMNS)), *self.rows]:
                file.write("\t".join(str(row[column]) for column in COLUMNS) + "\n")


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    size = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + size + body + size


def pcapng(frames):
    """The file: Ethernet, nanoseconds."""
    resolution = struct.pack("<HHB3xHH", 9, 1, 9, 0, 0)
    blocks = [block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)),
              block(1, struct.pack("<HHI", 1, 0, 0) + resolution)]
    for when, raw in frames:
        head = struct.pack("<IIIII", 0, when >> 32, when & 0xffffffff, len(raw), len(raw))
        blocks.append(block(6, head + raw))
    return b"".join(blocks)


def streams(capture):
    """tcp.stream of each frame, as tshark counts."""
    command = ["tshark", "-n", "-r", capture, "-T", "fields", "-e", "tcp.stream"]
    with needed("tshark does not read the capture"):
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True).stdout.splitlines()
