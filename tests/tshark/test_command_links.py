# SPDX-License-Identifier: GPL-2.0-or-later
"""The program "tcpclose" finds in any link, tunnel and fragment what tshark finds there, byte for byte,
or says on standard error what it has not looked at."""
import ipaddress
import json
import struct
from random import Random

import pytest

import rewrap
from rewrap import ETHERTYPE, GRE, MACS, UDP, ethernet, ipv4, plain, version
from test_command import REFUSED, UNREAD, command_, same, unread
from test_encapsulations import written

__all__ = ["command_"]

CAPTURES = ["four_way_client", "four_way_v6"]
PPP, SLL2, LOOP, PRISM, RADIOTAP, AVS = 9, 276, 108, 119, 127, 163
SNAP = bytes.fromhex("aaaa03000000")


def snap(packet):
    return SNAP + struct.pack("!H", ETHERTYPE[version(packet)]) + packet


def wlan(packet, control=0x0108, extra=b""):
    """A data frame: from a station, control says."""
    return (struct.pack("<HH", control, 0) + MACS + MACS[:6] + struct.pack("<H", 0x10) + extra +
            snap(packet))


def datagram(port, payload):
    return plain(ipv4(UDP, struct.pack("!HHHH", 50000, port, 8 + len(payload), 0) + payload))


def ppp(packet):
    return struct.pack("!H", {4: 0x0021, 6: 0x0057}[version(packet)]) + packet


def radiotap(packet):
    """With a time stamp, flags that say that the header is padded, and a QoS frame that is."""
    head = struct.pack("<BBHIQB3x", 0, 0, 20, 3, 1, 0x20)
    return head + wlan(packet, 0x0188, struct.pack("<HH", 0, 0))


def avs(packet):
    return struct.pack("!II", 0x80211001, 64) + b"\0" * 56 + wlan(packet)


def prism(packet):
    frame = wlan(packet)
    return struct.pack("<II16s", 0x44, 144, b"wlan0") + b"\0" * 120 + frame


WRAPPERS = {
    "sll2": (SLL2, lambda packet: struct.pack("!HHIHBB8s", ETHERTYPE[version(packet)], 0, 1, 1, 0, 6,
                                              MACS[:6]) + packet),
    "loop": (LOOP, lambda packet: struct.pack("!I", {4: 2, 6: 30}[version(packet)]) + packet),
    "ppp": (PPP, lambda packet: b"\xff\x03" + ppp(packet)),
    "ppp_compressed": (PPP, lambda packet: ppp(packet)[1:]),
    "pppoe": (rewrap.ETHERNET, lambda packet: ethernet(
        0x8864, struct.pack("!BBHH", 0x11, 0, 1, 2 + len(packet)) + ppp(packet))),
    "llc": (rewrap.ETHERNET, lambda packet: ethernet(8 + len(packet), snap(packet))),
    "five_vlans": (rewrap.ETHERNET, lambda packet: ethernet(0x88A8, struct.pack(
        "!9H", 1, 0x88A8, 2, 0x8100, 3, 0x9100, 4, 0x8100, 5) +
        struct.pack("!H", ETHERTYPE[version(packet)]) + packet)),
    "vlan_in_mpls_in_vlan": (rewrap.ETHERNET, lambda packet: ethernet(0x8100, struct.pack(
        "!HHI", 7, 0x8847, 1000 << 12 | 0x100 | 64) + packet)),
    "gre_bridged": (rewrap.ETHERNET, lambda packet: plain(ipv4(
        GRE, struct.pack("!HHI", 0x2000, 0x6558, 99) + plain(packet)))),
    "geneve": (rewrap.ETHERNET, lambda packet: datagram(6081, struct.pack(
        "!BBHIHBBI", 2, 0, 0x6558, 42 << 8, 0x0102, 0x80, 1, 0) + plain(packet))),
    "gtp": (rewrap.ETHERNET, lambda packet: datagram(2152, struct.pack(
        "!BBHI", 0x30, 255, len(packet), 1) + packet)),
    "gtp_extended": (rewrap.ETHERNET, lambda packet: datagram(2152, struct.pack(
        "!BBHIHBBBBBB", 0x34, 255, 8 + len(packet), 1, 0, 0, 0x85, 1, 0, 9, 0) + packet)),
    "wlan": (rewrap.WLAN, wlan),
    "wlan_qos": (rewrap.WLAN, lambda packet: wlan(packet, 0x0188, b"\0\0")),
    "wlan_qos_ht_control": (rewrap.WLAN, lambda packet: wlan(packet, 0x8188, b"\0" * 6)),
    "wlan_four_addresses": (rewrap.WLAN, lambda packet: wlan(packet, 0x0308, MACS[:6])),
    "wlan_from_ap_again": (rewrap.WLAN, lambda packet: wlan(packet, 0x0A08)),
    "wlan_with_fcs": (rewrap.WLAN, lambda packet: wlan(packet) + b"\1\2\3\4"),
    "radiotap": (RADIOTAP, radiotap),
    "prism": (PRISM, prism),
    "avs": (AVS, avs),
}


