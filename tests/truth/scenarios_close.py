# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios (scenario.py): closes with FIN, and TIME_WAIT."""
import socket

from frame import V6
from scenario import scenario
from talk import Talk

GIVE_UP_SOON = {"tcp_orphan_retries": 1}
FAST_OPEN = {"tcp_fastopen": 0x207}     # client, server, and both without cookies
MSG_FASTOPEN = 0x20000000


# Plain closes.

@scenario()
def four_way_client(_, talk):
    """FIN, ACK, FIN, ACK, the client first."""
    talk.open()
    talk.close("A", wait=0.08)
    talk.read("B")
    talk.close("B", wait=0.05)


@scenario(family=V6)
def four_way_v6(wire, talk):
    """The same over IPv6."""
    four_way_client(wire, talk)


@scenario()
def three_way_client(_, talk):
    """The server's FIN is itself the ACK of the client's."""
    talk.open()
    talk.tcp_option("B", socket.TCP_QUICKACK, 0)
    talk.close("A", wait=0)
    talk.close("B", wait=0.05)


@scenario()
def simul_close(_, talk):
    """Both FINs cross."""
    talk.open()
    talk.close("A")
    talk.close("B", wait=0.12)


@scenario()
def simul_close_ackloss(wire, talk):
    """Both FINs cross, and both ACKs of them are lost."""
    talk.open()
    wire.on("dropC", "B", "A", without="F")
    wire.on("dropC", "A", "A", without="F")
    talk.close("A")
    talk.close("B", wait=0.82)


@scenario()
def half_close_client(_, talk):
    """The client ends its side; the server sends 14,000 bytes more, then closes."""
    talk.open()
    talk.shutdown("A", wait=0.06)
    for _ in range(20):
        talk.send("B", b"x" * 700, wait=0.005)
        talk.read("A")
    talk.wait(0.06)
    talk.close("B", wait=0.06)
    talk.close("A", wait=0.02)


@scenario()
def fin_data(_, talk):
    """The client's last data and its FIN are one segment."""
    talk.open()
    talk.tcp_option("A", socket.TCP_CORK, 1)
    talk.send("A", b"last words " * 30)
    talk.close("A", wait=0.06)
    talk.read("B")
    talk.close("B", wait=0.06)


@scenario()
def simul_open(wire, talk):
    """Both sides connect to each other at once; a plain close follows."""
    for side in "AB":
        talk.new_socket(side)
    talk.call(talk.sockets["A"].connect_ex, talk.address("B"))
    talk.call(talk.sockets["B"].connect_ex, talk.address("A"), wait=0.05)
    talk.send("A", b"hi", wait=0.06)
    talk.read("B")
    talk.close("A", wait=0.06)
    talk.close("B", wait=0.06)


@scenario(FAST_OPEN)
def tfo_close(wire, talk):
    """Fast Open: request and FIN travel with the handshake."""
    talk.listen((socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 5))
    talk.call(talk.new_socket("A").sendto, b"tfo request", MSG_FASTOPEN, talk.address("B"))
    wire.step()
    wire.step()
    talk.close("A", wait=0.05)      # before the ACK of the handshake has gone
    talk.accept()
    talk.read("B")
    talk.close("B", wait=0.1)


@scenario()
def close_wait_alarm(_, talk):
    """The server's application takes 33 s to notice the client's FIN."""
    talk.open()
    talk.shutdown("A", wait=33)
    talk.send("B", b"late answer", wait=0.06)
    talk.read("B")
    talk.close("B", wait=0.05)


@scenario(options=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)])
def zw_cross_fin(_, talk):
    """The client has closed, but a zero window holds its FIN back until the server's has come."""
    talk.open()
    for _ in range(100):
        if talk.send("A", b"z" * 2000, wait=0) is None or talk.state("A").unsent > 12000:
            break
    talk.wait(0.3)
    talk.close("A", wait=0.3)
    talk.shutdown("B", wait=0.2)
    for _ in range(400):
        if talk.read("B", wait=0.01) == b"":
            break
    talk.wait(0.1)
    talk.close("B", wait=0.1)


@scenario(family=V6)
def parallel_v6(wire, first):
    """Twelve connections, interleaved, with four kinds of ending."""
    first.listen()
    talks = [Talk(wire, V6, 41000 + number, listener=first.listener) for number in range(12)]
    for talk in talks:
        talk.connect(wait=0.002)
        talk.accept()
    for number, talk in enumerate(talks):
        talk.send("A", b"r%d" % number)
    first.wait(0.05)
    endings = (("read", "A closes"), ("read", "B closes"), ("read", "A closes", "B closes"),
               ("read", "A aborts"), ("B closes",), ("read", "A ends"))
    for number, talk in enumerate(talks):
        acts = {"read": lambda talk=talk: talk.read("B"), "A ends": lambda talk=talk: talk.shutdown("A"),
                "A closes": lambda talk=talk: talk.close("A"), "B closes": lambda talk=talk: talk.close("B"),
                "A aborts": lambda talk=talk: talk.abort("A")}
        for act in endings[number % len(endings)]:
            acts[act]()
    first.wait(0.06)
    for talk in talks[5::6]:
        talk.send("B", b"tail")
    first.wait(0.06)
    for talk in talks:
        talk.close("A")
        talk.close("B")
    first.wait(0.1)


# Losses and copies.

