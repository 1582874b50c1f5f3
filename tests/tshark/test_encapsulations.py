# SPDX-License-Identifier: GPL-2.0-or-later
"""Whatever a segment is wrapped in, it shows the same states; what is no segment is left alone."""
import struct

import pytest

import rewrap

IPV4 = ["four_way_client", "rst_inwindow", "tw_reuse_server_tw"]
IPV6 = ["four_way_v6", "parallel_v6"]

WRAPPERS = {
    "raw": (rewrap.RAW, rewrap.raw),
    "null": (rewrap.NULL, rewrap.null),
    "linux_cooked": (rewrap.SLL, rewrap.sll),
    "vlan": (rewrap.ETHERNET, rewrap.vlan),
    "qinq": (rewrap.ETHERNET, rewrap.qinq),
    "mpls": (rewrap.ETHERNET, rewrap.mpls),
    "gre": (rewrap.ETHERNET, rewrap.gre),
    "ip_in_ip": (rewrap.ETHERNET, rewrap.ip_in_ip),
    "vxlan": (rewrap.ETHERNET, rewrap.vxlan),
    "ipv6_extensions": (rewrap.ETHERNET, rewrap.ipv6_extensions),
}

# What tshark must have seen for the test to be about the encapsulation.
SEEN = {"raw": "raw", "null": "null", "linux_cooked": "sll", "vlan": "vlan", "qinq": "ieee8021ad",
        "mpls": "mpls", "gre": "gre", "ip_in_ip": "ip.proto == 4 or ip.proto == 41",
        "vxlan": "vxlan", "ipv6_extensions": "ipv6.dstopts"}

CASES = [(name, capture) for name in WRAPPERS
         for capture in ((IPV6 if name == "ipv6_extensions" else IPV4[:2] + IPV6[:1]))]
CASES += [(name, capture) for name in ("gre", "vxlan") for capture in (IPV4[2], IPV6[1])]

passes = pytest.mark.parametrize("passes", [[], ["-2"]], ids=["one_pass", "two_passes"])


def written(wireshark, name, link_type, frames, cut=None):
    path = wireshark.made / f"{name}.pcap"
    rewrap.write_capture(path, link_type, frames, cut)
    path.chmod(0o644)
    return path


def shown(wireshark, capture, *arguments):
    """A row a frame: number, both states, the events"""
    names = ("frame.number", "tcpclose.client.state", "tcpclose.server.state", "tcpclose.event")
    return wireshark.fields(capture, names, *arguments)


@pytest.mark.parametrize("name,capture", CASES)
def test_same_states_in(wireshark, name, capture):
    link_type, wrap = WRAPPERS[name]
    frames = [(ns, wrap(packet)) for ns, packet in rewrap.read_packets(wireshark.path(capture))]
    path = written(wireshark, f"{name}-{capture}", link_type, frames)
    assert len(wireshark.filtered(path, SEEN[name], "frame.number")) == len(frames)
    assert shown(wireshark, path) == shown(wireshark, capture)
    assert shown(wireshark, path, "-2") == shown(wireshark, capture)


def payload_of(packet):
    return packet[20:] if rewrap.version(packet) == 4 else packet[40:]


@pytest.mark.parametrize("capture", ["four_way_client", "rst_inwindow", "four_way_v6"])
def test_same_states_where_udp_is_decoded_as_tcp(wireshark, capture):
    """Decode As: what carries a segment is the user's word."""
    frames = []
    for ns, packet in rewrap.read_packets(wireshark.path(capture)):
        tcp = payload_of(packet)
        from_server = tcp[:2] < tcp[2:4]
        ends = {"source": f"192.0.2.{1 + from_server}", "destination": f"192.0.2.{2 - from_server}"}
        datagram = struct.pack("!HHHH", 9999, 9999, 8 + len(tcp), 0) + tcp
        frames.append((ns, rewrap.ipv4(rewrap.UDP, datagram, **ends)))
    path = written(wireshark, f"udp-{capture}", rewrap.RAW, frames)
    states = [row[:3] for row in shown(wireshark, path, "-d", "udp.port==9999,tcp")]
    assert states == [row[:3] for row in shown(wireshark, capture)]
    assert wireshark.tshark(path, "-Y", "tcpclose") == ""


