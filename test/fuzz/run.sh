#!/usr/bin/env bash
# The fuzz targets: libFuzzer with the address and undefined behaviour sanitizers (clang). Prints last "N passed, N failed".
#
#     test/fuzz/run.sh replay                  every corpus once
#     test/fuzz/run.sh fuzz SECONDS [TARGET…]  replays, then fuzzes each target that long
#     test/fuzz/run.sh cost SECONDS            looks for the body that takes most time (cost/search.c)
#
# A target is a folder here: target.c, a dict, a corpus of small seeds. What is found is kept in build-fuzz/found/TARGET, and goes
# into the corpus with the fix; what only reaches new code stays in build-fuzz/corpus.

set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=../check.sh
source test/check.sh
# shellcheck source=../machine.sh
source test/machine.sh

export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1

# Longer than any real one, or what takes most time is the copying; a rules file of 4 KB is already many rules.
declare -A longest=([envelope]=8192 [target]=512 [create]=8192 [service]=8192 [answer]=16384 [image-ref]=512 [rules]=4096 [mask]=4096 [scan]=8192)

targets=(envelope target create service answer image-ref rules mask scan)
declare -A fuzzing # the process of each
mode=${1:-replay} seconds=${2:-20}
[ $# -le 2 ] || targets=("${@:3}")
case $mode in
replay | fuzz | cost) ;;
*)
        sed -n '2,6p' "$0" >&2
        exit 2
        ;;
esac

build() {
        CC=clang machine_compile build-fuzz "$(printf 'test/fuzz-%s ' "${targets[@]}")" -Dfuzz=true -Dtests=false \
                --buildtype=debug -Doptimization=1 -Db_sanitize=address,undefined -Db_lundef=false
}

replay() {
        build-fuzz/test/fuzz-"$1" -runs=0 -timeout=10 -rss_limit_mb=1024 "test/fuzz/$1/corpus"
}

# fuzz TARGET: what it says in full is kept; shown are the last lines, with the number of runs.
fuzz() {
        local log=build-fuzz/fuzz-$1.log code

        mkdir -p "build-fuzz/corpus/$1" "build-fuzz/found/$1"
        build-fuzz/test/fuzz-"$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len="${longest[$1]}" \
                -dict="test/fuzz/$1/dict" -artifact_prefix="build-fuzz/found/$1/" -print_final_stats=1 \
                "build-fuzz/corpus/$1" "test/fuzz/$1/corpus" >"$log" 2>&1
        code=$?
        grep -E '^stat::(number_of_executed_units|new_units_added|peak_rss)|^Done' "$log" >&3
        [ "$code" -eq 0 ] || tail -n 60 "$log"
        return "$code"
}

# As many at a time as there are processors.
fuzz_all() {
        local target

        for target in "${targets[@]}"; do
                while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do
                        wait -n
                done
                fuzz "$target" >"build-fuzz/fuzz-$target.said" 3>"build-fuzz/fuzz-$target.stat" &
                fuzzing[$target]=$!
        done
}

# fuzzed TARGET: waits for it; says what it found.
fuzzed() {
        local code

        wait "${fuzzing[$1]}"
        code=$?
        cat "build-fuzz/fuzz-$1.stat" >&3
        cat "build-fuzz/fuzz-$1.said"
        return "$code"
}

# Measured as it is shipped; told as multiples of plain text of the same length.
cost() {
        machine_compile build test/cost-search --buildtype=release && build/test/cost-search "$seconds" >&3
}

exec 3>&1 # check keeps what a command prints for when it fails; the numbers are always shown
if [ "$mode" = cost ]; then
        check "no body costs far more than plain text, in $seconds s" cost
        finish
        exit
fi
check 'the targets build' build
if [ "$failed" -eq 0 ]; then
        for target in "${targets[@]}"; do
                check "$target: its corpus" replay "$target"
        done
        if [ "$mode" = fuzz ]; then
                fuzz_all
                for target in "${targets[@]}"; do
                        check "$target: $seconds s of fuzzing" fuzzed "$target"
                done
        fi
fi
finish
