# SPDX-License-Identifier: GPL-2.0-or-later
"""Names from the capture file, from files of hosts and of services, may hold anything: what people
see stays a row and valid UTF-8, and what programs get has no names at all."""
import json
import re
import struct

import pytest

from rewrap import block

HOSTILE = {
    "formula": b"=cmd|' /C calc'!A0",
    "quotes_and_commas": b'a"b,c;d\\',
    "line_ends": b"evil\n     7  10.9.0.9:1  x\r\ty",
    "terminal": b"\x1b]0;title\x07\x1b[2J\x7f",
    "no_utf8": b"\xff\xfe\xc3(\xed\xa0\x80",
    "utf8_cut_at_the_end": b"name\xfd",
    "turned_round": "a\u202e\u2066b\u200f".encode(),
    "markup": b"<b onclick='x'>&amp;</b>",
    "format": b"%s%n%999999d",
    "long": b"x" * 250,
}
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
RESOLVING = ("-N", "nt")


def with_names(source, names, path):
    """The pcapng file with a Name Resolution Block behind its section and interface blocks."""
    whole = source.read_bytes()
    at = sum_of_first_blocks(whole, 2)
    records = b""
    for address, name in names:
        value = address + name + b"\0"
        records += struct.pack("<HH", 1, len(value)) + value + b"\0" * (-len(value) % 4)
    path.write_bytes(whole[:at] + block(4, records + bytes(4)) + whole[at:])
    path.chmod(0o644)
    return path


def sum_of_first_blocks(whole, count):
    at = 0
    for _ in range(count):
        at += struct.unpack_from("<II", whole, at)[1]
    return at


@pytest.fixture(scope="module", name="named", params=HOSTILE)
def fixture_named(wireshark, request):
    names = [(bytes([10, 9, 0, 1]), HOSTILE[request.param]),
             (bytes([10, 9, 0, 2]), b"b" + HOSTILE[request.param])]
    path = wireshark.made / f"{request.param}.pcapng"
    return with_names(wireshark.path("four_way_client"), names, path)


def report(wireshark, path, name):
    done = wireshark.run("tshark", *RESOLVING, "-q", "-r", path, "-z", f"tcpclose,{name}")
    assert done.returncode == 0, done.stderr
    return done.stdout  # strictly decoded


@pytest.mark.parametrize("name", ["csv", "json"])
def test_programs_get_addresses_only(wireshark, named, name):
    assert report(wireshark, named, name) == wireshark.tshark(
        "four_way_client", "-q", "-z", f"tcpclose,{name}")


@pytest.mark.parametrize("name", ["streams", "hosts"])
def test_text_has_as_many_lines_and_nothing_unseen(wireshark, named, name):
    text = report(wireshark, named, name)
    plain = wireshark.tshark("four_way_client", "-q", "-z", f"tcpclose,{name}")
    assert "10.9.0.1" in plain and "10.9.0.1" not in text, "the names are not used"
    assert len(text.split("\n")) == len(plain.split("\n"))
    assert not [line for line in text.split("\n") if UNSEEN.search(line)]


def test_dialogs_are_valid_json_and_have_nothing_unseen(wireshark, named):
    """sharkd says what the dialogs show; its own escapes are read here."""
    answers = wireshark.sharkd(
        ("setconf", {"name": "nameres.network_name", "value": "TRUE"}),
        ("load", {"file": str(named)}),
        ("tap", {"tap0": "nstat:tcpclose,streams", "tap1": "nstat:tcpclose,hosts"}))
    cells = [cell for tap in answers[-1]["taps"] for row in tap["tables"][0]["i"] for cell in row
             if isinstance(cell, str)]
    assert cells
    assert not [cell for cell in cells if UNSEEN.search(cell)], json.dumps(cells)
    assert not [cell for cell in cells if "10.9.0.1" in cell], "the names are not used"


def test_names_that_can_be_seen_are_shown_as_they_are(wireshark):
    names = [(bytes([10, 9, 0, 1]), "größe-例え.example".encode()), (bytes([10, 9, 0, 2]), b"a b")]
    path = with_names(wireshark.path("four_way_client"), names, wireshark.made / "seen.pcapng")
    text = report(wireshark, path, "streams")
    assert "größe-例え.example:40001" in text and " a b:" in text


def test_odd_names_of_services(wireshark):
    """The user's file "services", in the personal folder."""
    folder = wireshark.home / ".config" / "wireshark"
    folder.mkdir(parents=True, exist_ok=True)
    services = folder / "services"
    services.write_bytes(b'=1+1"x\xfd 8080/tcp\n')
    try:
        text = report(wireshark, wireshark.path("four_way_client"), "streams")
        plain = report(wireshark, wireshark.path("four_way_client"), "csv")
    finally:
        services.unlink()
    assert '10.9.0.2:=1+1"x\ufffd ' in text
    assert ",8080," in plain and "=1+1" not in plain
