#!/usr/bin/env bash
# Bodies that dockerd reads and does not show to plugins, or reads in another way than it looks: refused by name. Each is sent
# to dockerd as an attacker would, with curl, past the client. PROTOCOL 2.3, 3, 4.
# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"

engine_begin
engine_with_docksill

json='Content-Type: application/json'
create=/v1.41/containers/create
bodies=$engine_dir/bodies
mkdir "$bodies"

# A body that passes production, and ways to spoil it.
cat >"$bodies/hardened" <<'JSON'
{"Image": "busybox:1.0", "User": "10001:10001", "HostConfig": {"CapDrop": ["ALL"], "ReadonlyRootfs": true, "NetworkMode": "none",
 "SecurityOpt": ["no-new-privileges:true"], "Memory": 67108864, "NanoCpus": 500000000, "PidsLimit": 50}}
JSON
jq -c '.HostConfig.Privileged = true' "$bodies/hardened" >"$bodies/privileged"
# 1 MiB and more is what dockerd before 29.3.1 leaves out and still obeys, CVE-2026-34040, unless its packager mended it: Debian's
# 26.1.5 shows up to 4 MiB.
{ jq -c '.HostConfig.Privileged = true' "$bodies/hardened" && head -c 1048576 /dev/zero | tr '\0' ' '; } >"$bodies/oversize"
{ jq -c '.HostConfig.Privileged = true' "$bodies/hardened" && head -c 4194304 /dev/zero | tr '\0' ' '; } >"$bodies/monstrous"
jq -c . "$bodies/hardened" | sed 's/"HostConfig":/"hoſtconfig": {"Privileged": true}, "HostConfig":/' >"$bodies/folded"
jq -c . "$bodies/hardened" | sed 's/}}$/, "Privileged": false, "Privileged": true}}/' >"$bodies/duplicate"
jq -c . "$bodies/hardened" | sed 's/^{/{"Privileged": true, /' >"$bodies/toplevel"
{ jq -c . "$bodies/hardened" && echo '{"HostConfig": {"Privileged": true}}'; } >"$bodies/trailing"

# refused_api RULE METHOD TARGET [CURL-OPTION…]
refused_api() {
        local rule=$1 code
        shift
        said=$(api "$@")
        code=${said##*$'\n'}
        if [ "$code" != 403 ]; then
                printf 'expected 403, got %s\n' "$said"
                return 1
        fi
        refusal_names "$rule"
}

not() { ! "$@"; }
created() {
        said=$(api POST "$create" -H "$json" --data-binary "@$bodies/$1")
        printf '%s\n' "$said"
        [ "${said##*$'\n'}" = 201 ]
}

check 'the body that the others spoil passes' created hardened
check 'a privileged one does not' refused_api privileged-container POST $create -H "$json" --data-binary "@$bodies/privileged"
check 'a chunked body is judged' refused_api privileged-container POST $create -H "$json" -H 'Transfer-Encoding: chunked' \
        --data-binary "@$bodies/privileged"
check 'no body' refused_api request-body-missing POST $create -H "$json"
check 'a body of no length' refused_api request-body-missing POST $create -H "$json" -H 'Content-Length: 0'
check 'a form body' refused_api request-form-body POST $create --data-binary "@$bodies/privileged"
check 'a multipart body' refused_api request-form-body POST $create -F "body=<$bodies/privileged"
check 'a body called text/plain' refused_api request-body-missing POST $create -H 'Content-Type: text/plain' \
        --data-binary "@$bodies/privileged"
check 'a body of more than 1 MiB' refused_api 'request-body-missing|privileged-container' POST $create -H "$json" --data-binary "@$bodies/oversize"
check 'a body of more than 4 MiB creates nothing' not created monstrous
check 'two content types, of which dockerd obeys the first' refused_api 'privileged-container|request-' POST $create -H "$json" \
        -H 'Content-Type: application/x-www-form-urlencoded' --data-binary "@$bodies/privileged"
check 'a key in two spellings that Go takes for one' refused_api request-duplicate-key POST $create -H "$json" \
        --data-binary "@$bodies/folded"
check 'a key twice' refused_api request-duplicate-key POST $create -H "$json" --data-binary "@$bodies/duplicate"
check 'host settings at the top level' refused_api request-toplevel-hostconfig POST $create -H "$json" \
        --data-binary "@$bodies/toplevel"
check 'a second object' refused_api request-trailing-data POST $create -H "$json" --data-binary "@$bodies/trailing"
check 'an escaped path is the same path' refused_api privileged-container POST /v1.41/%63ontainers/create -H "$json" \
        --data-binary "@$bodies/privileged"
# A target that Go's url.Parse refuses and its server does not: the body is hidden from plugins in all engines (PROTOCOL 2.3 h).
check 'a fragment with a bad escape' refused_api request-target-fragment POST '/v1.41/services/create?#%' -H "$json" -d '{}'
check 'the start of old engines, with host settings' refused_api request- POST /v1.23/containers/x/start -H "$json" \
        -d '{"Privileged": true}'

client ps -aq
check 'one container exists, the first' test "$(wc -l <<<"$said")" -eq 1
finish
