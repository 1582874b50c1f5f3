#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs what is missing (Debian, Ubuntu), builds, and runs every test. The last line counts:
# "N passed, N failed". Exit status 0 only if nothing failed.
set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

FUZZ_SECONDS=60

passed=0
failed=0
skipped=0

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

# sum_of WORD FILE: the numbers before WORD in pytest's closing lines.
sum_of() {
    { grep -E '^=+ .* in [0-9.]+s.* =+$' "$2" || true; } |
        { grep -oE "[0-9]+ $1" || true; } | awk '{ sum += $1 } END { print sum + 0 }'
}

count_lines() {
    grep -cE "$1" "$2" || true
}

# Everything that ctest knows: GLib's unit tests count one by one (TAP), and so do pytest's.
run_ctest() {
    local log=$top/build/Testing/Temporary/LastTest.log bad status=0
    ctest --test-dir "$top/build" --output-on-failure --parallel "$(nproc)" || status=$?
    bad=$(($(count_lines '^not ok ' "$log") + $(sum_of failed "$log") + $(sum_of 'errors?' "$log")))
    # Crashed or timed out, a test counts nothing itself.
    [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
    passed=$((passed + $(count_lines '^ok ' "$log") + $(sum_of passed "$log")))
    failed=$((failed + bad))
    skipped=$((skipped + $(sum_of skipped "$log")))
}

sanitized_tests() {
    build "$top/build/sanitize" -DTCPCLOSE_WERROR=ON -DTCPCLOSE_SANITIZE=address,undefined &&
        UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
            ctest --test-dir "$top/build/sanitize" --output-on-failure --no-tests=error \
                --parallel "$(nproc)" -R '^(unit|fuzz)_'
}

# Where clang has no libFuzzer, that is said and counted as skipped.
fuzz_engine() {
    local log status=0
    log=$(mktemp)
    "$top/tests/fuzz/fuzz.sh" "$FUZZ_SECONDS" >"$log" 2>&1 || status=$?
    if [ "$status" -eq 77 ]; then
        echo "skipped: fuzzing: $(tail -n 1 "$log")"
        skipped=$((skipped + 1))
    elif [ "$status" -eq 0 ]; then
        passed=$((passed + 1))
        echo "passed: $FUZZ_SECONDS s of fuzzing, $(awk '/executed_units/ { print $2 }' "$log") inputs"
    else
        failed=$((failed + 1))
        cat "$log"
        echo "FAILED: fuzzing the engine"
    fi
    rm -f "$log"
}

gui_packages=(wireshark xvfb xdotool dbus at-spi2-core gir1.2-atspi-2.0 python3-gi)
install_missing "${build_packages[@]}" "${gui_packages[@]}" python3 python3-pytest valgrind \
    libc6-dbg dpkg-dev file lintian jq sqlite3

step "build with gcc without warnings" build "$top/build" -DTCPCLOSE_WERROR=ON
if [ "$failed" -eq 0 ]; then
    run_ctest
    step "unit tests, damaged and hostile captures with AddressSanitizer and UndefinedBehaviorSanitizer" sanitized_tests
    fuzz_engine
    if command -v clang >/dev/null; then
        step "build with clang without warnings" \
            build "$top/build/clang" -DTCPCLOSE_WERROR=ON -DCMAKE_C_COMPILER=clang
    else
        echo "skipped: build with clang, which is not installed"
        skipped=$((skipped + 1))
    fi
fi

summary="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || summary="$summary, $skipped skipped"
echo "$summary"
[ "$failed" -eq 0 ]
