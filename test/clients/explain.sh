#!/usr/bin/env bash
# What `docksill explain -- CLIENT` judges is what dockerd would have asked: real clients do the same on a dockerd that hands each call
# to a plugin that writes it down. Where both speak the same version of the API the calls are the same to the byte; a client that would
# speak a newer one to the stand-in has the same findings.
#
#     test/clients/explain.sh
#
# In a network of its own, as play.sh.

here=$(cd "$(dirname "$0")" && pwd)
[ ! /proc/self/ns/net -ef "/proc/$PPID/ns/net" ] || exec unshare --net -- "$0" "$@"
# shellcheck source=../engine/engine.sh
source "$here/../engine/engine.sh"

recorder_pid=''

# --- the dockerd ------------------------------------------------------------------------------------------------------

recorder_start() {
        python3 "$here/recorder.py" "$plugin_socket" "$engine_dir/recorded" &
        recorder_pid=$!
        wait_until 10 docksill_answers
}

end() {
        local status=$?

        [ -z "$recorder_pid" ] || kill "$recorder_pid" 2>/dev/null
        (exit "$status")
        engine_end
}

props() {
        mkdir -p "$engine_dir/site"
        cd "$engine_dir/site" || exit 1
        echo hello >index.html
        echo COLOUR=green >colour
        printf 'FROM %s\nARG COLOUR\nCOPY index.html /index.html\nCMD ["sleep", "600"]\n' "$image" >Dockerfile
        tar -cf site.tar index.html colour
        cat >compose.yaml <<COMPOSE
services:
  web: {image: "$image", command: sleep 600, networks: [front], volumes: ["data:/data", "./colour:/env:ro"], depends_on: [db]}
  db: {image: "$image", command: sleep 600, networks: [front, back], mem_limit: 64m, read_only: true, tmpfs: [/tmp]}
  job: {image: "$image", privileged: true, network_mode: host, cap_add: [SYS_ADMIN]}
networks: {front: {}, back: {internal: true}}
volumes: {data: {}}
COMPOSE
        sed '1i version: "2.4"' compose.yaml >old.yaml
}

# --- comparing --------------------------------------------------------------------------------------------------------