@pytest.mark.parametrize("capture", CAPTURES)
@pytest.mark.parametrize("name", WRAPPERS)
def test_same_rows_in(wireshark, command, name, capture):
    link_type, wrap = WRAPPERS[name]
    frames = [(ns, wrap(packet)) for ns, packet in rewrap.read_packets(wireshark.path(capture))]
    path = written(wireshark, f"links-{name}-{capture}", link_type, frames)
    assert same(wireshark, command, path).count("\n") == 2


def test_same_rows_of_aggregated_frames(wireshark, command):
    packets = rewrap.read_packets(wireshark.path("four_way_client"))[:10]
    frames = [(packets[i][0], rewrap.wlan_amsdu([packets[i][1], packets[i + 1][1]]))
              for i in range(0, len(packets), 2)]
    path = written(wireshark, "links-amsdu", rewrap.WLAN, frames)
    assert same(wireshark, command, path).count("\n") == 2


def test_what_nobody_can_read_in_802_11_is_not_told(wireshark, command):
    packet = rewrap.read_packets(wireshark.path("four_way_client"))[0][1]
    frames = [(0, wlan(packet, 0x4108)), (1, wlan(packet, 0x0148)), (2, wlan(packet, 0x0080)),
              (3, wlan(packet, 0x00B4))]
    path = written(wireshark, "links-wlan-encrypted", rewrap.WLAN, frames)
    assert same(wireshark, command, path).count("\n") == 1


@pytest.mark.parametrize("name,frame,told", [
    ("more_fragments", lambda packet: wlan(packet, 0x0508), "1 of IEEE 802.11 fragments"),
    ("mesh", lambda packet: wlan(packet, 0x0388, MACS[:6] + b"\0\1" + b"\0" * 6),
     "1 of IEEE 802.11 frames of a mesh"),
    ("no_snap", lambda packet: wlan(packet)[:24] + plain(packet),
     "1 of IEEE 802.11 frames without LLC")])
def test_what_is_not_read_in_802_11_is_told(wireshark, command, name, frame, told):
    packet = rewrap.read_packets(wireshark.path("four_way_client"))[0][1]
    path = written(wireshark, f"links-wlan-{name}", rewrap.WLAN, [(0, frame(packet))])
    assert told in unread(command("csv", path))


# ---- fragments ----


