#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# demo.sh [CAPTURE]: installs what is missing (Debian, Ubuntu), builds the plugin, and prints what
# it says of a capture: what is worth a look in it, the segments that mean something for a close, a
# row for each stream, and the streams added up by pattern, state and host.
set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../tests/lib.sh"

rows_shown=200

case ${1-} in
-h | --help)
    echo "usage: demo.sh [CAPTURE]"
    exit 0
    ;;
esac
[ $# -le 1 ] || die "usage: demo.sh [CAPTURE]"
capture=${1-$top/captures/parallel_v6.pcapng}
[ -e "$capture" ] || die "$capture: no such file"
[ ! -d "$capture" ] || die "$capture: is a folder, not a capture"
[ -r "$capture" ] || die "$capture: you may not read it"

install_missing "${build_packages[@]}"
say "Building in $top/build"
build_target=tcpclose build "$top/build" || die "the build failed"

# Run by root, Wireshark's programs ignore a user's plugins. Then they run as the user nobody, with
# a copy of the plugin where that user can read it, and get the capture through standard input.
work=$(mktemp -d /tmp/tcpclose-demo-XXXXXX)
trap 'rm -rf "$work"' EXIT
mkdir "$work/home"
cp -R "$top/build/plugins" "$work/plugins"
chmod -R a+rX "$work"
as_user=()
if [ "$(id -u)" -eq 0 ]; then
    chown 65534:65534 "$work/home"
    as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi

tshark_with_plugin() {
    "${as_user[@]}" env HOME="$work/home" WIRESHARK_PLUGIN_DIR="$work/plugins" LC_ALL=C.UTF-8 \
        tshark -n -r - "$@" <"$capture"
}

# Changes that are part of opening a connection are left out.
closing='tcpclose.event'
for role in client server; do
    closing="$closing or (tcpclose.$role.previous and"
    closing="$closing !(tcpclose.$role.previous in {\"CLOSED\", \"SYN_SENT\", \"SYN_RECEIVED\"}))"
done

segment_table() {
    tshark_with_plugin -Y "$closing" -T fields -E separator=/t -E occurrence=a -e frame.number \
        -e frame.time_relative -e tcp.stream -e tcp.flags.str -e tcpclose.client.state \
        -e tcpclose.server.state -e tcpclose.event |
        awk -F '\t' -v limit="$rows_shown" '
            function names_of(flags,    names) {
                names = names (flags ~ /S/ ? ",SYN" : "") (flags ~ /F/ ? ",FIN" : "")
                names = names (flags ~ /R/ ? ",RST" : "") (flags ~ /A/ ? ",ACK" : "")
                return substr(names, 2)
            }
            BEGIN {
                format = "%7s  %13s  %6s  %-11s  %-13s %-13s %s\n"
                printf format, "Frame", "Time (s)", "Stream", "Flags", "Client", "Server", "Events"
            }
            NR <= limit {
                gsub(/,/, ", ", $7)
                printf format, $1, sprintf("%.6f", $2), $3, names_of($4), $5, $6, $7
            }
            END {
                if (NR > limit)
                    printf "(the first %d of %d segments)\n", limit, NR
            }'
}

echo "What is worth a look in $capture (tshark -q -z tcpclose)"
tshark_with_plugin -q -z tcpclose
echo
echo "The segments of closes, with both states after each"
echo
segment_table
echo
echo "Reports (tshark -q -z tcpclose,streams, and patterns, states, hosts)"
# tshark prints the last one first.
tshark_with_plugin -q -z tcpclose,hosts -z tcpclose,states -z tcpclose,patterns -z tcpclose,streams
