#!/usr/bin/env bash
# What makes an audit's report more than a list: what to change first, controls of a framework, what is known, what is new.
# shellcheck disable=SC2016 # jq's own
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

# container NAME HOSTCONFIG: what docker inspect prints of one.
container() {
        jq -n --arg name "$1" --argjson host "$2" '{Id: ($name | explode | map(tostring) | join("") + "0" * 64)[:64], Name: ("/" + $name),
                Config: {Image: "registry.example.com/app:1.2", User: "1000:1000", Env: [], Labels: {}}, HostConfig: $host,
                Created: "2026-01-01T00:00:00Z", State: {Status: "running"}, Mounts: [], Image: "", NetworkSettings: {}}'
}

# inspected FILE ANOTHER-SETTING: three containers, one of which has it.
inspected() {
        {
                container web "$2"
                container db '{}'
                container $'c\e[31m<b>' '{}'
        } | jq -s . >"$1"
}

audit() {
        run audit --rules "$rules" --inspect "$@" --format json
}

inspected plain.json '{}'
inspected bad.json '{"Privileged": true}'

audit plain.json
cp out old.json
check 'there is a score' json_out '.score < 100 and .score == ([.areas[] | select(.name == "containers").score] | first)'
check 'which can be redone by hand' json_out '[.subjects[].score] as $s | (.areas[] | select(.name == "containers").score)
        == ((($s | add / length | floor) + ($s | min)) / 2 | floor)'
check 'one change mends all three' json_out '.changes | length == 5 and (.[0].subjects == 3) and .[0].points >= .[4].points'
check 'and says what it gains' json_out '.score as $now | all(.changes[]; .score_before == $now and .score_after >= $now)'

# The form that others may rely on.
valid() {
        python3 -c 'import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
jsonschema.validate(json.load(open(sys.argv[2])), schema, cls=jsonschema.Draft7Validator)' "$scenario_here/../schema/report.json" "$1" 2>errors && return
        grep -v '^ ' errors | tail -5
        return 1
}
jq '.findings[0].severity = "dire"' old.json >broken.json
run audit --rules "$rules" --only host,daemon --engine "$folder/none.sock" --format json
check 'a report of this host has the form of its schema' valid out
check 'and one of files' valid old.json
invalid() {
        ! valid "$1" >/dev/null
}
check 'another form has not' invalid broken.json

# A baseline.
audit bad.json
cp out new.json
check 'something critical leads' json_out '.headline | test("^Critical: .*\\(container web\\)")'
check 'the old ones are known, the new one is not' exits 1 audit --rules "$rules" --inspect bad.json --baseline old.json --fail-on high --format json
check 'each is marked' json_out '([.findings[] | select(.known) | .subject] | unique | length == 3)
        and ([.findings[] | select(.state == "fail" and .severity == "critical") | .known] | any | not)'
check 'what is known alone does not fail' exits 0 audit --rules "$rules" --inspect bad.json --baseline new.json --fail-on info
check 'people see it' says out ', known'
check 'names paint no terminal' hides out $'\e'
check 'a baseline that is none' exits 2 audit --rules "$rules" --inspect bad.json --baseline bad.json
check 'is told' says err 'bad.json: this is no report of `docksill audit --format json`'
check 'one that is missing' exits 4 audit --rules "$rules" --inspect bad.json --baseline nowhere.json
head -c 3000 old.json >cut.json
check 'one that ends in the middle' exits 2 audit --rules "$rules" --inspect bad.json --baseline cut.json

# What is new.
check 'nothing is new' exits 0 audit diff old.json old.json
check 'all is as before' says out '0 new, 0 changed, 0 gone, '
check 'something is new' exits 1 audit diff old.json new.json --fail-on critical
check 'it is named' grep -Eq '^new +critical .*containers: web' out
check 'nothing that bad' exits 0 audit diff new.json old.json --fail-on critical
check 'it is gone' grep -Eq '^gone +critical .*containers: web' out
check 'names paint no terminal there' hides out $'\e'
run audit diff old.json new.json --format json
check 'as JSON' json_out '.schema == "docksill.audit-diff/1" and any(.new[]; .severity == "critical" and .subject == "web")
        and .score.before > .score.after'
jq '(.findings[] | select(.subject == "db" and .severity == "medium" and .state == "fail")) |= (.state = "unknown" | .severity = "none"
        | .fingerprint = "0" + .fingerprint[1:])' old.json >unknown.json
run audit diff old.json unknown.json --format json
check 'what can no longer be told is not gone' json_out '(.gone | length == 0) and (.changed | length > 0)
        and all(.changed[]; .state == "unknown" and .before.state == "fail")'
jq '.areas |= map(select(.name != "containers")) | .findings |= map(select(.area != "containers"))' old.json >less.json
run audit diff old.json less.json --format json
check 'what nobody looked at is not gone' json_out '(.gone | length == 0) and .not_looked_at > 0'
check 'a report of something else' exits 2 audit diff old.json bad.json
check 'two reports are wanted' exits 2 audit diff old.json
check 'and no other option' exits 2 audit diff old.json new.json --root /
check 'is told' says err 'not with --root'

# Since when: what a container was made with before, and has been each time since.
record() { # TIME NAME ANSWER RULE…
        jq -nc '{schema: "docksill.record/1", time: $ARGS.positional[0], operation: "container.create", name: $ARGS.positional[1],
                answer: $ARGS.positional[2], findings: [$ARGS.positional[3:][] | {rule: .}]}' --args "$@"
}
{
        record 2026-01-01T00:00:00Z web allow privileged-container
        record 2026-01-02T00:00:00Z web allow
        record 2026-01-03T00:00:00Z web deny privileged-container
        record 2026-01-04T00:00:00Z web allow privileged-container
        record 2026-01-05T00:00:00Z web allow privileged-container
        record 2026-01-06T00:00:00Z other allow privileged-container
        printf 'no JSON "operation":"container.create" "answer":"allow"\n'
        record 2026-01-05T00:00:00Z db allow user-root
        record 2026-01-06T00:00:00Z db allow
} >records.jsonl
run audit --rules "$rules" --inspect bad.json --records records.jsonl --format json
check 'since the first create after which it has always had it' json_out '.findings[] | select(.rule == "privileged-container").since == "2026-01-04T00:00:00Z"'
check 'what no record shows has none' json_out '[.findings[] | select(.since != null)] | length == 1'
run audit --rules "$rules" --inspect bad.json --records nowhere.jsonl --format json
check 'records that are missing are told' json_out '.gaps | any(.what == "since when")'

# Controls.
run audit --rules "$rules" --inspect bad.json --framework cis-docker --format json
check 'the controls of one framework' json_out '(.frameworks | length == 1) and (.frameworks[0].controls[] | select(.id == "5.5").state == "fail")'
check 'what no rule tells is manual' json_out 'all(.frameworks[0].controls[] | select(.covers == "none"); .state == "manual")'
check 'what was not looked at is no pass' json_out '.frameworks[0].controls[] | select(.id == "2.2").state == "unknown"'
check 'rules that serve it alone are asked' json_out '([.frameworks[0].controls[].checks[]] | unique) as $served
        | all(.checks[].id; . as $id | $served | index([$id]) != null)'
check 'a framework that is none' exits 2 audit --rules "$rules" --inspect bad.json --framework cis-dokker
check 'is told the nearest' says err 'did you mean cis-docker?'
finish
