#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records real HTTP servers that close idle connections, and a client that uses its pooled ones at the
wrong moment: NAME.pcapng, and NAME.idle.tsv with a row a connection.

    sudo tests/truth/idle.py [--out FOLDER] NAME...

Linux, root, iproute2, and the server are needed: nginx, haproxy, node. Both hosts are network
namespaces of this process (host.py); a segment takes 10 ms to the capture point and 10 ms from there.

In NAME.idle.tsv, port is the client's, and what is what the client did with the connection:
    idle     two requests half the timeout apart, then nothing: the server closes
    race     a request at about the time when the server closes
    reuse    a request well before that, and then the client closes
    upload   a request whose body goes on after the server has answered and closed
    alert    TLS: the client answers the server's close_notify with its own
and outcome is what it got at last: reply, closed (no byte of a reply) or reset.
"""
import argparse
import collections
import contextlib
import heapq
import os
import select
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from frame import ADDRESS, V4, read_frame
from host import Host
from wire import pcapng

DELAY = 0.010
PORT = 8080
REQUEST = b"GET / HTTP/1.1\r\nHost: server\r\n\r\n"
RACES = [-0.015, -0.010, -0.005, 0.003, 0.050, 0.400]   # from when the client is told of the close

NGINX = """daemon off; master_process off; pid {folder}/pid; error_log {folder}/log;
events {{ worker_connections 64; }}
http {{ access_log off; keepalive_timeout {seconds}s; client_body_temp_path {folder}; lingering_close off;
    ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;
    server {{ listen 8080 {ssl}; location / {{ return 200 "ok"; }} }} }}
"""
HAPROXY = """global
    maxconn 64
defaults
    mode http
    timeout client 20s
    timeout connect 1s
    timeout server 1s
    timeout http-keep-alive {seconds}s
frontend web
    bind :8080
    http-request return status 200 content-type text/plain string ok
"""
NODE = """const server = require('http').createServer((request, response) => {{
    if (request.method === 'POST')
        response.writeHead(413, {{Connection: 'close'}});
    response.end('ok');
}});
server.keepAliveTimeout = ({seconds} - 1) * 1000;  // node waits a second more
server.listen(8080);
"""

Server = collections.namedtuple("Server", "file text command")
SERVERS = {
    "nginx": Server("nginx.conf", NGINX, ["nginx", "-c"]),
    "haproxy": Server("haproxy.cfg", HAPROXY, ["haproxy", "-db", "-f"]),
    "node": Server("server.js", NODE, ["node"]),
}

# name -> server, timeout in seconds, what is staged how often, TLS
RECORDINGS = {
    "idle_nginx": ("nginx", 2, {"idle": 3, "race": 6, "reuse": 1}, False),
    "idle_haproxy": ("haproxy", 5, {"idle": 3, "race": 6, "reuse": 1}, False),
    "idle_node": ("node", 3, {"idle": 3, "race": 6, "reuse": 1}, False),
    "idle_tls": ("nginx", 2, {"idle": 1, "alert": 4, "race": 2, "reuse": 1}, True),
    "idle_control": ("node", 3, {"idle": 1, "upload": 2, "reuse": 5}, False),
}


class Wire(threading.Thread):
    """Carries frames between the hosts, and captures them half-way."""

    def __init__(self, hosts):
        super().__init__(daemon=True)
        self.hosts = hosts
        self.due = []           # (when, number, side, frame, whether it was captured)
        self.captured = []
        self.ends = threading.Event()

    def run(self):
        number = 0
        while not self.ends.is_set():
            now = time.monotonic()
            while self.due and self.due[0][0] <= now:
                self.carry(*heapq.heappop(self.due))
            left = min(self.due[0][0] - now, 0.1) if self.due else 0.1
            select.select([host.tap for host in self.hosts.values()], [], [], max(left, 0))
            for side, host in self.hosts.items():
                while raw := host.read():
                    if read_frame(raw, side):
                        number += 1
                        heapq.heappush(self.due, (time.monotonic() + DELAY, number, side, raw, False))

    def carry(self, when, number, side, raw, is_captured):
        if is_captured:
            self.hosts["B" if side == "A" else "A"].write(raw)
            return
        self.captured.append((time.time_ns(), raw))
        heapq.heappush(self.due, (when + DELAY, number, side, raw, True))


class Client:
    """One connection of the client's."""

    def __init__(self, host, seconds, tls):
        host.enter()
        self.seconds = seconds
        self.socket = socket.create_connection((ADDRESS[V4]["B"], PORT))
        self.port = self.socket.getsockname()[1]
        self.socket.settimeout(30)
        if tls:
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            self.socket = context.wrap_socket(self.socket, suppress_ragged_eofs=True)
        self.got = 0.0

    def ask(self):
        """The outcome."""
        try:
            self.socket.sendall(REQUEST)
            return self.listen()
        except ConnectionError:
            return "reset"

    def listen(self):
        try:
            got = self.socket.recv(4096)
        except (ConnectionError, ssl.SSLError):
            return "reset"
        self.got = time.monotonic()
        return "reply" if got else "closed"

    def idle(self, _):
        self.ask()
        time.sleep(self.seconds / 2)
        self.ask()
        return self.listen()

    def race(self, number):
        self.ask()
        time.sleep(self.seconds + RACES[number % len(RACES)] - (time.monotonic() - self.got))
        return self.ask()

    def reuse(self, _):
        self.ask()
        time.sleep(self.seconds * 0.7)
        outcome = self.ask()
        time.sleep(1.2)
        return outcome

    def upload(self, _):
        self.socket.sendall(b"POST / HTTP/1.1\r\nHost: server\r\nContent-Length: 9000\r\n\r\n")
        outcome = "closed"
        with contextlib.suppress(ConnectionError):
            for _ in range(9):
                self.socket.sendall(b"x" * 1000)
                time.sleep(0.015)
            outcome = self.listen()
        return outcome

    def alert(self, _):
        self.ask()
        outcome = self.listen()
        with contextlib.suppress(OSError):
            self.socket.unwrap()
        return outcome


