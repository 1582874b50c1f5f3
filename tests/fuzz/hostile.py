# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures made to hurt: name -> function(count), which yields about count frames (ns, IP packet).

As a program, it writes one:  hostile.py NAME COUNT FILE"""
import random
import struct
import sys

FIN, SYN, RST, ACK = 1, 2, 4, 16
CLIENT, SERVER = 0x0A000001, 0x0A000002
MILLISECOND, SECOND = 10**6, 10**9
BEGIN = 1_700_000_000 * SECOND
HALF_CIRCLE = 1 << 31
TWO_MSL = 60 * SECOND

HEADERS = struct.Struct("!BBHHHBBHII HHIIBBHHH")


def packet(source, source_port, destination, destination_port, seq, ack, flags):
    """IPv4 and TCP without options, payload and checksums."""
    return HEADERS.pack(0x45, 0, 40, 0, 0, 64, 6, 0, source, destination,
                        source_port, destination_port, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, 0x50,
                        flags, 65535, 0, 0)


def there(seq, ack, flags, port=50000):
    return packet(CLIENT, port, SERVER, 80, seq, ack, flags)


def back(seq, ack, flags, port=50000):
    return packet(SERVER, 80, CLIENT, port, seq, ack, flags)


def ticking(packets, step=MILLISECOND):
    for number, made in enumerate(packets):
        yield BEGIN + number * step, made


def handshake(isn=0, port=50000):
    yield there(isn, 0, SYN, port)
    yield back(isn, isn + 1, SYN | ACK, port)
    yield there(isn + 1, isn + 1, ACK, port)


def four_way(isn=0, port=50000):
    yield from handshake(isn, port)
    yield there(isn + 1, isn + 1, FIN | ACK, port)
    yield back(isn + 1, isn + 2, ACK, port)
    yield back(isn + 1, isn + 2, FIN | ACK, port)
    yield there(isn + 2, isn + 2, ACK, port)


# ---- many streams ----

def syns(count):
    """Each from another port and address: as many streams."""
    return ticking((packet(CLIENT + number // 60000, 1024 + number % 60000, SERVER, 80, number, 0,
                           SYN) for number in range(count)), step=1000)


def reuse(count):
    """One pair of ports, closed and opened again in TIME_WAIT, each time a new stream."""
    return ticking(segment for round_ in range(count // 7)
                   for segment in four_way(round_ * 100000))


def reuse_in_no_time(count):
    """The same with one time stamp for all, so that every TIME_WAIT ends at once; then time passes."""
    yield from ((BEGIN, made) for _, made in reuse(count))
    for late in range(3):
        yield BEGIN + (late + 1) * TWO_MSL, there(late, 0, SYN, port=50001)


def syns_in_time_wait(count):
    """SYNs that a socket in TIME_WAIT does not take: streams that inherit it, one from another."""
    yield from ((BEGIN, made) for made in four_way(HALF_CIRCLE))
    for number in range(count):
        yield BEGIN + number, there(number * 100000 % HALF_CIRCLE, 0, SYN)
    yield BEGIN + TWO_MSL * 2, there(1, 0, SYN, port=50001)


def time_wait_backwards(count):
    """A full queue of TIME_WAITs, and each ends before all that came before it."""
    for number in range(count // 7):
        port = 1024 + number % 60000
        for made in four_way(number * 70000, port):
            yield BEGIN - number * MILLISECOND, made
    for late in range(3):
        yield BEGIN + (late + 1) * TWO_MSL, there(late, 0, SYN, port=80)


def renewed_time_wait(count):
    """FINs that renew a TIME_WAIT for ever."""
    def segments():
        yield from four_way()
        for _ in range(count):
            yield back(1, 2, FIN | ACK)
    return ticking(segments())


# ---- one stream ----

def fins(count):
    def segments():
        yield from handshake()
        for _ in range(count):
            yield there(1, 1, FIN | ACK)
    return ticking(segments(), step=300 * MILLISECOND)


def rsts(count):
    def segments():
        yield from handshake()
        for number in range(count):
            yield (there, back)[number % 2](1, 1, RST | ACK)
    return ticking(segments())


def fins_and_rsts_around_the_circle(count):
    def segments():
        yield from handshake()
        for number in range(count):
            far = number * 0x10000001
            yield (there, back)[number % 3 == 0](far, far + HALF_CIRCLE, (FIN | ACK, RST, FIN)[number % 3])
    return ticking(segments())


def half_a_circle_apart(count):
    def segments():
        yield from handshake()
        for number in range(count):
            offset = HALF_CIRCLE * (number % 2) + number % 3
            yield (there, back)[number % 5 == 0](1 + offset, 1 + HALF_CIRCLE + number % 2,
                                                 (ACK, FIN | ACK, ACK, RST)[number % 4])
    return ticking(segments())


def flapping(count):
    """Sockets that a RST closes and that talk on, again and again."""
    def segments():
        yield from handshake()
        for number in range(count // 3):
            yield there(1, 1, RST)
            yield there(1 + number, 1, ACK)
            yield back(1, 1 + number, FIN | ACK)
    return ticking(segments(), step=SECOND)


# ---- the same on both ends ----

def equal_ports(count):
    def segments():
        for round_ in range(count // 4):
            isn = round_ * 100000
            yield packet(CLIENT, 179, SERVER, 179, isn, 0, SYN)
            yield packet(SERVER, 179, CLIENT, 179, isn, isn + 1, SYN | ACK)
            yield packet(CLIENT, 179, SERVER, 179, isn + 1, isn + 1, FIN | ACK)
            yield packet(SERVER, 179, CLIENT, 179, isn + 1, isn + 2, FIN | ACK)
    return ticking(segments())


def land(count):
    """The same address and port on both sides: nobody can tell who sent it."""
    chance = random.Random(5)
    return ticking(packet(SERVER, 80, SERVER, 80, chance.randrange(4) * 1000, chance.randrange(4),
                          chance.choice((SYN, ACK, FIN | ACK, RST, SYN | ACK)))
                   for _ in range(count))


HOSTILE = {made.__name__: made for made in (
    syns, reuse, reuse_in_no_time, syns_in_time_wait, time_wait_backwards, renewed_time_wait, fins,
    rsts, fins_and_rsts_around_the_circle, half_a_circle_apart, flapping, equal_ports, land)}


def write(path, frames):
    """A pcap file of IP packets, in nanoseconds."""
    record = struct.Struct("<IIII")
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 101))
        for ns, made in frames:
            out.write(record.pack(ns // SECOND, ns % SECOND, len(made), len(made)) + made)


if __name__ == "__main__":
    write(sys.argv[3], HOSTILE[sys.argv[1]](int(sys.argv[2])))
