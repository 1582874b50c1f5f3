# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios (scenario.py): refusals, resets, and segments that somebody forges."""
import socket

from scenario import NO_TIMESTAMPS, scenario


# Resets.

@scenario()
def refused(_, talk):
    """A RST answers the SYN: nobody listens."""
    talk.connect(wait=0.05)
    talk.close("A")


@scenario({"tcp_syn_retries": 1})
def syn_unanswered(wire, talk):
    """SYNs that nobody answers."""
    talk.listen()
    wire.on("dropC", "A", "S", times=99)
    talk.connect(wait=3.6)


@scenario()
def linger0_close_wait(_, talk):
    """The server ends its side; the client, in CLOSE_WAIT, aborts."""
    talk.open()
    talk.close("B", wait=0.06)
    talk.abort("A", wait=0.1)


@scenario()
def gave_up(wire, talk):
    """Nothing reaches the client any more, data and retransmissions not even the capture: the server
    aborts."""
    talk.open()
    wire.on("dropC", "B", "R")
    wire.on("dropB", "B", times=99)
    talk.send("B", b"are you there?", wait=0.9)
    talk.abort("B", wait=0.1)


@scenario()
def unread_close_server(_, talk):
    """The server closes with unread data: a RST instead of a FIN."""
    talk.open()
    talk.send("A", b"you will not read this", wait=0.02)
    talk.close("B", wait=0.1)
    talk.close("A", wait=0.05)


@scenario()
def orphan_data_fw2(_, talk):
    """The client has closed; data for it draws a RST from FIN_WAIT_2."""
    talk.open()
    talk.close("A", wait=0.08)
    talk.send("B", b"more for you", wait=0.1)
    talk.close("B", wait=0.1)


# Forged segments.

def forged_resets(talk, offset):
    talk.open()
    for side in "AB":
        talk.forge(side, "R", offset, wait=0.02)
    talk.send("A", b"still there?", wait=0.1)
    talk.read("B")
    talk.close("A", wait=0.08)
    talk.close("B", wait=0.08)


@scenario()
def rst_inwindow(_, talk):
    """Forged RSTs inside the window but not exact: challenge ACKs, and a normal close follows."""
    forged_resets(talk, 10)


@scenario()
def rst_oow_above(_, talk):
    """Forged RSTs far outside the window: ignored, and a normal close follows."""
    forged_resets(talk, 10000000)


@scenario()
def rst_sack_edge(wire, talk):
    """A RST at the right edge of data received out of order: Linux accepts it."""
    talk.open()
    lost = talk.next("A")
    talk.tcp_option("A", socket.TCP_NODELAY, 1)
    wire.on("dropC", "A", times=20, matches=lambda frame: frame.length and frame.seq == lost)
    talk.send("A", b"a" * 300, wait=0)
    talk.send("A", b"b" * 300, wait=0.005)
    talk.forge("A", "R", wait=0.02)
    wire.rules.clear()
    talk.send("B", b"alive?", wait=0.4)
    talk.read("A")
    talk.read("B")
    talk.close("A", wait=0.1)
    talk.close("B", wait=0.1)


@scenario()
def rst_fw2_orphan_inexact(_, talk):
    """A RST inside the window, not exact, ends an orphaned FIN_WAIT_2."""
    talk.open()
    talk.close("A", wait=0.06)
    talk.forge("B", "R", 500, wait=0.05)
    talk.close("B", wait=0.1)


@scenario()
def forged_rst_syn_sent(wire, talk):
    """RSTs towards a client in SYN_SENT: a wrong ACK number, no ACK, and at last the right one."""
    talk.listen()
    wire.on("holdC", "A", "S", without="A", times=9)
    talk.connect(wait=0.02)
    talk.forge("B", "RA", ack_offset=500, wait=0.02)
    talk.forge("B", "R", 12345, wait=0.02)
    talk.forge("B", "RA", wait=0.02)
    talk.close("A")
    wire.release()
    talk.wait(0.05)


@scenario()
def forged_syn_established(_, talk):
    """Forged SYNs inside a living connection: challenge ACKs, and nothing changes."""
    talk.open()
    talk.forge("A", "S", 77777, wait=0.05)
    talk.forge("A", "S", wait=0.6)
    talk.close("A", wait=0.08)
    talk.close("B", wait=0.08)


@scenario(NO_TIMESTAMPS)
def forged_fin(_, talk):
    """Somebody sends a FIN in the client's name, and the client goes on sending."""
    talk.open()
    talk.forge("A", "FA", wait=0.1)
    talk.send("A", b"but I have not finished yet", wait=0.1)


@scenario(NO_TIMESTAMPS)
def fin_moved(_, talk):
    """After the client's FIN somebody sends another one in its name, at an earlier place."""
    talk.open()
    talk.shutdown("A", wait=0.06)
    talk.forge("A", "FA", -4, wait=0.06)
    talk.close("B", wait=0.06)


@scenario(NO_TIMESTAMPS)
def odd_flags(_, talk):
    """A SYN,FIN and a FIN,RST in the client's name."""
    talk.open()
    talk.forge("A", "SF", 5, wait=0.06)
    talk.send("A", b"go on...", wait=0.06)
    talk.forge("A", "FRA", wait=0.06)
    talk.send("A", b"hello?", wait=0.05)
