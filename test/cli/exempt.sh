#!/usr/bin/env bash
# exempt: the exemption for one decision of the past, or why there is none.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

digest=sha256:$(printf 'a%.0s' {1..64})
tool="registry.example.com/tool@$digest"

as() { jq -c --arg user "$1" '. + {User: $user, UserAuthNMethod: "TLS"}'; }
body() { jq -nc --arg image "$1" --argjson host "$2" '{Image: $image, HostConfig: $host}'; }

create "$(body nginx:1.27 '{"CapAdd":["NET_ADMIN","SYS_TIME"],"Binds":["/srv/a b:/d"]}')" | as ann >ann.json
create "$(body nginx:1.27 '{"CapAdd":["NET_ADMIN"]}')" >anonymous.json
create "$(body "$tool" '{"Privileged":true}')" >tool.json
create "$(body nginx:1.27 '{"Privileged":true}')" >hard.json
create '{"Image":"a","Image":"b"}' >flaw.json
create "$(body nginx:1.27 '{"CapAdd":["SYS_TIME","NET_ADMIN","SYS_PTRACE","SYS_ADMIN","SYS_BOOT","SYS_MODULE","SYS_RAWIO","DAC_READ_SEARCH","MAC_ADMIN","BPF","PERFMON"]}')" | as ann >many.json
create "$hardened" >fine.json
envelope POST /v1.41/swarm/init '{}' >swarm.json
cat >site.yaml <<'END'
docksill: v1
kind: environment
name: site
extends: production
access:
  - {who: {anonymous: true}, deny: ["swarm.*"]}
END

check 'serve' serve_start --environment "$PWD/site.yaml" --mode enforce
for name in ann anonymous tool hard flaw many fine swarm; do
        call AuthZPlugin.AuthZReq "$(cat $name.json)" >$name.answer
done
serve_stop
mapfile -t ids < <(decisions | jq -r .decision_id)
check 'all are recorded' test "${#ids[@]}" -eq 8
ann=${ids[0]} anonymous=${ids[1]} tool=${ids[2]} hard=${ids[3]} flaw=${ids[4]} many=${ids[5]} fine=${ids[6]} swarm=${ids[7]}

# of ID [OPTION…]
of() {
        local id=$1
        shift
        exempt --record "$id" --owner 'team a' --reason 'asked for: #7' --days 7 "$@"
}
exempt() { run exempt --rules "$rules" --environment "$PWD/site.yaml" --records "$records" "$@"; }
of_exits() { of "${@:2}"; [ "$code" -eq "$1" ] && return; cat out err; return 1; }
# tried FILE: what it lifts is judged with it.
tried() { run explain --rules "$rules" --environment "$PWD/site.yaml" --exemptions "$PWD/one.yaml" --format json "$1"; }

# --- what it wants
for missing in record owner reason days; do
        options=(--record "$ann" --owner us --reason why --days 7)
        for i in 0 2 4 6; do [ "${options[i]}" = "--$missing" ] && unset 'options[i]' 'options[i+1]'; done
        exempt "${options[@]}"
        check "without --$missing: exit 2" test "$code" -eq 2
        check 'it says so' says err "--$missing"
done
check 'a number of days that is none: exit 2' of_exits 2 "$ann" --days 0
check 'an id that is none: exit 2' of_exits 2 web
check 'one that is not there: exit 4' of_exits 4 ffffffffffffffff
check 'records that are not there: exit 4' of_exits 4 "$ann" --records nowhere

