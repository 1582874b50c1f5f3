#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs what is missing (Debian, Ubuntu), builds, and measures: see bench.py. Ten minutes and 2 GB of
# disk space for captures; --stable takes a minute.
set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

install_missing "${build_packages[@]}" python3 valgrind libc6-dbg
build "$top/build"
TCPCLOSE_BUILD=$top/build exec /usr/bin/python3 -B "$top/tests/bench/bench.py" "$@"
