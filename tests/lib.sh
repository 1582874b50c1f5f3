# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by run.sh and captures/demo.sh, which source it: packages, building, messages.
# shellcheck shell=bash

# The project's folder.
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

# What building and running needs; run.sh adds what testing needs.
# shellcheck disable=SC2034 # for those who source this
build_packages=(gcc libc6-dev make cmake pkg-config libglib2.0-dev libwireshark-dev wireshark-dev
    tshark)

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

# build FOLDER [CMAKE OPTION...]: configures and builds; says nothing unless it fails. With build_target
# set, that target alone.
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
    if ! { cmake -S "$top" -B "$folder" "$@" &&
           cmake --build "$folder" --parallel "$(nproc)" --target "${build_target:-all}"; } >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}
