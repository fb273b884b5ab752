#!/usr/bin/env bash
# capture: judged calls are written, masked, for docksill's eyes alone, as many as it may; and off unless it is asked for.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

captured=$folder/captured
configure() {
        printf '%s\n' 'docksill: v1' 'kind: configuration' "rules: $rules" "$@" >"$folder/docksill.yaml"
}

decide() {
        call AuthZPlugin.AuthZReq "$(create "$1")"
}

# holds N: so many calls are in the folder.
holds() {
        [ "$(find "$captured" -name '*.json' | wc -l)" -eq "$1" ]
}

newest() {
        find "$captured" -name '*.json' | sort | tail -n 1
}

start() {
        serve_start --config "$folder/docksill.yaml" --environment production --mode enforce
}

secrets='{"Image":"busybox:1.0","Env":["DB_PASSWORD=hunter2hunter","KEY=AKIAABCDEFGHIJKLMNOP","DSN=postgres://u:sesame99@db/x"],
        "Labels":{"api.token":"open-sesame"},"Cmd":["tool","--password","friend77","-x","hunter2hunter"]}'

configure
check 'as shipped: starts' start
check 'says that it is off' says said 'capture off'
decide "$secrets" >/dev/null
check 'nothing is captured' test ! -e "$captured"
check 'stops' serve_stop

configure "capture: {folder: $captured, keep: 3}"
check 'check says that it is on' exits 0 check docksill.yaml
check 'and where' says out "capture is on: judged calls are written to $captured, secrets masked, 3 at most"
check 'config show, too' exits 0 config show --config docksill.yaml capture
check 'each key' says out 'capture.keep    3'
check 'starts' start
check 'says where' says said "capture $captured"
check 'a folder for nobody else' test "$(stat -c %a "$captured")" = 700
decide "$secrets" >refused
check 'a call is captured' wait_for holds 1
call_file=$(newest)
check 'in a file for nobody else' test "$(stat -c %a "$call_file")" = 600
jq -r '.RequestBody | @base64d' "$call_file" >body
for secret in hunter2 AKIAABCDEFGHIJKLMNOP sesame friend77; do check "no $secret" hides body "$secret"; done
check 'a key of the same kind' says body KEY=AKIAXXXXXXXXXXXXXXXX
check 'the address stays' says body 'postgres://masked:masked@db/x'
run explain --rules "$rules" --format json "$call_file"
jq -c '[.findings[] | [.rule, .severity]] | sort' out >masked
printf '%s' "$secrets" | run explain --rules "$rules" --format json -
jq -c '[.findings[] | [.rule, .severity]] | sort' out >original
check 'explain takes it, and finds the same' cmp masked original
check 'secrets among it' says masked '"secret-literal","high"'
id=${call_file##*-}
check 'the decision names it' test "$(jq -r .decision_id <(decisions) | tail -n 1)" = "${id%.json}"
for _ in 1 2 3 4; do decide "$hardened" >/dev/null; done
check 'the oldest go' wait_for test ! -e "$call_file"
check 'no more than it may keep' wait_for holds 3
call AuthZPlugin.AuthZReq "$(envelope GET /v1.41/containers/json)" >/dev/null
call AuthZPlugin.AuthZReq 'no call' >/dev/null
decide "$privileged" >/dev/null
privileged_is_there() { jq -r '.RequestBody | @base64d' "$(newest)" | grep -q Privileged; }
check 'the next call is there' wait_for privileged_is_there
check 'reads are not captured' test "$(jq -r .RequestMethod "$captured"/*.json | grep -c GET)" -eq 0
check 'diff takes them' exits 1 diff --rules "$rules" --captured "$captured" development lockdown
check 'all' says out '3 captured calls: '

# --- reload ---
reloads() { [ "$(grep -c '"event":"reload"' "$records")" -eq "$1" ]; }
chmod 755 "$captured"
kill -HUP "$serve_pid"
check 'a folder that others may read: the reload changes nothing' wait_for says said 'others may look into it; close it with chmod 700'
chmod 700 "$captured"
configure "capture: {folder: $captured, keep: 2, reads: all}"
kill -HUP "$serve_pid"
check 'the next reload is taken' wait_for reloads 1
call AuthZPlugin.AuthZReq "$(envelope GET /v1.41/containers/json)" >/dev/null
read_is_there() { [ "$(jq -r .RequestMethod "$(newest)")" = GET ]; }
check 'reads where they are asked for' wait_for read_is_there
check 'two are kept' wait_for holds 2
configure
kill -HUP "$serve_pid"
check 'off again' wait_for reloads 2
decide "$privileged" >/dev/null
sleep 0.3
check 'nothing more is captured' read_is_there
check 'stops in order' serve_stop
check 'exit 0' test "$code" -eq 0

configure "capture: {folder: $folder/new/captured}"
check 'the folder above is made, too' start
check 'for nobody else' test "$(stat -c %a new/captured)" = 700
serve_stop

# --- what is wrong ---
configure "capture: {folder: $captured}"
chmod 750 "$captured"
check 'a folder that others may read: exit 4' exits 4 serve --config docksill.yaml --socket "$socket" --records "$records"
check 'says why' says err 'chmod 700'
check 'check finds it: exit 3' exits 3 check docksill.yaml
check 'at its place' says err 'docksill.yaml:4:19: error: DS317: capture: '
rm -r "$captured"
ln -s /tmp "$captured"
check 'a link: exit 4' exits 4 serve --config docksill.yaml --socket "$socket" --records "$records"
check 'says so' says err 'a link, which is not followed'
rm "$captured"
configure 'capture: {folder: captured}' && check 'no absolute path: exit 3' exits 3 check docksill.yaml
configure 'capture: {keep: 3}' && check 'no folder: exit 3' exits 3 check docksill.yaml
configure "capture: {folder: $captured, keep: 0}" && check 'none to keep: exit 3' exits 3 check docksill.yaml
configure "capture: {folder: $captured, max: 1k}" && check 'too little: exit 3' exits 3 check docksill.yaml
check 'says the bounds' says err 'from 64k to 64g'
configure "capture: {folder: $captured, max: 128m, keeps: 1}" && check 'an unknown key: exit 3' exits 3 check docksill.yaml
finish