def in_pieces(packet, cuts, number):
    """IPv4 or IPv6, its payload cut at these places, multiples of 8."""
    head = 20 if version(packet) == 4 else 40
    payload = packet[head:]
    edges = [0, *(cut for cut in cuts if cut < len(payload)), len(payload)]
    ends = {"source": str(ipaddress.ip_address(packet[12:16])),
            "destination": str(ipaddress.ip_address(packet[16:20])), "identification": number}
    for begin, end in zip(edges, edges[1:]):
        more = end < len(payload)
        if version(packet) == 4:
            yield ipv4(packet[9], payload[begin:end], fragment=more << 13 | begin // 8, **ends)
        else:
            header = struct.pack("!BBHI", packet[6], 0, begin | more, number)
            yield (packet[:4] + struct.pack("!H", 8 + end - begin) + b"\x2c" + packet[7:40] + header +
                   payload[begin:end])


def fragmented(wireshark, capture, cuts, change=list, first=1):
    """The capture with every packet in pieces, numbered from first; change: of those of a packet."""
    frames = []
    for number, (ns, packet) in enumerate(rewrap.read_packets(wireshark.path(capture)), first):
        frames += [(ns, piece) for piece in change(list(in_pieces(packet, cuts, number)))]
    return frames


@pytest.mark.parametrize("capture", CAPTURES)
@pytest.mark.parametrize("cuts,change", [
    ([8], list), ([8, 16, 24], list), ([8, 16], lambda pieces: pieces[::-1]),
    ([16, 24], lambda pieces: pieces[1:] + pieces[:1]),
    ([16, 24], lambda pieces: pieces[:1] * 2 + pieces[1:])],
    ids=["two", "four", "backwards", "first_comes_last", "first_repeated"])
def test_same_rows_of_fragments(wireshark, command, capture, cuts, change):
    frames = fragmented(wireshark, capture, cuts, change)
    path = written(wireshark, "links-fragments", rewrap.RAW, frames)
    assert same(wireshark, command, path).count("\n") == 2


def test_same_rows_of_fragments_that_mix_with_those_of_others(wireshark, command):
    """Also two of a kind, with a part missing: what it is a part of is never complete."""
    random = Random(2)
    frames = sorted(((ns + random.randrange(2000), piece)
                     for first, capture in enumerate(["fin_data", *CAPTURES])
                     for ns, piece in fragmented(wireshark, capture, [8, 24], first=1 + first * 100)),
                    key=lambda frame: frame[0])
    path = written(wireshark, "links-fragments-mixed", rewrap.RAW, frames)
    assert same(wireshark, command, path).count("\n") == 4
    del frames[4::7]
    path = written(wireshark, "links-fragments-missing", rewrap.RAW, frames)
    same(wireshark, command, path)


def test_same_rows_of_a_fragmented_tunnel(wireshark, command):
    """The fragments are of the outer packet, and of the inner one as well."""
    frames = []
    for number, (ns, piece) in enumerate(fragmented(wireshark, "four_way_client", [16])):
        outer = rewrap.gre(piece)[14:]
        frames += [(ns, part) for part in in_pieces(outer, [24], 100 + number)]
    path = written(wireshark, "links-fragments-gre", rewrap.RAW, frames)
    assert same(wireshark, command, path).count("\n") == 2


def test_fragments_that_are_not_whole_are_told(wireshark, command):
    frames = fragmented(wireshark, "four_way_client", [16])
    path = written(wireshark, "links-fragments-cut", rewrap.RAW, frames, {0: 30})
    assert "1 of fragments of IP protocol 6, not captured whole" in unread(command("csv", path))


def test_fragments_that_overlap_are_told(wireshark, command):
    frames = fragmented(wireshark, "four_way_client", [16])
    shifted = frames[1][1][:6] + struct.pack("!H", 1) + frames[1][1][8:]
    path = written(wireshark, "links-fragments-overlap", rewrap.RAW, [frames[0], (0, shifted)])
    done = command("csv", path)
    assert "1 of fragments of IP protocol 6 that overlap" in unread(done)


def test_memory_of_fragments_is_bounded(wireshark, command):
    """First fragments of which no other ever comes: 40 MB of them."""
    payload = b"\0" * 40000
    frames = [(number, ipv4(rewrap.TCP, payload, fragment=0x2000, identification=number))
              for number in range(1000)]
    path = written(wireshark, "links-fragments-many", rewrap.RAW, frames)
    done = command("csv", path)
    assert done.returncode == UNREAD
    assert "of fragments of IP protocol 6 that overlap or are too many" in done.stderr


# ---- what is in TCP ----


def greeted(wireshark, port, payload):
    """Three segments; the second has the payload."""
    frames = [(0, rewrap.tcp_ipv4(50001, port, 1, 1, 0x10)),
              (1, rewrap.tcp_ipv4(50001, port, 1, 1, 0x18, payload)),
              (2, rewrap.tcp_ipv4(50001, port, 1 + len(payload), 1, 0x11))]
    return written(wireshark, f"links-greeting-{port}", rewrap.RAW, frames)


def test_stream_that_wireshark_cuts_at_a_greeting_is_told(wireshark, command):
    path = greeted(wireshark, 7777, b"RFB 003.008\n")
    assert {row[0] for row in wireshark.fields(path, ["tcp.stream"])} == {"0", "1"}
    assert "1 of TCP with a greeting of VNC's" in unread(command("csv", path))


@pytest.mark.parametrize("port,payload", [(5900, b"RFB 003.008\n"), (7777, b"RFB 003.008\n+"),
                                          (7777, b"SSH 003.008\n")])
def test_stream_that_wireshark_does_not_cut_is_not_told(wireshark, command, port, payload):
    path = greeted(wireshark, port, payload)
    assert same(wireshark, command, path).count("\n") == 2


# ---- the filter ----


@pytest.mark.parametrize("link", ["ethernet", "vlan", "sll", "sll2", "null", "loop", "raw", "ppp",
                                  "wlan", "radiotap"])
@pytest.mark.parametrize("expression,count", [("dst host 10.9.0.1 or src host 10.9.0.1", 1), ("tcp port 8080", 2),
                                              ("ip6", 1), ("host 192.0.2.77", 0)])
def test_filter_of_tcpdump(wireshark, command, link, expression, count):
    link_type, wrap = {**WRAPPERS, "ethernet": (rewrap.ETHERNET, plain),
                       "vlan": (rewrap.ETHERNET, rewrap.vlan), "sll": (rewrap.SLL, rewrap.sll),
                       "null": (rewrap.NULL, rewrap.null), "raw": (rewrap.RAW, rewrap.raw)}[link]
    frames = [(ns, wrap(packet)) for capture in CAPTURES
              for ns, packet in rewrap.read_packets(wireshark.path(capture))]
    path = written(wireshark, f"links-filter-{link}", link_type, frames)
    expression = f"vlan and ({expression})" if link == "vlan" else expression
    done = command("csv", "--bpf", expression, path)
    assert done.returncode == 0
    assert done.stdout.count("\n") == 1 + count
    said = "" if count else f'tcpclose: --bpf "{expression}" selects none of the {len(frames)} packets ('
    assert done.stderr[:len(said) or None] == said


def test_caption_says_what_was_filtered(wireshark, command):
    def caption(*options):
        lines = command("states", *options, wireshark.path("four_way_client")).stdout.splitlines()
        return [line for line in lines if line.startswith("Filter: ")]

    assert caption() == ["Filter: <none>"]
    assert caption("--bpf", "tcp port 8080") == ['Filter: --bpf "tcp port 8080"']
    assert caption("-f", "tcp", "--port", "8080") == ['Filter: tcp.port == 8080 of --bpf "tcp"']


def test_summary_says_which_packets_were_selected(wireshark, command):
    """And that the numbers in it are not those of the whole file."""
    def head(*options):
        return command("summary", *options, wireshark.path("four_way_client")).stdout.splitlines()[2:4]

    assert head()[0].startswith("TCP streams  1,")
    assert head("--bpf", "tcp")[0] == 'Packets      --bpf "tcp": streams are numbered without the others'
    assert head("-f", "tcp", "--port", "8080") == [
        "Filter       tcp.port == 8080",
        'Packets      --bpf "tcp": streams are numbered without the others']


def test_filter_leaves_frames_their_numbers(wireshark, command):
    path = wireshark.path("four_way_client")
    done = command("json", "-f", "tcp[tcpflags] & tcp-fin != 0", path)
    fins = [int(row[0]) for row in
            wireshark.fields("four_way_client", ["frame.number"], "-Y", "tcp.flags.fin == 1")]
    stream = json.loads(done.stdout)
    assert (stream["first_frame"], stream["last_frame"]) == (fins[0], fins[-1])


def test_fragments_go_by_the_filter_too(wireshark, command):
    """As with tcpdump: a later fragment has no ports."""
    path = written(wireshark, "links-filter-fragments", rewrap.RAW,
                   fragmented(wireshark, "four_way_client", [16]))
    assert command("csv", "-f", "ip", path).stdout == command("csv", path).stdout
    assert command("csv", "-f", "tcp port 8080", path).stdout.count("\n") == 1


@pytest.mark.parametrize("expression", ["tcp.port == 443", "tcp port", "host", "port 99999"])
def test_wrong_filters(wireshark, command, expression):
    done = command("csv", "--bpf", expression, wireshark.path("four_way_client"))
    assert (done.returncode, done.stdout) == (REFUSED, "")
    assert done.stderr.startswith(f'tcpclose: --bpf is "{expression}": it has to be a filter as '
                                  'tcpdump takes it, such as "tcp port 443" (man pcap-filter): ')
    assert 'for "tshark -q -z tcpclose,REPORT,FILTER -r FILE"' in done.stderr


def test_display_filters_are_refused(wireshark, command):
    done = command("csv", "-Y", "tcp.port == 443", wireshark.path("four_way_client"))
    assert (done.returncode, done.stdout) == (REFUSED, "")
    assert done.stderr.startswith("tcpclose: A display filter needs Wireshark's dissection: ")
