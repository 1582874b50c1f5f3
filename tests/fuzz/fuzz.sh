#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Lets libFuzzer search for segments that break an invariant of the engine, or for packets that the
# program "tcpclose" cannot decode, beginning with the corpus:
#     tests/fuzz/fuzz.sh [SECONDS [engine|decode]]    (default 600, engine)
# What it finds is kept as build/fuzz/found/crash-*; once mended, add it to tests/fuzz/corpus, or for
# decode to tests/fuzz/corpus_decode. Exit status
# 0: nothing found; 77: this machine has no clang with libFuzzer (package clang and its libclang-rt-dev).
set -eu

# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"

seconds=${1:-600}
case ${2:-engine} in
engine) fuzzer=fuzz_engine corpus=corpus ;;
decode) fuzzer=fuzz_decode corpus=corpus_decode ;;
*) die "usage: fuzz.sh [SECONDS [engine|decode]]" ;;
esac
folder=$top/build/fuzz
probe=$(mktemp)
trap 'rm -f "$probe"' EXIT

if ! echo 'int LLVMFuzzerTestOneInput(const char *data, long size) { return data && size < 0; }' |
        clang -x c -fsanitize=fuzzer,address,undefined -o "$probe" - 2>/dev/null; then
    say "no clang with libFuzzer here: packages clang and libclang-rt-dev (Debian 12: libclang-rt-14-dev)"
    exit 77
fi
rm -f "$probe"
mkdir -p "$top/build"
exec 9>"$folder.lock" # both may be built at once, in one folder
flock 9
build_target=$fuzzer build "$folder" -DCMAKE_C_COMPILER=clang -DTCPCLOSE_FUZZ=ON \
    -DTCPCLOSE_SANITIZE=fuzzer-no-link,address,undefined
exec 9>&-
mkdir -p "$folder/found" "$folder/new_$fuzzer"
# New inputs go to the first folder; the corpus is only read.
UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
    exec "$folder/tests/fuzz/$fuzzer" -max_total_time="$seconds" -max_len=1500 -timeout=10 \
    -print_final_stats=1 -verbosity=0 -error_exitcode=1 -artifact_prefix="$folder/found/" \
    "$folder/new_$fuzzer" "$top/tests/fuzz/$corpus"
