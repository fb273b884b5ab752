#!/usr/bin/env bash
# What is no AuthZ call is never allowed: dockerd resends an unanswered call with an empty body (PROTOCOL 1.4).
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

not() { ! "$@"; }

check 'it starts' serve_start --mode audit
for body in '' ' ' 'x' '[]' '{}' '{"RequestMethod":"GET"}' '{"RequestMethod":"GET","RequestUri":1}'; do
        check "\"$body\" is refused" json "$(call AuthZPlugin.AuthZReq "$body")" '.Allow == false and (.Msg | length > 0)'
done
head -c 8388608 /dev/zero | tr '\0' ' ' >spaces
check '8 MiB are read' json "$(call AuthZPlugin.AuthZReq @spaces)" '.Allow == false and (.Msg | contains("call-too-large") | not)'
echo >>spaces
check 'a byte more is refused by name' json "$(call AuthZPlugin.AuthZReq @spaces)" '.Allow == false
        and (.Msg | contains("call-too-large") and contains("8388608"))'
check 'in chunks as well' json "$(curl -sS --unix-socket "$socket" -X POST -H 'Transfer-Encoding: chunked' -H 'Expect:' \
        --data-binary @spaces http://x/AuthZPlugin.AuthZReq)" '.Msg | contains("call-too-large")'
for ((i = 0; i < 10; i++)); do cat spaces; done >torrent
check 'what never ends is hung up on' not curl -sS -o /dev/null --max-time 20 --unix-socket "$socket" -X POST -H 'Expect:' \
        --data-binary @torrent http://x/AuthZPlugin.AuthZReq
check 'it serves on' answers
# The address sanitizer keeps what was freed, on purpose.
if ! grep -q libasan "/proc/$serve_pid/maps"; then
        check 'and keeps none of that memory' test "$(awk '/^RssAnon/ { print $2 }' "/proc/$serve_pid/status")" -le 4096
fi
check 'one line told of all that' test "$(grep -c 'no AuthZ requests' said)" -eq 1
serve_stop
check 'none is recorded' test -z "$(decisions)"
finish
