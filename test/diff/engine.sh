#!/usr/bin/env bash
# Random creates through the real daemon, with docksill in audit mode: what inspect shows must be what docksill read. Says on what
# engine; the 20.10 decoder is asked by itself in run.sh, so this is worth most with a newer one.
#
#     test/diff/engine.sh [SEED [COUNT]]
#
# shellcheck source=../engine/engine.sh
source "$(dirname "$0")/../engine/engine.sh"

seed=${1:-1} count=${2:-500}
read=${DIFF_READ:-$engine_top/build-test/test/diff-read}

engine_begin
engine_with_docksill --environment production --mode audit

# creates COUNT [FRAMES]
creates() {
        python3 "$engine_top/test/diff/creates.py" "$engine_socket" "$read" "$seed" "$1" "$engine_dir" "$image" "${@:2}"
}

# Of a hundred bodies that no client would send docksill refuses sixty, and dockerd makes one.
odd=$((count / 5))
odd_creates() {
        "$engine_top/test/diff/run.sh" frames "$seed" $((odd * 300)) >"$engine_dir/frames" &&
                creates "$odd" "$engine_dir/frames"
}

exec 3>&1 # check keeps what a command prints for when it fails; the counts are always shown
check "$count creates (seed $seed) are what docksill read" creates "$count"
check "$odd odd ones are, too" odd_creates
finish