@scenario()
def fin_lost_after(wire, talk):
    """The client's FIN is captured and then lost; it is sent again."""
    talk.open()
    wire.on("dropC", "A", "F")
    talk.close("A", wait=0.7)
    talk.close("B", wait=0.1)


@scenario()
def last_ack_lost_after(wire, talk):
    """The last ACK is captured and then lost: the server sends its FIN again and TIME_WAIT answers."""
    talk.open()
    talk.close("A", wait=0.08)
    wire.on("dropC", "A", "A")
    talk.close("B", wait=1)


@scenario(GIVE_UP_SOON)
def fin_unanswered(wire, talk):
    """The client closes and no FIN of it arrives, until the kernel gives up silently."""
    talk.open()
    wire.on("dropC", "A", times=999)
    talk.close("A", wait=3.6)


@scenario(GIVE_UP_SOON)
def last_ack_unanswered(wire, talk):
    """The server closes first; none of the client's FINs arrives, until the kernel gives up silently."""
    talk.open()
    talk.close("B", wait=0.06)
    wire.on("dropC", "A", times=999)
    talk.close("A", wait=3.6)


@scenario()
def hole_reply(wire, talk):
    """A FIN waits behind lost data while the receiver goes on talking; then the hole is filled."""
    talk.open()
    lost = talk.next("A")

    def is_lost(frame):
        return frame.length and frame.seq == lost
    wire.on("holdB", "A", matches=is_lost)
    wire.on("dropB", "A", matches=is_lost, times=3)
    talk.send("A", b"a" * 300)
    talk.send("A", b"b" * 300)
    talk.shutdown("A", wait=0.01)
    talk.send("B", b"still talking " * 10, wait=0.01)
    wire.release()
    talk.wait(0.4)
    talk.read("A")
    talk.read("B")
    talk.close("B", wait=0.06)
    talk.close("A", wait=0)


@scenario()
def dup_fin(wire, talk):
    """The network delivers both FINs twice."""
    talk.open()
    wire.on("dupB", "A", "F")
    wire.on("dupB", "B", "F")
    talk.close("A", wait=0.08)
    talk.close("B", wait=0.6)


@scenario()
def late_data_closed(wire, talk):
    """Copies of old client data reach the closed server."""
    talk.open()
    talk.send("A", b"old data")
    old = wire.queue[-1]
    talk.wait(0.06)
    talk.read("B")
    talk.close("A", wait=0.08)
    talk.close("B", wait=0.08)
    for _ in range(2):
        wire.replay(old)
        talk.wait(0.05)


@scenario()
def old_dups(wire, talk):
    """The network replays old data of both sides before, during and after the close."""
    talk.open()
    old = {}
    for side, other, data in (("A", "B", b"first"), ("B", "A", b"answer")):
        talk.send(side, data)
        old[side] = wire.queue[-1]
        talk.wait(0.06)
        talk.read(other)

    def again(sides):
        for side in sides:
            wire.replay(old[side])
            talk.wait(0.02)
    again("A")
    talk.shutdown("A", wait=0.06)
    again("AB")
    talk.close("B", wait=0.06)
    again("BA")
    talk.close("A", wait=0.05)


# What the capture misses.

@scenario()
def mid_est_data(wire, talk):
    """The capture begins in the middle of a connection; a plain close follows."""
    wire.capturing = False
    talk.open()
    wire.capturing = True
    talk.send("A", b"mid", wait=0.06)
    talk.read("B")
    talk.close("A", wait=0.08)
    talk.close("B", wait=0.08)


@scenario()
def mid_half_closed(wire, talk):
    """The capture begins when the client's FIN has passed."""
    wire.capturing = False
    talk.open()
    talk.shutdown("A", wait=0.08)
    wire.capturing = True
    talk.send("B", b"half closed data", wait=0.06)
    talk.read("A")
    talk.close("B", wait=0.08)


@scenario()
def capture_gap(wire, talk):
    """The capture misses a request and the end of the answer."""
    talk.open()
    wire.capturing = False
    talk.send("A", b"another request\n", wait=0.06)
    talk.read("B")
    wire.capturing = True
    talk.send("B", b"the answer, first part...\n", wait=0.02)
    wire.capturing = False
    talk.send("B", b"and its last part")
    wire.step()
    wire.capturing = True
    talk.wait(0.06)
    talk.read("A")
    talk.close("B", wait=0.06)
    talk.close("A", wait=0.05)


# TIME_WAIT.

@scenario()
def tw_expiry_reuse(_, talk):
    """The same pair of ports connects again 66 s later, when TIME_WAIT has ended."""
    talk.open()
    talk.close("A", wait=0.08)
    talk.close("B", wait=66)
    talk.establish()
    talk.close("B", wait=0.08)
    talk.close("A", wait=0.08)


@scenario()
def tw_reuse_server_tw(_, talk):
    """The same pair of ports connects again after 0.3 s: the server's TIME_WAIT takes the SYN."""
    talk.open()
    talk.close("B", wait=0.08)
    talk.close("A", wait=0.3)
    talk.establish()
    talk.send("A", b"again", wait=0.05)
    talk.read("B")
    talk.close("A", wait=0.08)
    talk.close("B", wait=0.08)


@scenario()
def tw_old_syn(_, talk):
    """An old SYN hits TIME_WAIT: an ACK answers it, a RST that, and the RST ends TIME_WAIT."""
    talk.open()
    talk.close("B", wait=0.08)
    talk.close("A", wait=0.1)
    talk.forge("A", "S", -5000, wait=0.1)
