#!/usr/bin/env bash
# Steps of an environment, and mode enforce-hard: what is denied today, what next, and who is told.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

# 72 points in production, the worst medium; and a finding of severity high.
plain='{"Image":"nginx:1.27","HostConfig":{}}'
on_host='{"Image":"nginx:1.27","HostConfig":{"NetworkMode":"host"}}'

# environment STEP…: a site's, in site.yaml.
environment() {
        printf '%s\n' 'docksill: v1' 'kind: environment' 'name: site' 'extends: production' 'mode: enforce' 'steps:' >site.yaml
        printf '  - %s\n' "$@" >>site.yaml
}

day() {
        date -u -d "$1" +%Y-%m-%d
}

judge() {
        local wanted=$1 body=$2
        shift 2
        exits "$wanted" explain --rules "$rules" --environment site.yaml "$@" - <<<"$body"
}

# --- explain, on any day ----------------------------------------------------------------------------------------------

environment '{from: 2030-01-01, enforce: hard}' '{from: 2030-03-01, deny: {severity: critical, points: 110}}' \
        '{from: 2030-05-01, enforce: all}'
check 'before the first day what is hard is refused' judge 1 "$privileged" --day 2029-12-31
check 'and nothing else' judge 0 "$on_host" --day 2029-12-31
check 'at the first step likewise' judge 0 "$plain" --day 2030-01-01
check 'it is a warning' grep -q '^verdict:     warn$' out
check 'with the steps' says out \
        'denied:      what is hard alone since 2030-01-01; critical or 110 points from 2030-03-01; high or 50 points from 2030-05-01'
check 'and when it is refused' grep -q '^refused:     from 2030-05-01 on$' out
check 'what must go by then' says out '23 of 72 points must go by 2030-05-01.'
check 'and how' grep -Eq '^Would pass with: .*-m 512m.* \([0-9]+ points left, denied from 50\)$' out
check 'the same in JSON' judge 0 "$plain" --day 2030-01-01 --format json
check 'as numbers' json_out '.verdict == "warn" and .allow and .step.from == "2030-01-01" and .step.deny.points == null
        and .next == {from: "2030-03-01", deny: {severity: "critical", points: 110}}
        and .refused_from == "2030-05-01" and .must_go == 23 and (.pass.flags | length > 0) and .limits.deny.severity == null'
check 'between the steps, below the limit' judge 0 "$on_host" --day 2030-04-30
check 'what a severity will refuse' says out '60 of 109 points, and what is high or worse, must go by 2030-05-01.'
check 'above the limit' judge 1 '{"Image":"nginx:1.27","HostConfig":{"NetworkMode":"host","PidMode":"container:x"}}' --day 2030-04-30
check 'the refusal says the next' grep -Eq 'limit 110\. .* Next: from 2030-05-01 on, high or 50 points \(today: critical or 110 points\)\.' out
check 'on the last day it is refused' judge 1 "$plain" --day 2030-05-01
check 'with no next step' hides out 'Next:'
check 'as without steps' json "$(jq -n --argjson a "$(run explain --rules "$rules" --environment site.yaml --day 2030-05-01 --format json \
        - <<<"$plain"; cat out)" --argjson b "$(run explain --rules "$rules" --format json - <<<"$plain"; cat out)" '[$a, $b]')" \
        'map({verdict, would, allow, gate, points, limits, findings, flags, pass}) | .[0] == .[1]'
check 'a day that is none: exit 2' judge 2 "$plain" --day 2030-02-30
check 'none of a past decision: exit 2' exits 2 explain --rules "$rules" --records x --day 2030-01-01 7f3a0011

# --- config show and check --------------------------------------------------------------------------------------------

environment "{from: $(day yesterday), enforce: hard}" "{from: $(day tomorrow), deny: {severity: high, points: 120}}" \
        "{from: $(day '+90 days'), enforce: all}"
check 'config show' exits 0 config show --rules "$rules" --environment site.yaml --show-origin
check 'says what is denied today' grep -Eq "^deny.today +what is hard alone, since $(day yesterday) +site.yaml:7$" out
check 'what next' grep -Eq "^deny.next +high or 120 points, from $(day tomorrow) +site.yaml:8$" out
check 'every step' test "$(grep -c '^steps ' out)" -eq 3
check 'and the end' grep -Eq '^deny.points +50 ' out
check 'check' exits 0 check --rules "$rules" site.yaml
check 'says it too' says out "denied by steps: what is hard alone since $(day yesterday); high or 120 points from $(day tomorrow); high or \
50 points from $(day '+90 days')"
environment '{from: 2030-01-01, enforce: all}' '{from: 2030-02-01, enforce: hard}'
check 'a step that goes back: exit 3' exits 3 check --rules "$rules" site.yaml
check 'with its line' says err 'site.yaml:8:33: error: DS331: what is hard alone is milder than high or 50 points, the step before'
check 'explain-code knows it' exits 0 explain-code DS331