@passes
@pytest.mark.parametrize("quoted", [28, 48, 60], ids=["8_bytes_of_tcp", "28_bytes", "whole_header"])
def test_header_quoted_in_an_icmp_error_is_no_segment(wireshark, passes, quoted):
    """A FIN comes back from a router, before and after the real one."""
    capture = "four_way_client"
    packets = rewrap.read_packets(wireshark.path(capture))
    fin = packets[7][1]
    inserted = [(6, fin), (9, fin)]
    mixed = list(packets)
    for at, quote in reversed(inserted):
        mixed.insert(at, (packets[at][0], rewrap.icmp_error(quote, quoted)))
    path = written(wireshark, f"icmp-{quoted}", rewrap.RAW, mixed)
    icmp = [int(row[0]) for row in wireshark.fields(path, ["frame.number"], "-Y", "icmp")]
    rows = shown(wireshark, path, *passes)
    assert icmp == [7, 11]
    assert [row[1:] for row in rows if int(row[0]) in icmp] == [("", "", "")] * 2
    assert [row[1:] for row in rows if int(row[0]) not in icmp] == [
        row[1:] for row in shown(wireshark, capture)]
    assert wireshark.tshark(path, "-Y", "icmp and tcpclose", *passes) == ""


def with_fragmented(wireshark, capture, index):
    """The capture with that packet in two fragments."""
    packets = rewrap.read_packets(wireshark.path(capture))
    ns, packet = packets[index]
    frames = packets[:index] + [(ns, part) for part in rewrap.fragments(packet, 40)]
    return written(wireshark, f"fragments-{capture}", rewrap.RAW, frames + packets[index + 1:])


@passes
def test_fragments_count_once_when_they_are_reassembled(wireshark, passes):
    capture, index = "half_close_client", 11
    rows = shown(wireshark, with_fragmented(wireshark, capture, index), *passes)
    original = [row[1:] for row in shown(wireshark, capture)]
    assert "half_close_data" in original[index][2], "the fragmented segment is one that counts"
    assert rows[index][1:] == ("", "", "")
    assert [row[1:] for row in rows[:index] + rows[index + 1:]] == original


@passes
def test_fragments_are_left_alone_when_they_are_not_reassembled(wireshark, passes):
    capture, index = "half_close_client", 11
    path = with_fragmented(wireshark, capture, index)
    rows = shown(wireshark, path, "-o", "ip.defragment:FALSE", *passes)
    original = [row[1:3] for row in shown(wireshark, capture)]
    assert [row[1:] for row in rows[index:index + 2]] == [("", "", "")] * 2
    assert [row[1:3] for row in rows[:index] + rows[index + 2:]] == (
        original[:index] + original[index + 1:])


@passes
@pytest.mark.parametrize("kept", [22, 34, 47, 53], ids=lambda kept: f"{kept - 34 + 14}_bytes")
def test_segment_with_a_cut_header_is_left_alone(wireshark, passes, kept):
    """An ACK without meaning for the close is cut inside its TCP header."""
    capture, index = "four_way_client", 4
    frames = rewrap.read_frames(wireshark.path(capture))
    path = written(wireshark, f"cut-{kept}", rewrap.ETHERNET, frames, {index: kept})
    rows = [row[1:] for row in shown(wireshark, path, *passes)]
    original = [row[1:] for row in shown(wireshark, capture)]
    assert rows[index] == ("", "", "")
    assert rows[:index] + rows[index + 1:] == original[:index] + original[index + 1:]


@pytest.mark.parametrize("capture,snaplen", [("half_close_client", 74), ("fin_data", 80),
                                             ("zw_cross_fin", 94)])
