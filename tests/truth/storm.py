# SPDX-License-Identifier: GPL-2.0-or-later
"""A storm: many random connections over a random network, eight at a time.

The seed decides what applications and network do; the kernels' timers and sequence numbers differ from
run to run. How a connection ends is one of the functions in endings.py.
"""
import errno
import heapq
import random
import time

from endings import ENDINGS
from frame import FIN, OTHER, RST, SYN, V4, V6, connection_key
from talk import SERVICE, Talk
from wire import Wire

AT_ONCE = 8
NOBODY_LISTENS = 8099
SYSCTLS = {"tcp_fin_timeout": 1, "tcp_retries2": 3, "tcp_orphan_retries": 2, "tcp_syn_retries": 1,
           "tcp_synack_retries": 1}
SHORT_TIMEOUT = "rto_min 60ms"
NETWORKS = {"clean": 45, "lossy": 14, "fins lost": 14, "reordering": 10, "copying": 8, "mess": 9}


class Life(Talk):
    """One connection, from its first SYN on."""

    def __init__(self, storm, number):
        self.random = random.Random(f"{storm.seed}/{number}")
        super().__init__(storm.wire, V6 if self.chance(0.3) else V4)
        self.storm = storm
        self.reads = [side for side in "AB" if self.chance(0.9)]
        self.network = "clean" if storm.clean else self.weighted(NETWORKS)
        self.rate = self.random.uniform(0.05, 0.3)
        self.black_holes = {}       # side -> the verdict for all that it sends
        self.frames = []            # the last ones, for replays
        self.connected = False

    def chance(self, probability):
        return self.random.random() < probability

    def weighted(self, choices):
        return self.random.choices(list(choices), choices.values())[0]

    # What the applications do. A generator: it yields how long it sleeps.

    def live(self):
        choice = self.random.choice
        self.wire.hosts["A"].sysctl("tcp_timestamps", int(self.chance(0.8)))
        self.wire.hosts["A"].sysctl("tcp_sack", int(self.chance(0.9)))
        kind = self.random.choices(["refused", "syn_close", "quick", "other"], [2, 2, 3, 93])[0]
        if kind == "refused":
            self.ports["B"] = NOBODY_LISTENS
        if not self.find_port():
            return
        if kind == "syn_close":
            yield choice([0, 0, 0.003])
        else:
            yield from self.wait_for_connection()
        if kind == "quick":
            self.close(choice("AAB"))
            yield choice([0, 0.001, 0.05])
        elif kind == "other":
            yield from self.talk()
            first = choice("AB")
            yield from self.random.choices(list(ENDINGS), ENDINGS.values())[0](self, first, OTHER[first])
            yield choice([0.05, 0.1, 0.3])
        self.read_all()
        for side in self.random.sample("AB", 2):
            self.close(side)
            yield choice([0, 0.02])
        yield 0.1

    def find_port(self):
        """A new port, or one that had a connection not long ago."""
        if self.storm.used and self.chance(0.12):
            used = self.storm.used
            port, self.family = used.pop(self.random.randrange(len(used)))
            if self.starts(port):
                return True
        self.storm.last_port += 1
        return self.starts(self.storm.last_port)

    def starts(self, port):
        self.ports["A"] = port
        try:
            error = self.new_socket("A").connect_ex(self.address("B"))
        except OSError:
            return False
        if error not in (0, errno.EINPROGRESS):
            self.close("A")
            return False
        self.connected = True
        self.storm.lives[self.connection.key] = self
        self.wire.drain()
        return True

    def wait_for_connection(self):
        for attempt in range(60):
            if self.accepted() and self.state("A").name != "SYN_SENT":
                return
            yield 0.002 if attempt < 20 else 0.05
            if self.state("A").name == "CLOSED":
                return

    def accepted(self):
        accepted = self.storm.accepted.pop(self.connection.key, None)
        if accepted:
            self.sockets["B"] = accepted
        return self.sockets["B"].fileno() >= 0

    def call(self, function, *arguments, wait=None):
        self.accepted()
        return super().call(function, *arguments, wait=wait)

    def talk(self):
        choice = self.random.choice
        for _ in range(choice([0, 1, 1, 2, 2, 3, 5])):
            self.send(choice("AB"), b"s" * choice([1, 10, 200, 1448, 3000]))
            yield choice([0, 0.001, 0.005, 0.05])
            self.read_all()

    def read_all(self, sides=None):
        for side in sides or self.reads:
            while self.read(side):
                pass

    def replay(self):
        if self.frames:
            self.wire.replay(self.random.choice(self.frames[-6:]))

    # What the network does.

    def verdict(self, frame):
        if frame.side in self.black_holes:
            return self.black_holes[frame.side]
        if self.network == "clean" or frame.flags & SYN and self.chance(0.75):
            return "fwd"
        rate, lost = self.rate, self.random.choice(["dropC", "dropB"])
        if self.network == "lossy":
            return lost if self.chance(rate) else "fwd"
        if self.network == "fins lost":
            closing = frame.flags & (FIN | RST) or self.connection.ends[frame.receiver].fin_captured
            return lost if closing and self.chance(0.35) else "fwd"
        if self.network == "reordering":
            return self.hold() if self.chance(rate) else "fwd"
        if self.network == "copying":
            return self.random.choice(["dupC", "dupB"]) if self.chance(rate) else "fwd"
        dice = self.random.random() / rate
        return lost if dice < 0.5 else self.hold() if dice < 0.9 else \
            self.random.choice(["dupC", "dupB"]) if dice < 1.3 else "fwd"

    def hold(self):
        tag = str(next(self.storm.numbers))
        self.storm.at(self.random.choice([0.001, 0.005, 0.03, 0.1]), lambda: self.wire.release(tag))
        return self.random.choice(["holdC:", "holdB:"]) + tag


