#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh [--matrix]: installs what is missing (Debian, Ubuntu), builds, and runs every test; with
# --matrix also with every other supported Wireshark, in trees of the Debian releases that have it
# (root or sudo; see matrix/tree.sh). The last lines say what became of each Wireshark, what was skipped
# and why, and count: "N passed, N failed, N skipped". Exit status 0 only if nothing failed.
set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/matrix/matrix.sh
. "$top/tests/matrix/matrix.sh"

FUZZ_SECONDS=60
CLANG_FORMAT=14 # Debian 12's: another one formats otherwise

case $* in
"" | --matrix) matrix=${1-} ;;
*) die "usage: run.sh [--matrix]" ;;
esac

# step TITLE COMMAND...: one more test, passed if the command succeeds.
step() {
    local title=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        echo "passed: $title"
    else
        failed=$((failed + 1))
        echo "FAILED: $title"
    fi
}

sanitized_tests() {
    build "$top/build/sanitize" -DTCPCLOSE_WERROR=ON -DTCPCLOSE_SANITIZE=address,undefined &&
        UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
            ctest --test-dir "$top/build/sanitize" --output-on-failure --no-tests=error \
                --parallel "$(nproc)" -R '^(unit|fuzz)_'
}

check_format() {
    local title="format of the sources" version
    if ! command -v clang-format >/dev/null; then
        skip "$title" "clang-format is not installed"
        return
    fi
    version=$(clang-format --version | sed -E 's/.*version ([0-9]+).*/\1/')
    if [ "$version" != "$CLANG_FORMAT" ]; then
        skip "$title" "clang-format is version $version, not $CLANG_FORMAT"
        return
    fi
    step "$title" find "$top/plugin" "$top/tap" "$top/tests" -name '*.[ch]' \
        -exec clang-format --dry-run -Werror {} +
}

declare -A fuzzer=() fuzz_log=() # what -> the process that searches, and what it says

# Each takes one core: they search side by side.
fuzz_begin() {
    fuzz_log[$1]=$(mktemp)
    "$top/tests/fuzz/fuzz.sh" "$FUZZ_SECONDS" "$1" >"${fuzz_log[$1]}" 2>&1 &
    fuzzer[$1]=$!
}

# Where clang has no libFuzzer, that is said and counted as skipped.
fuzz_end() {
    local what=$1 log=${fuzz_log[$1]} status=0
    wait "${fuzzer[$1]}" || status=$?
    if [ "$status" -eq 77 ]; then
        skip "fuzzing: $what" "$(tail -n 1 "$log")"
    elif [ "$status" -eq 0 ]; then
        passed=$((passed + 1))
        echo "passed: $FUZZ_SECONDS s of fuzzing: $what, $(awk '/executed_units/ { print $2 }' "$log") inputs"
    else
        failed=$((failed + 1))
        cat "$log"
        echo "FAILED: fuzzing: $what"
    fi
    rm -f "$log"
}

install_missing "${build_packages[@]}" "${test_packages[@]}" valgrind libc6-dbg lintian \
    munge slurm-client slurmctld slurmd \
    ${matrix:+debootstrap debian-archive-keyring}
# KILL: unshare does not listen to less, and takes with it all that runs in its namespace.
trap 'kill -KILL $(jobs -p) 2>/dev/null || true' EXIT
[ -z "$matrix" ] || matrix_begin

check_format
check_wireshark "$top/build"
lines+=("here: Wireshark $(installed_wireshark): $verdict")
if [ "$verdict" != "not built" ]; then
    title="unit tests, damaged and hostile captures with AddressSanitizer and UndefinedBehaviorSanitizer"
    if [ -e /proc/self/task ]; then
        step "$title" sanitized_tests
    else
        skip "$title" "the sanitizers need /proc"
    fi
    fuzz_begin engine
    fuzz_begin decode
    fuzz_end engine
    fuzz_end decode
    if command -v clang >/dev/null; then
        step "build with clang without warnings" \
            build "$top/build/clang" -DTCPCLOSE_WERROR=ON -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Debug
    else
        skip "build with clang" "clang is not installed"
    fi
fi
[ -z "$matrix" ] || matrix_end

printf '%s\n' "${lines[@]}"
counted
[ "$failed" -eq 0 ]
