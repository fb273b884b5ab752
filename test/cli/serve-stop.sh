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

# A journal that hangs: what is said has no room, also that a reload failed, and yet the end comes.
unheard_ends() {
        mkfifo unheard
        exec {reader}<>unheard
        printf 'docksill: v1\nkind: configuration\n' >site.yaml
        "$DOCKSILL" serve --config site.yaml --rules "$rules" --socket "$socket" --records "$records" 2>unheard >/dev/null &
        serve_pid=$!
        wait_for answers || return
        dd if=/dev/zero of=unheard oflag=nonblock bs=1 count=1000000 2>/dev/null
        printf 'garbage: [' >>site.yaml
        kill -HUP "$serve_pid"
        sleep 0.5
        kill -TERM "$serve_pid"
        wait_for is_gone "$serve_pid"
        local gone=$?
        [ "$gone" -eq 0 ] || kill -KILL "$serve_pid"
        exec {reader}<&-
        wait "$serve_pid"
        code=$?
        serve_pid=''
        [ "$gone" -eq 0 ] && [ "$code" -eq 0 ]
}

for signal in TERM INT; do
        rm -f "$records"
        check "it starts (SIG$signal)" serve_start --mode enforce
        for ((i = 0; i < 20; i++)); do
                call AuthZPlugin.AuthZReq "$(create "$hardened")" >/dev/null
        done
        serve_stop "$signal"
        check 'it ends with 0' test "$code" -eq 0
        check 'all is recorded' test "$(jq -s 'map(.seq) == [range(1; 21)]' <(decisions))" = true
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
check 'nor does stderr that nobody reads' unheard_ends
finish
