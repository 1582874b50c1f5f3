#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs what is missing (Debian, Ubuntu), builds, and measures: see bench.py. Ten minutes and 2 GB of
# disk space for captures; --stable takes a minute. With --side-by-side first, measures the program
# tcpclose beside others that are installed (argus, tcptrace, tcpdump): see side_by_side.py.
set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

install_missing "${build_packages[@]}" python3 valgrind libc6-dbg
build "$top/build"
script=bench.py
if [ "${1-}" = --side-by-side ]; then
    script=side_by_side.py
    shift
fi
TCPCLOSE_BUILD=$top/build exec /usr/bin/python3 -B "$top/tests/bench/$script" "$@"
