#!/usr/bin/env bash
# The examples that need no engine: examples that do not run are no examples.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"
examples=$rules/../examples

check 'site rules load' exits 0 check --rules "$rules" "$examples/site-rules.yaml"
check 'without a warning' test ! -s err
check 'their tests pass' exits 0 test "$examples/site-rules.yaml"
check 'there are some' grep -Eq '^[1-9][0-9]* passed, 0 failed' out
printf 'docksill: v1\nkind: environment\nname: site\nextends: production\nrules: [%s]\n' "$(realpath "$examples/site-rules.yaml")" >site.yaml
check 'they stand beside the shipped ones' exits 0 check --rules "$rules" "$PWD/site.yaml"

# The dates in the file pass; what it shows does not.
sed "s/expires: .*/expires: $(($(date +%Y) + 1))-12-31/" "$examples/exemptions.yaml" >exemptions.yaml
check 'exemptions load' exits 0 check --rules "$rules" --exemptions exemptions.yaml
check 'without an error' hides err 'error'
check 'all of them' test "$(grep -c '^exemption ' out)" -eq "$(grep -c ' - id: ' exemptions.yaml)"
check 'also as they stand, whatever the day' exits 0 check --rules "$rules" "$examples/exemptions.yaml"
sed "s/expires: .*/expires: $(($(date +%Y) + 1))-12-31/" "$examples/workspace-builder.yaml" >builder.yaml
check 'those of a builder, in workspace' exits 0 check --rules "$rules" --environment workspace --exemptions builder.yaml
check 'all three' test "$(grep -c '^exemption ' out)" -eq 3

# lifted ID USER BODY: the exemption lifts something of the user's create. kept: it does not.
lifted() {
        create "$3" | jq -c --arg user "$2" '. + if $user == "" then {} else {User: $user, UserAuthNMethod: "TLS"} end' >call.json
        run explain --rules "$rules" --exemptions exemptions.yaml --format json call.json
        json_out ".findings[] | select(.exempted_by == \"$1\") | .points == 0 and .exemption.owner != \"\""
}
kept() {
        ! lifted "$@" && [ -s out ]
}

check 'by image' lifted batch-without-limits '' '{"Image":"registry.example.com/batch/etl:3"}'
check 'and no other image' kept batch-without-limits '' '{"Image":"registry.example.com/web:3"}'
check 'by user and path' lifted log-shipper shipper-7 '{"Image":"a","HostConfig":{"ReadonlyRootfs":true,"Binds":["/var/log:/l:ro"]}}'
check 'and no other user' kept log-shipper '' '{"Image":"a","HostConfig":{"ReadonlyRootfs":true,"Binds":["/var/log:/l:ro"]}}'
check 'and no other path' kept log-shipper shipper-7 '{"Image":"a","HostConfig":{"ReadonlyRootfs":true,"Binds":["/etc:/l:ro"]}}'
check 'a hard rule by user' lifted deploy-proxy-socket deployer '{"Image":"a","HostConfig":{"Binds":["/var/run/docker.sock:/s"]}}'
digest=$(sed -n 's/.*image.digest: "\(.*\)"/\1/p' exemptions.yaml | head -n 1)
check 'a hard rule by content' lifted node-agent '' "{\"Image\":\"agent@$digest\",\"HostConfig\":{\"Privileged\":true}}"
check 'and not with another command' kept node-agent '' "{\"Image\":\"agent@$digest\",\"Cmd\":[\"sh\"],\"HostConfig\":{\"Privileged\":true}}"
digest=$(sed -n 's/.*image.digest: "\(.*\)"/\1/p' builder.yaml | head -n 1)
builder="{\"Image\":\"builder@$digest\",\"HostConfig\":{\"Privileged\":true}}"
create "$builder" >call.json
check 'a builder is let in' exits 0 explain --rules "$rules" --environment workspace --exemptions builder.yaml call.json
create "$(jq -c '.Cmd = ["sh"]' <<<"$builder")" >call.json
check 'and no other command' exits 1 explain --rules "$rules" --environment workspace --exemptions builder.yaml call.json
finish
