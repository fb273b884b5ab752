#!/usr/bin/env bash
# Socket activation: the service manager's socket is served and, at the end, left to it.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

if ! command -v systemd-socket-activate >/dev/null || ! ldd "$DOCKSILL" | grep -q libsystemd; then
        ok 'skipped: no systemd here, or none built in'
        finish
        exit
fi

systemd-socket-activate -l "$socket" "$DOCKSILL" serve --rules "$rules" --records "$records" 2>said &
serve_pid=$!
check 'it answers on the socket that it was given' wait_for answers
check 'and says so' grep -q 'socket from systemd' said
serve_stop
check 'it ends with 0' test "$code" -eq 0
check 'the file is not ours to remove' test -S "$socket"
finish
