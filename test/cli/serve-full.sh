#!/usr/bin/env bash
# More connections than there are descriptors: silent ones keep nobody out, calls that have begun do and that is said once, and
# when they are gone all is as before.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

# hold NUMBER SECONDS [TEXT]: connections that say TEXT and nothing more; the file "held" is there once they are open.
hold() {
        rm -f held
        python3 - "$socket" "$@" <<'END' &
import socket, sys, time
connections = []
for n in range(int(sys.argv[2])):
    connection = socket.socket(socket.AF_UNIX)
    connection.setblocking(False)
    try:
        connection.connect(sys.argv[1])
        connection.send(''.join(sys.argv[4:]).encode())
    except BlockingIOError:
        break
    connections.append(connection)
open('held', 'w').close()
time.sleep(float(sys.argv[3]))
END
        holder=$!
        wait_for test -e held
}

reads() {
        test "$(call AuthZPlugin.AuthZReq "$(envelope GET /v1.41/containers/json)")" = '{"Allow":true}'
}

docksill=$DOCKSILL
DOCKSILL=$folder/limited
for descriptors in 16 24 40 60 200; do
        printf '#!/bin/sh\nulimit -n %d\nexec %s "$@"\n' "$descriptors" "$docksill" >"$DOCKSILL"
        chmod +x "$DOCKSILL"
        check "it starts with $descriptors descriptors" serve_start --mode enforce
        hold $((descriptors * 2)) 30
        check 'and serves with twice as many silent connections' reads
        kill "$holder" && wait "$holder" 2>/dev/null
        check 'also when they are closed' reads
        hold 300 30 $'POST /AuthZPlugin.AuthZReq HTTP/1.1\r\nHost:\r\nContent-Length: 10\r\n\r\n{'
        call Plugin.Activate >late &
        check 'while calls that have begun have all places that is said' wait_for grep -q 'places for connections are taken' said
        kill "$holder" && wait "$holder" 2>/dev/null
        check 'and when these are gone' reads
        check 'who waited is answered' wait_for grep -q authz late
        check 'it was said once' test "$(grep -c 'places for connections are taken' said)" -eq 1
        check 'that there is room again too' wait_for grep -q 'there are places for connections again' said
        serve_stop
        check 'it ends with 0' test "$code" -eq 0
done
finish
