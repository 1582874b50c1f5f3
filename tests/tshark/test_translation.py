# SPDX-License-Identifier: GPL-2.0-or-later
"""The Chinese README says the same as README.md: the same sections in the same order, and in each the same
blocks, shapes of tables, names, numbers and links."""
import re
from collections import Counter

import pytest

from test_readme_commands import README, TRANSLATION

FENCED = re.compile(r"^```\w*\n.*?^```$", re.DOTALL | re.MULTILINE)


def sections_of(path):
    """(level, text) from heading to heading; a line that looks like one in a block is none."""
    text = path.read_text(encoding="utf-8")
    blocks = FENCED.findall(text)
    hidden = FENCED.sub("```", text)
    sections = []
    for section in re.split(r"^(?=#+ )", hidden, flags=re.MULTILINE)[1:]:
        count = len(re.findall(r"^```$", section, re.MULTILINE))
        sections.append((len(section) - len(section.lstrip("#")), section, blocks[:count]))
        del blocks[:count]
    return sections


def table_shapes(section):
    """For each table its rows, as the code that each cell has; cells of words alone are empty."""
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[re.findall(r"`[^`]*`", cell) for cell in row.strip("|").split("|")] for row in rows]


def targets(section, folder):
    """The files and pages that it links to; in the title, the two link to each other."""
    links = re.findall(r"\]\(([^)\s]+)\)", section)
    return [link if link.startswith("https://") else "#" if link.startswith("#")
            else (folder / link).resolve() for link in links
            if not link.endswith(("README.zh.md", "../README.md"))]


SECTIONS = list(zip(sections_of(README), sections_of(TRANSLATION)))
TITLES = [english[1].splitlines()[0] for english, _ in SECTIONS]
sections = pytest.mark.parametrize("english,chinese", SECTIONS, ids=TITLES)


def test_same_number_of_sections():
    assert len(sections_of(README)) == len(sections_of(TRANSLATION)) > 20


@sections
def test_same_level_and_blocks(english, chinese):
    assert (chinese[0], chinese[2]) == (english[0], english[2])


@sections
def test_same_shape_of_tables(english, chinese):
    assert table_shapes(chinese[1]) == table_shapes(english[1])


@sections
def test_same_names_and_commands(english, chinese):
    names = [Counter(re.findall(r"`([^`\n]+)`", section[1])) for section in (english, chinese)]
    assert names[0] == names[1]


@sections
def test_same_numbers_in_tables(english, chinese):
    numbers = [[re.findall(r"\d[\d.,]*\d|\d", line) for line in section[1].splitlines() if line.startswith("|")]
               for section in (english, chinese)]
    assert numbers[0] == numbers[1]


@sections
def test_same_links(english, chinese):
    found = [Counter(targets(section[1], path.parent)) for section, path in
             ((english, README), (chinese, TRANSLATION))]
    assert found[0] == found[1]


def test_it_is_chinese():
    for _, section, _ in sections_of(TRANSLATION):
        assert re.search("[\u4e00-\u9fff]", section), section.splitlines()[0]


def test_each_links_to_the_other_in_its_first_line():
    assert "(plugin/README.zh.md)" in README.read_text(encoding="utf-8").splitlines()[0]
    assert "(../README.md)" in TRANSLATION.read_text(encoding="utf-8").splitlines()[0]
