# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios (scenario.py): causes of resets that a plain close never shows."""
import socket

from frame import V6
from scenario import scenario
from talk import Talk

ABORT_ON_OVERFLOW = {"tcp_abort_on_overflow": 1}
IPPROTO_MPTCP = 262
BACKLOG = 2     # room for one connection more than that


@scenario(ABORT_ON_OVERFLOW)
def accept_overflow(wire, talk):
    """Nobody accepts, and handshakes that have begun end when the queue has become full: RSTs. One of
    these clients sends its request right behind the handshake."""
    talk.listen()
    talk.listener.listen(BACKLOG)
    clients = [Talk(wire, talk.family, port) for port in range(40002, 40002 + 2 * BACKLOG + 1)]
    for client in clients[:BACKLOG]:
        client.connect(wait=0.02)
    wire.on("holdB", "A", "A", without="S", times=99)
    for client in clients[BACKLOG:2 * BACKLOG + 1]:
        client.connect(wait=0)
    talk.wait(0.03)
    clients[2 * BACKLOG - 1].send("A", b"request\n", wait=0.02)
    wire.rules.clear()
    wire.release()
    talk.wait(0.1)


@scenario(ABORT_ON_OVERFLOW, family=V6)
def accept_overflow_v6(wire, talk):
    """The same over IPv6."""
    accept_overflow(wire, talk)


def outlive(wire, talk):
    talk.open()
    wire.on("dropB", "A", "R")
    talk.abort("A", wait=0.05)


def connect_again(talk):
    talk.connect(wait=1.3)
    talk.accept()
    talk.send("A", b"request\n", wait=0.06)
    talk.read("B")
    talk.close("A", wait=0.06)
    talk.close("B", wait=0.06)


@scenario()
def handshake_mismatch(wire, talk):
    """The server's socket outlives the client's, whose RST is lost before the capture point; the same port
    connects again, and the old socket answers."""
    outlive(wire, talk)
    connect_again(talk)


@scenario(family=V6)
def handshake_mismatch_v6(wire, talk):
    """The same over IPv6, and of the old connection nothing was captured."""
    wire.capturing = False
    outlive(wire, talk)
    wire.capturing = True
    connect_again(talk)


def probe(wire, talk, side, interval, count):
    """The side's probes are lost behind the capture point, all but the first."""
    talk.open()
    talk.tcp_option(side, socket.TCP_KEEPIDLE, 1)
    talk.tcp_option(side, socket.TCP_KEEPINTVL, interval)
    talk.tcp_option(side, socket.TCP_KEEPCNT, count)
    talk.option(side, socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    talk.wait(1.2)
    wire.on("dropC", side, without="R", times=99)
    talk.wait(1.2 + interval * (count + 1))


@scenario()
def keepalive_timeout(wire, talk):
    """The client probes every second; three probes get no answer, and it resets the connection."""
    probe(wire, talk, "A", 1, 3)


@scenario(family=V6)
def keepalive_timeout_v6(wire, talk):
    """The server probes, every two seconds, and two probes get no answer."""
    probe(wire, talk, "B", 2, 2)


@scenario()
def linger2(_, talk):
    """A client that waits for no FIN (TCP_LINGER2 below 0) closes: the ACK of its FIN draws a RST."""
    talk.open()
    talk.tcp_option("A", socket.TCP_LINGER2, -1)
    talk.close("A", wait=0.1)


@scenario(family=V6)
def linger2_v6(_, talk):
    """The same after shutdown(): its FIN is acknowledged when it closes, and it resets at once."""
    talk.open()
    talk.tcp_option("A", socket.TCP_LINGER2, -1)
    talk.shutdown("A", wait=0.06)
    talk.close("A", wait=0.1)


@scenario()
def rst_alone(wire, talk):
    """The capture begins when all is over but the RST: of a server that aborts."""
    wire.capturing = False
    talk.open()
    wire.capturing = True
    talk.abort("B", wait=0.1)


@scenario()
def nat_mismatch(wire, talk):
    """After a silence a segment of the client comes from another port, as from a NAT that has forgotten the
    connection and gives it a new one: the server knows no such connection, and resets it."""
    talk.open()
    talk.wait(1.2)
    elsewhere = Talk(wire, port=talk.ports["A"] + 1)
    wire.forge(elsewhere.connection, "A", "A", talk.next("A"), talk.next("B"))
    talk.wait(0.1)
    talk.close("A", wait=0.06)
    talk.close("B", wait=0.06)


@scenario(protocol=IPPROTO_MPTCP)
def mptcp_close(_, talk):
    """Multipath TCP with one subflow: DATA_FINs end the connection, then FINs the subflow."""
    talk.open()
    talk.close("A", wait=0.1)
    talk.read("B")
    talk.close("B", wait=0.3)


@scenario(protocol=IPPROTO_MPTCP)
def mptcp_fastclose(_, talk):
    """The server of a Multipath TCP connection closes with unread data: MP_FASTCLOSE in a RST."""
    talk.open()
    talk.send("A", b"you will not read this", wait=0.02)
    talk.close("B", wait=0.2)
    talk.close("A", wait=0.2)
