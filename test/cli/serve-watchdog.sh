#!/usr/bin/env bash
# What systemd's watchdog hears: that the loop goes round, also when nobody calls; nothing where nobody asked.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

if ! ldd "$DOCKSILL" | grep -q libsystemd; then
        ok 'skipped: systemd is not built in'
        finish
        exit
fi

# Prints each message to the socket "notify" on a line, until it is ended.
listen() {
        rm -f notify heard
        python3 -u -c '
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("notify")
while True:
    print(s.recv(4096).decode().replace("\n", " "))' >heard &
        listener=$!
        wait_for test -S notify
}

# alive N: so often, by what was heard so far.
alive() {
        [ "$(grep -c '^WATCHDOG=1' heard)" -ge "$1" ]
}

# watched [VARIABLE=VALUE]: docksill, as systemd starts it.
watched() {
        NOTIFY_SOCKET=$folder/notify env "$@" "$DOCKSILL" serve --rules "$rules" --socket "$socket" --records "$records" 2>said &
        serve_pid=$!
        wait_for answers
}

listen
check 'it starts with a watchdog of 400 ms' watched WATCHDOG_USEC=400000
check 'readiness is told' wait_for grep -q '^READY=1' heard
before=$(grep -c '^WATCHDOG=1' heard)
sleep 2
check 'while nobody calls it says that it is alive' alive $((before + 5))
check 'and not more often than it has to' test "$(($(grep -c '^WATCHDOG=1' heard) - before))" -le 15
kill -s STOP "$serve_pid"
sleep 0.3
before=$(grep -c '^WATCHDOG=1' heard)
sleep 1
check 'one that is stopped says nothing' test "$(grep -c '^WATCHDOG=1' heard)" -eq "$before"
kill -s CONT "$serve_pid"
check 'one that goes on does' wait_for alive $((before + 1))
serve_stop
check 'it ends with 0' test "$code" -eq 0
kill "$listener"

listen
check 'it starts without one' watched
check 'readiness is told again' wait_for grep -q '^READY=1' heard
sleep 1
check 'nothing is said to nobody' test "$(grep -c '^WATCHDOG' heard)" -eq 0
serve_stop
kill "$listener"
finish
