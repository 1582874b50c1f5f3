# SPDX-License-Identifier: GPL-2.0-or-later
"""One of the two hosts: a network namespace with a TAP device, and its kernel asked about its sockets.

The namespace has no name and ends with this process: nothing of it is left behind.
"""
import collections
import contextlib
import ctypes
import errno
import fcntl
import os
import socket
import struct
import subprocess

from frame import ADDRESS, MAC, OTHER, V4, V6, connection_key

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TAP_NO_PI = 0x1002      # and no vnet header: so there is no offload, and every checksum is made
NETLINK_SOCK_DIAG = 4
SOCK_DIAG_BY_FAMILY = 20
NLM_F_REQUEST = 1
NLMSG_ERROR = 2
ANY_COOKIE = struct.pack("=II", 0xffffffff, 0xffffffff)

# The kernel's numbers of states; 12 is a request socket.
STATES = {1: "ESTABLISHED", 2: "SYN_SENT", 3: "SYN_RECEIVED", 4: "FIN_WAIT_1", 5: "FIN_WAIT_2",
          6: "TIME_WAIT", 7: "CLOSED", 8: "CLOSE_WAIT", 9: "LAST_ACK", 11: "CLOSING", 12: "SYN_RECEIVED",
          13: "CLOSED"}
LISTEN = 10

State = collections.namedtuple("State", "name kind unread unsent")

QUIET = {"accept_dad": 0, "router_solicitations": 0, "addr_gen_mode": 1}
SETUP = """link set lo up
link set dev tap0 address {mac} mtu 1500
link set dev tap0 up
addr add {v4}/24 dev tap0
addr add {v6}/64 dev tap0 nodad
neigh replace {peer_v4} lladdr {peer_mac} nud permanent dev tap0
neigh replace {peer_v6} lladdr {peer_mac} nud permanent dev tap0
"""
ROUTES = """route replace 10.9.0.0/24 dev tap0 proto kernel scope link src {v4} {route}
route replace fd00:9::/64 dev tap0 {route}
"""


class Impossible(Exception):
    """Nothing can be recorded here, and why."""


@contextlib.contextmanager
def needed(what):
    try:
        yield
    except (OSError, subprocess.CalledProcessError) as error:
        raise Impossible(f"{what}: {error}") from error


def call(function, *arguments):
    """os.unshare and os.setns are there from Python 3.12 on only."""
    if getattr(ctypes.CDLL(None, use_errno=True), function)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


class Host:
    def __init__(self, side, sysctls, route):
        self.side = side
        self.sockets = []       # kept: what is forgotten would be closed
        with needed("no network namespace"):
            call("unshare", CLONE_NEWNET)
            self.namespace = os.open("/proc/self/ns/net", os.O_RDONLY)
        with needed("no /dev/net/tun"):
            self.tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        with needed("no TAP device"):
            fcntl.ioctl(self.tap, TUNSETIFF, struct.pack("16sH22x", b"tap0", IFF_TAP_NO_PI))
        with needed("no SOCK_DIAG"):
            self.diag = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, NETLINK_SOCK_DIAG)
            self.diag.bind((0, 0))
        with needed("the network namespace cannot be set up"):
            self.set_up(sysctls, route)
        with needed("no SOCK_DIAG"):
            self.check_answers()

    def set_up(self, sysctls, route):
        for name, value in QUIET.items():
            write_sysctl(f"ipv6/conf/tap0/{name}", value)
        for name, value in sysctls.items():
            write_sysctl(f"ipv4/{name}", value)
        peer = OTHER[self.side]
        values = {"v4": ADDRESS[V4][self.side], "v6": ADDRESS[V6][self.side], "mac": MAC[self.side].hex(":"),
                  "peer_v4": ADDRESS[V4][peer], "peer_v6": ADDRESS[V6][peer], "peer_mac": MAC[peer].hex(":"),
                  "route": route}
        commands = SETUP + (ROUTES if route else "")
        subprocess.run(["ip", "-batch", "-"], input=commands.format(**values), text=True, check=True,
                       stderr=subprocess.DEVNULL)

    def check_answers(self):
        """A kernel without tcp_diag says of every socket that there is none."""
        with self.listen(9, V4):
            found = self.state(connection_key(V4, 9, 9))
        if found.kind != "listen":
            raise OSError("the kernel does not tell about TCP")

    def enter(self):
        call("setns", self.namespace, CLONE_NEWNET)

    def sysctl(self, name, value):
        self.enter()
        write_sysctl(f"ipv4/{name}", value)

    def read(self):
        """The next frame that the kernel has sent, or None."""
        try:
            return os.read(self.tap, 70000)
        except BlockingIOError:
            return None

    def write(self, raw):
        """Runs the kernel's whole receive path: what it answers at once can then be read."""
        os.write(self.tap, raw)

    def state(self, key):
        """What the kernel has for this connection: a socket, a request, a TIME_WAIT, or no more than a
        listener."""
        family, *ends = key
        local, lport, remote, rport = ends if self.side == "A" else ends[2:] + ends[:2]
        request = struct.pack("=IHHII", 72, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST, 1, 0)
        request += struct.pack("=BBBBI", family, socket.IPPROTO_TCP, 0, 0, 0xffffffff)
        request += struct.pack("!HH16s16s", lport, rport, local, remote) + bytes(4) + ANY_COOKIE
        self.diag.send(request)
        answer = self.diag.recv(8192)
        if struct.unpack_from("=H", answer, 4)[0] == NLMSG_ERROR:
            error = -struct.unpack_from("=i", answer, 16)[0]
            if error != errno.ENOENT:
                raise OSError(error, os.strerror(error))
            return State("CLOSED", "none", 0, 0)
        number, timer = answer[17], answer[18]
        unread, unsent, _, inode = struct.unpack_from("=IIII", answer, 72)
        if number == LISTEN:
            return State("CLOSED", "listen", 0, 0)
        if number in (3, 12) and inode == 0 and timer == 1:
            kind = "req"
        elif timer == 3:
            kind = "tw"
        else:
            kind = "sock" if inode else "orphan"
        return State(STATES[number], kind, unread, unsent)

    def new_socket(self, family, port, options=(), protocol=0):
        self.enter()
        made = socket.socket(family, socket.SOCK_STREAM, protocol)
        made.setblocking(False)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for option in options:
            made.setsockopt(*option)
        made.bind((ADDRESS[family][self.side], port))
        self.sockets.append(made)
        return made

    def listen(self, port, family, options=(), protocol=0):
        made = self.new_socket(family, port, options, protocol)
        made.listen(256)
        return made


def write_sysctl(name, value):
    with open(f"/proc/sys/net/{name}", "w", encoding="ascii") as file:
        file.write(str(value))
