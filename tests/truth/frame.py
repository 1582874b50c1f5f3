# SPDX-License-Identifier: GPL-2.0-or-later
"""TCP frames: read, and made up for the forger."""
import socket
import struct

LETTERS = {"S": 2, "F": 1, "R": 4, "P": 8, "A": 16, "U": 32, "E": 64, "W": 128}
SYN, FIN, RST, ACK = (LETTERS[letter] for letter in "SFRA")
OTHER = {"A": "B", "B": "A"}
V4, V6 = socket.AF_INET, socket.AF_INET6
MAC = {"A": bytes.fromhex("02000a000001"), "B": bytes.fromhex("02000a000002")}
ADDRESS = {V4: {"A": "10.9.0.1", "B": "10.9.0.2"}, V6: {"A": "fd00:9::1", "B": "fd00:9::2"}}
ETHERTYPE = {V4: b"\x08\x00", V6: b"\x86\xdd"}


def beyond(one, other):
    """Is the sequence number one beyond the other?"""
    return 0 < (one - other) & 0xffffffff < 1 << 31


def reaches(one, other):
    return (one - other) & 0xffffffff < 1 << 31


def connection_key(family, a_port, b_port):
    packed = {side: socket.inet_pton(family, ADDRESS[family][side]) for side in "AB"}
    return family, packed["A"], a_port, packed["B"], b_port


class Frame:
    """A TCP frame of a side."""

    def __init__(self, raw, side):
        self.family = V4 if raw[12:14] == ETHERTYPE[V4] else V6
        if self.family == V4:
            tcp = 14 + (raw[14] & 15) * 4
            end = 14 + int.from_bytes(raw[16:18], "big")
            sender, receiver = raw[26:30], raw[30:34]
        else:
            tcp = 54
            end = tcp + int.from_bytes(raw[18:20], "big")
            sender, receiver = raw[22:38], raw[38:54]
        self.raw, self.side, self.receiver = raw[:end], side, OTHER[side]
        self.sport, self.dport, self.seq, self.ack = struct.unpack_from("!HHII", raw, tcp)
        self.flags, self.window = struct.unpack_from("!BH", raw, tcp + 13)
        self.length = end - tcp - (raw[tcp + 12] >> 4) * 4
        # Sequence number after the frame.
        self.end = (self.seq + self.length + bool(self.flags & SYN) + bool(self.flags & FIN)) & 0xffffffff
        ends = ((sender, self.sport), (receiver, self.dport))
        self.key = (self.family, *ends[side == "B"], *ends[side == "A"])
        self.origin = "kernel"
        self.number = 0         # in the capture
        self.made = 0           # the wire's ticks: when it was made, when it passed the capture point
        self.passed = 0
        self.revealed = False   # captured and lost, and its receiver has shown that it has not got it

    def has(self, letters):
        return all(self.flags & LETTERS[letter] for letter in letters)

    def letters(self):
        return "".join(letter for letter in LETTERS if self.has(letter)) or "."


def read_frame(raw, side):
    """The frame, or None where it is not TCP: that is not forwarded."""
    protocol = {ETHERTYPE[V4]: raw[23], ETHERTYPE[V6]: raw[20]}.get(raw[12:14])
    return Frame(raw, side) if protocol == socket.IPPROTO_TCP else None


def checksum(data):
    data += b"\0" * (len(data) & 1)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return struct.pack("!H", ~total & 0xffff)


def forged_frame(key, side, seq, ack, letters, options=b""):
    """A frame that the side never sent: TTL 64, IP ID 0, window 512."""
    family, *ends = key
    sender, sport, receiver, dport = ends if side == "A" else ends[2:] + ends[:2]
    flags = sum(LETTERS[letter] for letter in letters)
    tcp = struct.pack("!HHIIBBHHH", sport, dport, seq & 0xffffffff, ack & 0xffffffff,
                      (20 + len(options)) // 4 << 4, flags, 512, 0, 0) + options
    pseudo = sender + receiver + struct.pack("!II", len(tcp), socket.IPPROTO_TCP)
    tcp = tcp[:16] + checksum(pseudo + tcp) + tcp[18:]
    if family == V4:
        ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6, 0) + sender + receiver
        ip = ip[:10] + checksum(ip) + ip[12:]
    else:
        ip = struct.pack("!IHBB", 6 << 28, len(tcp), 6, 64) + sender + receiver
    frame = Frame(MAC[OTHER[side]] + MAC[side] + ETHERTYPE[family] + ip + tcp, side)
    frame.origin = "forged"
    return frame
