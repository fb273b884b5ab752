#!/usr/bin/env bash
# Calls without a length, empty bodies and zero values: what docksill lets pass does what was read and nothing else, on a real dockerd;
# and the forms that hide something around them are refused, and nothing happens. With docksill in audit mode the same do what
# they hide, where dockerd obeys it: so that nothing is refused only because it can't be done here. PROTOCOL 2.3, 4.
# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"

engine_begin
engine_with_docksill

form='Content-Type: application/x-www-form-urlencoded' json='Content-Type: application/json' none='Content-Type:' empty='Content-Type;'
text='Content-Type: text/plain' chunked='Transfer-Encoding: chunked'
mode=enforce
bodies=$engine_dir/bodies
mkdir "$bodies"

# --- asking -----------------------------------------------------------------------------------------------------------

# call METHOD TARGET [CURL-OPTION…]: leaves the answer in $said and its status in $status. Without options it is what "curl -X POST"
# sends: neither Content-Type nor Content-Length.
call() {
        said=$(api "$@")
        status=${said##*$'\n'}
}

# raw LINE…: a request of these lines, which no client would send.
raw() {
        said=$(printf '%s\r\n' "$@" | python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.settimeout(20)
s.connect(sys.argv[1])
s.sendall(sys.stdin.buffer.read())
print(s.makefile("rb").read().decode())' "$engine_socket")
        status=$(cut -d ' ' -f 2 <<<"${said%%$'\r'*}")
        said=${said##*$'\r\n\r\n'}
}

# answered STATUS
answered() {
        # shellcheck disable=SC2053 # a pattern
        [[ $status == $1 ]] && return
        printf 'expected %s; got %s: %s\n' "$1" "$status" "$said"
        return 1
}

# refused_for RULE: docksill refused.
refused_for() {
        answered 403 && refusal_names "$1"
}

# of ID JQ-FILTER: what dockerd says of the container.
of() {
        curl -s --max-time 20 --unix-socket "$engine_socket" "http://docker/v1.41/containers/$1/json" | jq -cS "$2"
}

is() {
        [ "$1" = "$2" ] && return
        printf 'expected %s; got %s\n' "$2" "$1"
        return 1
}

# create: a container that passes production, in $id.
create() {
        client create --stop-signal KILL "${hardened[@]}" "$image" sleep 600
        id=$said
        [ "$code" -eq 0 ] || not_ok 'a container to try it on' "$said"
}

remove() {
        curl -s --max-time 20 --unix-socket "$engine_socket" -X DELETE "http://docker/v1.41/containers/$1?force=1" >/dev/null
}

# --- renaming: parameters decide, and no body is read -----------------------------------------------------------------

# plain_rename TITLE CURL-OPTION…: is let through, and the query's name is the one that counts.
plain_rename() {
        create
        call_rename "${@:2}"
        check "rename, $1: let through" answered 204
        check "rename, $1: the query decides" is "$(of "$id" .Name)" '"/good"'
        remove "$id"
}

# hidden_rename TITLE RULE OBEYED COMMAND…: refused, and nothing happens; let through by audit mode, it is called OBEYED: "good" where
# dockerd sees no form, which docksill can't know.
hidden_rename() {
        local title=$1 rule=$2 obeyed=$3 before
        shift 3

        create
        before=$(of "$id" .Name)
        "$@"
        if [ "$mode" = enforce ]; then
                check "rename, $title: refused" refused_for "$rule"
                check "rename, $title: nothing happens" is "$(of "$id" .Name)" "$before"
        else
                check "rename, $title: let in, dockerd takes the name $obeyed" is "$(of "$id" .Name)" "\"/$obeyed\""
        fi
        remove "$id"
}

# sent CURL-OPTION…: a chunked form with another name than the query's.
sent() {
        call_rename -H "$chunked" -d name=evil "$@"
}

call_rename() {
        call POST "/v1.41/containers/$id/rename?name=good" "$@"
}

# both_lengths: Content-Length says that there is nothing, and the chunks follow.
both_lengths() {
        raw "POST /v1.41/containers/$id/rename?name=good HTTP/1.1" 'Host: docker' 'Connection: close' "$form" 'Content-Length: 0' "$chunked" '' \
                9 name=evil 0 ''
}

hidden_renames() {
        hidden_rename 'a form' request-form-body evil sent
        hidden_rename 'a form first, JSON last' request-body-missing evil sent -H "$form" -H "$json"
        hidden_rename 'a form first, an empty type last' request-body-missing evil sent -H "$form" -H "$empty"
        hidden_rename 'a form first, text last' request-body-missing evil sent -H "$form" -H "$text"
        hidden_rename 'a form in chunks behind a length of 0' request-form-body evil both_lengths
        # Nothing is in it, but that is not to be known: it would look the same with a form first.
        hidden_rename 'JSON without a length' request-body-missing good call_rename -H "$json"
        hidden_rename 'an empty type' request-body-missing good sent -H "$empty"
        hidden_rename 'text' request-body-missing good sent -H "$text"
}

# --- starting: a body of up to 7 bytes is nothing ---------------------------------------------------------------------

# plain_start TITLE TARGET CURL-OPTION…
plain_start() {
        create
        call POST "${2/ID/$id}" "${@:3}"
        check "start, $1: let through" answered 204
        check "start, $1: started as it was made" is "$(of "$id" '[.State.Running, .HostConfig.Binds, .HostConfig.Privileged]')" '[true,null,false]'
        remove "$id"
}

# Engines of today refuse such old clients themselves.
obeys_old_starts() {
        call GET /v1.23/version
        [ "$status" = 200 ]
}

# old_start TITLE RULE OBEYED CURL-OPTION…: the start of old engines, with a folder of the host.
old_start() {
        local title=$1 rule=$2 obeyed=$3 bound='null'
        shift 3

        create
        call POST "/v1.23/containers/$id/start" "$@"
        if [ "$mode" = enforce ]; then
                check "start of old, $title: refused" refused_for "$rule"
                check "start of old, $title: nothing happens" is "$(of "$id" '[.State.Running, .HostConfig.Binds]')" '[false,null]'
        elif $obeyed; then
                bound='["/etc:/h"]'
                check "start of old, $title: let in, dockerd obeys it" is "$(of "$id" .HostConfig.Binds)" "$bound"
        else
                check "start of old, $title: let in, dockerd takes no such body" is "$(of "$id" .HostConfig.Binds)" "$bound"
        fi
        remove "$id"
}

old_starts() {
        old_start 'without a type' request-body-missing false -H "$none" -H "$chunked" -d @"$bodies/binds"
        old_start 'JSON' request- true -H "$json" -d @"$bodies/binds"
        # More than 1 MiB, which engines before 29.3.1 show nobody.
        old_start 'JSON of unknown length' request-body-missing true -H "$json" -H "$chunked" --data-binary @"$bodies/large"
}

# --- the rest ---------------------------------------------------------------------------------------------------------

# plain_call TITLE STATUS TARGET CURL-OPTION…: of a running container, which is still, or again, what it was.
plain_call() {
        local title=$1 expected=$2 target=$3
        shift 3

        call POST "${target/ID/$running}" "$@"
        check "$title: let through" answered "$expected"
}

# shape ID: without what differs from container to container, whether it is null or empty, and the name of the default runtime, which
# is written down at once or at the start.
shape() {
        of "$1" 'del(.Id, .Name, .Created, .Config.Hostname, .ResolvConfPath, .HostnamePath, .HostsPath, .LogPath, .GraphDriver)
                | .HostConfig.Runtime //= "runc" | walk(if . == [] or . == {} then null else . end)'
}

created() {
        call POST /v1.41/containers/create -H "$json" --data-binary @-
        id=$(sed '$d' <<<"$said" | jq -r '.Id // empty' 2>/dev/null)
}

hardened_body=$(jq -cn --arg image "$image" '{Image: $image, User: "10001:10001", Cmd: ["true"], HostConfig: {CapDrop: ["ALL"],
        ReadonlyRootfs: true, NetworkMode: "none", SecurityOpt: ["no-new-privileges:true"], Memory: 67108864, NanoCpus: 500000000, PidsLimit: 50}}')
printf '{"Binds": ["/etc:/h"]}\n' >"$bodies/binds"
{ cat "$bodies/binds" && head -c 4194304 /dev/zero | tr '\0' ' '; } >"$bodies/large"

zeros='{VolumesFrom: [], Memory: 0, MemorySwap: 0, CpuShares: 0, Cpuset: "", Binds: [], Links: null, Dns: null, DnsSearch: [],
        Privileged: false, CapAdd: [], Devices: [], PortBindings: {}, NetworkMode: "", RestartPolicy: {}, MaskedPaths: null,
        ReadonlyPaths: null}'

# same_with_zeros JQ-FILTER TITLE: zeros at the top change nothing of what the filter makes of the hardened body.
same_with_zeros() {
        local plain

        created < <(jq -c "$1" <<<"$hardened_body")
        plain=$(shape "$id")
        remove "$id"
        created < <(jq -c "$1 + $zeros" <<<"$hardened_body")
        check "$2 with zeros at the top: let through" answered 201
        check "$2 with zeros at the top: the same container as without" is "$(shape "$id")" "$plain"
        remove "$id"
}

engine_major() {
        call GET /version
        jq -r '.Version | split(".")[0]' <<<"${said%$'\n'*}"
}

# hidden_zero KEY: not every zero is nothing: this list is not empty unless somebody says so. Engines before 28 obey it where there is
# no HostConfig.
hidden_zero() {
        created < <(jq -c --arg key "$1" 'del(.HostConfig) | .[$key] = []' <<<"$hardened_body")
        if [ "$mode" = enforce ]; then
                check "create, $1 [] at the top: refused" refused_for request-toplevel-hostconfig
        elif [ "$(engine_major)" -lt 28 ]; then
                check "create, $1 [] at the top: let in, dockerd obeys it" is "$(of "$id" ".HostConfig.$1")" '[]'
                remove "$id"
        else
                check "create, $1 [] at the top: let in, this engine reads it no more" test "$(of "$id" ".HostConfig.$1 | length")" -gt 1
                remove "$id"
        fi
}

# --- let through ------------------------------------------------------------------------------------------------------

plain_rename 'without type and length'
plain_rename 'without a type, a form in chunks' -H "$none" -H "$chunked" -d name=evil
plain_rename 'without a type, HTTP/1.0' -0
plain_rename 'curl -d ""' -d ''
plain_rename 'JSON in chunks, which is shown' -H "$json" -H "$chunked" -d name=evil
plain_rename 'JSON of length 0' -H "$json" -d ''
plain_rename 'a form of length 0' -H "$form" -H 'Content-Length: 0'

plain_start 'without type and length' /v1.41/containers/ID/start
plain_start 'without a version' /containers/ID/start
plain_start 'curl -d ""' /v1.41/containers/ID/start -d ''
plain_start '{}' /v1.41/containers/ID/start -H "$json" -d '{}'
plain_start '{} from an old client' /v1.24/containers/ID/start -H "$json" -d '{}'
plain_start 'JSON without a length' /v1.41/containers/ID/start -H "$json"
! obeys_old_starts || plain_start '{} from a client older still' /v1.23/containers/ID/start -H "$json" -d '{}'

create
for target in /v1.41/containers/ID/start /containers/ID/start; do
        call POST "${target/ID/$id}" -H "$none" -H "$chunked" -d @"$bodies/binds"
        check "start with host settings in chunks, $target: docksill lets it through, dockerd does not" answered 400
done
check 'and nothing is started or bound' is "$(of "$id" '[.State.Running, .HostConfig.Binds]')" '[false,null]'
call POST "/v1.41/containers/$id/start" -H "$json" -d @"$bodies/binds"
check 'host settings that are shown are refused' refused_for request-
remove "$id"

create
running=$id
call POST "/v1.41/containers/$running/start"
since=$(of "$running" .State.StartedAt)
plain_call 'restart, JSON without a length' 204 '/v1.41/containers/ID/restart?t=0' -H "$json"
check 'it was restarted' test "$(of "$running" .State.StartedAt)" != "$since"
plain_call 'restart, a form first and JSON last' 204 '/v1.41/containers/ID/restart?t=0' -H "$form" -H "$json" -H "$chunked" -d 't=0&name=evil'
plain_call 'pause' 204 /v1.41/containers/ID/pause
plain_call 'unpause' 204 /v1.41/containers/ID/unpause -H "$json"
plain_call 'commit without type and length' 201 '/v1.41/commit?container=ID&repo=plain'
call POST "/v1.41/commit?container=$running&repo=evil" -H "$none" -H "$chunked" -d '{"User": "0"}'
check 'commit with a configuration in chunks, without a type: docksill lets it through, dockerd does not' answered '4*'
check 'and the word is not docksill'\''s' test "${said/authorization denied/}" = "$said"
plain_call 'tag without a type, a form in chunks' 201 '/v1.41/images/plain/tag?repo=good' -H "$none" -H "$chunked" -d repo=evil
client images --format '{{.Repository}}'
check 'the query decided, and no other image is there' is "$(sort <<<"$said" | xargs)" 'busybox good plain'
plain_call 'kill, JSON without a length' 204 '/v1.41/containers/ID/kill?signal=KILL' -H "$json"
plain_call 'stop, curl -d ""' '[23]04' '/v1.41/containers/ID/stop?t=0' -d ''
check 'it is as it was made' is "$(of "$running" '[.State.Running, .HostConfig.Binds, .HostConfig.Privileged]')" '[false,null,false]'
remove "$running"

same_with_zeros . 'a hardened create'

# --- refused, and shown to be worth it --------------------------------------------------------------------------------

hidden_renames
! obeys_old_starts || old_starts
hidden_zero MaskedPaths
hidden_zero ReadonlyPaths

docksill_signal TERM
docksill_start --environment production --mode audit || exit 1
mode=audit
# Old engines read the top where there is no HostConfig; production refuses such a create for what it lacks.
same_with_zeros 'del(.HostConfig)' 'a create without HostConfig'
hidden_renames
if obeys_old_starts; then old_starts; else echo '  note    this engine itself refuses the start of old'; fi
hidden_zero MaskedPaths
hidden_zero ReadonlyPaths

finish
