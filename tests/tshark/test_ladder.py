# SPDX-License-Identifier: GPL-2.0-or-later
"""The ladder: which segments get an arrow, with which words, worked out again from their fields."""
import re

import pytest

import rewrap

CAPTURES = ["four_way_client", "four_way_v6", "simul_close", "half_close_client", "parallel_v6",
            "rst_inwindow", "tw_reuse_server_tw", "odd_flags", "zw_cross_fin", "mid_half_closed",
            "late_data_closed", "syn_unanswered", "storm_lossy"]
FILTERS = ["tcp.stream == 3", "tcp.flags.fin == 1 || tcpclose.event == \"half_close_data\""]
ROLES = ("client", "server")
NAMES = ["frame.time_relative", "tcp.stream", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst",
         "tcp.srcport", "tcp.dstport", "tcp.flags", "tcp.seq", "tcp.ack", "tcp.len", "tcpclose.event",
         *[f"tcpclose.{role}.{name}" for role in ROLES for name in ("state", "previous")]]
FIN, SYN, RST, ACK = 1, 2, 4, 16
LABEL_MAX = 20

passes = pytest.mark.parametrize("passes", [[], ["-2"]], ids=["one_pass", "two_passes"])


def fitting(label):
    return label if len(label) <= LABEL_MAX else label[:LABEL_MAX - 3] + "..."


def label_of(row):
    flags, seq, length = int(row["tcp.flags"], 16), int(row["tcp.seq"]), int(row["tcp.len"])
    words = []
    if flags & SYN:
        words.append(f"SYN {seq}")
    if flags & FIN:
        words.append(f"FIN {seq + length}")
    if flags & RST:
        words.append(f"RST {seq}")
    if flags & ACK:
        words.append(f"ACK {row['tcp.ack']}")
    if length and not flags & (SYN | FIN | RST):
        words.append(f"{length} B")
    return fitting(", ".join(words))


def is_closing(row):
    return (int(row["tcp.flags"], 16) & (SYN | FIN | RST) or row["tcpclose.event"]
            or any(row[f"tcpclose.{role}.previous"] for role in ROLES))


def is_only_half_close_data(row):
    return (row["tcpclose.event"] == "half_close_data"
            and not any(row[f"tcpclose.{role}.previous"] for role in ROLES))


def comment_of(row):
    return ", ".join(f"{role} {row[f'tcpclose.{role}.state']}" for role in ROLES)


def expected_arrows(rows):
    """(time, source, destination, label, comment); hosts as address and port"""
    arrows = []
    bursts = {}  # stream -> the arrow that its next half-close data belongs to, segments, bytes
    for row in rows:
        if not is_closing(row):
            continue
        ends = [(row[f"ip.{end}"] or row[f"ipv6.{end}"], row[f"tcp.{end}port"])
                for end in ("src", "dst")]
        label, stream = label_of(row), row["tcp.stream"]
        open_burst = bursts.pop(stream, None)
        if is_only_half_close_data(row):
            at, segments, size = len(arrows), 0, 0
            if open_burst and arrows[open_burst[0]][1:3] == ends:
                at, segments, size = open_burst
            bursts[stream] = (at, segments + 1, size + int(row["tcp.len"]))
            label = fitting(f"{segments + 1} x data, {size + int(row['tcp.len'])} B")
            if at < len(arrows):
                arrows[at][3:] = [label, comment_of(row)]
                continue
        arrows.append([float(row["frame.time_relative"]), *ends, label, comment_of(row)])
    return arrows


def segments(wireshark, capture, *arguments):
    return [dict(zip(NAMES, row)) for row in wireshark.fields(capture, NAMES, *arguments)]


HOST_WIDTH = 20


def hosts_of(lines):
    """The first two lines of a flow name the hosts, every other one on the second."""
    above, below = ([host.strip() for host in line.split("|")[2:] if host.strip()]
                    for line in lines[:2])
    hosts = above + below
    hosts[::2], hosts[1::2] = above, below
    return hosts


def ends_of(line, hosts, margin):
    """An arrow leads from the middle of a host's column to that of another."""
    left, arrow, right = re.search(r"\((\d+)\) *(<?-+>?) *\((\d+)\)", line).groups()
    first, second = ((line.index(arrow) + width - margin) // HOST_WIDTH
                     for width in (0, len(arrow)))
    ends = [(hosts[first], left), (hosts[second], right)]
    return ends[::-1] if arrow.startswith("<") else ends


def printed_arrows(text):
    """The arrows of a flow, as expected_arrows has them."""
    lines = [line for line in text.splitlines() if not line.startswith("---")]
    margin = len("Conv.|         " if text.startswith("Conv.") else "|         ")
    hosts = hosts_of(lines)
    arrows = []
    for upper, lower in zip(lines[2::2], lines[3::2]):
        time, rest = re.fullmatch(r"(?:\d+ *)?\|([\d.]+)(.*)", upper).groups()
        comment = rest[rest.rindex("client "):]
        label = rest[:-len(comment)].replace("|", "").strip()
        arrows.append([float(time), *ends_of(lower, hosts, margin), label, comment])
    return arrows


def ladder(wireshark, capture, *arguments, chosen=""):
    return wireshark.tshark(capture, "-q", "-z", f"flow,tcpclose,network{chosen}", *arguments)


@passes
@pytest.mark.parametrize("capture", CAPTURES)
def test_each_closing_segment_has_its_arrow(wireshark, capture, passes):
    expected = expected_arrows(segments(wireshark, capture, *passes))
    assert expected
    assert printed_arrows(ladder(wireshark, capture, *passes)) == expected