@contextlib.contextmanager
def serving(name, host, seconds, tls):
    server = SERVERS[name]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                        "-nodes", "-subj", "/CN=server", "-keyout", f"{folder}/key.pem",
                        "-out", f"{folder}/cert.pem"], check=True, stderr=subprocess.DEVNULL)
        path = Path(folder) / server.file
        path.write_text(server.text.format(seconds=seconds, folder=folder, ssl="ssl" if tls else ""),
                        encoding="ascii")
        with subprocess.Popen([*server.command, path], preexec_fn=host.enter) as process:
            time.sleep(1)
            try:
                yield
            finally:
                process.terminate()


def record(name, out):
    server, seconds, staged, tls = RECORDINGS[name]
    hosts = {side: Host(side, {}, "") for side in "AB"}
    path = Wire(hosts)
    path.start()
    rows = []

    def use(what, number):
        client = Client(hosts["A"], seconds, tls)
        outcome = getattr(client, what)(number)
        rows.append((client.port, what, outcome))
        client.socket.close()

    with serving(server, hosts["B"], seconds, tls):
        users = [threading.Thread(target=use, args=(what, number))
                 for what, count in staged.items() for number in range(count)]
        for user in users:
            user.start()
            time.sleep(0.037)
        for user in users:
            user.join()
        time.sleep(0.3)
        path.ends.set()
        path.join()
    (out / f"{name}.pcapng").write_bytes(pcapng(path.captured))
    with open(out / f"{name}.idle.tsv", "w", encoding="ascii") as file:
        file.write(f"# {server}: connections that are idle for {seconds} s are closed\nport\twhat\toutcome\n")
        file.writelines(f"{port}\t{what}\t{outcome}\n" for port, what, outcome in sorted(rows))
    print(f"{name}: {len(path.captured)} frames")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+", metavar="NAME", choices=RECORDINGS)
    parser.add_argument("--out", type=Path, default=Path("."), metavar="FOLDER")
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("idle.py: cannot record here: not root")
    for name in options.names:
        record(name, options.out)


if __name__ == "__main__":
    main()
