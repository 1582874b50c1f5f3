# SPDX-License-Identifier: GPL-2.0-or-later
"""The reports as tshark prints them for people, read back into cells."""

EMPTY = "-"


def columns_of(lines):
    """(begin, end) of each column: where some line has something, without a blank between."""
    width = max(map(len, lines))
    used = [any(line[at:at + 1].strip() for line in lines) for at in range(width)] + [False]
    edges = [at for at in range(width + 1) if used[at] != (at > 0 and used[at - 1])]
    return list(zip(edges[::2], edges[1::2]))


def printed_table(wireshark, capture, name, display_filter=None):
    """Titles and rows of -z NAME[,filter]; both are empty where there is no stream."""
    argument = f"{name},{display_filter}" if display_filter else name
    lines = wireshark.tshark(capture, "-q", "-z", argument).strip().splitlines()
    rule, _, shown_filter, *lines, last_rule = lines
    assert rule == last_rule == "=" * len(rule)
    assert shown_filter == f"Filter: {display_filter or '<none>'}"
    if lines == ["No TCP stream."]:
        return [], []
    columns = columns_of(lines)
    cells = [[line[begin:end].strip() for begin, end in columns] for line in lines]
    head = next(index for index, row in enumerate(cells) if all(row)) + 1
    titles = [" ".join(filter(None, words)) for words in zip(*cells[:head])]
    return titles, [["" if cell == EMPTY else cell for cell in row] for row in cells[head:]]


def without_empty_columns(titles, rows):
    """As tshark prints a table: without the columns that are empty in every row."""
    kept = [index for index in range(len(titles)) if any(row[index] for row in rows)]
    return [titles[index] for index in kept], [[row[index] for index in kept] for row in rows]
