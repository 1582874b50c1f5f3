# SPDX-License-Identifier: GPL-2.0-or-later
"""A live capture: tshark prints each connection of the loopback interface as it ends, in one pass."""
import select
import signal
import socket
import struct
import subprocess
import time

import pytest

from wireshark import as_nobody

TO_CAPTURE = ("net_raw", "net_admin")
SECONDS = 30
FIELDS = ["tcp.srcport", "tcp.dstport", "tcpclose.pattern", "tcpclose.closed_by",
          "tcpclose.client.state", "tcpclose.server.state"]


class Live:
    """tshark on the loopback interface, for the port of the listener."""

    def __init__(self, wireshark, listener):
        command = ["tshark", "-n", "-i", "lo", "-f", f"tcp port {listener.getsockname()[1]}", "-l",
                   "-Y", 'tcpclose.event == "close_complete"', "-T", "fields"]
        for name in FIELDS:
            command += ["-e", name]
        self.listener = listener
        self.before = set()  # client ports of connections that need not be shown
        self.errors = open(wireshark.made / "live.txt", "w+", encoding="utf-8")
        self.process = subprocess.Popen(as_nobody(command, TO_CAPTURE), stdout=subprocess.PIPE,
                                        stderr=self.errors, env=wireshark.environment(), bufsize=0)

    def connect(self):
        client = socket.create_connection(self.listener.getsockname(), timeout=SECONDS)
        return client, self.listener.accept()[0]

    def next_line(self, seconds):
        """The next connection that has ended: a dict, or None if there is none in that time."""
        if not select.select([self.process.stdout], [], [], seconds)[0]:
            return None
        text = self.process.stdout.readline().decode()
        assert text, f"tshark has ended: {self.said()}"
        return dict(zip(FIELDS, text.rstrip("\n").split("\t")))

    def begin(self):
        """Makes connections until one is shown: the capture has begun."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            client, server = self.connect()
            self.before.add(client.getsockname()[1])
            close_in_turn(client, server)
            if self.next_line(1):
                return
        raise AssertionError(f"no connection is shown in {SECONDS} s: {self.said()}")

    def line_of_next_new(self):
        """Of a connection made after begin."""
        while True:
            line = self.next_line(SECONDS)
            assert line, f"nothing is printed in {SECONDS} s: {self.said()}"
            if not ports_of(line) & self.before:
                return line

    def said(self):
        self.errors.seek(0)
        return self.errors.read()

    def stop(self):
        """What is printed after the last line that was read."""
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.communicate(timeout=SECONDS)[0].decode()
        finally:
            self.process.kill()
            self.process.wait()
            self.errors.close()


def close_in_turn(first, second):
    """The second one closes when it has the FIN of the first."""
    first.close()
    assert second.recv(1) == b""
    second.close()


def reset(first, second):
    first.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    first.close()
    second.close()


def ports_of(line):
    return {int(line["tcp.srcport"]), int(line["tcp.dstport"])}


@pytest.fixture(name="live")
def fixture_live(wireshark):
    # Prints the program of a capture filter, for which it has to open the interface.
    probe = subprocess.run(as_nobody(["dumpcap", "-i", "lo", "-f", "tcp", "-d"], TO_CAPTURE),
                           capture_output=True, text=True, timeout=SECONDS, check=False)
    if not probe.stdout:
        pytest.skip(f"no capture on lo: {' '.join(probe.stderr.splitlines()[:2])}")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(SECONDS)
        live = Live(wireshark, listener)
        try:
            live.begin()
            yield live
        finally:
            live.stop()


def test_each_connection_is_printed_as_it_ends(live):
    """The next connection is made only when the line of the last one is there."""
    for closer in ("client", "server", "client"):
        client, server = live.connect()
        port = client.getsockname()[1]
        close_in_turn(*((client, server) if closer == "client" else (server, client)))
        line = live.line_of_next_new()
        assert port in ports_of(line)
        assert line["tcpclose.pattern"] in {"three_way", "four_way"}
        assert line["tcpclose.closed_by"] == closer
        assert line[f"tcpclose.{closer}.state"] == "TIME_WAIT"


def test_reset_connection_is_printed_too(live):
    client, server = live.connect()
    port = client.getsockname()[1]
    reset(client, server)
    line = live.line_of_next_new()
    assert port in ports_of(line)
    assert line["tcpclose.pattern"] == "reset"
    assert (line["tcpclose.client.state"], line["tcpclose.server.state"]) == ("CLOSED", "CLOSED")


def test_open_and_half_closed_connections_are_not_printed(live):
    opened = [live.connect() for _ in range(2)]
    opened[0][0].shutdown(socket.SHUT_WR)
    client, server = live.connect()
    port = client.getsockname()[1]
    close_in_turn(client, server)
    assert port in ports_of(live.line_of_next_new())
    for client, server in opened:
        client.close()
        server.close()
