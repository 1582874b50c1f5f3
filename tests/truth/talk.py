# SPDX-License-Identifier: GPL-2.0-or-later
"""The two applications of one connection, A and B, as a scenario drives them.

wait=SECONDS: after the call, the wire carries frames for so long. Without it nothing is carried yet: two
calls in a row are at the same time as far as the kernels can tell.
"""
import socket
import struct

from frame import ADDRESS, OTHER, V4, connection_key

SERVICE = 8080
MSS = b"\x02\x04\x05\xb4"       # every SYN has this option


def not_open():
    """A socket with which every call fails."""
    with socket.socket() as unused:
        return unused


class Talk:
    def __init__(self, wire, family=V4, port=40001, service=SERVICE, listener=None, options=(),
                 protocol=0):
        """options, protocol: of both sides' sockets, and of the listener; 0: TCP."""
        self.wire, self.family, self.options, self.listener = wire, family, options, listener
        self.protocol = protocol
        self.ports = {"A": port, "B": service}
        self.sockets = {side: not_open() for side in "AB"}

    @property
    def connection(self):
        return self.wire.connection(connection_key(self.family, self.ports["A"], self.ports["B"]))

    def state(self, side):
        return self.wire.hosts[side].state(self.connection.key)

    def next(self, side):
        """The sequence number after what the side has sent."""
        return self.connection.ends[side].next

    def call(self, function, *arguments, wait=None):
        """What the function returns; None where the kernel refuses: a scenario may go that far."""
        try:
            result = function(*arguments)
        except OSError:
            result = None
        self.wait(wait)
        return result

    def wait(self, seconds):
        self.wire.drain()
        if seconds is not None:
            self.wire.pump(seconds)

    # Opening.

    def listen(self, *options):
        self.listener = self.wire.hosts["B"].listen(self.ports["B"], self.family, (*self.options, *options),
                                                     self.protocol)

    def new_socket(self, side):
        self.sockets[side] = self.wire.hosts[side].new_socket(self.family, self.ports[side], self.options,
                                                              self.protocol)
        return self.sockets[side]

    def address(self, side):
        return ADDRESS[self.family][side], self.ports[side]

    def connect(self, side="A", wait=None):
        self.call(self.new_socket(side).connect_ex, self.address(OTHER[side]), wait=wait)

    def accept(self):
        self.sockets["B"], _ = self.listener.accept()
        self.sockets["B"].setblocking(False)
        self.wire.drain()

    def establish(self):
        self.connect(wait=0.02)
        self.accept()

    def open(self):
        """A connection with a request and its answer."""
        self.listen()
        self.establish()
        self.send("A", b"request\n", wait=0)
        self.read("B")
        self.send("B", b"response\n", wait=0)
        self.read("A", wait=0.06)

    # Talking and closing.

    def send(self, side, data, wait=None):
        return self.call(self.sockets[side].send, data, socket.MSG_NOSIGNAL, wait=wait)

    def read(self, side, wait=None):
        return self.call(self.sockets[side].recv, 1 << 20, wait=wait)

    def shutdown(self, side, how=socket.SHUT_WR, wait=None):
        self.call(self.sockets[side].shutdown, how, wait=wait)

    def close(self, side, wait=None):
        self.call(self.sockets[side].close, wait=wait)

    def abort(self, side, wait=None):
        """A close with SO_LINGER 0: a RST."""
        self.option(side, socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close(side, wait=wait)

    def option(self, side, *option):
        self.call(self.sockets[side].setsockopt, *option)

    def tcp_option(self, side, name, value):
        self.option(side, socket.IPPROTO_TCP, name, value)

    # The forger, who knows both sides' numbers.

    def forge(self, side, flags, offset=0, ack_offset=0, verdict="fwd", wait=None):
        ack = self.next(OTHER[side]) + ack_offset if "A" in flags else 0
        self.wire.forge(self.connection, side, flags, self.next(side) + offset, ack,
                        MSS if flags == "S" else b"", verdict)
        self.wait(wait)
