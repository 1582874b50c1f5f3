#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records what no observer can know (README.md): pairs of connections of two real kernels whose captured
packets are the same up to a row where a kernel's state is not. NAME_a.pcapng and NAME_b.pcapng, and
NAME_a.truth.tsv and NAME_b.truth.tsv with the kernels' states (captures/README.md has the columns).

    sudo tests/truth/pairs.py [--out FOLDER] NAME...

Both of a pair do the same at the same times, but for one thing, `other`: as path.py carries frames, one is
lost behind the capture point, or a host's application has done what no segment shows. Linux, root and
iproute2 are needed; nothing of the machine changes (record.py).
"""
import argparse
import os
import socket
import sys
from pathlib import Path as File

from alike import WORLDS, unknowns
from frame import V6
from path import Path
from record import in_child
from scenario import NO_TIMESTAMPS
from talk import Talk

PAIRS = {}      # name -> function(path, talk, other), and what Path takes
FIN_TIMEOUT = {"tcp_fin_timeout": 1}
SILENCE = 20
ATTEMPTS = 5            # a machine that is busy delays what is timed


def pair(near=0.015, sysctls=None, **talk):
    def register(function):
        PAIRS[function.__name__] = function, near, sysctls, talk
        return function
    return register


def lost(other, path, side, flags, without=""):
    """Behind the capture point the next such frame is lost, in the other one of the pair."""
    if other:
        path.on("dropC", side, flags, without)


def quick_ack(talk, side):
    talk.tcp_option(side, socket.TCP_QUICKACK, 1)


def open_and_talk(talk, exchanges=4):
    """The connection, and how quick its hosts answer: an ACK each, and the answers that acknowledge."""
    talk.listen()
    talk.connect(wait=0.15)
    talk.accept()
    for _ in range(exchanges):
        quick_ack(talk, "B")
        talk.send("A", b"request\n", wait=0.08)
        talk.read("B")
        quick_ack(talk, "A")
        talk.send("B", b"response\n", wait=0.08)
        talk.read("A")
    quick_ack(talk, "B")
    quick_ack(talk, "A")


def talk_before(path, talk):
    """On another connection, so that the path is known."""
    before = Talk(path, talk.family, port=40000, service=8081)
    open_and_talk(before)
    talk.before = before        # it stays open


# 1 to 3: so close behind the peer's FIN or RST that it had not come, or it was lost.

@pair(near=0.010)
def fin_or_crossed_fin(path, talk, other):
    """The client's FIN is lost behind the capture point; or crosses the server's."""
    open_and_talk(talk)
    lost(other, path, "A", "F")
    talk.close("A", wait=0.005)
    talk.close("B", wait=1.0)


@pair(near=0.001)
def ack_of_crossed_fin(path, talk, other):
    """The same, seen closer to the client, whose ACK is captured before the server's."""
    open_and_talk(talk)
    lost(other, path, "A", "F")
    talk.close("B", wait=0.010)
    talk.close("A", wait=1.0)


@pair(near=0.001)
def data_or_crossed_fin(path, talk, other):
    open_and_talk(talk)
    lost(other, path, "A", "F")
    talk.send("B", b"more\n", wait=0.010)
    talk.shutdown("A", wait=0.6)
    talk.close("B", wait=0.2)


@pair(near=0.001)
def ack_or_crossed_fin(path, talk, other):
    open_and_talk(talk)
    lost(other, path, "A", "F")
    talk.send("A", b"last request\n", wait=0.015)
    talk.close("A", wait=0.6)
    talk.close("B", wait=0.2)


@pair()
def data_or_crossed_rst(path, talk, other):
    open_and_talk(talk)
    lost(other, path, "A", "R")
    talk.send("B", b"more\n", wait=0.002)
    talk.abort("A", wait=0.3)


@pair()
def fin_or_crossed_rst(path, talk, other):
    open_and_talk(talk)
    lost(other, path, "A", "R")
    talk.close("B", wait=0.002)
    talk.abort("A", wait=0.3)


@pair()
def ack_or_crossed_rst(path, talk, other):
    open_and_talk(talk)
    lost(other, path, "A", "R")
    talk.send("A", b"last request\n", wait=0.015)
    talk.abort("A", wait=0.3)


