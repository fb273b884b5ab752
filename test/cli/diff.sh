#!/usr/bin/env bash
# diff: what another environment, folder of rules or configuration would change for the same calls.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

fixtures=$scenario_here/fixtures
diff=(diff --rules "$rules")

# --- what is compared ---
check 'the same: exit 0' exits 0 "${diff[@]}" production production
check 'says so' says out 'The two have the same rules and settings.'
check 'two environments: exit 0, for nothing is judged' exits 0 "${diff[@]}" staging production
check 'limits' says out 'deny.points: 110 → 50'
check 'rules that cost otherwise' says out 'exec-root'
check 'as JSON' exits 0 "${diff[@]}" --format json staging production
check 'the schema' json_out '.schema == "docksill.diff/1" and .old.environment == "staging" and .judged.source == "nothing"'
check 'settings' json_out '.settings | any(.name == "deny.points" and .before == ["110"] and .after == ["50"])'
check 'rules' json_out '.rules | any(.rule == "exec-root" and .change == "cost" and .before == "low" and .after == "medium")'

cp -r "$rules" other
cat >other/container/site.yaml <<'Y'
docksill: v1
kind: rules
rules:
  - id: site-name
    title: A name of the site
    on: [container.create]
    when: {container.name: {prefix: web}}
    severity: high
    message: "is called so"
    why: "a test"
    tests:
      - {name: so, operation: container.create, query: {name: web1}, body: {Image: a}, expect: high}
      - {name: otherwise, operation: container.create, query: {name: db}, body: {Image: a}, expect: none}
