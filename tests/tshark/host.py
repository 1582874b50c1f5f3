# SPDX-License-Identifier: GPL-2.0-or-later
"""A host with TCP sockets that does what standard input says, a line an order, and answers "done".

    listen PORT             accept COUNT            connect ADDRESS PORT COUNT
    close FIRST END         shutdown FIRST END      reset FIRST END         send FIRST END

FIRST and END number the sockets in the order of connect or accept; END is not included.
"""
import socket
import struct
import sys

LINGER_0 = struct.pack("ii", 1, 0)


class Host:
    def __init__(self):
        self.listener = None
        self.sockets = []

    def listen(self, port):
        self.listener = socket.create_server(("", port), backlog=1024)

    def accept(self, count):
        self.sockets += [self.listener.accept()[0] for _ in range(count)]

    def connect(self, address, port, count):
        self.sockets += [socket.create_connection((address, port)) for _ in range(count)]

    def close(self, first, end):
        for each in self.sockets[first:end]:
            each.close()

    def shutdown(self, first, end):
        for each in self.sockets[first:end]:
            each.shutdown(socket.SHUT_WR)

    def reset(self, first, end):
        for each in self.sockets[first:end]:
            each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_0)
            each.close()

    def send(self, first, end):
        for each in self.sockets[first:end]:
            each.sendall(b"x" * 100)


def main():
    host = Host()
    for line in sys.stdin:
        order, *arguments = line.split()
        getattr(host, order)(*[int(word) if word.isdecimal() else word for word in arguments])
        print("done", flush=True)


if __name__ == "__main__":
    main()
