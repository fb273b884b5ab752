#!/usr/bin/env bash
# explain --records: a refusal's decision id leads to what was recorded, with what the rules say of it.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

check 'starts' serve_start --environment production --mode enforce
said=$(call AuthZPlugin.AuthZReq "$(create "$privileged")")
call AuthZPlugin.AuthZReq "$(create "$hardened")" >refused
check 'stops' serve_stop
id=$(sed -n 's/.*Decision \([0-9a-f]\{16\}\).*/\1/p' <<<"$said")
check 'the refusal names a decision' test -n "$id"

check 'it is found' exits 1 explain --rules "$rules" --records "$records" "$id"
for words in "decision:    $id" 'who:         anonymous' 'operation:   container.create: POST' 'answered with deny' \
        'gate:        hard' 'environment: production, mode enforce' 'privileged-container' 'HostConfig.Privileged: ' \
        '    why ' '    fix ' '    see ' 'the same as today' 'image busybox:1.0'; do
        check "says $words" says out "$words"
done
check 'six digits are enough' exits 1 explain --rules "$rules" --records "$records" "${id:0:6}"
check 'in any case' exits 1 explain --rules "$rules" --records "$records" "${id^^}"
check 'as JSON' exits 1 explain --rules "$rules" --records "$records" --format json "$id"
check 'the record as it is' json_out '.schema == "docksill.explain-record/1" and .record.verdict == "deny" and .rules_unchanged'
check 'with its rules' json_out '.rules["privileged-container"] | (.why | length > 0) and (.fix.cli | length > 0)'
check 'from standard input' exits 1 explain --rules "$rules" --records - "$id" <"$records"

allowed=$(jq -rs '.[] | select(.answer == "allow") | .decision_id' <(decisions) | head -n 1)
check 'what was allowed: exit 0' exits 0 explain --rules "$rules" --records "$records" "$allowed"
jq -c '.decision_id = "7f3a001111111111"' <(decisions) | head -n 1 >two.jsonl
jq -c '.decision_id = "7f3a002222222222"' <(decisions) | head -n 1 >>two.jsonl
printf '{"schema":"docksill.record/1","decision_id":"7f3a00' >>two.jsonl
check 'two that begin so: exit 2' exits 2 explain --rules "$rules" --records two.jsonl 7f3a00
check 'both are listed' says err 7f3a001111111111
check 'both' says err 7f3a002222222222
check 'more digits tell them apart' exits 1 explain --rules "$rules" --records two.jsonl 7f3a002
check 'rules that changed since are said to' exits 1 explain --rules "$rules" --records - 7f3a002 \
        < <(jq -c '.rules_digest = "0"' <(head -n 2 two.jsonl))
check 'different from today' says out 'different from today'
check 'none of this id: exit 4' exits 4 explain --rules "$rules" --records "$records" 000000000000
gzip -k "$records"
check 'compressed ones are read too' exits 1 explain --rules "$rules" --records "$records.gz" "$id"
check 'and say the same' says out "decision:    $id"
printf '\3757zXZ\0' >packed.xz
check 'compressed otherwise: exit 4' exits 4 explain --rules "$rules" --records packed.xz "$id"
check 'that is said' says err 'packed.xz: compressed; unpack it first'
check 'no file: exit 4' exits 4 explain --rules "$rules" --records nowhere.jsonl "$id"
printf 'docksill: v1\nkind: configuration\nrecords: {file: %s}\n' "$records" >site.yaml
check 'an id alone is looked for in the records of the configuration' exits 1 explain --rules "$rules" --config site.yaml "$id"
check 'and found' says out "decision:    $id"
printf 'docksill: v1\nkind: configuration\nrecords: {file: %s/gone.jsonl}\n' "$PWD" >site.yaml
check 'where there are none it says which file: exit 4' exits 4 explain --rules "$rules" --config site.yaml "$id"
check 'that is' says err "$PWD/gone.jsonl"
cp "$records" "$id"
check 'a file of that name is a file' exits 1 explain --rules "$rules" "$id"
check 'no id: exit 2' exits 2 explain --rules "$rules" --records "$records" body.json
check 'too few digits: exit 2' exits 2 explain --rules "$rules" --records "$records" 7f3a0
finish