Y
sed -i 's/^    when: {container.oom_kill_disabled: true}/    when: {any: [{container.oom_kill_disabled: true}]}/' other/container/*.yaml
check 'a folder of rules' exits 0 "${diff[@]}" --environment staging "$rules" other
check 'a new rule' says out 'site-name          new, high'
check 'one that is written otherwise' says out 'written otherwise'
check 'the other way: gone' exits 0 "${diff[@]}" other "$rules"
check 'gone' says out 'high → gone'
printf 'docksill: v1\nkind: environment\nname: tight\nextends: staging\ndeny: {points: 60}\nrules: [../container]\n' >other/environments/tight.yaml
check 'an environment by its file' exits 0 diff --rules other staging other/environments/tight.yaml
check 'its limit' says out 'deny.points: 110 → 60'
printf 'docksill: v1\nkind: configuration\nenvironment: tight\nrules: %s\nrecords: {reads: all}\n' "$PWD/other" >new.yaml
printf 'docksill: v1\nkind: configuration\nenvironment: staging\nrules: %s\n' "$rules" >old.yaml
check 'configurations' exits 0 diff old.yaml new.yaml
check 'their settings' says out 'records.reads: content → all'

# --- calls ---
check 'one that is newly refused: exit 1' exits 1 "${diff[@]}" staging production - <<<'{"Image":"nginx:1.27"}'
check 'says so' says out '1 call: 1 newly refused'
check 'points and limit' says out '72 → 72 points, refused from 50 on'
check 'the other way: exit 0' exits 0 "${diff[@]}" production staging - <<<'{"Image":"nginx:1.27"}'
check 'newly allowed' says out '1 newly allowed'
check 'what was the limit' says out 'was refused from 50 on'
create '{"Image":"nginx:1.27","Labels":{"a":"b"}}' >web.json
sed -i 's|containers/create|containers/create?name=web|' web.json
check 'a new rule: exit 1' exits 1 diff old.yaml new.yaml web.json
check 'named with what it costs' says out 'site-name: new, high'
check 'what is in force of it otherwise is shown too' says out 'capabilities-not-dropped: medium'
check 'several files' exits 1 "${diff[@]}" --format json staging production web.json "$fixtures/inspect.json"
check 'are all judged' json_out '.judged.calls == 4 and .judged.source == "calls"'
check 'by image' json_out '.judged.by_image | any(.image == "nginx:1.27" and .changes.newly_refused == 1)'
check 'outcomes' json_out '.judged.newly_refused[] | select(.image == "nginx:1.27")
        | .before.verdict == "warn" and .after == {verdict: "deny", gate: "points", points: 72}'
check 'containers of a file' exits 0 "${diff[@]}" --inspect "$fixtures/inspect.json" production staging
check 'are called so' says out '3 containers: '
check 'names of strangers are made visible' exits 1 "${diff[@]}" staging production - < <(jq -c '.[0] | .Name = "/a\u001b[31mb" |
        .Config.Image = "nginx\u001b[0m" | [.]' "$fixtures/inspect.json" | jq -c '.[0].HostConfig = {} | .[0].Config.User = ""')
check 'no control character' test -z "$(tr -d '\n\t -~' <out | LC_ALL=C tr -d '\200-\377')"

# --- captured calls ---
mkdir captured
for i in 1 2 3; do create '{"Image":"nginx:1.27"}' >captured/$i.json; done
head -c 60 web.json >captured/half.json
mkdir captured/folder.json
printf 'x' >captured/readme
check 'a folder: exit 1' exits 1 "${diff[@]}" --captured captured staging production
check 'its calls' says out '3 captured calls: 3 newly refused'
check 'what is none is passed over' says out 'passed over: 2'
check 'by name' says out 'half.json: '
check 'an empty folder: exit 4' exits 4 "${diff[@]}" --captured "$(mktemp -d "$PWD/e.XXXX")" staging production
check 'says what writes them' says err 'capture:'
check 'no folder: exit 4' exits 4 "${diff[@]}" --captured nowhere staging production
check 'says which' says err 'nowhere: No such file'

# --- records ---
serve_start --environment staging --mode enforce >/dev/null
for body in '{"Image":"nginx:1.27"}' '{"Image":"nginx:1.27","HostConfig":{"Binds":["/srv/a:/a"]}}' "$hardened" "$privileged"; do
        call AuthZPlugin.AuthZReq "$(create "$body")" >/dev/null
done
serve_stop
check 'records: exit 1' exits 1 "${diff[@]}" --records "$records" staging production
check 'all decisions' says out '4 recorded decisions: 2 newly refused, 0 newly allowed'
check 'by what they cost now' says out 'host-path-unlisted: info → high'
check 'what they can not tell' says out "What records can't tell"
check 'the same as of the calls' exits 1 "${diff[@]}" --format json --records "$records" staging production
jq -c '[.judged | .before, .after, .changes]' out >of-records
call_files=()
for body in '{"Image":"nginx:1.27"}' '{"Image":"nginx:1.27","HostConfig":{"Binds":["/srv/a:/a"]}}' "$hardened" "$privileged"; do
        create "$body" >"call${#call_files[@]}.json"
        call_files+=("call${#call_files[@]}.json")
done
run "${diff[@]}" --format json staging production "${call_files[@]}"
jq -c '[.judged | .before, .after, .changes]' out >of-calls
check 'verdicts and points' cmp of-calls of-records
jq -c '.operation = "\u001b[31mred"' "$records" >coloured.jsonl
check 'an operation of anything' exits 1 "${diff[@]}" --records coloured.jsonl staging production
check 'is shown, not done' says out 'red'
check 'in no colour' hides out $'\033'
check 'back: exit 0' exits 0 "${diff[@]}" --records "$records" production staging
check 'made by the other of the two' says out '2 newly allowed'
check 'neither of the two made them' exits 1 "${diff[@]}" --records "$records" development lockdown
check 'says so' says out '4 decisions made by rules that are neither OLD nor NEW'
{
        cat "$records"
        printf 'half {"sch\n\n{"schema":"other/1"}\n{"schema":"docksill.record/1","findings":[{"rule":"a"}]}\n'
        printf '{"schema":"docksill.loss/1","lost":7,"refused":1}\n'
        head -c 1100000 /dev/zero | tr '\0' 'x'
        printf '\n'
        decisions | head -c 100
} >spoilt.jsonl
check 'lines that are no records: exit 1' exits 1 "${diff[@]}" --records spoilt.jsonl staging production
check 'are passed over' says out 'passed over: 5'
lines=$(wc -l <"$records")
check 'by line: no JSON' says out "spoilt.jsonl:$((lines + 1)): not JSON"
check 'another thing' says out "spoilt.jsonl:$((lines + 3)): no record"
check 'without what it needs' says out "spoilt.jsonl:$((lines + 4)): a record without"
check 'too long' says out "spoilt.jsonl:$((lines + 6)): longer than any record"
check 'the last, half written' says out "spoilt.jsonl:$((lines + 7)): not JSON"
check 'the rest counts' says out '4 recorded decisions: 2 newly refused'
check 'lost ones are told' says out '7 records that were lost'
check 'several files, and standard input' exits 1 "${diff[@]}" --records - staging production "$records" < <(cat "$records")
check 'are added up' says out '8 recorded decisions: 4 newly refused'
check 'a new rule' exits 1 diff --records "$records" old.yaml other/environments/tight.yaml --rules other
check 'can not be told, and is said' says out '1 new rules: what they would say of these calls'
gzip -k "$records"
check 'compressed' exits 1 "${diff[@]}" --records "$records.gz" staging production
check 'is the same' says out '4 recorded decisions: 2 newly refused'
check 'no file: exit 4' exits 4 "${diff[@]}" --records nowhere.jsonl staging production

# --- a day, a mode ---
printf '%s\n' 'docksill: v1' 'kind: environment' 'name: stepped' 'extends: production' 'steps:' '  - {from: 2090-01-01, deny: {severity: high, points: 50}}' >stepped.yaml
check 'steps load' exits 0 check --rules "$rules" stepped.yaml
check 'before its step' exits 0 "${diff[@]}" staging ./stepped.yaml web.json
check 'on its day' exits 1 "${diff[@]}" --day 2090-01-02 staging ./stepped.yaml web.json
check 'no day: exit 2' exits 2 "${diff[@]}" --day tomorrow staging production web.json
printf 'docksill: v1\nkind: configuration\nenvironment: production\nmode: enforce-hard\nrules: %s\n' "$rules" >hard.yaml
printf 'docksill: v1\nkind: configuration\nenvironment: production\nmode: enforce\nrules: %s\n' "$rules" >all.yaml
check 'from what is hard alone to all: exit 1' exits 1 diff hard.yaml all.yaml web.json
check 'the mode is a setting' says out 'mode: enforce-hard → enforce'

# --- what goes wrong ---
check 'an OLD that is not there: exit 3' exits 3 "${diff[@]}" nowhere production
check 'with the diagnostic' says err 'no environment "nowhere"'
check 'says which of the two' says err 'OLD, nowhere, can'
printf 'docksill: v1\nkind: environment\nname: x\nextends: staging\nwarm: {points: 1}\n' >wrong.yaml
check 'a NEW that does not load: exit 3' exits 3 "${diff[@]}" production ./wrong.yaml
check 'with line and column' says err 'wrong.yaml:5:1: error'
check 'which of the two' says err 'NEW, ./wrong.yaml, can'
check 'a call that is none: exit 4' exits 4 "${diff[@]}" staging production - <<<'services:'
check 'says what it takes' says err 'standard input: neither a call nor containers'
check 'no engine: exit 4' exits 4 "${diff[@]}" --containers --host "$PWD/no.sock" staging production
check 'says where it was looked for' says err "$PWD/no.sock"
check 'one alone: exit 2' exits 2 "${diff[@]}" staging
check 'two ways: exit 2' exits 2 "${diff[@]}" --containers --captured x staging production
check 'files beside a folder: exit 2' exits 2 "${diff[@]}" --captured x staging production web.json
check 'lookups of records: exit 2' exits 2 "${diff[@]}" --ask --records x staging production
finish
