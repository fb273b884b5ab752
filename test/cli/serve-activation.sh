#!/usr/bin/env bash
# Socket activation: the service manager's socket is served and, at the end, left to it.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

if ! command -v systemd-socket-activate >/dev/null || ! ldd "$DOCKSILL" | grep -q libsystemd; then
        ok 'skipped: no systemd here, or none built in'
        finish
        exit
fi

# denied_for BIND RULE: in development.
denied_for() {
        call AuthZPlugin.AuthZReq "$(create "{\"Image\":\"a\",\"HostConfig\":{\"Binds\":[\"$1\"]}}")" | tee /dev/stderr | grep -q "$2"
}

passes() {
        call AuthZPlugin.AuthZReq "$(create "{\"Image\":\"a\",\"HostConfig\":{\"Binds\":[\"$1\"]}}")" | tee /dev/stderr | grep -q '"Allow":true'
}

mkdir door beside
socket=$folder/door/docksill.sock
systemd-socket-activate -l "$socket" "$DOCKSILL" serve --rules "$rules" --records "$records" --environment development --mode enforce 2>said &
serve_pid=$!
check 'it answers on the socket that it was given' wait_for answers
check 'and says so' grep -q 'socket from systemd' said
# The settings say nothing of this socket; read-only or not, who has its folder can connect.
check 'the folder of the socket is kept shut' denied_for "$folder/door:/d:ro" runtime-socket-mount
check 'and so are the records' denied_for "$records:/d:ro" self-protection
check 'what lies beside is not' passes "$folder/beside:/d"
kill -HUP "$serve_pid"
check 'it reloads' wait_for grep -q 'reloaded' said
check 'and keeps them shut' denied_for "$folder/door:/d:ro" runtime-socket-mount
serve_stop
check 'it ends with 0' test "$code" -eq 0
check 'the file is not ours to remove' test -S "$socket"
finish
