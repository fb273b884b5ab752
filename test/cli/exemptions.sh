#!/usr/bin/env bash
# exemptions and access from flags to records: what is lifted is shown and recorded, and who may not call is told so.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

in_days() {
        date -u -d "+$1 days" +%Y-%m-%d
}

mkdir lifts
cat >lifts/some.yaml <<END
docksill: v1
kind: exemptions
exemptions:
  - {id: far, rules: [privileged-container], match: {user: ann}, only: {container.privileged: true}, owner: us, reason: "asked for", expires: $(in_days 100)}
  - {id: near, rules: [user-root], match: {user: bob}, owner: us, reason: "asked for", expires: $(in_days 10)}
  - {id: past, rules: [user-root], match: {user: ann}, owner: us, reason: "asked for", expires: $(in_days -1)}
END
cat >site.yaml <<'END'
docksill: v1
kind: environment
name: site
extends: production
access:
  - {who: {anonymous: true}, deny: ["swarm.*"]}
END

# --- check
check 'exemptions are checked' exits 0 check --rules "$rules" --exemptions lifts
check 'each has the days it has left' says out 'exemption far: privileged-container; us, until'
check 'a hundred' grep -Eq '^exemption far: .*\((99|100) days left\)$' out
check 'or none' grep -Eq '^exemption past: .*\(expired, no effect\)$' out
check 'listed once' test "$(grep -c '^exemption far' out)" -eq 1
check 'the one that ends soon is warned of' says err 'lifts/some.yaml:5:10: warning: DS312'
check 'the one that has ended too' says err 'DS311'
check 'the others are not' test "$(grep -c warning: err)" -eq 2
check 'a folder that is not there: exit 3' exits 3 check --rules "$rules" --exemptions nowhere
check 'names it' says err 'nowhere'
mkdir empty
check 'an empty folder lifts nothing' exits 0 check --rules "$rules" --exemptions empty
sed 's/user: ann/container.name: web/' lifts/some.yaml >open.yaml
check 'a match that anybody can make up: exit 3' exits 3 check --rules "$rules" open.yaml
check 'its place and code' says err 'open.yaml:4:53: error: DS307'
check 'serve does not start with it' exits 3 serve --rules "$rules" --exemptions open.yaml --socket "$socket" --records "$records"
printf 'docksill: v1\nkind: configuration\nrules: %s\nexemptions: lifts\n' "$(realpath "$rules")" >docksill.yaml
check 'named in the configuration, beside it' exits 0 check --config docksill.yaml
check 'it is read too' says out 'exemption far'
check 'config show tells whence' exits 0 config show --config docksill.yaml --show-origin exemptions
check 'file and line' says out 'docksill.yaml:4'

# --- explain
as() {
        jq -c --arg user "$1" '. + {User: $user, UserAuthNMethod: "TLS"}'
}
create "$privileged" | as ann >ann.json
create "$privileged" | as bob >bob.json
envelope POST /v1.41/swarm/init '{}' >swarm.json
run explain --rules "$rules" --exemptions lifts ann.json
check 'explain shows what is lifted' says out '[exempted: does not count]'
check 'by what, of whom, until when and why' grep -Eq '^    by exemption far of us, until [0-9-]+: asked for$' out
check 'the evidence stays' says out 'HostConfig.Privileged: runs with --privileged'
run explain --rules "$rules" --exemptions lifts --format json ann.json
check 'in JSON' json_out '.findings[] | select(.rule == "privileged-container")
        | .exempted_by == "far" and .points == 0 and .severity == "critical" and .hard and .exemption.reason == "asked for"'
check 'the hard gate is open' json_out '.gate != "hard"'
check 'points are of the others' json_out '.points == ([.findings[].points] | add)'
run explain --rules "$rules" --exemptions lifts --format json bob.json
check 'for another user it is closed' json_out '.gate == "hard" and ([.findings[] | select(.rule == "user-root")][0].exempted_by == "near")'
run explain --rules "$rules" --format json ann.json
check 'without exemptions too' json_out '.gate == "hard" and ([.findings[].exempted_by] | all(. == null))'
check 'access: exit 1' exits 1 explain --rules "$rules" --environment "$PWD/site.yaml" swarm.json
check 'the gate' says out 'gate:        access'
check 'the entry' says out 'site.yaml:6'
check 'the refusal offers no flags' hides out 'Add:'

# --- serve
check 'serve takes them' serve_start --environment "$PWD/site.yaml" --mode enforce --exemptions lifts
answer=$(call AuthZPlugin.AuthZReq "$(cat bob.json)")
check 'bob is refused' json "$answer" '.Allow == false and (.Msg | test("hard rule privileged-container"))'
answer=$(call AuthZPlugin.AuthZReq "$(cat ann.json)")
check 'what is lifted is no part of the refusal' json "$answer" '.Msg | contains("privileged-container") | not'
answer=$(call AuthZPlugin.AuthZReq "$(cat swarm.json)")
check 'who may not call is told' json "$answer" '.Msg | test("refused by access.*an anonymous caller may not call swarm.init: denied at .*site.yaml:6")'
serve_stop
record=$(sed -n 2p <(decisions))
check 'the record has the finding' json "$record" '.user == "ann" and (.findings[] | select(.rule == "privileged-container")
        | .exempted_by == "far" and .points == 0 and (.evidence | length == 1))'
record=$(sed -n 3p <(decisions))
check 'and the refusal by access' json "$record" '.gate == "access" and .answer == "deny" and .findings[0].rule == "access-denied"
        and (.findings[0].evidence[0].message | test("site.yaml:6"))'
finish
