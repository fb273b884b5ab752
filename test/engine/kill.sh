#!/usr/bin/env bash
# kill -9 of docksill in the middle of a stream of requests, and a restart within a second, three times: the calls in flight are
# lost at most, each of them refused; nothing that must be refused is ever let through. DESIGN 1.5, 1.6; PROTOCOL 1.4.
# shellcheck source=stream.sh
source "$(dirname "$0")/stream.sh"

kills=3

now_ms() {
        date +%s%3N
}

kill_and_restart() {
        local killed answered

        # Stopped first, so that each client has a call in flight when the kill comes.
        kill -s STOP "$docksill_pid"
        sleep 0.2
        killed=$(now_ms)
        docksill_signal KILL
        sleep 0.3 # what a supervisor takes; systemd's default is 0.1 s
        docksill_start || return
        answered=$(now_ms)
        printf '  note    docksill answered again %d ms after the kill (of which 300 ms were our pause)\n' $((answered - killed))
        [ $((answered - killed)) -lt 1000 ]
}

engine_begin
engine_with_docksill
stream_start
restarted=0
for ((i = 0; i < kills; i++)); do
        sleep 1.5
        kill_and_restart && restarted=$((restarted + 1))
done
sleep 2.5
stream_stop

total=$(wc -l <"$engine_dir/stream")
lost=$(stream_count '^[a-z]+ LOST')
printf '  note    %d requests, %d lost, longest wait %s s\n' "$total" "$lost" "$(stream_longest_wait)"
check 'docksill answered again within a second, each time' test "$restarted" -eq "$kills"
for kind in read bad good; do
        check "requests of the kind \"$kind\" were answered rightly, before and after" test "$(stream_count "^$kind RIGHT")" -gt 10
done
check 'no request that must be refused was let through' test "$(stream_count '^bad [A-Z]+ 2')" -eq 0
check 'no more were lost than were in flight' test "$lost" -le $((kills * ${#stream_pids[@]}))
check 'each lost one was refused' test "$(stream_count '^[a-z]+ LOST (403|500) ')" -eq "$lost"
# shellcheck disable=SC2016 # $4 is awk's
check 'no request waited for more than five seconds' awk '$4 > 5 { exit 1 }' "$engine_dir/stream"
check 'the containers there are were answered for' containers_are_accounted_for
check 'no privileged container exists' test "$(api GET '/v1.41/containers/json?all=1' | head -n 1 |
        jq 'map(select(.Names[0] | startswith("/good") | not)) | length')" -eq 0
[ "$lost" -eq 0 ] || printf '  note    a lost one: %s\n' "$(grep -m 1 ' LOST ' "$engine_dir/stream")"
finish