# What each engine makes up is told by ID: digits of containers, of images, of the swarm.
same='def made_up: gsub("(sha256:)?\\b([0-9a-f]{12,64}|[0-9a-z]{25})\\b"; "ID");
        {method: .RequestMethod, target: (.RequestUri | made_up), body: (.RequestBody // "" | @base64d | made_up),
                headers: (.RequestHeaders // {})}
        | if .body | contains("ID") then del(.headers."Content-Length") else . end'

# calls: of lines, those that change something. Compose 2 connects a container to its further networks one by one where the engine is
# too old to be told of them in the create, as the stand-in is not.
calls() {
        jq -c 'select(.RequestMethod | . != "GET" and . != "HEAD")
                | select((.RequestHeaders."User-Agent" // "" | startswith("compose/2")) and (.RequestUri | endswith("/connect")) | not)'
}

# In order, since some clients do several things at once.
comparable() {
        jq -cS "$same" | sort
}

# findings: of lines of calls, with which operation and rules each is judged.
findings() {
        local line

        while read -r line; do
                "$DOCKSILL" explain --rules "$engine_top/rules" --format json - <<<"$line" |
                        jq -c '{operation, verdict, points, rules: [.findings[].rule]}'
        done | sort
}

version_of() {
        jq -rs 'map(.RequestUri | capture("^/v(?<v>1\\.[0-9]+)/").v)[0] // ""'
}

# explained_alike: what was recorded and what explain caught.
explained_alike() {
        local ours=$engine_dir/ours theirs=$engine_dir/theirs one=comparable

        calls <"$engine_dir/recorded" >"$theirs"
        jq -c '.calls[].call' "$engine_dir/explained" | calls >"$ours"
        if [ ! -s "$theirs" ]; then
                printf 'the client sent nothing to dockerd: %s\n' "$(cat "$engine_dir/client-said")"
                return 1
        fi
        [ "$(version_of <"$ours")" = "$(version_of <"$theirs")" ] || one=findings
        how=$one
        diff <("$one" <"$theirs") <("$one" <"$ours") && return
        cat "$engine_dir/explain-said"
        return 1
}

# same_calls NAME COMMAND…: the client does it on dockerd, and to be explained.
same_calls() {
        local name=$1 input=${input:-/dev/null}
        shift

        : >"$engine_dir/recorded"
        # shellcheck disable=SC2024
        DOCKER_HOST=unix://$engine_socket timeout -k 5 60 "$@" <"$input" >"$engine_dir/client-said" 2>&1
        "$DOCKSILL" explain --rules "$engine_top/rules" --format json --timeout 20 -- "$@" <"$input" >"$engine_dir/explained" \
                2>"$engine_dir/explain-said"
        how=''
        check "$label: $name" explained_alike
        counts[$how]=$((${counts[$how]:-0} + 1))
}

# --- what clients do --------------------------------------------------------------------------------------------------

day() {
        local d=$1

        same_calls run "$d" run --rm "$image" true
        same_calls 'run with many flags' "$d" run -d --name web --stop-signal KILL -p 127.0.0.1:8080:80 --restart unless-stopped \
                -v "$PWD/colour:/env:ro" --mount type=volume,src=more,dst=/more --tmpfs /scratch:size=16m -e A=b \
                --env-file colour -w /tmp --label a=b --hostname shop --add-host db:10.1.2.3 --dns 192.0.2.1 -m 64m \
                --memory-swap 128m --cpus 0.5 --pids-limit 100 --ulimit nofile=1024:2048 --shm-size 16m --log-opt max-size=1m \
                --cap-drop ALL --cap-add CHOWN --security-opt no-new-privileges --health-cmd true --init "$image" sleep 600
        same_calls 'run privileged' "$d" run -d --rm --privileged --pid host --network host --device /dev/null "$image" true
        same_calls create "$d" create --name idle --user 10001:10001 --read-only "$image" true
        input=colour same_calls 'run -i' "$d" run --rm -i "$image" cat
        same_calls exec "$d" exec -u 10001 -w /tmp -e A=b web id
        same_calls 'exec -d' "$d" exec -d --privileged web true
        same_calls 'cp in' "$d" cp colour web:/tmp/
        input=site.tar same_calls 'cp of a tar' "$d" cp - web:/tmp
        same_calls update "$d" update --memory 128m --memory-swap -1 --restart no web
        same_calls commit "$d" commit -m shot -c 'CMD ["true"]' web shot:1
        same_calls tag "$d" tag shot:1 shot:2
        same_calls rmi "$d" rmi shot:1 shot:2
        same_calls import "$d" import -c 'CMD ["true"]' site.tar shot:3
        same_calls 'load' "$d" load -i site.tar
        same_calls pull "$d" pull busybox:9.9
        same_calls push "$d" push "$image"
        same_calls build env DOCKER_BUILDKIT=0 "$d" build -t built:1 --build-arg COLOUR=blue --label a=b --network none .
        same_calls 'volume create' "$d" volume create -o type=tmpfs -o device=tmpfs -o o=size=1m memory
        same_calls 'network create' "$d" network create --subnet 10.99.1.0/24 --internal --label a=b front
        same_calls 'network connect' "$d" network connect --alias shop front idle
        same_calls kill "$d" kill -s KILL web
        same_calls start "$d" start web
        same_calls restart "$d" restart -t 0 web
        same_calls rename "$d" rename web shop
        same_calls rm "$d" rm -f -v shop idle
        same_calls prune "$d" system prune -f
        same_calls 'swarm init' "$d" swarm init --listen-addr 127.0.0.1:2377 --advertise-addr 127.0.0.1
        input=colour same_calls 'secret create' "$d" secret create secret -
        same_calls 'config create' "$d" config create config index.html
        # Of a newer API's services more can be asked, so more is missing.
        same_calls 'service create' env DOCKER_API_VERSION=1.41 "$d" service create -d --name web --secret secret --config config --replicas 1 \
                --limit-memory 64m --mount type=bind,src=/etc,dst=/host --no-resolve-image "$image" sleep 600
        same_calls 'service rm' "$d" service rm web
        same_calls 'secret rm' "$d" secret rm secret
        same_calls 'config rm' "$d" config rm config
        same_calls 'swarm leave' "$d" swarm leave -f
        same_calls 'network rm' "$d" network rm front
        same_calls 'volume rm' "$d" volume rm memory more
}

# compose FILE COMMAND…
compose() {
        same_calls 'compose: three services' "${@:2}" -f "$1" -p shop up --no-start --no-build
        DOCKER_HOST=unix://$engine_socket "${@:2}" -f "$1" -p shop down -v >/dev/null 2>&1
}

declare -A counts
engine_begin
trap end EXIT
# shellcheck disable=SC2034 # for engine.sh
engine_options=(--iptables=false)
unset http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY
export DOCKER_CLI_HINTS=false
busybox ip link set lo up || exit 1
image_import && recorder_start && daemon_json "$plugin" && props && engine_start || exit 1

while read -r path; do
        label="docker $("$path" --version | sed 's/^[^0-9]*\([0-9.]*\).*/\1/')"
        day "$path"
        if "$path" compose version >/dev/null 2>&1; then
                compose compose.yaml "$path" compose
        else
                printf '  note    %s has no compose\n' "$path"
        fi
done < <(docker_clients)
if command -v docker-compose >/dev/null; then
        label="docker-compose $(docker-compose version --short)"
        compose old.yaml docker-compose
fi
printf '  note    %d commands with the same bytes, %d with the same findings\n' "${counts[comparable]:-0}" "${counts[findings]:-0}"
check 'that is twenty commands or more' test "$((${counts[comparable]:-0} + ${counts[findings]:-0}))" -ge 20
finish
