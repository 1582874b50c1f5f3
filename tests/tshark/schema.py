# SPDX-License-Identifier: GPL-2.0-or-later
"""The schemas of what programs are given, plugin/schema/REPORT.json: rows of JSON and of CSV are held
against them, and the columns and their types are read from them."""
import json
from decimal import Decimal

import jsonschema

from wireshark import PROJECT

FOLDER = PROJECT / "plugin" / "schema"
VERSION = "v"  # JSON has it, CSV has not

TYPES = {"integer": "integer", "string": "string", "boolean": "boolean", "number": "decimal"}
OF_CELL = {"integer": int, "string": str, "boolean": {"true": True, "false": False}.get, "decimal": Decimal}


class Schema:
    def __init__(self, report):
        self.whole = json.loads((FOLDER / f"{report}.json").read_text(encoding="utf-8"))
        kind = jsonschema.Draft202012Validator
        kind.check_schema(self.whole)
        self.validator = kind(self.whole, format_checker=None)

    def columns(self):
        """name -> type, in order, without the version; "?" behind one that may have nothing to say."""
        found = {}
        for name, said in self.whole["properties"].items():
            if name == VERSION:
                continue
            types = said["type"] if isinstance(said["type"], list) else [said["type"]]
            [kind] = [TYPES[one] for one in types if one != "null"]
            found[name] = kind + ("?" if "null" in types else "")
        return found

    def errors(self, row):
        """What is wrong with an object of JSON, a line each."""
        return [f"{'/'.join(map(str, error.path))}: {error.message}"
                for error in self.validator.iter_errors(row)]

    def errors_of_cells(self, header, cells):
        """The same of a row of CSV: its cells as JSON would have them."""
        kinds = self.columns()
        row = {VERSION: self.whole["properties"][VERSION]["const"]}
        for name, cell in zip(header, cells, strict=True):
            kind = kinds[name].strip("?")
            row[name] = None if cell == "" and kinds[name].endswith("?") else OF_CELL[kind](cell)
            if isinstance(row[name], Decimal):
                row[name] = float(row[name])
        return self.errors(row)
