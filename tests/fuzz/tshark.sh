#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Everything that tests/fuzz knows to do to the plugin in tshark and sharkd, with AddressSanitizer and
# UndefinedBehaviorSanitizer: every capture by itself too, ten seeds, large hostile captures. Hours;
# tests/run.sh does a part of it in a minute or two.
set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

build "$top/build/sanitize" -DTCPCLOSE_WERROR=ON -DTCPCLOSE_SANITIZE=address,undefined
TCPCLOSE_FUZZ_ALL=1 ctest --test-dir "$top/build/sanitize" --output-on-failure --no-tests=error \
    --parallel "$(nproc)" -R '^fuzz_(mutated|hostile)'