@passes
@pytest.mark.parametrize("display_filter", FILTERS)
@pytest.mark.parametrize("capture", ["storm_lossy", "parallel_v6"])
def test_filter_leaves_arrows_of_its_segments_only(wireshark, capture, display_filter, passes):
    expected = expected_arrows(segments(wireshark, capture, "-Y", display_filter, *passes))
    assert expected
    text = ladder(wireshark, capture, *passes, chosen=f",{display_filter}")
    assert printed_arrows(text) == expected


def test_half_close_data_is_one_arrow(wireshark):
    rows = segments(wireshark, "half_close_client")
    data = [row for row in rows if row["tcpclose.event"] == "half_close_data"]
    labels = [arrow[3] for arrow in printed_arrows(ladder(wireshark, "half_close_client"))]
    assert len(data) > 1
    size = sum(int(row["tcp.len"]) for row in data)
    assert [label for label in labels if "data" in label] == [f"{len(data)} x data, {size} B"]


def test_the_ack_of_a_fin_is_one_higher_also_when_the_fin_carries_data(wireshark):
    capture = "fin_data"
    fins = [row for row in segments(wireshark, capture) if int(row["tcp.flags"], 16) & FIN]
    labels = [arrow[3] for arrow in printed_arrows(ladder(wireshark, capture))]
    assert any(int(row["tcp.len"]) for row in fins)
    for row in fins:
        number = int(re.search(r"FIN (\d+)", label_of(row)).group(1))
        assert any(label.startswith(f"FIN {number}, ACK ") for label in labels)
        assert any(re.search(rf"ACK {number + 1}\b", label) for label in labels)



def test_label_that_does_not_fit_says_so(wireshark):
    """tshark would cut off the end of a number. Raw numbers are long enough."""
    text = ladder(wireshark, "simul_close", "-o", "tcp.relative_sequence_numbers:FALSE")
    rows = segments(wireshark, "simul_close", "-o", "tcp.relative_sequence_numbers:FALSE")
    labels = [arrow[3] for arrow in printed_arrows(text)]
    assert [arrow[3] for arrow in expected_arrows(rows)] == labels
    assert any(len(label) == LABEL_MAX and label.endswith("...") for label in labels)
    assert all(re.fullmatch(r"[A-Z]+ \d+(, ACK \d+)?", label) for label in labels
               if not label.endswith("..."))


def with_client_port(packet, old, new):
    """The IPv4 packet of a connection, moved to another port."""
    ports = (packet[0] & 0x0f) * 4
    changed = packet[ports:ports + 4].replace(old.to_bytes(2, "big"), new.to_bytes(2, "big"))
    return packet[:ports] + changed + packet[ports + 4:]


def two_layers_a_frame(wireshark):
    """802.11 aggregation: a segment over IPv4 and one over IPv6 in each frame."""
    first, second = (rewrap.read_packets(wireshark.path(capture))
                     for capture in ("four_way_client", "four_way_v6"))
    frames = [(ns, rewrap.wlan_amsdu([with_client_port(packet, 40001, 40002), other]))
              for (ns, packet), (_, other) in zip(first, second)]
    path = wireshark.made / "ladder-two.pcap"
    rewrap.write_capture(path, rewrap.WLAN, frames)
    path.chmod(0o644)
    return path


@passes
def test_layers_of_one_frame_have_their_own_addresses(wireshark, passes):
    text = ladder(wireshark, two_layers_a_frame(wireshark), *passes)
    alone = [[arrow[1:] for arrow in printed_arrows(ladder(wireshark, capture))]
             for capture in ("four_way_client", "four_way_v6")]
    for arrow in alone[0]:
        arrow[:2] = [(host, port.replace("40001", "40002")) for host, port in arrow[:2]]
    both = [arrow for pair in zip(*alone) for arrow in pair]
    assert len(alone[0]) == len(alone[1])
    assert [arrow[1:] for arrow in printed_arrows(text)] == both


def flow_of(wireshark, capture):
    path = str(wireshark.path(capture))
    return wireshark.sharkd(("load", {"file": path}), ("tap", {"tap0": "seqa:tcpclose"}))[1]["taps"][0]


def named(flow):
    """(source, destination, its ports, comment)"""
    return [(flow["nodes"][arrow["n"][0]], flow["nodes"][arrow["n"][1]], *arrow["pn"], arrow["c"])
            for arrow in flow["flows"]]


@pytest.mark.parametrize("capture", CAPTURES)
def test_sharkd_has_the_same_arrows(wireshark, capture):
    """It taps the loaded file again, as the Flow Graph dialog does: without a tree."""
    flow = flow_of(wireshark, capture)
    expected = expected_arrows(segments(wireshark, capture))
    assert [float(arrow["t"]) for arrow in flow["flows"]] == [arrow[0] for arrow in expected]
    assert named(flow) == [(source[0], destination[0], int(source[1]), int(destination[1]), comment)
                           for _, source, destination, _, comment in expected]


def test_sharkd_draws_it_again_and_again(wireshark):
    """Nothing of one drawing is left for the next: bursts begin anew."""
    path = str(wireshark.path("half_close_client"))
    tap = ("tap", {"tap0": "seqa:tcpclose"})
    answers = wireshark.sharkd(("load", {"file": path}), tap, tap)
    assert answers[1]["taps"][0]["flows"]
    assert answers[2] == answers[1]


def test_name_in_the_list_of_the_flow_graph_dialog_is_unique(wireshark):
    names = [entry["name"] for entry in wireshark.sharkd(("info", {}))[0]["seqa"]]
    assert names.count("TCP Close") == 1


def test_capture_without_tcp_is_an_empty_ladder(wireshark):
    path = wireshark.made / "empty.pcap"
    rewrap.write_capture(path, rewrap.RAW, [])
    path.chmod(0o644)
    assert ladder(wireshark, path) == ""
