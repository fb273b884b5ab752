#!/usr/bin/env bash
# explain --format json: a stable schema for machines.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

printf %s "$privileged" >body.json
check 'denied: exit 1' exits 1 explain --rules "$rules" --format json body.json
check 'the schema' json_out '.schema == "docksill.explain/1"'
check 'the verdict' json_out '.verdict == "deny" and .would == "deny" and .allow == false and .gate == "hard"'
check 'the environment' json_out '.environment == "production" and .mode == "enforce"'
check 'the limits' json_out '.limits.deny == {severity: "high", points: 50}'
check 'the operation' json_out '.operation == "container.create"'
check 'the finding' json_out '.findings[] | select(.rule == "privileged-container")
        | .severity == "critical" and .points == 100 and .hard and .instances == 1
        and .evidence[0].where == "HostConfig.Privileged" and (.evidence[0].message | length > 0)
        and (.references | length > 0) and (.title | length > 0)'
check 'points add up' json_out '.points == ([.findings[].points] | add)'
check 'the refusal' json_out '.refusal | startswith("docksill (production): refused")'
create '{"Image":"a\nb","HostConfig":{"Privileged":true,"Binds":["/srv/\nAdd:x:/d"]}}' |
        jq -c '.RequestHeaders["User-Agent"] = "compose/2.40"' >lines.json
cp out one.out
check 'in lines, for who prints lines' exits 1 explain --rules "$rules" --format json lines.json
check 'as serve answers them' json_out '.refusal | contains("\n\n  +100  privileged-container")'
check 'and no line of anybody else' json_out '.refusal | test("\nAdd:x") | not'
cp one.out out
check 'each flag says what it changes' json_out '(.changes | length) == (.flags + .flags_by_hand | length)
        and (.changes[] | select(.flag == "--read-only") | .changes == "files" and .may_stop and (.by_hand | not))'
check 'the flags are a list' json_out '.flags | type == "array" and length > 0'
check 'the digest of the rules' json_out '.rules_digest | test("^[0-9a-f]{64}$")'

check 'allowed: exit 0' exits 0 explain --rules "$rules" --format=json - <<<"$hardened"
check 'nobody is refused' json_out '.allow and .refusal == null and (.findings | type == "array")'
printf '{"Image":"x\033\xff\\u0000","HostConfig":{"Privileged":true}}' >hostile.json
run explain --rules "$rules" --format json hostile.json
check 'what a requester writes can not break it' json_out '.verdict == "deny" and (.flaws | length > 0)'
finish
