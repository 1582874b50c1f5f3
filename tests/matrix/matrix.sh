# SPDX-License-Identifier: GPL-2.0-or-later
# The matrix: the same source with every supported Wireshark. run.sh sources this, calls matrix_begin,
# tests with the Wireshark that is installed here, and calls matrix_end. That adds to run.sh's counters
# what ran in the trees of the other releases, and a line for each to $lines.
# shellcheck shell=bash

# Wireshark, Debian's name of the release that has it, the release. A new Wireshark: one line here.
releases=(
    "4.0 bookworm Debian 12"
    "4.4 trixie Debian 13"
    "4.6 forky Debian testing"
)

# shellcheck disable=SC2154 # top and the packages come from lib.sh
tree=$top/tests/matrix/tree.sh
logs=$top/build/matrix
lines=()
as_root=()
declare -A maker=() # suite -> the process that makes its tree

installed_wireshark() {
    # shellcheck disable=SC2016 # ${...} is for dpkg-query
    dpkg-query -W -f '${source:Upstream-Version}' libwireshark-dev
}

# What has been tested here already is tested in a tree for its package only.
is_tested_here() {
    [[ $(installed_wireshark) == "$1".* ]]
}

needs_tree() {
    ! is_tested_here "$1" || [ -x "$top/tests/matrix/package.sh" ]
}

# May this user make trees?
find_root() {
    [ "$(id -u)" -ne 0 ] || return 0
    command -v sudo >/dev/null && sudo -n true 2>/dev/null || return 1
    as_root=(sudo "--preserve-env=TCPCLOSE_TREES,TCPCLOSE_MIRROR")
}

# Begins to make the trees that there are not; meanwhile the tests here can run.
matrix_begin() {
    local entry release suite
    find_root || return 0
    mkdir -p "$logs"
    for entry in "${releases[@]}"; do
        read -r release suite _ <<<"$entry"
        needs_tree "$release" || continue
        # shellcheck disable=SC2154
        "${as_root[@]}" "$tree" make "$suite" "${build_packages[@]}" "${test_packages[@]}" \
            </dev/null >"$logs/$suite.tree.log" 2>&1 &
        maker[$suite]=$!
    done
}

# test_in_tree RELEASE SUITE [OPTION]: answers in $outcome, in words.
test_in_tree() {
    local release=$1 suite=$2 log=$logs/$2.log version status=0 good bad left words
    shift 2
    outcome="not run: "
    if [ -z "${maker[$suite]-}" ]; then
        outcome+="this needs root, or sudo without a password"
        return
    fi
    if ! wait "${maker[$suite]}"; then
        outcome+="the tree could not be made: $(tail -n 1 "$logs/$suite.tree.log")"
        return
    fi
    version=$("$tree" version "$suite")
    if [[ $version != "$release".* ]]; then
        outcome+="it has Wireshark $version now, which is not among the supported"
        return
    fi
    "${as_root[@]}" "$tree" run "$suite" /src/tests/matrix/in_tree.sh "$@" </dev/null >"$log" 2>&1 ||
        status=$?
    if [ "$status" -eq 125 ]; then
        outcome+=$(tail -n 1 "$log")
        return
    fi
    # No <(...): it needs /proc, which a chroot may not have.
    read -r _ good bad left words <<<"$(grep '^result ' "$log")"
    if [ -z "$good" ]; then
        good=0 bad=1 left=0 words="FAILED with exit status $status"
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
    skipped=$((skipped + left))
    add_skips "$(sed -n "s/^skip /$suite, Wireshark $version: /p" "$log")"
    outcome="Wireshark $version: $words"
    [ "$bad" -eq 0 ] || cat "$log"
}

matrix_end() {
    local entry release suite name
    for entry in "${releases[@]}"; do
        read -r release suite name <<<"$entry"
        if ! is_tested_here "$release"; then
            test_in_tree "$release" "$suite"
        elif needs_tree "$release"; then
            test_in_tree "$release" "$suite" --package-only
        else
            continue
        fi
        lines+=("$name ($suite): $outcome")
    done
}