# 4: until the receiver's next segment.

@pair()
def syn_ack_answer_lost(path, talk, other):
    """The ACK of the handshake."""
    talk_before(path, talk)
    talk.listen()
    lost(other, path, "A", "A")
    talk.connect(wait=0.2)
    talk.send("A", b"request\n", wait=0.2)


@pair()
def fin_lost(path, talk, other):
    open_and_talk(talk)
    lost(other, path, "A", "F")
    talk.close("A", wait=0.6)
    talk.close("B", wait=0.2)


@pair()
def ack_of_fin_lost(path, talk, other):
    open_and_talk(talk)
    lost(other, path, "B", "A")
    talk.close("A", wait=0.6)
    talk.close("B", wait=0.2)


@pair()
def second_fin_lost(path, talk, other):
    open_and_talk(talk)
    lost(other, path, "B", "F")
    talk.close("A", wait=0.15)
    talk.close("B", wait=0.6)


@pair()
def last_ack_lost(path, talk, other):
    open_and_talk(talk)
    talk.close("A", wait=0.15)
    lost(other, path, "A", "A")
    talk.close("B", wait=0.6)


@pair(near=0.001)
def ack_in_closing_lost(path, talk, other):
    open_and_talk(talk)
    lost(other, path, "B", "A", "F")
    talk.close("B", wait=0.010)
    talk.close("A", wait=1.0)


@pair()
def rst_lost(path, talk, other):
    open_and_talk(talk)
    lost(other, path, "A", "R")
    talk.abort("A", wait=0.2)
    talk.send("B", b"still there?\n", wait=0.2)


# 5: sent again, or the network has held a copy. IPv6 without time stamps has no marks of a segment's own.

def unmarked(**sysctls):
    return pair(sysctls={**NO_TIMESTAMPS, "../ipv6/auto_flowlabels": 0, **sysctls}, family=V6)


def again(path, talk, other, side, flag):
    """What waits for an ACK that was lost is sent again; in the other one of the pair a copy comes then."""
    talk.wait(0.12)
    if other:
        path.again(side, flag, after=path.model_gap(side, flag))
    talk.wait(1.5)


@unmarked()
def fin_or_copy(path, talk, other):
    open_and_talk(talk)
    lost(not other, path, "B", "A")
    talk.close("A")
    again(path, talk, other, "A", "F")
    talk.close("B", wait=0.2)


@unmarked()
def last_fin_or_copy(path, talk, other):
    open_and_talk(talk)
    talk.close("A", wait=0.15)
    lost(not other, path, "A", "A")
    talk.close("B")
    again(path, talk, other, "B", "F")


@unmarked()
def syn_or_copy(path, talk, other):
    """The client has not got the SYN-ACK; or its ACK of that is lost before the capture point."""
    talk_before(path, talk)
    talk.listen()
    if other:
        path.on("dropB", "A", "A")
    else:
        path.on("dropC", "B", "SA")
    talk.connect()
    again(path, talk, other, "A", "S")


@unmarked()
def syn_ack_or_copy(path, talk, other):
    talk_before(path, talk)
    talk.listen()
    lost(not other, path, "A", "A")
    talk.connect()
    again(path, talk, other, "B", "S")


@unmarked(tcp_sack=0)       # else the ACK of old data says so
def ack_or_copy(path, talk, other):
    """Old data comes again, and the ACK of it shows that the FIN has not come; or that ACK is an old one,
    too, and the ACK of the FIN is lost before the capture point."""
    open_and_talk(talk)
    talk.send("A", b"request\n", wait=0.08)
    if other:
        path.on("dropB", "B", "A")
    else:
        path.on("dropC", "A", "F")
    talk.close("A", wait=0.11)
    if other:
        path.on("dropC", "A", "P")
    path.again("A", "P", without="F")
    if other:
        talk.wait(0.045)
        path.again("B", "A", without="PF")
    talk.wait(0.4)


# 6.

