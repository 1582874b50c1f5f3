# SPDX-License-Identifier: GPL-2.0-or-later
"""The reports as tshark prints them for people, read back into cells."""

EMPTY = "-"
GAP = 2  # blanks between two columns: a cell has fewer
WIDE = {"tcpclose,streams"}  # its dialog has all columns


def columns_of(lines):
    """(begin, end) of each column: where some line has something, without a gap between."""
    columns = []
    for at in range(max(map(len, lines))):
        if not any(line[at:at + 1].strip() for line in lines):
            continue
        if columns and at - columns[-1][1] < GAP:
            columns[-1][1] = at + 1
        else:
            columns.append([at, at + 1])
    return columns


def printed_table(wireshark, capture, name, display_filter=None):
    """Titles and rows of -z NAME[,filter] with all columns; both are empty where there is none."""
    argument = ",".join(filter(None, [name, "wide" if name in WIDE else "", display_filter]))
    lines = wireshark.tshark(capture, "-q", "-z", argument).strip().splitlines()
    rule, _, shown_filter, *lines, last_rule = lines
    if "" in lines:  # before the legend
        lines = lines[:lines.index("")]
    assert rule == last_rule == "=" * len(rule)
    assert shown_filter == f"Filter: {display_filter or '<none>'}"
    if lines in (["No TCP stream."], ["No RST."]):
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
