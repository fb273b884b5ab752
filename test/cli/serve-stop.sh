#!/usr/bin/env bash
# A stop loses nothing: records are flushed, a call in flight is answered, the next start finds its place free.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

# With a client that holds a connection open and says nothing more, the end comes at once.
idle_ends() {
        local before
        serve_start --mode enforce || return
        { sleep 8 | curl -sS --unix-socket "$socket" -X POST -T - http://x/Plugin.Activate --next --unix-socket "$socket" \
                -X POST -T - http://x/Plugin.Activate >/dev/null 2>&1; } &
        sleep 0.3
        before=$SECONDS
        serve_stop
        [ $((SECONDS - before)) -le 6 ]
}

for signal in TERM INT; do
        rm -f "$records"
        check "it starts (SIG$signal)" serve_start --mode enforce
        for ((i = 0; i < 20; i++)); do
                call AuthZPlugin.AuthZReq "$(create "$hardened")" >/dev/null
        done
        serve_stop "$signal"
        check 'it ends with 0' test "$code" -eq 0
        check 'all is recorded' test "$(jq -s 'map(.seq) == [range(1; 21)]' "$records")" = true
        check 'its socket is removed' test ! -e "$socket"
done

check 'it starts again' serve_start --mode enforce
create "$hardened" >body
{
        sleep 1
        cat body
} | curl -sS --unix-socket "$socket" -X POST -H 'Expect:' -H "Content-Length: $(wc -c <body)" -H 'Transfer-Encoding:' \
        -T - http://x/AuthZPlugin.AuthZReq >answer 2>&1 &
client=$!
sleep 0.4
serve_stop
wait "$client"
check 'a call that was coming in when the stop came is answered' test "$(cat answer)" = '{"Allow":true}'
check 'an idle connection does not delay the end' idle_ends
finish
