# SPDX-License-Identifier: GPL-2.0-or-later
"""A pair of endpoints is its addresses and ports, and nothing that only looks like them."""
import rewrap

SERVER = "192.168.0.1"
CLIENTS_OF_ONE_HASH = ["10.1.60.0", "10.1.96.44"]  # what Wireshark makes of them and port 20000
OPENING = [(True, 0x02, 100, 0), (False, 0x12, 500, 101), (True, 0x10, 101, 501)]


def test_clients_of_one_hash_are_two_sockets(wireshark):
    """The second begins like any other, though the first one lives."""
    frames = []
    for client in CLIENTS_OF_ONE_HASH:
        for from_client, flags, seq, ack in OPENING:
            source, destination = (client, SERVER) if from_client else (SERVER, client)
            ports = (20000, 80) if from_client else (80, 20000)
            frames.append((10**18 + len(frames) * 10**6, rewrap.tcp_ipv4(
                *ports, seq, ack, flags, source=source, destination=destination)))
    path = wireshark.made / "one_hash.pcap"
    rewrap.write_capture(path, rewrap.RAW, frames).chmod(0o644)
    rows = wireshark.fields(path, ["tcp.stream", "tcpclose.client.state", "tcpclose.server.state",
                                   "tcpclose.event"])
    assert [row[0] for row in rows] == ["0"] * 3 + ["1"] * 3
    assert [row[1:] for row in rows[3:]] == [row[1:] for row in rows[:3]]
