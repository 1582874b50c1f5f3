# SPDX-License-Identifier: GPL-2.0-or-later
"""What tshark writes of a packet for programs, -T json and -T ek: names are registered ones, whatever
the values are."""
import json
import re
import subprocess

import pytest

CAPTURES = ["storm_lossy", "parallel_v6", "odd_flags", "forged_rst_syn_sent", "tw_expiry_reuse"]

captures = pytest.mark.parametrize("capture", CAPTURES)


@pytest.fixture(scope="module", name="kinds")
def fixture_kinds(wireshark):
    """Each field that is registered -> its kind."""
    rows = [line.split("\t") for line in wireshark.run("tshark", "-G", "fields").stdout.splitlines()]
    kinds = {row[2]: row[3] for row in rows if row[0] == "F" and row[2].startswith(("tcpclose.", "_ws."))}
    assert kinds["tcpclose.pattern"] == "FT_STRING"
    return {**kinds, "_ws.expert": "FT_PROTOCOL"}


def keys_of(pairs):
    for key, value in pairs:
        yield key
        for one in value if isinstance(value, list) and not is_object(value) else [value]:
            if is_object(one):
                yield from keys_of(one)


def is_object(value):
    """As object_pairs_hook=list makes it; an empty list is none."""
    return isinstance(value, list) and value != [] and all(isinstance(one, tuple) for one in value)


def layers(packet, name="tcpclose"):
    """Those of the packet, as (key, value) pairs."""
    found = []
    for key, value in packet:
        if key == name:
            found += [value] if is_object(value) else value
        elif is_object(value):
            found += layers(value, name)
    return found


@captures
def test_keys_of_json_are_names_of_fields(wireshark, kinds, capture):
    text = wireshark.tshark(capture, "-T", "json", "-J", "tcpclose")
    packets = json.loads(text, object_pairs_hook=list)
    drawn = [layer for packet in packets for layer in layers(packet)]
    assert len(drawn) >= len(wireshark.fields(capture, ["frame.number"], "-Y", "tcpclose"))
    keys = {key for layer in drawn for key in keys_of(layer)}
    assert {key for key in keys if key.removesuffix("_tree") not in kinds} == set()
    for root in ("tcpclose.pattern", "tcpclose.now", "tcpclose.client.state"):
        assert {root, f"{root}_tree"} <= keys


@captures
def test_jq_finds_the_same_path_in_every_packet(wireshark, capture):
    """Fields of the stream are below the pattern's, and those of the census below its own."""
    text = wireshark.tshark(capture, "-T", "json", "-J", "tcpclose", "-Y", "tcpclose")
    path = ('.[]._source.layers.tcpclose | [.["tcpclose.pattern"], '
            '.["tcpclose.pattern_tree"]["tcpclose.closed_by"], '
            '.["tcpclose.now_tree"]["tcpclose.now.time_wait"]] | @tsv')
    done = subprocess.run(["jq", "-r", path], input=text, text=True, capture_output=True, check=True)
    wanted = wireshark.fields(capture, ["tcpclose.pattern", "tcpclose.closed_by",
                                        "tcpclose.now.time_wait"], "-Y", "tcpclose")
    assert wanted
    assert [tuple(line.split("\t")) for line in done.stdout.splitlines()] == wanted


VALUE_OF_KIND = {
    "FT_STRING": r".+", "FT_UINT8": r"[0-9]+", "FT_UINT32": r"[0-9]+", "FT_UINT64": r"[0-9]+",
    "FT_FRAMENUM": r"[0-9]+", "FT_BOOLEAN": r"true|false|0|1", "FT_RELATIVE_TIME": r"[0-9]+\.[0-9]{9}",
}


def once(pairs):
    """A parser that takes no key twice: what a data base does."""
    assert len(dict(pairs)) == len(pairs), pairs
    return dict(pairs)


def texts_of(value):
    for one in value if isinstance(value, list) else [value]:
        yield json.dumps(one) if isinstance(one, bool) else str(one)


@captures
def test_ek_is_an_object_a_line_with_values_of_their_kinds(wireshark, kinds, capture):
    """Each document comes after a line that says what is to be done with it."""
    lines = wireshark.tshark(capture, "-T", "ek", "-J", "tcpclose").splitlines()
    kind_of = {f"tcpclose_{name.replace('.', '_')}": kind for name, kind in kinds.items()
               if name.startswith("tcpclose.")}
    assert len(kind_of) == sum(name.startswith("tcpclose.") for name in kinds), "two names became one"
    found = 0
    for action, document in zip(lines[::2], lines[1::2], strict=True):
        assert list(json.loads(action)) == ["index"]
        drawn = json.loads(document, object_pairs_hook=once)["layers"].get("tcpclose", [])
        for layer in drawn if isinstance(drawn, list) else [drawn]:
            found += 1
            layer.pop("_ws_expert", None)
            for key, value in layer.items():
                assert all(re.fullmatch(VALUE_OF_KIND[kind_of[key]], text) for text in texts_of(value)), (
                    key, value)
    assert found


@captures
def test_jq_reads_ek(wireshark, capture):
    text = wireshark.tshark(capture, "-T", "ek", "-J", "tcpclose", "-Y", "tcpclose")
    done = subprocess.run(["jq", "-r", "select(.layers).layers.tcpclose.tcpclose_tcpclose_pattern"],
                          input=text, text=True, capture_output=True, check=True)
    assert done.stdout.split() == [row[0] for row in wireshark.fields(
        capture, ["tcpclose.pattern"], "-Y", "tcpclose")]