class Storm:
    def __init__(self, seed, count, clean):
        self.seed, self.count, self.clean = seed, count, clean
        self.wire = Wire(SYSCTLS, SHORT_TIMEOUT)
        self.wire.policy = self.verdict
        self.wire.on_frame = self.carried
        self.listeners = [self.wire.hosts["B"].listen(SERVICE, family) for family in (V4, V6)]
        self.lives = {}             # connection key -> the last Life that had it
        self.accepted = {}          # connection key -> socket of B
        self.finished = []          # (time, port, family)
        self.used = []              # (port, family) for reuse
        self.last_port = 50000
        self.running = 0
        self.timers = []            # a heap of (time, number, what to do)
        self.numbers = iter(range(1 << 60))

    def verdict(self, frame):
        life = self.lives.get(frame.key)
        return life.verdict(frame) if life else "fwd"

    def carried(self, frame):
        life = self.lives.get(frame.key)
        if life:
            life.frames = [*life.frames[-11:], frame]

    def at(self, seconds, what):
        heapq.heappush(self.timers, (time.monotonic() + seconds, next(self.numbers), what))

    def advance(self, life, script):
        try:
            seconds = next(script)
        except StopIteration:
            self.running -= 1
            if life.connected:
                self.finished.append((time.monotonic(), life.ports["A"], life.family))
            return
        self.at(seconds, lambda: self.advance(life, script))

    def accept(self):
        for listener in self.listeners:
            while True:
                try:
                    accepted, address = listener.accept()
                except BlockingIOError:
                    break
                accepted.setblocking(False)
                self.wire.hosts["B"].sockets.append(accepted)
                self.accepted[connection_key(listener.family, address[1], SERVICE)] = accepted

    def turn(self):
        """Does what is due, then carries frames for a short while."""
        while self.timers and self.timers[0][0] <= time.monotonic():
            heapq.heappop(self.timers)[2]()
            self.wire.pump()
            self.accept()
        due = self.timers[0][0] if self.timers else time.monotonic() + 0.02
        self.wire.pump(max(0.0, min(due - time.monotonic(), 0.02)))
        self.accept()

    def reuse(self):
        """Half a second after the end of a connection, its ports may be used again."""
        while self.finished and self.finished[0][0] < time.monotonic() - 0.5:
            _, *ports = self.finished.pop(0)
            self.used = [*self.used[-39:], ports]

    def run(self):
        number = 0
        while number < self.count or self.running:
            self.reuse()
            while number < self.count and self.running < AT_ONCE:
                life = Life(self, number)
                number += 1
                self.running += 1
                self.advance(life, life.live())
            self.turn()
        end = time.monotonic() + 4      # what the last ones retransmit
        while time.monotonic() < end or self.timers:
            self.turn()
