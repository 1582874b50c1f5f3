#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Debian trees with another release's Wireshark, and a way to run something in one. Root.
#
#   tree.sh make SUITE PACKAGE...     makes the tree, unless it is there, whole and recent
#   tree.sh version SUITE             prints the Wireshark that the tree has
#   tree.sh run SUITE COMMAND...      runs a command in a throw-away copy of the tree, in which /src
#                                     is the checkout, read-only; exit status 125: cannot be entered
#
# TCPCLOSE_TREES is the folder of the trees (/var/cache/tcpclose-trees), TCPCLOSE_MIRROR where the
# packages come from (http://deb.debian.org/debian). A tree takes 1 to 2 GB; remove it as you like.
#
# All mounts are made in a namespace of their own: they end with it, however it ends. So does every
# process that a command leaves behind.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd -P)
trees=${TCPCLOSE_TREES:-/var/cache/tcpclose-trees}
mirror=${TCPCLOSE_MIRROR:-http://deb.debian.org/debian}
days=30 # the releases move on: a tree is made again after that
clean_environment=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root
    DEBIAN_FRONTEND=noninteractive)

die() {
    printf 'tree.sh: %s\n' "$*" >&2
    exit 125
}

# is_current SUITE RECIPE: whole, made as it would be made today, and not too old.
is_current() {
    local stamp=$trees/$1/etc/tcpclose-tree
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$2" ] &&
        [ -z "$(find "$stamp" -mtime "+$days")" ]
}

# A tree gets its name when it is whole: what an interrupted run leaves is thrown away.
make_tree() {
    local suite=$1 new=$trees/$1.new recipe
    shift
    recipe="$mirror $suite $*"
    mkdir -p "$trees"
    exec 9>"$trees/$suite.lock"
    flock 9
    ! is_current "$suite" "$recipe" || return 0
    command -v debootstrap >/dev/null || die "debootstrap is not installed"
    rm -rf --one-file-system "$new"
    # A debootstrap that is older than the release has no script of that name: all are the same.
    debootstrap --variant=minbase --keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
        "$suite" "$new" "$mirror" sid
    # No service is started, no language fetched, nothing flushed to disk one by one; an index that
    # the mirror is late with will do.
    printf '#!/bin/sh\nexit 101\n' >"$new/usr/sbin/policy-rc.d"
    chmod +x "$new/usr/sbin/policy-rc.d"
    printf 'Acquire::Check-Valid-Until "false";\nAcquire::Languages "none";\n' \
        >"$new/etc/apt/apt.conf.d/99tree"
    echo force-unsafe-io >"$new/etc/dpkg/dpkg.cfg.d/tree"
    mount -t proc proc "$new/proc"
    chroot "$new" "${clean_environment[@]}" apt-get update
    chroot "$new" "${clean_environment[@]}" apt-get install -y --no-install-recommends "$@"
    chroot "$new" apt-get clean
    umount "$new/proc"
    printf '%s\n' "$recipe" >"$new/etc/tcpclose-tree"
    rm -rf --one-file-system "${trees:?}/$suite"
    mv "$new" "$trees/$suite"
}

# The copy is an overlay in memory.
enter_tree() {
    local suite=$1 work=$trees/work root=$trees/work/root
    shift
    [ -f "$trees/$suite/etc/tcpclose-tree" ] || die "no tree of $suite"
    exec 9>"$trees/$suite.lock"
    flock --shared 9
    mkdir -p "$work"
    mount -t tmpfs -o mode=755 tcpclose "$work" || die "cannot mount a tmpfs"
    mkdir "$work/changes" "$work/overlay" "$root"
    # Relative, so that no character in the folder's name means anything to mount.
    (cd "$trees" && mount -t overlay -o \
        "lowerdir=$suite,upperdir=work/changes,workdir=work/overlay" tcpclose work/root) ||
        die "cannot mount an overlay"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mkdir "$root/src"
    mount --bind "$top" "$root/src"
    mount -o remount,bind,ro "$root/src"
    # The lock stays: no other run may make the tree again meanwhile.
    chroot "$root" "${clean_environment[@]}" "$@" 9>&-
}

usage="usage: tree.sh make|version|run SUITE ..."
[ $# -ge 2 ] || die "$usage"
verb=$1
suite=$2
shift 2
case $verb in
version)
    dpkg-query --admindir="$trees/$suite/var/lib/dpkg" -W -f '${source:Upstream-Version}\n' \
        libwireshark-dev
    ;;
make | run)
    [ "$(id -u)" -eq 0 ] || die "needs root"
    unshare --mount --pid --fork true || die "cannot make namespaces"
    exec unshare --mount --pid --fork --kill-child "$0" "$verb-in-namespace" "$suite" "$@"
    ;;
make-in-namespace)
    trap 'exit 130' INT TERM
    make_tree "$suite" "$@"
    ;;
run-in-namespace)
    trap 'exit 130' INT TERM
    enter_tree "$suite" "$@"
    ;;
*)
    die "$usage"
    ;;
esac
