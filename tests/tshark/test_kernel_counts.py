# SPDX-License-Identifier: GPL-2.0-or-later
"""-z tcpclose,occupancy against the kernel's own count: two hosts in network namespaces open and
close some hundreds of connections, `ss` counts their sockets meanwhile, and the capture of their
link has to give the same numbers at the same moments."""
import collections
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

HOST = Path(__file__).with_name("host.py")
CLIENT, SERVER = "10.99.0.1", "10.99.0.2"
PORT = 4000
CONNECTIONS = 300
INTERVAL_S = 0.05
QUIET_S = 0.3  # longer than two intervals, and than a segment and its ACK are on their way
CLOSING = ("FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT", "CLOSING", "LAST_ACK", "TIME_WAIT")


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)


def link_namespaces(names, undo):
    for name in names:
        ip("netns", "add", name)
        undo.callback(ip, "netns", "del", name)
    ip("-n", names[0], "link", "add", "link0", "type", "veth", "peer", "link0", "netns", names[1])
    for name, address in zip(names, (CLIENT, SERVER)):
        ip("-n", name, "address", "add", f"{address}/24", "dev", "link0")
        ip("-n", name, "link", "set", "link0", "up")


@pytest.fixture(scope="module")
def namespaces():
    """Two network namespaces with a link between them."""
    if os.geteuid() != 0 or not shutil.which("ip") or not shutil.which("dumpcap"):
        pytest.skip("network namespaces need root, ip and dumpcap")
    if not os.path.exists("/proc/self/ns/net"):
        pytest.skip("network namespaces need /proc")
    # As "ip netns exec" does it, which leaves a mount where it fails.
    probe = subprocess.run(["unshare", "--net", "--mount", "--propagation", "slave", "true"], check=False,
                           capture_output=True, text=True)
    if probe.returncode != 0:
        pytest.skip(f"no network namespaces here: {probe.stderr.strip()}")
    names = [f"tcpclose-{side}-{os.getpid()}" for side in "ab"]
    with contextlib.ExitStack() as undo:
        try:
            link_namespaces(names, undo)
        except subprocess.CalledProcessError as error:
            pytest.skip(f"no network namespaces here: {' '.join(error.stderr.split())}")
        yield names


class Host:
    """host.py in a namespace."""

    def __init__(self, namespace):
        self.namespace = namespace
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", namespace, sys.executable, HOST], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def begin(self, *order):
        print(*order, file=self.process.stdin, flush=True)

    def end(self):
        assert self.process.stdout.readline() == "done\n"

    def do(self, *order):
        self.begin(*order)
        self.end()

    def counts(self):
        """The kernel's sockets by state."""
        told = subprocess.run(["ip", "netns", "exec", self.namespace, "ss", "-Htan"],
                              check=True, capture_output=True, text=True).stdout
        return collections.Counter(line.split()[0].replace("-", "_") for line in told.splitlines())

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=10)


@contextlib.contextmanager
def captured(namespace, path):
    dumpcap = subprocess.Popen(["ip", "netns", "exec", namespace, "dumpcap", "-q", "-i", "link0",
                                "-w", path], stderr=subprocess.PIPE, text=True)
    while "File:" not in dumpcap.stderr.readline():
        assert dumpcap.poll() is None, "dumpcap did not start"
    yield
    dumpcap.send_signal(signal.SIGINT)
    dumpcap.communicate(timeout=30)


class Samples:
    """What the kernels counted: (name, whether all was quiet, begin, end, counts of both hosts)"""

    def __init__(self, *hosts):
        self.hosts = hosts
        self.taken = []

    def take(self, name, quiet=False):
        begin = time.time()
        counts = sum((host.counts() for host in self.hosts), collections.Counter())
        self.taken.append((name, quiet, begin, time.time(), counts))

    def take_quietly(self, name):
        time.sleep(QUIET_S)
        self.take(name, quiet=True)
        time.sleep(QUIET_S)


def play(client, server, samples):
    """Closes of each kind; each step leaves its sockets where they can be counted."""
    server.do("listen", PORT)
    server.begin("accept", CONNECTIONS)
    client.do("connect", SERVER, PORT, CONNECTIONS)
    server.end()
    samples.take_quietly("all are open")
    client.do("close", 0, 60)
    samples.take_quietly("60 clients have closed, and no server")
    server.do("close", 0, 40)
    samples.take_quietly("40 servers have followed, 20 leak CLOSE_WAIT")
    server.do("close", 100, 150)
    client.do("close", 100, 130)
    samples.take_quietly("50 servers have closed first, 30 clients have followed")
    client.do("shutdown", 150, 180)
    server.do("send", 150, 180)
    server.do("close", 150, 170)
    samples.take_quietly("30 half-closes, 20 of them ended")
    client.do("reset", 180, 200)
    server.do("close", 200, 210)
    client.do("reset", 200, 205)
    samples.take_quietly("25 resets")
    for first in range(220, 300, 8):
        client.begin("close", first, first + 8)
        server.begin("close", first, first + 8)
        samples.take(f"{first} to {first + 8} are being closed by both")
        client.end()
        server.end()
    samples.take_quietly("80 were closed by both at once")
    client.do("send", 210, 211)  # so that the capture does not end before the last sample


def occupancy(wireshark, capture):
    """[(begin, end, {state: (count at the end, peak)})], an item an interval"""
    table = wireshark.tshark(capture, "-q", "-z", f"tcpclose,occupancy,{INTERVAL_S}")
    [(start,)] = wireshark.fields(capture, ("frame.time_epoch",), "-c", "1")
    intervals = []
    for line in table.splitlines():
        cells = line.split()
        if re.fullmatch(r"(\d+\.\d+\s+){2}(\d+\s*){12}", line.strip()):
            begin, end = (float(start) + float(cell) for cell in cells[:2])
            counts = [int(cell) for cell in cells[2:]]
            intervals.append((begin, end, dict(zip(CLOSING, zip(counts[::2], counts[1::2])))))
    return intervals


@pytest.fixture(scope="module")
def measured(wireshark, namespaces):
    """The samples, and the occupancy of the same time."""
    path = wireshark.made / "kernel_counts.pcapng"
    client, server = Host(namespaces[0]), Host(namespaces[1])
    samples = Samples(client, server)
    with captured(namespaces[0], path):
        play(client, server, samples)
        time.sleep(1)  # dumpcap writes what it has got
    client.close()
    server.close()
    path.chmod(0o644)
    return samples.taken, occupancy(wireshark, path)


def possible_counts(intervals, state, begin, end):
    """The least and the most sockets in the state in the intervals from begin to end."""
    over = [at for at, interval in enumerate(intervals)
            if interval[1] >= begin and interval[0] <= end]
    ends = [intervals[at][2][state][0] for at in range(max(over[0] - 1, 0), over[-1] + 1)]
    return min(ends), max(max(ends), *(intervals[at][2][state][1] for at in over))


def test_kernels_count_the_same(measured):
    taken, intervals = measured
    for name, quiet, begin, end, counts in taken:
        for state in CLOSING:
            least, most = possible_counts(intervals, state, begin, end)
            assert least <= counts[state] <= most, f"{name}: {state}"
            assert least == most or not quiet, f"{name}: {state}"


def test_workload_reaches_the_states_that_last(measured):
    counts = measured[0][-1][-1]
    assert counts["FIN_WAIT_2"] == 55
    assert counts["CLOSE_WAIT"] == 55
    assert counts["TIME_WAIT"] > 100
