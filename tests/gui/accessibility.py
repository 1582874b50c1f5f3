#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads and works Wireshark's windows through the accessibility tree (AT-SPI).

A program of its own, since a session's accessibility bus talks to the session's user only. Each
line of standard input is a request, [verb, argument...] in JSON; each is answered by a line, an
object with either "answer" or "error". A window is named by a part of its title, what is in it by
its whole name. Start it when Wireshark's window is there: Qt 5 never joins a bus older than that.
"""
import json
import os
import sys
import warnings

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402 (the version comes first)

TABLE_ROLES = {"tree", "tree table", "table"}
TIMEOUT_MS = 300_000  # a question waits for as long as Wireshark is busy


def children(node):
    """Some vanish while they are looked at."""
    found = (node.get_child_at_index(index) for index in range(node.get_child_count()))
    return [child for child in found if child is not None]


def descendants(node):
    """Without the cells of tables and the items of menus."""
    yield node
    if node.get_role_name() not in TABLE_ROLES | {"menu bar"}:
        for child in children(node):
            yield from descendants(child)


def first(nodes, what):
    for node in nodes:
        return node
    raise LookupError(f"there is no {what}")


def all_windows():
    return [window for application in children(Atspi.get_desktop(0))
            for window in children(application)]


def find_window(title):
    return first((node for node in all_windows() if title in node.get_name()), f"window {title!r}")


def find(title, name):
    """Of several with that name, the one that is to be seen."""
    nodes = [node for node in descendants(find_window(title)) if node.get_name() == name]
    nodes.sort(key=lambda node: not node.get_state_set().contains(Atspi.StateType.SHOWING))
    return first(nodes, f"{name!r} in window {title!r}")


def find_table_node(title, name):
    return first((node for node in descendants(find_window(title))
                  if node.get_role_name() in TABLE_ROLES and node.get_name() == name),
                 f"table {name!r} in window {title!r}")


def find_table(title, name):
    return find_table_node(title, name).get_table_iface()


def menu_items(node):
    items = children(node)
    if [item.get_role_name() for item in items] == ["popup menu"]:
        items = children(items[0])
    return items


def find_menu_item(path):
    node = first((node for window in all_windows() for node in descendants(window)
                  if node.get_role_name() == "menu bar"), "menu bar")
    for name in path:
        node = first((item for item in menu_items(node) if item.get_name() == name),
                     f"{name!r} in menu {' > '.join(path)}")
    return node


def act(node):
    if not node.get_state_set().contains(Atspi.StateType.ENABLED):
        raise LookupError(f"{node.get_name()!r} is disabled")
    return node.do_action(0)


def is_idle(node):
    """Neither being pressed nor disabled while what it does goes on."""
    states = node.get_state_set()
    return states.contains(Atspi.StateType.ENABLED) and not states.contains(Atspi.StateType.PRESSED)


def area(node):
    """On the screen: left, top, width, height."""
    box = node.get_extents(Atspi.CoordType.SCREEN)
    return [box.x, box.y, box.width, box.height]


def titles_of(table):
    return [table.get_column_description(column) for column in range(table.get_n_columns())]


def column_of(table, column):
    return [table.get_accessible_at(row, column).get_name() for row in range(table.get_n_rows())]


def rows_of(table):
    return list(zip(*(column_of(table, column) for column in range(table.get_n_columns()))))


VERBS = {
    "windows": lambda: [window.get_name() for window in all_windows()],
    "labels": lambda title: [node.get_name() for node in descendants(find_window(title))
                             if node.get_role_name() == "label"],
    "titles": lambda title, table: titles_of(find_table(title, table)),
    "rows": lambda title, table: rows_of(find_table(title, table)),
    "column": lambda title, table, column: column_of(find_table(title, table), column),
    "cell": lambda title, table, row, column:
        find_table(title, table).get_accessible_at(row, column).get_name(),
    "row_count": lambda title, table: find_table(title, table).get_n_rows(),
    "select_row": lambda title, table, row: find_table(title, table).add_row_selection(row),
    "area": lambda title, name=None: area(find(title, name) if name else find_window(title)),
    "text": lambda title, name: Atspi.Text.get_text(find(title, name), 0, -1),
    "first_text": lambda title: Atspi.Text.get_text(
        first((node for node in descendants(find_window(title)) if node.get_role_name() == "text"),
              f"text in window {title!r}"), 0, -1),
    "table_area": lambda title, table: area(find_table_node(title, table)),
    "cell_area": lambda title, table, row, column:
        area(find_table(title, table).get_accessible_at(row, column)),
    "title_area": lambda title, table, column:
        area(find_table(title, table).get_column_header(column)),
    "description": lambda title, name: find(title, name).get_description(),
    "is_idle": lambda title, name: is_idle(find(title, name)),
    "press": lambda title, name: act(find(title, name)),
    "enter": lambda title, name, text:
        find(title, name).get_editable_text_iface().set_text_contents(text),
    "entries": lambda *path: [item.get_name() for item in menu_items(find_menu_item(path))],
    "choose": lambda *path: act(find_menu_item(path)),
}


def answer(verb, arguments):
    warnings.simplefilter("ignore", DeprecationWarning)
    Atspi.init()
    Atspi.set_timeout(TIMEOUT_MS, TIMEOUT_MS)
    try:
        return {"answer": VERBS[verb](*arguments)}
    except (LookupError, AttributeError, GLib.Error) as error:
        return {"error": f"{verb} {arguments}: {error}"}


def main():
    """A process a request: the library remembers windows that have gone and misses new ones."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            verb, *arguments = json.loads(line)
            print(json.dumps(answer(verb, arguments)), flush=True)
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
