#!/usr/bin/env bash
# Plays the days of real clients on a dockerd of its own, which has a network of its own, so that bridges, ports and a swarm meet
# nobody else's, and what dockerd sends goes nowhere. With an environment docksill stands in front of it, in enforce; with "lookups"
# it asks the engine.
#
#     test/clients/play.sh OUT PACKAGES DAY [ENVIRONMENT [lookups]]
#
# DAY: "all", or the label of one; PACKAGES: the folder that npm.sh filled, or "".
#
# Leaves in the folder OUT: calls, a line each, LABEL <tab> what call.sh says; skipped, what can't be had here; records.jsonl.

here=$(cd "$(dirname "$0")" && pwd)
[ ! /proc/self/ns/net -ef "/proc/$PPID/ns/net" ] || exec unshare --net -- "$0" "$@"
# shellcheck source=../engine/engine.sh
source "$here/../engine/engine.sh"

out=$1 packages=$2 only=$3 environment=${4:-} lookups=${5:-}

# --- who plays --------------------------------------------------------------------------------------------------------

# day LABEL COMMAND…: plays one, which is told the socket, the image and a folder to work in.
day() {
        local label=$1
        shift

        [ "$only" = all ] || [ "$only" = "$label" ] || return 0
        timeout -k 10 200 "$@" "$engine_socket" "$image" "$folder" 2>>"$out/errors" </dev/null |
                sed "s/^/$label\t/" >>"$out/calls"
}

skip() {
        printf '%s\n' "$1" >>"$out/skipped"
}

days() {
        local path python=/usr/bin/python3 whole=yes # Debian's packages are for Debian's

        day curl "$here/day-curl.sh"
        while read -r path; do
                day "docker $(version_of "$path")" env "DOCKER=$path" "WHOLE=$whole" "$here/day-docker.sh"
                whole=no
        done < <(docker_clis)
        days_compose
        if "$python" -c 'import docker' 2>/dev/null; then
                day "docker-py $("$python" -c 'import docker; print(docker.__version__)')" "$python" "$here/day.py"
        else
                skip 'docker-py, which is not installed'
        fi
        if [ -n "$packages" ]; then
                export NODE_PATH=$packages/node_modules
                day "dockerode $(npm_version dockerode)" node "$here/day-dockerode.js"
                day "testcontainers $(npm_version testcontainers)" env RYUK=ryuk:1 TMPDIR="$folder" node "$here/day-testcontainers.js"
        else
                skip 'dockerode and testcontainers, since npm or its registry is not to be had'
        fi
}

days_compose() {
        local path

        if [ -n "${ENGINE_ROOT:-}" ]; then
                skip 'docker-compose, version 1, which does not get on with engines from 25 on'
        elif command -v docker-compose >/dev/null; then
                day "docker-compose $(docker-compose version --short)" env COMPOSE=docker-compose "$here/day-compose.sh"
        else
                skip 'docker-compose, which is not installed'
        fi
        while read -r path; do
                "$path" compose version >/dev/null 2>&1 || continue
                day "docker compose $("$path" compose version --short)" env "COMPOSE=$path compose" "$here/day-compose.sh"
                return
        done < <(docker_clis)
        skip 'docker compose, version 2, which no docker client here has'
}

# The client of ENGINE_ROOT is a script.
docker_clis() {
        [ -z "${ENGINE_ROOT:-}" ] || printf '%s\n' "$docker"
        docker_clients | grep -vxF "$docker"
}

version_of() {
        "$1" version --format '{{.Client.Version}}' 2>/dev/null | head -n 1
}

npm_version() {
        jq -r .version "$packages/node_modules/$1/package.json"
}

# --- what they play with ----------------------------------------------------------------------------------------------

props() {
        folder=$engine_dir/folder
        mkdir -p "$folder"/{site,shop/site}
        echo '<p>hello</p>' >"$folder/site/index.html"
        echo 'COLOUR=green' >"$folder/site/env"
        cat >"$folder/site/Dockerfile" <<END
FROM $image
ARG COLOUR
COPY index.html /index.html
RUN echo "\$COLOUR" >/colour
CMD ["sleep", "600"]
END
        tar -C "$folder/site" -cf "$folder/site.tar" .
        cp "$folder"/site/* "$folder/shop/site"
        cp "$here"/compose*.yaml "$folder/shop"
        cat >"$folder/stack.yaml" <<END
version: "3.8"
services:
  web: {image: "$image", command: sleep 600, deploy: {replicas: 1}, networks: [front], volumes: ["data:/data"]}
networks: {front: {}}
volumes: {data: {}}
END
}

# What people's images have beside a shell; and one that stands for testcontainers' Ryuk, which waits to be told what to remove.
images() {
        local applet

        mkdir -p "$engine_dir/root/bin"
        for applet in awk env grep head nc ps rm tail tar touch wc; do
                ln -s busybox "$engine_dir/root/bin/$applet"
        done
        image_import && engine_start || exit 1
        tar -C "$engine_dir/root" -c . | "$docker" -H "unix://$engine_socket" import -c \
                'CMD ["sh", "-c", "echo Started; while :; do nc -l -p 8080; done"]' - ryuk:1 >/dev/null || exit 1
}

engine_begin
# shellcheck disable=SC2034 # for engine.sh
engine_options=(--iptables=false)
unset http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY
busybox ip link set lo up || exit 1
touch "$out"/{calls,skipped,errors,records.jsonl}
props
images
if [ -n "$environment" ]; then
        engine_stop
        # shellcheck disable=SC2034 # for engine.sh
        records=$out/records.jsonl
        printf '%s\n' 'docksill: v1' 'kind: configuration' "environment: $environment" 'mode: enforce' >"$engine_dir/docksill.yaml"
        [ -z "$lookups" ] || printf 'lookups: {docker: "unix://%s"}\n' "$engine_socket" >>"$engine_dir/docksill.yaml"
        docksill_start --config "$engine_dir/docksill.yaml" && daemon_json "$plugin" && engine_start || exit 1
fi
days
