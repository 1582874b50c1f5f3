#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# package.sh DEB OLDER_DEB TAR CAPTURE
#
# As root, in a tree with tshark and without the plugin: installs the older package, upgrades it,
# removes it; then unpacks the tar file in a user's home. Each time that user's tshark must report the
# capture; in the end the file system must be as it was. One line tells the result, and so does the
# exit status. Made by "cpack", and "cpack -G DEB -D CPACK_PACKAGE_VERSION=0.0.1" for the older one.
set -eu

if [ "$#" -ne 4 ] || [ "$(id -u)" -ne 0 ]; then
    echo "usage, as root: $0 DEB OLDER_DEB TAR CAPTURE" >&2
    exit 2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for input in "$@"; do
    cp "$input" "$work/"
done
deb=$work/${1##*/} older=$work/${2##*/} tar=$work/${3##*/} capture=$work/${4##*/}
package=$(dpkg-deb --field "$deb" Package)
home=$work/home
install -d -o 65534 -g 65534 -m 700 "$home" "$home/.config"
chmod 755 "$work"

fail() {
    echo "package: FAILED: $*"
    exit 1
}

as_user() {
    setpriv --reuid 65534 --regid 65534 --clear-groups \
        env -i PATH=/usr/bin:/bin HOME="$home" LC_ALL=C.UTF-8 "$@"
}

# All that packages may bring, but not what dpkg writes down about them.
files() {
    find /etc /opt /usr /var \( -path /var/cache -o -path /var/lib/dpkg -o -path /var/log \
        -o -path /var/tmp \) -prune -o -print | sort
}

installed_version() {
    dpkg-query --show --showformat='${Version}' "$package"
}

# works WHERE PROGRAM: the user's tshark loads the module from there, reports, and knows the profile; the
# program prints the same report.
works() {
    local plugins report columns printed
    plugins=$(as_user tshark -G plugins | grep '^tcpclose\.so') || fail "$1: tshark does not load it"
    [[ $plugins == *$1* ]] || fail "loaded from elsewhere than $1: $plugins"
    report=$(as_user tshark -r "$capture" -q -z tcpclose,streams 2>&1) || fail "$1: $report"
    [[ $report == *FIN_WAIT_* || $report == *TIME_WAIT* ]] || fail "$1: no states in: $report"
    printed=$(as_user "$2" streams "$capture" 2>&1) || fail "$2: $printed"
    [ "$printed" = "$report" ] || fail "$2 prints another report than tshark: $printed"
    columns=$(as_user tshark -n -C 'TCP Close' -r "$capture" 2>"$work/errors") ||
        fail "$1: the profile: $(cat "$work/errors")"
    [ ! -s "$work/errors" ] || fail "$1: the profile: $(cat "$work/errors")"
    [[ $columns == *FIN_WAIT_1* ]] || fail "$1: no states in the profile's columns"
}

quietly() {
    "$@" >"$work/log" 2>&1 || fail "$*: $(cat "$work/log")"
}

files >"$work/before"
! grep --max-count 1 '/tcpclose\.so$' "$work/before" || fail "this tree has the plugin already"
trap 'dpkg --purge "$package" >"$work/log" 2>&1; rm -rf "$work"' EXIT

for version in "$older" "$deb"; do
    quietly dpkg --install "$version"
    [ "$(installed_version)" = "$(dpkg-deb --field "$version" Version)" ] || fail "not installed: $version"
    works /usr/lib /usr/bin/tcpclose
    # Taking the package's profile, tshark has made a copy for the user.
    rm -rf "$home/.config/wireshark"
done
quietly dpkg --verify "$package"
[ ! -s "$work/log" ] || fail "differs from the package: $(cat "$work/log")"
quietly dpkg --purge "$package"
files >"$work/after"
diff "$work/before" "$work/after" >"$work/log" || fail "left by the package: $(cat "$work/log")"

as_user tar --extract --gzip --file "$tar" --directory "$home"
works "$home" "$home/.local/bin/tcpclose"
[ "$(stat -c %a "$home/.config")" = 700 ] || fail "the tar file opens .config to others"
(cd "$home" && tar --list --gzip --file "$tar" | tr '\n' '\0' | xargs -0 rm)
left=$(find "$home" -type f)
[ -z "$left" ] || fail "left by the tar file: $left"

echo "package: $package $(dpkg-deb --field "$deb" Version): installed, upgraded, removed; unpacked, removed"