def test_cut_payload_does_not_matter(wireshark, capture, snaplen):
    frames = rewrap.read_frames(wireshark.path(capture))
    cut = {index: snaplen for index in range(len(frames))}
    path = written(wireshark, f"snaplen-{capture}", rewrap.ETHERNET, frames, cut)
    names = ["tcpclose.client.state", "tcpclose.server.state", "tcpclose.event", "tcpclose.pattern",
             "tcpclose.half_close.bytes", "tcpclose.teardown"]
    assert any(len(frame) > snaplen for _, frame in frames)
    assert wireshark.fields(path, names, "-2") == wireshark.fields(capture, names, "-2")


@passes
def test_several_segments_of_one_stream_in_one_frame(wireshark, passes):
    """802.11 aggregation: neighbours travel in one frame, and each shows what it showed alone."""
    capture = "four_way_client"
    packets = rewrap.read_packets(wireshark.path(capture))[:10]
    frames = [(packets[i][0], rewrap.wlan_amsdu([packets[i][1], packets[i + 1][1]]))
              for i in range(0, len(packets), 2)]
    path = written(wireshark, "amsdu", rewrap.WLAN, frames)
    original = shown(wireshark, capture)
    rows = shown(wireshark, path, *passes)
    for i, row in enumerate(rows):
        pair = original[2 * i:2 * i + 2]
        assert row[1] == ",".join(alone[1] for alone in pair)
        assert row[2] == ",".join(alone[2] for alone in pair)
        assert row[3] == ",".join(alone[3] for alone in pair if alone[3])
    assert len(wireshark.fields(path, ["frame.number"], "-Y", "tcp", *passes)) == len(frames)
    report = wireshark.tshark(path, "-q", "-z", "tcpclose,csv", *passes)
    assert report.splitlines()[1].startswith("0,10.9.0.1,40001,10.9.0.2,8080,")


@passes
def test_segments_of_different_streams_in_one_frame(wireshark, passes):
    """Their ports are the same: only the addresses tell the streams apart."""
    captures = ("four_way_client", "four_way_v6")
    packets = [rewrap.read_packets(wireshark.path(capture)) for capture in captures]
    frames = [(ns, rewrap.wlan_amsdu([first, second]))
              for (ns, first), (_, second) in zip(*packets)]
    path = written(wireshark, "amsdu-two", rewrap.WLAN, frames)
    originals = [shown(wireshark, capture) for capture in captures]
    for row, first, second in zip(shown(wireshark, path, *passes), *originals):
        assert row[1] == f"{first[1]},{second[1]}"
        assert row[2] == f"{first[2]},{second[2]}"
        assert row[3] == ",".join(alone[3] for alone in (first, second) if alone[3])
    report = wireshark.tshark(path, "-q", "-z", "tcpclose,csv", *passes).splitlines()
    assert report[1].startswith("0,10.9.0.1,40001,10.9.0.2,8080,")
    assert report[2].startswith("1,fd00:9::1,40001,fd00:9::2,8080,")


@passes
def test_segment_inside_a_segment(wireshark, passes):
    """OpenFlow over TCP carries the packets that a switch asks about."""
    capture = "four_way_client"
    seq, frames = 1000, []
    for ns, packet in rewrap.read_packets(wireshark.path(capture)):
        message = rewrap.openflow_packet_in(packet)
        frames.append((ns, rewrap.tcp_ipv4(50001, 6653, seq, 1, 0x18, message)))
        seq += len(message)
    path = written(wireshark, "openflow", rewrap.RAW, frames)
    assert len(wireshark.fields(path, ["frame.number"], "-Y", "openflow_v1")) == len(frames)
    for row, alone in zip(shown(wireshark, path, *passes), shown(wireshark, capture)):
        assert row[1] == f"ESTABLISHED,{alone[1]}"
        assert row[2] == f"ESTABLISHED,{alone[2]}"
