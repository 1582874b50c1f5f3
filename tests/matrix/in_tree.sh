#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# in_tree.sh [--package-only]: what is done in a tree, see tree.sh. Its last lines are for matrix.sh:
# "skip" and what was skipped and why, "result PASSED FAILED SKIPPED" and in words what happened.
set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

package_test=$top/tests/matrix/package.sh

test_package() {
    cd /build &&
        cpack -G DEB -D CPACK_PACKAGE_VERSION=0.0.1 -B /packages/older &&
        cpack -G "DEB;TGZ" -B /packages &&
        "$package_test" /packages/*.deb /packages/older/*.deb /packages/*.tar.gz \
            "$top/captures/four_way_client.pcapng"
}

if [ "${1-}" = --package-only ]; then
    build /build -DTCPCLOSE_TESTS=OFF
    verdict="tested above"
else
    # Those labelled "once" have nothing to do with Wireshark, or take long for what it could change.
    check_wireshark /build -LE once
fi
if [ -x "$package_test" ]; then
    if (test_package); then
        passed=$((passed + 1))
        verdict="$verdict, package passed"
    else
        failed=$((failed + 1))
        verdict="$verdict, package FAILED"
    fi
fi
[ ${#skips[@]} -eq 0 ] || printf 'skip %s\n' "${skips[@]}"
echo "result $passed $failed $skipped $verdict"