# --- a user's
check 'of a user' of_exits 0 "$ann"
cp out one.yaml
check 'for that user and that image' grep -qF 'match: {user: "ann", image.reference: "nginx:1.27"}' out
check 'with the values' grep -qF 'only: {any: [{cap: "NET_ADMIN"}, {cap: "SYS_TIME"}]}' out
check 'spelt as they are' grep -qF 'only: {mount.source: "/srv/a b"}' out
check 'owned' grep -qF 'owner: "team a"' out
check 'with the reason' grep -qF 'reason: "asked for: #7"' out
check 'until' grep -qF "expires: $(date -u -d '+7 days' +%Y-%m-%d)" out
check 'it says of what it is' grep -q "^  # Decision $ann of .*: container.create, image nginx:1.27" out
tried ann.json
check 'and lifts it' json_out '.verdict != "deny" and .points == 0'
tried anonymous.json
check 'for nobody else' json_out '.verdict == "deny" and ([.findings[] | select(.exempted_by)] | length) == 0'
jq -r .RequestBody ann.json | base64 -d | jq -c '.HostConfig.CapAdd += ["SYS_PTRACE"]' >more.body
create "$(cat more.body)" | as ann >more.json
tried more.json
check 'and nothing more' json_out '.verdict == "deny" and .lapsed.exemption != null and (.lapsed.beside | index("dangerous-capability"))'
check 'the user is told what is too much' json_out '.refusal | test("Without dangerous-capability it would pass: exemption [a-z0-9-]+ holds")'
run explain --rules "$rules" --environment "$PWD/site.yaml" --exemptions "$PWD/one.yaml" more.json
check 'explain says it at length' grep -q '^exemption:   .* does not hold: .* beside it, and it bears 0: dangerous-capability$' out
check 'the items alone' of_exits 0 "$ann" --append
check 'begin with no head' hides out 'kind: exemptions'
sed -i 's/-'"$ann"'/-other/' one.yaml
cat out >>one.yaml
check 'and go behind others' exits 0 check --rules "$rules" --environment "$PWD/site.yaml" --exemptions one.yaml

jq -c '.operation = "container.start"' "$records" >started
check 'of a start' of_exits 0 "$ann" --records started
check 'for starts alone' grep -qF 'image.reference: "nginx:1.27", request.operation: {in: [container.start, container.restart]}}' out
check 'not for who enters it' test "$(grep -c 'match:' out)" -eq "$(grep -c 'request.operation:' out)"

# --- an image's
check 'of nobody known' of_exits 0 "$anonymous"
check 'for the image by its name' grep -qF 'match: {image.reference: "nginx:1.27"}' out
check 'of an image by digest' of_exits 0 "$tool"
cp out one.yaml
check 'what is hard hangs on the digest, as it was built' grep -qF "match: {image.digest: \"$digest\", image.as_built: true}" out
check 'and on the value' grep -qF 'only: {container.privileged: true}' out
tried tool.json
check 'it lifts that' json_out '.verdict != "deny"'

# --- none
check 'what is hard, of a name: exit 1' of_exits 1 "$hard"
check 'and why' says err 'what is hard is lifted for a user of a certificate, or for an image that is named by digest or id'
check 'nothing is printed' test ! -s out
check 'what can not be read: exit 1' of_exits 1 "$flaw"
check 'and why' says err "can't be exempted"
check 'what access closes: exit 1' of_exits 1 "$swarm"
check 'and why' says err 'change access:'
check 'what passed: exit 1' of_exits 1 "$fine"
check 'and why' says err 'refuses nothing'
check 'more than a record tells: exit 1' of_exits 1 "$many"
check 'and why' says err 'the record tells 8 of them'
jq -c 'del(.findings[]?.evidence[]?.only)' "$records" >old
check 'a record of before: exit 1' of_exits 1 "$ann" --records old
check 'and why' says err 'the record does not tell'
jq -c '.findings |= map(.rule = "gone-rule")' "$records" 2>/dev/null >gone
check 'of a rule that is gone: exit 1' of_exits 1 "$ann" --records gone
check 'and why' says err 'no rule gone-rule any more'
jq -c 'if .findings then .findings[0].evidence[0].only = {"mount.source: /, x": "y"} else . end' "$records" >odd
check 'a name that is none: exit 1' of_exits 1 "$ann" --records odd
# Where README puts it: the shell makes the file before docksill starts.
mkdir folder
printf 'docksill: v1\nkind: configuration\nexemptions: %s/folder\n' "$PWD" >here.yaml
"$DOCKSILL" exempt --config here.yaml --rules "$rules" --environment "$PWD/site.yaml" --records "$records" --record "$ann" \
        --owner 'team a' --reason 'asked for: #7' --days 7 >folder/new.yaml 2>err
check 'its output may go straight into the folder of exemptions' exits 0 check --rules "$rules" --environment "$PWD/site.yaml" \
        --exemptions folder
check 'and is one' grep -q 'kind: exemptions' folder/new.yaml
finish
