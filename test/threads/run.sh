#!/usr/bin/env bash
# Under ThreadSanitizer: the unit tests of the rooms that have threads, and a docksill that serves while it is flooded, reloads and
# opens its records anew. No warning is none too many.
#
#     test/threads/run.sh BUILD      a build folder with -Db_sanitize=thread (test/run.sh threads makes one)
#
# Prints a line a check and, last, "N passed, N failed".
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=test/check.sh
source test/check.sh

build=$(realpath "${1:-build-threads}")
export DOCKSILL=$build/docksill
export TSAN_OPTIONS=exitcode=66:second_deadlock_stack=1
rooms=(base host record serve)

# quiet COMMAND…: it succeeds, and ThreadSanitizer has said nothing.
quiet() {
        local said
        said=$(timeout 300 "$@" 2>&1)
        local code=$?

        [ "$code" -eq 0 ] && ! grep -q 'WARNING: ThreadSanitizer' <<<"$said" && return
        printf 'exit code %d\n' "$code"
        tail -n 60 <<<"$said"
        return 1
}

# Some programs read test data from here.
unit() {
        (cd test && quiet "$1")
}

race_is_found() {
        "$build/test/race" >/dev/null 2>&1
        [ $? -eq 66 ]
}

check 'a race is found' race_is_found
for room in "${rooms[@]}"; do
        for test in test/unit/"$room"/test-*.c; do
                name=$(basename "$test" .c)
                check "$room: ${name#test-}" unit "$build/test/$room-${name#test-}"
        done
done
# Their docksill ends with 66 after a warning, where they want 0.
check 'a flood of creates whose records find room slowly' quiet test/faults/flood.py --seconds 5 --slow 300000
check 'a flood of refusals that are written before they are answered' quiet test/faults/flood.py --seconds 5 --flood refused \
        --config 'before-answer: refusals' --signals 20
check 'reloads under load, good and bad' quiet test/faults/reload.py --short
finish
