#!/usr/bin/env bash
# The socket: a second instance is turned away, a dead one's is taken over, anything else in the way is left alone.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

serve=(serve --rules "$rules" --records -)

check 'it starts' serve_start
check 'a second one is turned away: exit 4' exits 4 "${serve[@]}" --socket "$socket"
check 'and told who is there' says err 'ss -xlp'
check 'the first serves on' answers
kill -KILL "$serve_pid"
wait "$serve_pid" 2>/dev/null
check 'killed, it leaves its file' test -S "$socket"
check 'the next one takes its place' serve_start
serve_stop

echo mine >file
check 'a file in the way: exit 4' exits 4 "${serve[@]}" --socket "$folder/file"
check 'is left alone' test "$(cat file)" = mine
check 'a folder too far: exit 4' exits 4 "${serve[@]}" --socket "$folder/a/b/c/d.sock"
check 'no path can be that long: exit 4' exits 4 "${serve[@]}" --socket "$(printf '/tmp/%0110d' 0)"
check 'says how long' says err '107'
socket=$folder/plugins/docksill.sock
check 'its own folder is made' serve_start
serve_stop
check 'and stays' test -d "$folder/plugins"

# dockerd knows a plugin by its socket's name, whatever that is.
told() {
        printf '{"RequestMethod":"GET","RequestUri":"/info","ResponseStatusCode":200,"ResponseBody":"%s"}' \
                "$(printf '{"Plugins":{"Authorization":["%s"]}}' "$1" | base64 -w0)"
}
socket=$folder/plugins/guard.sock records=$folder/guard.jsonl
check 'under another name' serve_start
call AuthZPlugin.AuthZRes "$(told guard)" >answer
sleep 0.3
check 'it knows itself in the list of the engine' hides "$(basename "$records")" daemon-authz-missing
call AuthZPlugin.AuthZRes "$(told other)" >answer
sleep 0.3
check 'and misses itself there' says "$(basename "$records")" daemon-authz-missing
serve_stop
finish
