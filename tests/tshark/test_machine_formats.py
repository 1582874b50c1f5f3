# SPDX-License-Identifier: GPL-2.0-or-later
"""The reports for programs, -z tcpclose,csv and -z tcpclose,json: read as CSV and as JSON, and
computed once more from what the segments show."""
import csv
import functools
import io
import json
import re
import subprocess
from decimal import Decimal

import pytest

import rewrap
from names import PATTERNS, SHIPPED, STATES, counted_otherwise
from recompute import all_visits, by_stream, endpoints_of, path_of, segments
from schema import Schema
from wireshark import PROJECT, as_nobody

CLOSING_STATES = ["FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT", "CLOSING", "LAST_ACK", "TIME_WAIT"]

# name -> type, in order. A column marked with "?" may have nothing to say.
SCHEMA = Schema("streams").columns()

SYN, RST = 0x02, 0x04

CELL_OF_TYPE = {
    "integer": r"0|[1-9][0-9]*",
    "string": r"[^,\"\r\n]+",
    "boolean": r"true|false",
    "decimal": r"(0|[1-9][0-9]*)\.[0-9]{9}",
}

# In two passes too.
TWICE = ["four_way_client", "storm_lossy", "tw_reuse_server_tw", "tw_old_syn"]

shipped = pytest.mark.parametrize("capture", SHIPPED)
shipped_and_twice = pytest.mark.parametrize(
    "capture,passes",
    [(capture, ()) for capture in SHIPPED] + [(capture, ("-2",)) for capture in TWICE],
    ids=SHIPPED + [f"{capture}-two_passes" for capture in TWICE])
passes = pytest.mark.parametrize("passes", [[], ["-2"]], ids=["one_pass", "two_passes"])


def report(wireshark, capture, argument, *arguments, options=("-n",), stdout=subprocess.PIPE):
    """The finished tshark -q -z tcpclose,ARGUMENT; what it prints are bytes."""
    command = ["tshark", *options, "-q", "-r", wireshark.path(capture),
               "-z", f"tcpclose,{argument}", *arguments]
    return subprocess.run(as_nobody(command), stdout=stdout, stderr=subprocess.PIPE,
                          env=wireshark.environment(), timeout=120, check=False)


