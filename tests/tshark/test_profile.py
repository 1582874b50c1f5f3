# SPDX-License-Identifier: GPL-2.0-or-later
"""The profile "TCP Close": what tshark does with it, and what of it the README says."""
import re
import shutil
import subprocess

import pytest

from test_readme import FILTERS, ROWS
from wireshark import PROJECT

NAME = "TCP Close"
PROFILE = PROJECT / "plugin" / "profile" / NAME
STATES = ("fin_wait_1", "fin_wait_2", "close_wait", "closing", "last_ack", "time_wait")
READABLE = 4.5    # WCAG 2, contrast of text of ordinary size


def lines(name):
    text = (PROFILE / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def records(name):
    """The rows of one of Wireshark's tables, unquoted."""
    return [[cell.replace("\\x22", '"') for cell in re.findall(r'"([^"]*)"', line)]
            for line in lines(name)]


def rules():
    """name, filter, background, text of each colouring rule"""
    for line in lines("colorfilters"):
        name, display_filter, background, text = re.fullmatch(
            r"@([^@]+)@([^@]+)@\[([\d,]+)\]\[([\d,]+)\]", line).groups()
        yield name, display_filter, *([int(part) for part in colour.split(",")]
                                      for colour in (background, text))


@pytest.fixture(scope="module")
def profile(wireshark):
    """tshark with the profile, as a user has it who installed it."""
    config = wireshark.folder / "config"
    shutil.copytree(PROFILE, config / "profiles" / NAME)
    subprocess.run(["chmod", "-R", "a+rX", config], check=True)

    def tshark(capture, *arguments):
        done = wireshark.run("tshark", "-n", "-C", NAME, "-r", wireshark.path(capture), *arguments,
                             WIRESHARK_CONFIG_DIR=str(config))
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout
    return tshark


def test_the_columns_have_the_states(profile):
    frames = [line.split() for line in profile("half_close_client").splitlines()]
    [fin] = [frame for frame in frames if frame[0] == "8"]
    at = fin.index("FIN_WAIT_1")
    # The pattern and the cause as far as one pass knows them by then.
    assert fin[at:at + 5] == ["FIN_WAIT_1", "CLOSE_WAIT", "fin", "fin_unanswered", "open_at_end"]
    [last] = [frame for frame in frames if frame[0] == "51"]
    at = last.index("TIME_WAIT")
    assert last[at:at + 5] == ["TIME_WAIT", "CLOSED", "fin_ack,close_complete", "half_close", "normal_close"]


def test_every_colouring_rule_has_its_packets(profile):
    printed = "".join(profile(capture, "-2", "--color", "-T", "fields", "-e", "frame.coloring_rule.name")
                      for capture in ("storm_lossy", "storm_clean", "close_wait_alarm",
                                      "late_data_closed"))
    assert {name for name, *_ in rules()} == set(printed.split("\n")) - {""}


def luminance(colour):
    linear = [part / 65535 / 12.92 if part / 65535 <= 0.04045 else ((part / 65535 + 0.055) / 1.055) ** 2.4
              for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("name, background, text", [(name, *colours) for name, _, *colours in rules()])
def test_the_colours_can_be_read(name, background, text):
    dark, light = sorted((luminance(background), luminance(text)))
    assert (light + 0.05) / (dark + 0.05) >= READABLE, name


def test_the_buttons_are_the_filters_of_the_readme():
    buttons = records("dfilter_buttons")
    assert [button[2] for button in buttons] == FILTERS
    assert {tuple(button[3:1:-1]) for button in buttons} <= {(row[0], row[1].strip("`"))
                                                             for row in ROWS if len(row) == 2}
    assert all(button[0] == "TRUE" for button in buttons)


def test_the_buttons_are_one_menu():
    """Wireshark makes a menu of what stands before "//": the line for filters keeps its room."""
    labels = [button[1].split("//") for button in records("dfilter_buttons")]
    assert {label[0] for label in labels} == {NAME}
    assert {len(label) for label in labels} == {2}
    assert len({label[1] for label in labels}) == len(labels)


def test_a_graph_for_each_closing_state(wireshark):
    graphs = records("io_graphs")
    assert [graph[6] for graph in graphs] == [f"tcpclose.now.{state}" for state in STATES]
    assert {graph[5] for graph in graphs} == {"MAX(Y Field)"}
    known = wireshark.run("tshark", "-G", "fields").stdout
    assert all(f"\t{graph[6]}\t" in known for graph in graphs)


def test_the_plots_of_4_6(wireshark):
    plots = records("plots")
    known = wireshark.run("tshark", "-G", "fields").stdout
    assert [plot[6] for plot in plots] == ["tcpclose.teardown", "tcpclose.idle", "tcpclose.now.time_wait"]
    assert all(f"\t{plot[6]}\t" in known for plot in plots)
    # Wireshark draws as many plots as these numbers say, one below the other.
    assert [plot[1] for plot in plots] == ["1", "2", "3"]
    for plot in plots:
        rows = wireshark.fields("storm_lossy", [plot[6]], "-2", *(["-Y", plot[3]] if plot[3] else []))
        assert len(rows) > 50
