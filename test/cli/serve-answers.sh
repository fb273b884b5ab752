#!/usr/bin/env bash
# serve: what dockerd's three calls are answered with, and what is recorded of them.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

# status METHOD PATH: the HTTP status alone.
status() {
        curl -sS -o /dev/null -w '%{http_code}' --unix-socket "$socket" -X "$1" "http://x/$2"
}

check 'it starts' serve_start --environment production --mode enforce
check 'and says what is in force' grep -Eq 'serving: environment production, mode enforce, [1-9][0-9]* rules, socket .*docksill.sock, control [^ ]+, records .*, lookups.docker off, capture off$' said
check 'the socket is its owner'"'"'s alone' test "$(stat -c %a "$socket")" = 600
check 'it activates' test "$(call Plugin.Activate)" = '{"Implements":["authz"]}'
check 'the content type is the plugin'"'"'s' has "$(curl -sS -D - -o /dev/null --unix-socket "$socket" -X POST http://x/Plugin.Activate)" \
        'Content-Type: application/vnd.docker.plugins.v1.2+json'

check 'a read is allowed' test "$(call AuthZPlugin.AuthZReq "$(envelope GET /v1.41/containers/json)")" = '{"Allow":true}'
check 'a hardened container is allowed' test "$(call AuthZPlugin.AuthZReq "$(create "$hardened")")" = '{"Allow":true}'
answer=$(call AuthZPlugin.AuthZReq "$(create "$privileged")")
check 'a privileged one is refused' json "$answer" '.Allow == false'
check 'and told why' json "$answer" '.Msg | startswith("docksill (production): refused") and contains("privileged-container")'
check 'a response is let through' test "$(call AuthZPlugin.AuthZRes '{"RequestMethod":"GET"}')" = '{"Allow":true}'
check 'an unreadable one too' test "$(call AuthZPlugin.AuthZRes 'x')" = '{"Allow":true}'

check 'an unknown call: 404' test "$(status POST VolumeDriver.Create)" = 404
check 'with a JSON object' json "$(call VolumeDriver.Create)" '.Err | length > 0'
check 'another method: 405' test "$(status GET AuthZPlugin.AuthZReq)" = 405
check 'a body in chunks' test "$(create "$hardened" | curl -sS --unix-socket "$socket" -X POST -H 'Transfer-Encoding: chunked' \
        --data-binary @- http://x/AuthZPlugin.AuthZReq)" = '{"Allow":true}'
check 'Expect: 100-continue' test "$(create "$hardened" | curl -sS --unix-socket "$socket" -X POST -H 'Expect: 100-continue' \
        --data-binary @- http://x/AuthZPlugin.AuthZReq)" = '{"Allow":true}'

serve_stop
check 'it ends with 0' test "$code" -eq 0
check 'the socket is gone' test ! -e "$socket"
check 'each decision is a line of JSON' test "$(jq -s length <(decisions))" -eq 4
check 'the read is none of them' json "$(jq -s . <(decisions))" 'all(.[]; .operation == "container.create")'
check 'the refusal is recorded with its points' json "$(jq -s . <(decisions))" \
        'map(select(.answer == "deny")) | length == 1 and .[0].points >= 100 and .[0].environment == "production"'
check 'the decision is the one that the user was told' json "$(jq -s . <(decisions))" \
        "map(select(.answer == \"deny\")) | .[0].decision_id as \$id | $(jq -c .Msg <<<"$answer") | contains(\$id)"
check 'it sums up' grep -q 'stopped after 5 requests' said
finish
