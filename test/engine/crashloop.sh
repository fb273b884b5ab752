#!/usr/bin/env bash
# docksill as its units run it: behind a socket that outlives it. Killed again and again under a stream of docker commands: lost are the
# calls in flight at the instant of a kill, at most; all others wait in the socket. And a dockerd that is restarted while docksill is not
# up yet, and one whose first call starts it. DESIGN 1.5, 1.6; PROTOCOL 1.4.
# shellcheck source=stream.sh
source "$(dirname "$0")/stream.sh"

kills=${KILLS:-6}
serve=("$DOCKSILL" serve --rules "$engine_top/rules" --environment production --mode enforce)

if ! ldd "$DOCKSILL" | grep -q libsystemd; then
        ok 'skipped: systemd is not built in, so nobody can hand a socket over'
        finish
        exit
fi

# supervised [OPTION…]: docksill behind a socket that is held for it.
supervised() {
        python3 "$engine_top/test/support/supervisor.py" "$plugin_socket" "$pid_file" "$@" -- "${serve[@]}" --records "$records" \
                >>"$engine_dir/docksill.log" 2>&1 &
        docksill_pid=$! # ended as any other at the end
        wait_until 10 test -S "$plugin_socket"
}

# One that ended is started again; the next is another.
kill_once() {
        wait_until 10 test -e "$pid_file" && kill -s KILL "$(cat "$pid_file")"
}

# docker commands, one after the other, beside the stream of calls: what it said is kept only if it went wrong.
commands() {
        local n=0 before said right

        while [ ! -e "$engine_dir/enough" ]; do
                n=$((n + 1))
                before=${EPOCHREALTIME/[.,]/}
                right=LOST
                ! said=$("$docker" -H "unix://$engine_socket" ps -q 2>&1) || right=RIGHT
                printf 'command %s 0 %s %s\n' "$right" "$(jq -n "$((${EPOCHREALTIME/[.,]/} - before)) / 1000000")" "$(tail -n 1 <<<"$said")"
        done >"$engine_dir/stream.commands"
}

# longest RIGHT|LOST: of the calls that ended so.
longest() {
        awk -v what="$1" '$2 == what && $4 > longest { longest = $4 } END { print longest + 0 }' "$engine_dir/stream"
}

engine_begin
pid_file=$engine_dir/pid
image_import || exit 1

# --- dockerd first, docksill later ------------------------------------------------------------------------------------

daemon_json "$plugin"
supervised --delay 3
before=${EPOCHREALTIME/[.,]/}
check 'a dockerd that is started while docksill is not up yet comes up' engine_start
printf '  note    dockerd answered %d ms after it was started, docksill was started 3000 ms late\n' $(((${EPOCHREALTIME/[.,]/} - before) / 1000))
check 'it refuses' refused privileged-container create --privileged "$image"
check 'and lets pass what is well' allowed create "${hardened[@]}" "$image"

# --- a crash loop -----------------------------------------------------------------------------------------------------

stream_start
commands &
commands_pid=$!
sleep 1.5
killed=0
for ((i = 0; i < kills; i++)); do
        kill_once && killed=$((killed + 1))
        # From at once to well after it answered again.
        sleep "0.$((25 + i * 7 % 70))"
done
sleep 3
stream_stop
wait "$commands_pid"
total=$(wc -l <"$engine_dir/stream")
lost=$(stream_count '^[a-z]+ LOST')
clients=$((${#stream_pids[@]} + 1))
printf '  note    %d kills: %d calls and commands, %d lost, longest wait %s s, of a lost one %s s\n' "$killed" "$total" "$lost" \
        "$(longest RIGHT)" "$(longest LOST)"
check "docksill was killed $kills times" test "$killed" -eq "$kills"
for kind in read bad good command; do
        check "calls of the kind \"$kind\" were answered rightly" test "$(stream_count "^$kind RIGHT")" -gt 3
done
check 'no call that must be refused was let through' test "$(stream_count '^bad [A-Z]+ 2')" -eq 0
check 'no more were lost than were in flight' test "$lost" -le $((kills * clients))
check 'each lost one was refused' test "$(stream_count '^(read|bad|good) LOST (403|500) |^command LOST 0 .*(authorization denied|refused)')" -eq "$lost"
# Whoever was in flight waits for a second, which is dockerd's pause before it tries again; the bound is for "hangs".
check 'none hung' test "$(longest RIGHT | cut -d . -f 1)" -lt 10
check 'the containers there are were answered for' containers_are_accounted_for
[ "$lost" -eq 0 ] || printf '  note    a lost one: %s\n' "$(grep -m 1 ' LOST ' "$engine_dir/stream")"
starts() {
        jq -s "map(select(.event == \"start\" and $1)) | length" "$records"
}
# Some were killed before they had come to that.
check 'starts are in the records' test "$(starts '.follows.orderly == false')" -ge $((kills / 4))
check 'none of them says that the last one ended in order' test "$(starts '.follows.orderly == true')" -eq 0

# --- dockerd is restarted, and its first call starts docksill ---------------------------------------------------------

docksill_signal TERM
check 'its end takes the socket along' test ! -e "$plugin_socket"
engine_stop
systemd-socket-activate -l "$plugin_socket" "${serve[@]}" --records "$records" >>"$engine_dir/docksill.log" 2>&1 &
docksill_pid=$!
wait_until 10 test -S "$plugin_socket"
check 'a dockerd whose first call starts docksill comes up' engine_start
check 'and refuses' refused privileged-container create --privileged "$image"
finish
