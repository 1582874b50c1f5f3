# SPDX-License-Identifier: GPL-2.0-or-later
"""Puts the IP packets of an Ethernet capture into other encapsulations; standard library only.

A packet is (time in ns, IP packet). A wrapper makes the bytes of a frame of it; a capture is
written with the link type that these bytes begin with.
"""
import ipaddress
import struct

ETHERNET, RAW, NULL, SLL, WLAN = 1, 101, 0, 113, 105
ETHERTYPE = {4: 0x0800, 6: 0x86DD}
MACS = bytes.fromhex("02000000000b02000000000a")
TCP, UDP, IPIP, IPV6_IN_IP, GRE = 6, 17, 4, 41, 47


# ---- files ----

def read_frames(path):
    """The frames of a pcapng file with one little-endian section in nanoseconds: (ns, bytes)."""
    data = path.read_bytes()
    at, frames = 0, []
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if kind == 6:
            high, low, size = struct.unpack_from("<III", data, at + 12)
            frames.append((high << 32 | low, data[at + 28:at + 28 + size]))
        at += length
    return frames


def read_packets(path):
    return [(ns, frame[14:]) for ns, frame in read_frames(path)]


def write_capture(path, link_type, frames, cut=None):
    """A pcap file in nanoseconds. cut: frame index -> bytes kept."""
    out = [struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, link_type)]
    for index, (ns, frame) in enumerate(frames):
        kept = frame[:(cut or {}).get(index, len(frame))]
        out.append(struct.pack("<IIII", ns // 10**9, ns % 10**9, len(kept), len(frame)) + kept)
    path.write_bytes(b"".join(out))
    return path


def block(kind, body):
    """Of a pcapng file."""
    body += b"\0" * (-len(body) % 4)
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def write_seconds(path, packets):
    """A pcapng file of (s, IP packet): whole seconds, any number of 64 bits."""
    out = [block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)),
           block(1, struct.pack("<HHIHHB3xHH", RAW, 0, 0, 9, 1, 0, 0, 0))]  # if_tsresol 10^0
    for s, packet in packets:
        head = struct.pack("<IIIII", 0, s >> 32, s & 0xFFFFFFFF, len(packet), len(packet))
        out.append(block(6, head + packet))
    path.write_bytes(b"".join(out))
    return path


# ---- headers ----

def checksum(data):
    data += b"\0" * (len(data) & 1)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def version(packet):
    return packet[0] >> 4


def ipv4(protocol, payload, fragment=0, identification=1, source="192.0.2.1",
         destination="192.0.2.2"):
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), identification, fragment, 64,
                         protocol, 0)
    header += ipaddress.ip_address(source).packed + ipaddress.ip_address(destination).packed
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + payload


def ethernet(ethertype, payload):
    return MACS + struct.pack("!H", ethertype) + payload


def plain(packet):
    return ethernet(ETHERTYPE[version(packet)], packet)


# ---- wrappers ----

def raw(packet):
    return packet


def null(packet):
    return struct.pack("<I", {4: 2, 6: 30}[version(packet)]) + packet


def sll(packet):
    return struct.pack("!HHH8sH", 0, 1, 6, MACS[:6], ETHERTYPE[version(packet)]) + packet


def vlan(packet):
    return ethernet(0x8100, struct.pack("!HH", 7, ETHERTYPE[version(packet)]) + packet)


def qinq(packet):
    tags = struct.pack("!HHHH", 100, 0x8100, 7, ETHERTYPE[version(packet)])
    return ethernet(0x88A8, tags + packet)


def mpls(packet):
    return ethernet(0x8847, struct.pack("!II", 1000 << 12 | 64, 2000 << 12 | 0x100 | 64) + packet)


def gre(packet):
    header = struct.pack("!HH", 0, ETHERTYPE[version(packet)])
    return plain(ipv4(GRE, header + packet))


def ip_in_ip(packet):
    return plain(ipv4({4: IPIP, 6: IPV6_IN_IP}[version(packet)], packet))


def vxlan(packet):
    inner = struct.pack("!II", 0x08000000, 42 << 8) + plain(packet)
    return plain(ipv4(UDP, struct.pack("!HHHH", 50000, 4789, 8 + len(inner), 0) + inner))


def ipv6_extensions(packet):
    """Hop-by-hop and destination options between the IPv6 header and TCP."""
    assert version(packet) == 6
    padding = bytes([1, 4, 0, 0, 0, 0])
    options = bytes([60, 0]) + padding + bytes([TCP, 0]) + padding
    length = struct.pack("!H", len(packet) - 40 + len(options))
    return plain(packet[:4] + length + bytes([0]) + packet[7:40] + options + packet[40:])


def wlan_amsdu(packets):
    """One 802.11 data frame that carries several packets."""
    header = struct.pack("<HH", 0x0188, 0) + MACS + MACS[:6] + struct.pack("<HH", 0, 0x80)
    body = b""
    for packet in packets:
        llc = bytes.fromhex("aaaa03000000") + struct.pack("!H", ETHERTYPE[version(packet)]) + packet
        body += b"\0" * (-len(body) % 4) + MACS + struct.pack("!H", len(llc)) + llc
    return header + body


def openflow_packet_in(packet):
    """An OpenFlow 1.0 message that carries the packet as a switch got it."""
    frame = plain(packet)
    return struct.pack("!BBHIIHHBB", 1, 10, 18 + len(frame), 1, 0, len(frame), 1, 0, 0) + frame


def tcp_ipv4(source_port, destination_port, seq, ack, flags, payload=b"", **ends):
    """A TCP segment in IPv4; the checksum is left out."""
    header = struct.pack("!HHIIBBHHH", source_port, destination_port, seq & 0xFFFFFFFF, ack, 5 << 4,
                         flags, 65535, 0, 0)
    return ipv4(TCP, header + payload, **ends)


def icmp_error(packet, quoted):
    """An ICMP "time exceeded" about the packet, from a router, with that many bytes of it."""
    body = struct.pack("!BBHI", 11, 0, 0, 0) + packet[:quoted]
    return ipv4(1, body[:2] + struct.pack("!H", checksum(body)) + body[4:], source="192.0.2.9",
                destination=str(ipaddress.ip_address(packet[12:16])))


def fragments(packet, first):
    """The IPv4 packet in two fragments; the first carries that many bytes, a multiple of 8."""
    ends = {"source": str(ipaddress.ip_address(packet[12:16])),
            "destination": str(ipaddress.ip_address(packet[16:20])), "identification": 4711}
    payload = packet[20:]
    return [ipv4(packet[9], payload[:first], fragment=0x2000, **ends),
            ipv4(packet[9], payload[first:], fragment=first // 8, **ends)]


# ---- captures in which there is nothing to report ----

def empty_capture(wireshark):
    path = write_capture(wireshark.made / "empty.pcap", ETHERNET, [])
    path.chmod(0o644)
    return path


def capture_without_tcp(wireshark):
    """ICMP errors that quote segments."""
    packets = read_packets(wireshark.path("four_way_client"))
    path = write_capture(wireshark.made / "icmp-only.pcap", RAW,
                         [(ns, icmp_error(packet, 28)) for ns, packet in packets])
    path.chmod(0o644)
    return path
