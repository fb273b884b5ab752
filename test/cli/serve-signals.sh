#!/usr/bin/env bash
# SIGHUP never ends it; SIGUSR1 opens the records anew after they were rotated; SIGPIPE is nothing to it.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

decide() {
        call AuthZPlugin.AuthZReq "$(create "$hardened")"
}
holds() {
        [ "$(jq -s 'map(select(.decision_id)) | length' "$1")" -eq "$2" ]
}

check 'it starts' serve_start --mode enforce
decide >/dev/null
check 'a decision is written soon' wait_for holds "$records" 1
kill -HUP "$serve_pid"
check 'after SIGHUP it serves on' wait_for answers
check 'and says that it read all anew' wait_for grep -q 'SIGHUP: reloaded' said
mv "$records" rotated
kill -USR1 "$serve_pid"
sleep 0.3
decide >/dev/null
check 'after SIGUSR1 records go to the new file' wait_for holds "$records" 1
check 'the old one is left alone' holds rotated 1
kill -PIPE "$serve_pid"
check 'after SIGPIPE it serves on' answers
serve_stop
check 'it ends with 0' test "$code" -eq 0
finish
