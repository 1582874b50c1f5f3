# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by run.sh, matrix/in_tree.sh and captures/demo.sh, which source it: packages, building,
# counting, messages.
# shellcheck shell=bash

# The project's folder.
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

# What building and running needs, and what the tests of each Wireshark need besides.
# shellcheck disable=SC2034 # for those who source this
build_packages=(gcc libc6-dev make cmake pkg-config libglib2.0-dev libpcap-dev libwireshark-dev
    wireshark-dev tshark)
# shellcheck disable=SC2034
test_packages=(python3 python3-pytest python3-jsonschema dpkg-dev file jq sqlite3 iproute2
    parallel tcpdump wireshark xvfb xdotool dbus at-spi2-core gir1.2-atspi-2.0 python3-gi)

say() {
    printf '%s\n' "$*" >&2
}

die() {
    say "$(basename "$0"): $*"
    exit 1
}

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# install_missing PACKAGE...: what is there already is not touched.
install_missing() {
    local missing=() as_root=() package log
    command -v dpkg-query >/dev/null ||
        die "no dpkg-query: packages are installed on Debian and Ubuntu only. Needed: $*"
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || die "no apt-get here to install: ${missing[*]}"
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "neither root nor sudo here to install: ${missing[*]}"
        as_root=(sudo)
    fi
    say "Installing: ${missing[*]}"
    log=$(mktemp)
    if ! {
        "${as_root[@]}" apt-get update &&
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
                apt-get install -y --no-install-recommends "${missing[@]}"
    } >"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        die "could not install: ${missing[*]}"
    fi
    rm -f "$log"
}

# build FOLDER [CMAKE OPTION...]: configures and builds, with what the tests need; says nothing unless
# it fails. With build_target set, that target alone.
build() {
    local folder=$1 log
    shift
    # A checkout that was moved or copied: what CMake remembers is of another place.
    if [ -f "$folder/CMakeCache.txt" ] &&
       ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$top" "$folder/CMakeCache.txt"; then
        rm -rf "$folder"
    fi
    if ! mkdir -p "$folder" || [ ! -w "$folder" ]; then
        say "cannot write to $folder"
        return 1
    fi
    log=$(mktemp)
    if ! { cmake -S "$top" -B "$folder" -DTCPCLOSE_TESTS=ON "$@" &&
           cmake --build "$folder" --parallel "$(nproc)" --target "${build_target:-all}"; } >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}

passed=0
failed=0
skipped=0
skips=() # what was skipped, and why

# skip TITLE WHY: a test that cannot run here.
skip() {
    skipped=$((skipped + 1))
    skips+=("$1: $2")
}

# sum_of WORD FILE: the numbers before WORD in pytest's closing lines.
sum_of() {
    { grep -E '^=+ .* in [0-9.]+s.* =+$' "$2" || true; } |
        { grep -oE "[0-9]+ $1" || true; } | awk '{ sum += $1 } END { print sum + 0 }'
}

count_lines() {
    grep -cE "$1" "$2" || true
}

# add_skips LINES
add_skips() {
    [ -z "$1" ] || mapfile -t -O "${#skips[@]}" skips <<<"$1"
}

# skips_of FILE: a line for each skip that GLib's tests (TAP) and pytest report, with its reason.
skips_of() {
    sed -nE -e 's/^ok [0-9]+ (.*[^ ]) +# SKIP *(.*)/\1: \2/p' \
        -e 's|^SKIPPED \[1\] (.*/)?(tests/[^ ]*): |\2: |p' \
        -e 's|^SKIPPED \[([0-9]+)\] (.*/)?(tests/[^ ]*): |\3, \1 tests: |p' "$1"
}

# run_ctest FOLDER [CTEST OPTION...]: runs the tests of a build folder and adds to passed, failed,
# skipped and skips. GLib's unit tests count one by one (TAP), and so do pytest's.
run_ctest() {
    local log=$1/Testing/Temporary/LastTest.log bad tap_skips status=0
    ctest --test-dir "$1" --output-on-failure --no-tests=error --parallel "$(nproc)" "${@:2}" ||
        status=$?
    bad=$(($(count_lines '^not ok ' "$log") + $(sum_of failed "$log") + $(sum_of 'errors?' "$log")))
    # Crashed or timed out, a test counts nothing itself.
    [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
    tap_skips=$(count_lines '^ok .*# SKIP' "$log")
    passed=$((passed + $(count_lines '^ok ' "$log") - tap_skips + $(sum_of passed "$log")))
    failed=$((failed + bad))
    skipped=$((skipped + tap_skips + $(sum_of skipped "$log")))
    add_skips "$(skips_of "$log")"
}

# check_wireshark FOLDER [CTEST OPTION...]: builds in the folder, loads and tests with the Wireshark
# that is installed; adds to the counters and says in $verdict what happened.
check_wireshark() {
    local folder=$1 loaded before bad
    shift
    verdict="not built"
    failed=$((failed + 1))
    build "$folder" -DTCPCLOSE_WERROR=ON || return 0
    verdict="built, not loaded"
    loaded=$(TCPCLOSE_BUILD=$folder /usr/bin/python3 -B "$top/tests/matrix/loaded.py") || return 0
    failed=$((failed - 1))
    passed=$((passed + 2))
    before=$passed
    bad=$failed
    run_ctest "$folder" "$@"
    verdict="built, loaded ($loaded), $((passed - before)) tests passed"
    [ "$failed" -eq "$bad" ] || verdict="$verdict, $((failed - bad)) FAILED"
}

counted() {
    [ ${#skips[@]} -eq 0 ] || printf 'skipped: %s\n' "${skips[@]}"
    printf '%s passed, %s failed' "$passed" "$failed"
    [ "$skipped" -eq 0 ] || printf ', %s skipped' "$skipped"
    echo
}
