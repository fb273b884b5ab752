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

creates() {
        python3 "$engine_top/test/diff/creates.py" "$engine_socket" "$read" "$seed" "$count" "$engine_dir" "$image"
}

exec 3>&1 # check keeps what a command prints for when it fails; the counts are always shown
check "$count creates (seed $seed) are what docksill read" creates
finish
