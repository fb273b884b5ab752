#!/usr/bin/env bash
# SIGTERM to docksill: what is in flight is finished, the socket is removed, the exit code is 0. While it is away everything is
# refused, and dockerd does not start without it. PROTOCOL 1.1, 1.4.
# shellcheck source=stream.sh
source "$(dirname "$0")/stream.sh"

# In a folder of its own beside the first one's.
second_dockerd() {
        local engine_dir=$engine_dir/second
        local engine_socket=$engine_dir/docker.sock engine_log=$engine_dir/dockerd.log engine_pid

        mkdir "$engine_dir"
        daemon_json "$plugin"
        engine_spawn
        wait "$engine_pid"
        printf '%s\n' $? >"$engine_dir/code"
}

engine_begin
engine_with_docksill

# Several times: what can go wrong is a matter of microseconds.
stops=6 code_sum=0 left=0
stream_start
for ((i = 0; i < stops; i++)); do
        sleep 1.4
        docksill_signal TERM
        code_sum=$((code_sum + docksill_code))
        [ ! -e "$plugin_socket" ] || left=$((left + 1))
        sleep 0.2
        docksill_start || exit 1
done
check 'SIGTERM ends docksill with exit code 0' test "$code_sum" -eq 0
check 'its socket is removed' test "$left" -eq 0
sleep 2
stream_stop
printf '  note    %d requests, longest wait %s s\n' "$(wc -l <"$engine_dir/stream")" "$(stream_longest_wait)"
check 'requests were answered, before and after' test "$(stream_count ' RIGHT ')" -gt 50
check 'none was lost' test "$(stream_count ' LOST ')" -eq 0
grep ' LOST ' "$engine_dir/stream" | head -n 5
check 'the containers there are were answered for' containers_are_accounted_for

# Gone for good: dockerd tries for 15 s, then refuses, reads too. Meanwhile a dockerd that is started refuses to.
docksill_signal TERM
api GET /v1.41/containers/json >"$engine_dir/read" 2>&1 &
read_pid=$!
second_dockerd &
second_pid=$!
said=$(api POST /v1.41/containers/create -H 'Content-Type: application/json' -d '{"Image": "busybox:1.0"}')
check 'without docksill a create is refused' test "${said##*$'\n'}" = 500
wait "$read_pid"
check 'and a read' test "$(tail -n 1 "$engine_dir/read")" = 500
wait "$second_pid"
check 'dockerd does not start without docksill' grep -q "authorization plugin.*$plugin" "$engine_dir/second/dockerd.log"
check 'and ends with an error' test "$(cat "$engine_dir/second/code")" -ne 0
check 'docksill comes back' docksill_start
check 'and a read is answered' allowed ps

finish