def printed(wireshark, capture, argument, *arguments, **options):
    done = report(wireshark, capture, argument, *arguments, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def read_csv(text):
    """Header and rows."""
    rows = list(csv.reader(io.StringIO(text.decode("utf-8"), newline=""), strict=True))
    return rows[0], rows[1:]


def read_json(text):
    """A list of (name, value) a line; what is no integer comes as it is written."""
    return [json.loads(line, object_pairs_hook=list, parse_float=Decimal)
            for line in text.decode("utf-8").splitlines()]


def cell_of(value):
    """What CSV has for a value of JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def split(text):
    """The reports that one tshark has printed; what is of none of them comes with the CSV."""
    table = re.search(rb"\n=+\n.*?\n=+\n", text, re.DOTALL)
    rest = text[:table.start()] + text[table.end():]
    objects = re.findall(rb'^\{"v":.*\n', rest, re.MULTILINE)
    for line in objects:
        rest = rest.replace(line, b"", 1)
    return {"streams": table.group(), "json": b"".join(objects), "csv": rest}


@pytest.fixture(scope="module", name="of_shipped")
def fixture_of_shipped(wireshark):
    """What tshark prints of a shipped capture: most of its time goes into starting, so it starts once."""
    @functools.cache
    def reports(capture, *arguments):
        return split(printed(wireshark, capture, "streams", "-z", "tcpclose,csv", "-z", "tcpclose,json",
                             *arguments))
    return lambda capture, report, *arguments: reports(capture, *arguments)[report]


def streams_in(text):
    """A dictionary a stream."""
    return [dict(pairs) for pairs in read_json(text)]


# ---- form ----

@shipped_and_twice
def test_csv_is_as_the_schema_says(of_shipped, capture, passes):
    text = of_shipped(capture, "csv", *passes)
    lines = text.split(b"\r\n")
    header, rows = read_csv(text)
    assert lines[-1] == b"" and not any(b"\r" in line or b"\n" in line for line in lines)
    assert header == list(SCHEMA)
    assert rows
    for row in rows:
        for cell, (name, kind) in zip(row, SCHEMA.items(), strict=True):
            optional = kind.endswith("?") and cell == ""
            assert optional or re.fullmatch(CELL_OF_TYPE[kind.strip("?")], cell), name


@shipped_and_twice
def test_json_is_as_the_schema_says(of_shipped, capture, passes):
    types = {"integer": int, "string": str, "boolean": bool, "decimal": Decimal}
    text = of_shipped(capture, "json", *passes)
    assert text.endswith(b"}\n") and b"\r" not in text
    for pairs in read_json(text):
        assert pairs[0] == ("v", 2)
        for (name, value), (wanted, kind) in zip(pairs[1:], SCHEMA.items(), strict=True):
            assert name == wanted
            if value is None:
                assert kind.endswith("?"), name
            else:
                assert type(value) is types[kind.strip("?")], name
            if isinstance(value, Decimal):
                assert value.as_tuple().exponent == -9 and value >= 0, name


@shipped
def test_shipped_captures_are_valid(of_shipped, capture):
    """By the published schema, as programs check it."""
    schema = Schema("streams")
    objects = [json.loads(line) for line in of_shipped(capture, "json").splitlines()]
    header, cells = read_csv(of_shipped(capture, "csv"))
    assert len(objects) == len(cells) > 0
    assert header == list(schema.columns())
    for one in objects:
        assert list(one) == list(schema.whole["properties"])
        assert schema.errors(one) == []
    for row in cells:
        assert schema.errors_of_cells(header, row) == []


@shipped
def test_values_are_those_that_there_are(of_shipped, capture):
    for stream in streams_in(of_shipped(capture, "json")):
        assert stream["pattern"] in PATTERNS
        assert stream["closed_by"] in ("client", "server", "both", "none", "unknown")
        assert stream["reset_by"] in ("client", "server", "network", "none")
        assert stream["directions"] in ("client", "server", "both")
        for role in ("client", "server"):
            states = re.split(">", stream[f"{role}_path"])
            assert all(state.removesuffix("?") in STATES for state in states)
        assert stream["client_state"] in STATES and stream["server_state"] in STATES
        for name, value in stream.items():
            if name.endswith(("_censored", "_assumed")):
                assert (value is None) == (stream[re.sub("_[a-z]+$", "_s", name)] is None)


@shipped_and_twice
def test_csv_and_json_agree_in_every_cell(of_shipped, capture, passes):
    header, rows = read_csv(of_shipped(capture, "csv", *passes))
    objects = read_json(of_shipped(capture, "json", *passes))
    assert [[cell_of(value) for _, value in pairs[1:]] for pairs in objects] == rows
    assert all([name for name, _ in pairs[1:]] == header for pairs in objects)


@shipped
def test_text_report_agrees(of_shipped, capture):
    """Stream, endpoints, pattern and closed by, as people see them; a column of nobody is left out."""
    streams = streams_in(of_shipped(capture, "json"))
    nobody = all(stream["closed_by"] == "none" for stream in streams)
    lines = of_shipped(capture, "streams").decode().splitlines()
    shown = [line.split()[:4 if nobody else 5] for line in lines if re.match(r" *\d+  ", line)]
    assert shown == [
        [str(stream["stream"]),
         *(f"[{stream[role + '_address']}]:{stream[role + '_port']}"
           if ":" in stream[role + "_address"]
           else f"{stream[role + '_address']}:{stream[role + '_port']}"
           for role in ("client", "server")),
         stream["pattern"],
         *([] if nobody else ["-" if stream["closed_by"] == "none" else stream["closed_by"]])]
        for stream in streams]


# ---- content: once more from the segments ----

def roles_of(rows):
    """client, server, and whether they are guessed: section "role_guessed" of the README"""
    guessed = not any(int(row["tcp.flags"], 16) & SYN for row in rows)
    ends = endpoints_of(rows)
    return ends["client"], ends["server"], guessed


def as_seconds(ns):
    return Decimal(ns) / 10**9


def frames_of(evidence):
    """"... (frames 4, 7)" -> "4 7" """
    found = re.search(r"\(frames? ([0-9, ]+)\)", evidence)
    return found[1].replace(",", "") if found else None


def total(visits, end):
    """What they last together, as far as it was seen."""
    return sum(max((visit.end or (end,))[0] - visit.start[0], 0) for visit in visits)


def mptcp_of(rows):
    events = {event for row in rows for event in row["tcpclose.event"].split(",")}
    said = [end for end in ("data_fin", "fastclose", "subflow_reset") if f"mptcp_{end}" in events]
    return " ".join(said) or None


def int_or_none(text):
    return int(text) if text else None


def computed(rows, number, visits, end):
    """The stream as the report should have it; end: of the stream, or of the capture."""
    final = rows[-1]
    client, server, guessed = roles_of(rows)
    complete = final["tcpclose.complete"] in ("1", "True")
    stream = {
        "v": 2, "stream": number, "client_address": client[0], "client_port": client[1],
        "server_address": server[0], "server_port": server[1], "role_guessed": guessed,
        "directions": final["tcpclose.directions"],
        "first_frame": rows[0]["at"][1], "last_frame": final["at"][1],
        "first_seen_s": as_seconds(rows[0]["at"][0]),
        "last_seen_s": as_seconds(max(row["at"][0] for row in rows)),
        "pattern": final["tcpclose.pattern"], "closed_by": final["tcpclose.closed_by"],
        "reset_by": final["tcpclose.reset_by"], "complete": complete,
        "first_fin_frame": int(final["tcpclose.first_fin"] or 0) or None,
        "first_rst_frame": int(final["tcpclose.first_rst"] or 0) or None,
        "teardown_s": Decimal(final["tcpclose.teardown"]) if final["tcpclose.teardown"] else None,
        "teardown_censored": not complete if final["tcpclose.teardown"] else None,
        "half_close_bytes": int(final["tcpclose.half_close.bytes"]),
        "fin_retransmissions": int(final["tcpclose.fin_retransmissions"]),
        "rsts": sum(bool(int(row["tcp.flags"], 16) & RST) for row in rows),
        "cause": final["tcpclose.cause"], "cause_side": final["tcpclose.cause.side"],
        "cause_sure": final["tcpclose.cause.sure"] in ("1", "True"),
        "cause_hint": final["tcpclose.cause.hint"] or None,
        "cause_frames": frames_of(final["tcpclose.cause.evidence"]),
        "idle_s": Decimal(final["tcpclose.idle"]) if final["tcpclose.idle"] else None,
        "conn_state": final["tcpclose.conn_state"], "history": final["tcpclose.history"] or None,
        "flow_end_reason": int(final["tcpclose.flow_end_reason"]), "stage": final["tcpclose.stage"],
        "reuse_of_stream": int_or_none(final["tcpclose.reuse.of_stream"]),
        "reuse_age_s": Decimal(final["tcpclose.reuse.age"]) if final["tcpclose.reuse.age"] else None,
        "reuse_outcome": final["tcpclose.reuse.outcome"] or None, "mptcp": mptcp_of(rows),
        "heard_again": False,
    }
    for role in ("client", "server"):
        of_role = [visit for visit in visits if visit.role == role]
        stream[f"{role}_state"] = of_role[-1].state
        stream[f"{role}_path"] = final[f"tcpclose.{role}.path"]
        path = path_of(of_role, max(row["at"][0] for row in rows))
        assert stream[f"{role}_path"] in (path, f"TIME_WAIT>{path}", f"TIME_WAIT?>{path}")
        for state in CLOSING_STATES:
            name = f"{role}_{state.lower()}"
            found = [visit for visit in of_role if visit.state == state]
            stream[f"{name}_s"] = as_seconds(total(found, end)) if found else None
            stream[f"{name}_censored"] = any(v.time is None for v in found) if found else None
            stream[f"{name}_assumed"] = any(not v.proved for v in found) if found else None
    return stream


def computed_streams(wireshark, capture):
    streams = by_stream(segments(wireshark, capture))
    visits = all_visits(streams, streams)
    capture_end = max(row["at"][0] for rows in streams.values() for row in rows)
    return [computed(rows, number, visits[number], capture_end)
            for number, rows in sorted(streams.items())]


@shipped
def test_every_value_is_what_the_segments_add_up_to(wireshark, of_shipped, capture):
    wanted = computed_streams(wireshark, capture)
    got = streams_in(of_shipped(capture, "json"))
    assert len(got) == len(wanted)
    for stream, recomputed in zip(got, wanted):
        assert {name: value for name, value in stream.items() if name not in NUMBERS} == recomputed


NUMBERS = [f"{role}_{name}" for role in ("client", "server")
           for name in ("isn", "first_seq", "next_seq", "acked", "fin")]
RAW = ["tcp.seq_raw", "tcp.ack_raw", "tcp.len"]
# Where segments of somebody else have numbers of their own: forged ones, and of connections before. So it
# is where Wireshark cuts a connection in two: the later stream knows the numbers of the former.
STRANGE = ["forged_", "odd_flags", "tw_old_syn", "one_direction"]


def numbers_by_hand(own, peer):
    """From the segments of both sides, each (seq, ack, len, flags), none of which is strange."""
    syns = [seq for seq, _, _, flags in own if flags & 2]
    first = syns[0] if syns else own[0][0]
    ends = [seq + length + bool(flags & 2) + bool(flags & 1) for seq, _, length, flags in own if not flags & RST]
    carried = [seq + length + bool(flags & 2) + bool(flags & 1) for seq, _, length, flags in own
               if length or flags & 3]
    acks = [ack for _, ack, _, flags in peer if flags & 16 and not flags & RST]

    def highest(numbers):
        """Of numbers that wrap; what is before the first is an old one."""
        beyond = [after for after in ((number - first) % 2**32 for number in numbers) if after < 2**31]
        return (first + max(beyond)) % 2**32 if beyond else None
    has_fin = any(flags & 1 for _, _, _, flags in own)
    # One number that no segment carries may have been a FIN that was not captured.
    may_have_fin = has_fin or bool(carried) and (highest(carried) + 1) % 2**32 == highest(ends + acks)
    return ((syns[0] if syns else None, (first + bool(syns)) % 2**32, highest(ends + acks), highest(acks)),
            {has_fin, may_have_fin})


@shipped
def test_numbers_are_those_of_the_segments(wireshark, of_shipped, capture):
    """Where no RST ends the stream: it has a number of its own, and what follows it does not count."""
    if capture.startswith(tuple(STRANGE)) or counted_otherwise(wireshark, capture):
        return
    segments_of = {
        stream: [(*one["src"], (*(int(one[name]) for name in RAW), int(one["tcp.flags"], 16)))
                 for one in rows]
        for stream, rows in by_stream(segments(wireshark, capture)).items()}
    for row in streams_in(of_shipped(capture, "json")):
        for role, of_role in ("client", NUMBERS[:5]), ("server", NUMBERS[5:]):
            who = row[f"{role}_address"], row[f"{role}_port"]
            own = [one for *sender, one in segments_of[row["stream"]] if tuple(sender) == who]
            peer = [one for *sender, one in segments_of[row["stream"]] if tuple(sender) != who]
            if own and row["reset_by"] == "none":
                *numbers, fin = [row[name] for name in of_role]
                wanted, fins = numbers_by_hand(own, peer)
                assert tuple(numbers) == wanted and fin in fins, row["stream"]


def with_ports_swapped(packet):
    """An IPv4 packet with the other side's port on each side; its checksums stay right."""
    tcp = (packet[0] & 15) * 4
    return packet[:tcp] + packet[tcp + 2:tcp + 4] + packet[tcp:tcp + 2] + packet[tcp + 4:]


@pytest.mark.parametrize("capture", ["four_way_client", "half_close_client", "rst_inwindow"])
def test_client_with_the_lower_port_has_its_own_values(wireshark, of_shipped, capture):
    path = wireshark.made / f"swapped-{capture}.pcap"
    packets = rewrap.read_packets(wireshark.path(capture))
    rewrap.write_capture(path, rewrap.RAW, [(ns, with_ports_swapped(ip)) for ns, ip in packets])
    path.chmod(0o644)
    wanted = streams_in(of_shipped(capture, "json"))
    for stream in wanted:
        stream["client_port"], stream["server_port"] = stream["server_port"], stream["client_port"]
        assert stream["client_port"] < stream["server_port"]
    assert streams_in(printed(wireshark, path, "json")) == wanted


# ---- what is selected, and what is printed besides ----

@passes
@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize("display_filter", [
    "tcp.stream == 3 || tcp.stream == 7", "tcp.flags.reset == 1", "tcp.port == 47001 && ipv6"])
def test_filter_leaves_the_rows_of_the_streams_that_match(wireshark, passes, form, display_filter):
    capture = "storm_lossy"
    matching = {int(row[0]) for row in
                wireshark.fields(capture, ["tcp.stream"], "-Y", display_filter)}
    every = printed(wireshark, capture, form).splitlines(keepends=True)
    head = 1 if form == "csv" else 0
    wanted = every[:head] + [line for number, line in enumerate(every[head:]) if number in matching]
    assert 0 < len(matching) < len(every) - head
    assert printed(wireshark, capture, f"{form},{display_filter}", *passes) == b"".join(wanted)


@passes
@pytest.mark.parametrize("make", [rewrap.empty_capture, rewrap.capture_without_tcp])
def test_without_tcp_there_is_the_csv_header_alone(wireshark, passes, make):
    path = make(wireshark)
    header = ",".join(SCHEMA).encode() + b"\r\n"
    assert printed(wireshark, path, "csv", *passes) == header
    assert printed(wireshark, path, "json", *passes) == b""


def test_filter_that_matches_nothing_leaves_the_csv_header_alone(wireshark):
    assert printed(wireshark, "storm_clean", "csv,udp") == ",".join(SCHEMA).encode() + b"\r\n"
    assert printed(wireshark, "storm_clean", "json,udp") == b""


@pytest.mark.parametrize("form", ["csv", "json"])
def test_names_of_hosts_and_services_are_never_used(wireshark, form):
    """-N: names from the hosts file of the user and the list of services, in the text report."""
    hosts = wireshark.made / "hosts"
    hosts.write_text("10.9.0.1 alice\n10.9.0.2 bob\n")
    hosts.chmod(0o644)
    named = ("-N", "nt", "-H", str(hosts))
    text = printed(wireshark, "four_way_client", "streams", options=named)
    assert b"alice:" in text and b"bob:" in text
    assert printed(wireshark, "four_way_client", form, options=named) == printed(
        wireshark, "four_way_client", form)


def test_both_forms_and_the_text_in_one_run(wireshark):
    capture = "parallel_v6"
    both = printed(wireshark, capture, "csv", "-z", "tcpclose,json", "-z", "tcpclose,streams")
    parts = [printed(wireshark, capture, form) for form in ("csv", "json", "streams")]
    assert len(both) == sum(map(len, parts))
    assert all(part in both for part in parts)


# ---- errors ----

@pytest.mark.parametrize("argument", ["jsonx", "csvx", "csv;udp", "json udp", "csv,tcp.stream =="])
def test_wrong_argument_is_refused(wireshark, argument):
    done = report(wireshark, "four_way_client", argument)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"tshark: " in done.stderr


# ---- the README ----

def test_the_readme_lists_exactly_the_columns():
    """Rows of names, type, unit, meaning."""
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    section = re.search(r"^## Streams for programs$(.*?)^##+ ", text, re.DOTALL | re.MULTILINE)
    rows = [[cell.strip() for cell in line.strip("|").split("|")]
            for line in section.group(1).splitlines() if line.startswith("| `")]
    described = [(name, kind.replace(", or nothing", "?"), unit)
                 for names, kind, unit, _ in rows for name in re.findall(r"`(\w+)`", names)]
    unit_of = {"_s": "s", "_bytes": "bytes"}
    assert sorted(described) == sorted(
        (name, kind, next((unit for end, unit in unit_of.items() if name.endswith(end)), ""))
        for name, kind in {**SCHEMA, **Schema("with_file").columns()}.items())
