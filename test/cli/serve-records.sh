#!/usr/bin/env bash
# Records are never lost silently: a full disk, a deleted file, a kill; and what else may happen to a docksill that serves.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

configure() {
        printf '%s\n' 'docksill: v1' 'kind: configuration' "$@" >"$folder/docksill.yaml"
}

decide() {
        call AuthZPlugin.AuthZReq "$(create "$1")"
}

# serve_piped OPTION…: as serve_start, but that what it says is in a file that it does not write itself, so that the limit below is no
# limit for it.
serve_piped() {
        "$DOCKSILL" serve --rules "$rules" --socket "$socket" --records "$records" "$@" >"$folder/serve-out" 2> >(cat >"$folder/said") &
        serve_pid=$!
        wait_for answers
}

# fill yes|no: the file system has no room for the process, or has again.
fill() {
        prlimit --pid "$serve_pid" --fsize="$([ "$1" = yes ] && echo 0 || echo unlimited):"
}

# Decisions until one is answered with the words, at most so many: the queue holds a thousand and more.
decide_until() {
        python3 - "$socket" "$1" "$(create "$hardened")" <<'END'
import json, socket, sys
body = sys.argv[3].encode()
connection = socket.socket(socket.AF_UNIX)
connection.settimeout(20)
connection.connect(sys.argv[1])
for n in range(20000):
    connection.sendall(b'POST /AuthZPlugin.AuthZReq HTTP/1.1\r\nHost:\r\nContent-Length: %d\r\n\r\n' % len(body) + body)
    said = b''
    while b'\r\n\r\n' not in said or not said.rstrip().endswith(b'}'):
        said += connection.recv(65536) or sys.exit('closed')
    if sys.argv[2].encode() in said:
        sys.exit(0)
sys.exit(1)
END
}

last_start() {
        jq -es "map(select(.event == \"start\")) | last | $1" "$records" >/dev/null
}

# --- starts, and what they follow -------------------------------------------------------------------------------------

check 'it starts' serve_start --mode enforce
decide "$hardened" >/dev/null
serve_stop
check 'an end in order is the last line' json "$(tail -n 1 "$records")" '.schema == "docksill.stop/1" and .seq == 1 and .lost == 0'
check 'it starts again' serve_start --mode enforce
decide "$hardened" >/dev/null
decide "$hardened" >/dev/null
wait_for test "$(decisions | wc -l)" -eq 3
check 'and tells what it follows' last_start '.follows == {seq: 1, orderly: true}'
check 'stderr does not' lacks "$(cat said)" 'did not end in order'
serve_stop KILL
check 'after a kill it starts' serve_start --mode enforce
check 'that is told' says said 'the docksill before this one did not end in order; its last record is seq 2'
check 'and in the file' wait_for last_start '.follows == {seq: 2, orderly: false}'
serve_stop

# --- refusals before they are answered --------------------------------------------------------------------------------

rm -f "$records"
configure 'records: {before-answer: refusals}'
check 'with refusals written before they are answered it starts' serve_start --mode enforce --config docksill.yaml
told=0
for ((i = 0; i < 20; i++)); do
        answer=$(decide "$privileged")
        id=$(grep -o 'Decision [0-9a-f]*' <<<"$answer")
        grep -q "${id#Decision }" "$records" && ((told++))
done
check 'each is in the file when its answer is here' test "$told" -eq 20
serve_stop KILL

# --- a full disk ------------------------------------------------------------------------------------------------------

for mode in enforce audit; do
        rm -f "$records"
        configure 'records: {wait: 100ms}'
        check "it starts ($mode)" serve_piped --mode "$mode" --config docksill.yaml
        fill yes
        if [ "$mode" = enforce ]; then
                check 'when the queue is full too, a call is refused for that' decide_until records-full
        else
                decide_until nothing-of-it
                check 'when the queue is full too, calls pass' test "$(decide "$hardened")" = '{"Allow":true}'
        fi
        check 'a plain read passes' test "$(call AuthZPlugin.AuthZReq "$(envelope GET /v1.41/containers/json)")" = '{"Allow":true}'
        check 'the writer says why' says said "records: can't write $records: File too large"
        check 'what becomes of calls is said' says said 'records find no room: '
        fill no
        check 'when there is room again that is said' wait_for grep -q 'records: writing again' said
        check 'with how many were lost' says said ' lost so far'
        check 'calls pass again' test "$(decide "$hardened")" = '{"Allow":true}'
        serve_stop
        check 'the file tells how many are missing' test \
                "$(jq -s 'map(select(.lost_total)) | last.lost_total' "$records")" -eq "$(jq -s 'last.lost' "$records")"
        check 'and has all others' test "$(decisions | wc -l)" -eq "$(($(jq -s 'last.seq - last.lost' "$records")))"
        check 'each trouble was said once' test "$(grep -c "can't write" said)" -eq 1
done
configure 'records: {full: drop}'
check 'it starts with full: drop' serve_piped --mode enforce --config docksill.yaml
fill yes
decide_until nothing-of-it
check 'then calls pass without a record' test "$(decide "$hardened")" = '{"Allow":true}'
sleep 2
before=$EPOCHREALTIME
serve_stop
check 'the end does not wait for a disk that has been full for long' test \
        "$((${EPOCHREALTIME/[.,]/} - ${before/[.,]/}))" -lt 1500000
check 'the last word is what was lost' says said ' lost so far'

# --- files that go away -----------------------------------------------------------------------------------------------

rm -f "$records"
check 'it starts with a new file' serve_start --mode enforce
decide "$hardened" >/dev/null
wait_for test -s "$records"
sleep 0.3
rm "$records"
decide "$hardened" >/dev/null
decided_once() { test "$(decisions | wc -l)" -eq 1; }
check 'a deleted file is made anew' wait_for decided_once
check 'and that is said' says said "records: $records was deleted"
rm "$socket"
check 'so is a deleted socket' wait_for answers
check 'which is said' says said "the socket $socket was gone; it is made anew"
mv "$socket" elsewhere
check 'or one that was moved away' wait_for answers
serve_stop
check 'it ends with 0' test "$code" -eq 0
check 'and takes the new socket along' test ! -e "$socket"
ln -s elsewhere.jsonl linked
check 'a link is not followed: exit 4' exits 4 serve --rules "$rules" --socket "$socket" --records linked
check 'and is told of' says err 'it is a link'

# --- signals while it starts ------------------------------------------------------------------------------------------

# So many exemptions that reading them takes a while.
{
        printf 'docksill: v1\nkind: exemptions\nexemptions:\n'
        for ((i = 0; i < 4000; i++)); do
                printf '  - {id: e%d, rules: [rootfs-writable], match: {user: one}, owner: o, reason: r, expires: 2037-01-01}\n' "$i"
        done
} >many.yaml
"$DOCKSILL" serve --rules "$rules" --exemptions many.yaml --socket "$socket" --records "$records" 2>said >/dev/null &
serve_pid=$!
# Not before it has had its first instructions.
holds_signals() {
        ((0x$(sed -n 's/^SigBlk:\s*//p' "/proc/$serve_pid/status") & 1))
}
wait_for holds_signals
for ((i = 0; i < 10; i++)); do
        sleep 0.1
        [ -e "$socket" ] || kill -s HUP "$serve_pid"
        [ -e "$socket" ] || kill -s USR1 "$serve_pid"
done
check 'SIGHUP and SIGUSR1 while it starts do not end it' wait_for answers
check 'they are heard once it serves' wait_for grep -q 'SIGHUP: reloaded' said
serve_stop
finish