# --- serve ------------------------------------------------------------------------------------------------------------

environment "{from: $(day yesterday), enforce: hard}" "{from: $(day '+1000 days'), enforce: all}"
check 'serves' serve_start --environment site.yaml
check 'and says what is denied' says said "denied is what is hard alone since $(day yesterday); high or 50 points from"
check 'what is not hard passes' json "$(call AuthZPlugin.AuthZReq "$(create "$on_host")")" .Allow
said=$(call AuthZPlugin.AuthZReq "$(create "$privileged" | jq -c '.RequestHeaders["User-Agent"] = "Docker-Client/28.2.2 (linux)"')")
check 'what is hard does not' json "$said" '.Allow == false'
check 'its message says the next step' json "$said" ".Msg | contains(\"Next:  from $(day '+1000 days') on, high or 50 points\")"
check 'tells nothing but what refuses' json "$said" '.Msg | contains("user-root") | not'
check 'in few lines' json "$said" '.Msg | split("\n") | length <= 12 and all(length <= 100)'
check 'a reload says it again' test "$(kill -HUP "$serve_pid"; wait_for grep -q 'SIGHUP: denied is what is hard alone' "$folder/said" && echo yes)"
check 'stops' serve_stop
check 'the record of what passed is a warning' json "$(decisions | head -n 1)" ".verdict == \"warn\" and .would == \"warn\" and .answer == \"allow\"
        and .step == {enforce: \"hard\", from: \"$(day yesterday)\"}
        and .next == {deny: {severity: \"high\", points: 50}, from: \"$(day '+1000 days')\"}
        and .refused_from == \"$(day '+1000 days')\" and .must_go > 0"
check 'that of a refusal has no such day' json "$(decisions | sed -n 2p)" '.answer == "deny" and .step and .refused_from == null'
check 'the start tells the step' json "$(head -n 1 "$records")" '.event == "start" and .step.enforce == "hard" and .next.deny.points == 50'
id=$(decisions | jq -r .decision_id | head -n 1)
check 'explain of the record' exits 0 explain --rules "$rules" --records "$records" "$id"
check 'says the steps' says out "denied:      what is hard alone since $(day yesterday); high or 50 points from"
check 'and what must go' grep -Eq "^refused:     from $(day '+1000 days') on: [0-9]+ of [0-9]+ points must go$" out

# --- mode enforce-hard ------------------------------------------------------------------------------------------------

rm "$records"
check 'serves in mode enforce-hard' serve_start --mode enforce-hard
check 'says so' says said 'mode enforce-hard'
check 'what is not hard passes there' json "$(call AuthZPlugin.AuthZReq "$(create "$on_host")")" .Allow
said=$(call AuthZPlugin.AuthZReq "$(create "$privileged")")
check 'what is hard is refused' json "$said" '.Allow == false and (.Msg | contains("by hard rule privileged-container"))'
check 'for that alone' json "$said" '.Msg | contains("user-root") | not'
check 'stops then' serve_stop
check 'the record has the verdict over all findings' json "$(decisions | head -n 1)" '.mode == "enforce-hard" and .verdict == "deny"
        and .would == "allow" and .answer == "allow" and (.findings | all(.audit)) and .step == null'
check 'and what is hard is enforced' json "$(decisions | sed -n 2p)" '.verdict == "deny" and .would == "deny" and .answer == "deny"
        and (.findings | map(select(.audit | not)) | length > 0 and all(.hard))'
check 'explain says who lets it through' exits 0 explain --rules "$rules" --mode enforce-hard - <<<"$plain"
check 'in words' says out 'answered with allow: mode enforce-hard refuses only what is hard'
printf '%s\n' 'docksill: v1' 'kind: configuration' 'mode: enforce-hard' >docksill.yaml
check 'explain goes by the configuration' exits 0 explain --rules "$rules" --config docksill.yaml - <<<"$plain"
check 'unless another mode is asked for' exits 1 explain --rules "$rules" --config docksill.yaml --mode enforce - <<<"$plain"
check 'config show mode' exits 0 config show --rules "$rules" --config docksill.yaml mode
check 'has it' grep -Eq '^mode +enforce-hard$' out
check 'a mode that is none: exit 2' exits 2 serve --mode enforced
check 'with those there are' says err 'audit, enforce-hard or enforce'
finish
