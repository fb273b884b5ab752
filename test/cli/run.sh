#!/usr/bin/env bash
# Runs the scenarios beside it, each in a folder of its own, and adds up their checks.
#
#     DOCKSILL=build/docksill test/cli/run.sh [NAME…]      NAME: "explain-json"; default all
#
# Ends with "N passed, N failed"; the exit code says whether nothing failed.
set -u
here=$(cd "$(dirname "$0")" && pwd)
DOCKSILL=$(realpath "${DOCKSILL:-$here/../../build/docksill}")
export DOCKSILL
passed=0 failed=0

if [ ! -x "$DOCKSILL" ]; then
        printf 'no docksill at %s; set DOCKSILL\n' "$DOCKSILL" >&2
        exit 1
fi
if [ $# -eq 0 ]; then
        for scenario in "$here"/*.sh; do
                [ "$scenario" = "$here/run.sh" ] || set -- "$@" "$(basename "$scenario" .sh)"
        done
fi

# Two at a time: most of a scenario is waiting.
said=$(mktemp -d)
trap 'rm -rf "$said"' EXIT
trap 'kill $(jobs -p) 2>/dev/null; wait; exit 143' INT TERM
running=0
for name in "$@"; do
        if ((running == 2)); then
                wait -n
                running=1
        fi
        timeout 120 bash "$here/$name.sh" >"$said/$name" 2>&1 </dev/null &
        running=$((running + 1))
done
wait
for name in "$@"; do
        counts=$(sed -n 's/^\([0-9]\+\) passed, \([0-9]\+\) failed$/\1 \2/p' "$said/$name" | tail -n 1)
        # A scenario that ends early has not said what it found.
        counts=${counts:-0 1}
        passed=$((passed + ${counts% *})) failed=$((failed + ${counts#* }))
        if [ "${counts#* }" -eq 0 ]; then
                printf 'ok      %s\n' "$name"
        else
                printf 'NOT OK  %s\n' "$name"
                cat "$said/$name"
        fi
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
