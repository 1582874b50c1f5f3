#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# compare.sh OLD_BUILD NEW_BUILD [CAPTURE...]: do two builds of the plugin print the same? See compare.py.
exec /usr/bin/python3 -B "$(dirname "$0")/compare.py" "$@"
