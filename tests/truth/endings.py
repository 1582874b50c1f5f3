# SPDX-License-Identifier: GPL-2.0-or-later
"""How a storm's connections end.

An ending gets the connection (storm.py: Life), the side that acts first and the other one. It yields how
long it sleeps; what is open in the end is closed after it.
"""
import socket

ENDINGS = {}        # function -> how often, against the others
TCP_REPAIR = 19


def ending(weight):
    def register(function):
        ENDINGS[function] = weight
        return function
    return register


@ending(22)
def in_turn(life, first, second):
    life.read_all()
    life.close(first)
    yield life.random.choice([0, 0.001, 0.01, 0.05, 0.1])
    life.read_all()
    life.close(second)
    yield 0.05


@ending(9)
def at_once(life, first, second):
    life.read_all()
    life.close(first)
    if life.chance(0.4):
        yield 0
    life.close(second)
    yield 0.1


@ending(10)
def half_close(life, first, second):
    choice = life.random.choice
    life.read_all()
    life.shutdown(first)
    yield choice([0, 0.01, 0.06])
    for _ in range(life.random.randint(0, 5)):
        life.send(second, b"s" * choice([5, 700, 3000]))
        yield choice([0, 0.002, 0.05])
        life.read_all()
    if life.chance(0.6):
        life.close(second)
    else:
        life.shutdown(second)
    yield choice([0.001, 0.08])
    life.read_all()
    life.close(first)
    yield 0.02


@ending(8)
def data_with_fin(life, first, second):
    life.read_all()
    life.tcp_option(first, socket.TCP_CORK, 1)
    life.send(first, b"s" * life.random.choice([10, 900, 5000, 12000]))
    life.close(first)
    yield life.random.choice([0, 0.001, 0.06])
    life.read_all()
    if life.chance(0.5):
        life.tcp_option(second, socket.TCP_CORK, 1)
        life.send(second, b"s" * 50)
    life.close(second)
    yield 0.06


@ending(7)
def abort(life, first, second):
    before = life.random.choice(["own FIN", "peer's FIN", "data", "both FINs", "", ""])
    if before in ("own FIN", "both FINs"):
        life.shutdown(first)
    if before in ("peer's FIN", "both FINs"):
        life.shutdown(second)
    if before == "data":
        life.send(first, b"s" * 9000)
    elif before:
        yield life.random.choice([0, 0.05])
    life.abort(first)
    yield life.random.choice([0, 0.02, 0.05])
    if life.chance(0.5):
        life.send(second, b"s" * 10)
        yield 0.02


@ending(4)
def unread(life, first, second):
    life.reads = [second]
    life.send(second, b"s" * 100)
    yield life.random.choice([0, 0.01, 0.05])
    life.close(first)
    yield 0.05
    if life.chance(0.5):
        life.send(second, b"s" * 10)
        yield 0.02


@ending(5)
def data_for_an_orphan(life, first, second):
    choice = life.random.choice
    life.read_all()
    life.close(first)
    yield choice([0, 0.01, 0.06])
    for _ in range(life.random.randint(1, 3)):
        life.send(second, b"s" * choice([5, 3000]))
        yield choice([0, 0.01])
    yield 0.05


@ending(2.5)
def fin_wait_2_timeout(life, first, second):
    life.read_all()
    life.close(first)
    yield 1.6
    if life.chance(0.6):
        life.send(second, b"s" * 20)
        yield 0.05


@ending(2)
def crash(life, first, second):
    """The socket is gone, and nothing of that is on the wire."""
    if life.chance(0.4):
        life.shutdown(life.random.choice("AB"))
        yield 0.06
    life.tcp_option(first, TCP_REPAIR, 1)
    life.close(first)
    yield 0.02
    if life.chance(0.5):
        life.send(second, b"s" * 20)
        yield 0.05


@ending(3.5)
def black_hole(life, first, second):
    choice = life.random.choice
    life.read_all()
    life.black_holes[choice([first, first, second])] = choice(["dropC", "dropB"])
    life.send(first, b"s" * 100)
    yield choice([0.05, 0.5, 4])
    life.close(first)
    yield choice([0.5, 2.5])
    if life.chance(0.6):
        life.black_holes.clear()
        life.send(second, b"s" * 10)
        yield 0.1


@ending(1.5)
def keepalive(life, first, second):
    for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT):
        life.tcp_option(first, option, 1)
    life.option(first, socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if life.chance(0.4):
        life.shutdown(life.random.choice("AB"))
        yield 0.06
    if life.chance(0.7):
        life.black_holes[life.random.choice([first, second])] = "dropC"
    yield 3.2
    life.black_holes.clear()


@ending(12)
def random_calls(life, *_):
    choice = life.random.choice
    calls = {life.send: 30, life.read_all: 20, life.shutdown: 18, life.close: 8, life.abort: 3}
    for _ in range(life.random.randint(3, 9)):
        call, side = life.weighted(calls), choice("AB")
        if call == life.send:
            call(side, b"s" * choice([1, 100, 2000, 5000]))
        elif call == life.shutdown:
            call(side, choice([socket.SHUT_WR] * 4 + [socket.SHUT_RD, socket.SHUT_RDWR]))
        else:
            call(side)
        yield choice([0, 0, 0.001, 0.01, 0.05])


@ending(5)
def forgery(life, first, second):
    choice = life.random.choice
    for _ in range(life.random.randint(1, 3)):
        if life.chance(0.2):
            life.shutdown(choice("AB"))
            yield choice([0, 0.05])
        flags = life.weighted({"R": 38, "RA": 37, "FA": 15, "S": 10})
        offset = choice([0, 0, 1, 50, 3000, -1, -2000, 5000000])
        offset = offset or {"FA": 40, "S": 99999}.get(flags, 0)
        life.forge("A" if flags == "S" else choice("AB"), flags, offset,
                   verdict="fwd" if life.chance(0.9) else "dropC")
        yield choice([0, 0.01])
        if life.chance(0.5):
            life.send(choice("AB"), b"s" * 30)
            yield 0.01
    yield 0.02
    life.read_all()
    life.close(first)
    yield choice([0, 0.05])
    life.close(second)
    yield 0.05


@ending(3)
def replays(life, first, second):
    """Old frames come again, in any state of the close."""
    life.read_all()
    for side in (first, second):
        life.close(side)
        yield life.random.choice([0.01, 0.06])
        life.replay()
        yield 0.05 if side == second else 0.01