@pair()
def silent_socket(path, talk, other):
    """The client's host has forgotten the connection; the server's may have, too."""
    open_and_talk(talk)
    path.on("dropB", flags="R", times=2)
    talk.abort("A")
    if other:
        talk.abort("B")
    talk.wait(SILENCE)
    talk.connect(wait=0.3)


# 7: with all marks of the endpoint that it names.

@pair()
def fin_forged(path, talk, other):
    open_and_talk(talk)
    talk.wait(0.05)
    if other:
        path.impersonate("A", "FA")
    else:
        talk.shutdown("A")
    talk.wait(0.2)
    talk.send("A", b"still there\n" if other else b"", wait=0.1)
    talk.close("B", wait=0.2)


@pair()
def rst_forged(path, talk, other):
    open_and_talk(talk)
    talk.wait(0.05)
    if other:
        path.impersonate("A", "RA")
    else:
        talk.abort("A")
    talk.wait(0.2)
    if other:
        talk.send("A", b"still there\n", wait=0.2)


# 8: whether the application holds the socket.

@pair()
def orphan_or_held(path, talk, other):
    """A RST inside the window but not exact, in the server's name."""
    open_and_talk(talk)
    if other:
        talk.shutdown("A", wait=0.15)
    else:
        talk.close("A", wait=0.15)
    path.forge_later("B", "R", 500)
    talk.wait(0.2)
    talk.close("B", wait=0.2)


# 9: one more was acknowledged than was captured.

@pair()
def fin_or_byte_missed(path, talk, other):
    open_and_talk(talk)
    # Linux delays the ACK of a FIN (tcp_fin), and that of a byte if told to.
    talk.tcp_option("B", socket.TCP_QUICKACK, 0)
    path.on("missed", "A")
    if other:
        talk.send("A", b"x", wait=0.15)
    else:
        talk.shutdown("A", wait=0.15)
    talk.read("B")
    talk.send("A", b"y" if other else b"", wait=0.2)
    talk.close("B", wait=0.3)


# 10: what leaves no segment.

@pair(sysctls=FIN_TIMEOUT)
def orphan_timeout(path, talk, other):
    """FIN_WAIT_2 of a socket that nobody holds any more ends; one that the application holds stays."""
    open_and_talk(talk)
    if other:
        talk.shutdown("A", wait=3)
    else:
        talk.close("A", wait=3)
    talk.close("B", wait=0.3)


@pair()
def closed_in_syn_sent(path, talk, other):
    """Before the SYN is answered; the SYN-ACK then draws a RST."""
    talk_before(path, talk)
    talk.listen()
    talk.connect(wait=0.030)
    if other:
        talk.close("A")
    talk.wait(0.2)


@pair()
def crash(path, talk, other):
    """The client's host, without a word."""
    open_and_talk(talk)
    if other:
        path.on("dropB", "A", times=1)
        talk.abort("A", wait=0.1)
    else:
        talk.wait(0.1)
    talk.send("B", b"still there?\n", wait=0.2)


@pair(options=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 12000)])
def fin_behind_window(path, talk, other):
    """The window is closed: a FIN would have to wait, and probes are the same without one."""
    open_and_talk(talk)
    for _ in range(20):
        talk.send("A", b"z" * 2000, wait=0.06)
    if other:
        talk.close("A")
    talk.wait(1.5)


def record(name, world, folder):
    function, near, sysctls, options = PAIRS[name]
    path = Path(near, sysctls)
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    path.begin(folder / f"{name}_a.truth.tsv" if world == "b" else None)
    function(path, Talk(path, **options), world == "b")
    path.write(folder / f"{name}_{world}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+", metavar="NAME", choices=PAIRS)
    parser.add_argument("--out", type=File, default=File("."), metavar="FOLDER")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name in options.names:
        for _ in range(ATTEMPTS):
            status = max(in_child(record, name, world, options.out) for world in WORLDS)
            found = [] if status else unknowns(options.out, name)
            if status or found:
                break
        print(name, *(f"{row.frame} {row.side.upper()} {' or '.join(row.states)}" for row in found), sep=", ")
        if not found:
            return status or f"{name}: the two are never alike where the kernels' states differ"
    return 0


if __name__ == "__main__":
    sys.exit(main())
