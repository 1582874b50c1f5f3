# SPDX-License-Identifier: GPL-2.0-or-later
"""The table of streams for people: it fits a terminal, and says of the courses what CSV says."""
import csv
import functools
import io
import re
from decimal import Decimal

import pytest

from names import SHIPPED

WIDTH = 120
STATES = {"FW1": "fin_wait_1", "FW2": "fin_wait_2", "CW": "close_wait", "CG": "closing",
          "LA": "last_ack", "TW": "time_wait"}
UNITS = {"ns": Decimal("1e-9"), "us": Decimal("1e-6"), "ms": Decimal("1e-3"), "s": Decimal(1)}
VISIT = re.compile(r"(FW1|FW2|CW|CG|LA|TW)(\??) (>=)?([0-9]+(?:\.([0-9]+))?)(ns|us|ms|s)")

shipped = pytest.mark.parametrize("capture", SHIPPED)


def table(wireshark, capture, report="streams"):
    return wireshark.tshark(capture, "-q", "-z", f"tcpclose,{report}").splitlines()


class Printed:
    """The table, the wide one and CSV of a capture: most of tshark's time goes into starting."""

    def __init__(self, wireshark, capture):
        text = wireshark.tshark(capture, "-q", *(word for report in ("streams", "streams,wide", "csv")
                                                 for word in ("-z", f"tcpclose,{report}")))
        tables = re.findall(r"\n=+\nTCP Close Streams\n.*?\n=+\n", text, re.DOTALL)
        for one in tables:
            text = text.replace(one, "", 1)
        [brief] = [one for one in tables if "streams,wide" in one]
        [wide] = [one for one in tables if "streams,wide" not in one]
        self.whole = brief.splitlines()
        self.brief, self.wide = (one.splitlines()[4:] for one in (brief, wide))
        self.brief, self.wide = (one[:one.index("")] for one in (self.brief, self.wide))
        self.rows = list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module", name="of_shipped")
def fixture_of_shipped(wireshark):
    return functools.cache(functools.partial(Printed, wireshark))


@shipped
def test_table_fits_a_terminal(of_shipped, capture):
    printed = of_shipped(capture)
    assert len(printed.brief) > len(printed.rows) > 0
    if not any(":" in row["client_address"] for row in printed.rows):
        assert max(len(line.expandtabs(8)) for line in printed.whole) <= WIDTH


def is_first_line(line):
    """Of a row."""
    return re.match(r" *[0-9]+  ", line)


@shipped
@pytest.mark.parametrize("form", ["brief", "wide"])
def test_no_column_is_empty_in_every_row(of_shipped, capture, form):
    """A cell is at the same place in each row, and "-" is what an empty one has."""
    body = getattr(of_shipped(capture), form)
    starts = [index for index, line in enumerate(body) if is_first_line(line)]
    height = (len(body) - starts[0]) // len(starts)
    for part in range(height):
        cells = body[starts[0] + part::height]
        for at in [match.start() for match in re.finditer(r"(?<= )-(?= |$)", cells[0])]:
            assert any(line[at - 1:at + 2].strip() not in ("-", "") for line in cells), cells[0]


def courses(lines, stream):
    """What the row of the stream has of courses, wherever it stands."""
    [at] = [index for index, line in enumerate(lines) if re.match(rf" *{stream}  ", line)]
    text = lines[at]
    if at + 1 < len(lines) and not is_first_line(lines[at + 1]):
        text += lines[at + 1]
    return re.findall(rf"{VISIT.pattern}", text)


@shipped
def test_courses_add_up_to_the_times_of_csv(of_shipped, capture):
    """Both sides' together: each state's time, whether it is a lower bound, and what is assumed."""
    for row in of_shipped(capture).rows:
        shown = courses(of_shipped(capture).brief, row["stream"])
        for short, name in STATES.items():
            visits = [visit for visit in shown if visit[0] == short]
            columns = [f"{role}_{name}" for role in ("client", "server") if row[f"{role}_{name}_s"]]
            total = sum(Decimal(row[f"{column}_s"]) for column in columns)
            printed = sum(Decimal(visit[3]) * UNITS[visit[5]] for visit in visits)
            unit = sum(UNITS[visit[5]] / 10 ** len(visit[4]) for visit in visits)
            assert abs(total - printed) <= unit, (row["stream"], short)
            assert bool(visits) == bool(columns)
            for sign, what in ((1, "assumed"), (2, "censored")):
                assert any(visit[sign] for visit in visits) == any(
                    row[f"{column}_{what}"] == "true" for column in columns), (row["stream"], short)


@shipped
def test_wide_has_the_times_in_columns(of_shipped, capture):
    rows = of_shipped(capture).rows
    printed = [line for line in of_shipped(capture).wide if is_first_line(line)]
    assert len(printed) == len(rows)
    for line, row in zip(printed, rows):
        for name in (f"{role}_{state}" for role in ("client", "server") for state in STATES.values()):
            if row[f"{name}_s"] and row[f"{name}_censored"] == "false":
                assert f"{round(Decimal(row[f'{name}_s']), 6)}" in line


def test_wide_takes_a_filter(wireshark):
    lines = table(wireshark, "storm_lossy", "streams,wide,tcp.stream == 3")
    assert "Filter: tcp.stream == 3" in lines
    assert [line.split()[0] for line in lines if is_first_line(line)] == ["3"]


@pytest.mark.parametrize("argument,shown", [
    ("streamswide", "-z tcpclose,streams[,wide][,filter]"),
    ("streams;wide", "-z tcpclose,streams[,wide][,filter]"),
    ("hosts;wide", "-z tcpclose,hosts[,filter]"),
])
def test_what_is_no_report_is_refused(wireshark, argument, shown):
    refused = wireshark.refused("refused", f"tcpclose,{argument}")
    assert refused.endswith(f'it has to be "{shown}".')
