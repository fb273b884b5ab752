#!/usr/bin/env bash
# The environment workspace: what a build does from morning to evening passes, and no way leads out of the project's folder.
#
# All of it has a network of its own, so that the engine may have a bridge and publish ports.
[ ! /proc/self/ns/net -ef "/proc/$PPID/ns/net" ] || exec unshare --net -- "$0" "$@"

# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"
engine_options=(--iptables=false)

# --- what is there ----------------------------------------------------------------------------------------------------

settings() {
        mkdir -p "$engine_dir/exemptions"
        printf '%s\n' 'docksill: v1' 'kind: environment' 'name: site' 'extends: workspace' 'override:' \
                "  - {list: workspace-roots, append: [\"$engine_dir/projects/*\"]}" >"$engine_dir/site.yaml"
        cat >"$engine_dir/docksill.yaml" <<END
docksill: v1
kind: configuration
environment: $engine_dir/site.yaml
mode: enforce
exemptions: $engine_dir/exemptions
lookups: {docker: "${1:-unix://$engine_socket}", deadline: 2s}
END
}

# What BuildKit's stream could ask for and nobody would see, the engine itself refuses.
workspace_json() {
        daemon_json "$plugin"
        jq '. + {builder: {entitlements: {"network-host": false}}}' "$engine_dir/daemon.json" >"$engine_dir/daemon.new" &&
                mv "$engine_dir/daemon.new" "$engine_dir/daemon.json"
}

reload() {
        local before

        before=$(grep -c 'SIGHUP: reloaded' "$engine_dir/docksill.log")
        kill -s HUP "$docksill_pid"
        wait_until 10 reloaded_since "$before" && return
        tail -n 3 "$engine_dir/docksill.log"
        return 1
}

reloaded_since() {
        [ "$(grep -c 'SIGHUP: reloaded' "$engine_dir/docksill.log")" -gt "$1" ]
}

# Of others, made before docksill watched.
prepare() {
        image_import && daemon_json && engine_start || exit 1
        # shellcheck disable=SC2015 # whatever of it fails
        allowed run -d --restart always --name foreign-etc -v /etc:/host-etc:ro "$image" sleep 600 &&
                allowed run -d --restart always --name foreign-engine -v "$engine_socket:/var/run/docker.sock:ro" "$image" sleep 600 &&
                allowed create --name foreign-privileged --privileged "$image" sleep 600 &&
                allowed run -d --restart always --name foreign-host --network host "$image" sleep 600 &&
                allowed run -d --restart always --name foreign-capable --cap-add SYS_PTRACE "$image" sleep 600 &&
                allowed create --name foreign-device --device /dev/null:/dev/x "$image" sleep 600 &&
                allowed create --name foreign-unconfined --security-opt seccomp=unconfined "$image" sleep 600 &&
                allowed run -d --restart always --name foreign-peer --pid container:foreign-etc "$image" sleep 600 &&
                allowed volume create -o type=none -o o=bind -o device=/etc foreign-volume &&
                allowed run -d --restart always --name foreign-bound -v foreign-volume:/v "$image" sleep 600 &&
                allowed tag "$image" moby/buildkit:buildx-stable-1 || {
                printf '%s\n' "$said" >&2
                exit 1
        }
        engine_stop
}

project() {
        project=$engine_dir/projects/shop
        mkdir -p "$project/sub" "$engine_dir/outside"
        printf 'hello\n' >"$project/file"
        # shellcheck disable=SC2016 # the shell of the build
        printf 'FROM %s AS base\nARG COLOUR\nCOPY file /file\nRUN echo "$COLOUR" >/colour\nFROM base\nCMD ["sleep", "600"]\n' \
                "$image" >"$project/Dockerfile"
        cat >"$project/compose.yaml" <<END
services:
  web:
    build: {context: ., args: {COLOUR: blue}}
    image: shop-web:1
    stop_signal: KILL
    ports: ["18080:80", "127.0.0.1:18081:81"]
    volumes: [".:/src", "data:/data", "./sub:/sub:ro"]
    networks: [front]
    depends_on: [db]
    environment: {DATABASE_URL: "postgres://app:app@db/app"}
    healthcheck: {test: ["CMD", "true"], interval: 2s}
  db:
    image: $image
    command: sleep 600
    stop_signal: KILL
    restart: unless-stopped
    environment: {POSTGRES_PASSWORD: app}
    ports: ["15432:5432"]
    volumes: ["data:/var/lib/data"]
    networks: [front]
volumes: {data: {}}
networks: {front: {}}
END
        cd "$project" || exit 1
}

# --- a day ------------------------------------------------------------------------------------------------------------

steps=0

# step TITLE ARGUMENT…: the client succeeds.
step() {
        steps=$((steps + 1))
        check "a step: $1" allowed "${@:2}"
}

# not_denied ARGUMENT…: whatever else keeps it from succeeding here.
not_denied() {
        client "$@"
        [[ $said != *'authorization denied'* ]] && return
        printf '%s\n' "$said"
        return 1
}

# tried TITLE ARGUMENT…: needs a registry, which is not there.
tried() {
        steps=$((steps + 1))
        check "a step: $1" not_denied "${@:2}"
}

build() {
        DOCKER_BUILDKIT=$1 allowed build "${@:2}"
}

# The first client that has BuildKit, in itself or by buildx.
find_buildkit() {
        local path

        buildkit=''
        for path in "$docker" $([ -n "${ENGINE_ROOT:-}" ] || docker_clients); do
                [ "$("$path" -v | sed 's/^Docker version \([0-9]*\).*/\1/')" -lt 23 ] || "$path" buildx version >/dev/null 2>&1 || continue
                buildkit=$path
                return
        done
}

# by_buildkit COMMAND…: with that client.
by_buildkit() {
        local docker=$buildkit

        DOCKER_BUILDKIT=1 "$@"
}

# The client of 20.10 asks for it in the query, later ones in a stream that no plugin is shown: there the engine has to say no, as
# daemon.json tells it.
no_host_network() {
        client build --no-cache --network host .
        [[ $code -ne 0 && $said =~ network\.host|build-host-network ]] && return
        printf '%s\n' "$said"
        return 1
}

builds() {
        step 'asks for the version' version
        step 'asks about the engine' info
        check 'a step: builds as of old' build 0 -t shop:1 .
        check 'a step: again, with arguments' build 0 -t shop:2 --no-cache --build-arg COLOUR=red --target base -f Dockerfile .
        steps=$((steps + 2))
        find_buildkit
        if [ -n "$buildkit" ]; then
                check 'a step: builds by BuildKit' by_buildkit allowed build -t shop:3 .
                check "no way out: the host's network for BuildKit" by_buildkit no_host_network
                steps=$((steps + 1))
        else
                printf '  note    no BuildKit: no client here is older than 23 or has buildx\n'
        fi
        step 'gives a name' tag shop:1 registry.example.com/team/shop:1
        tried 'pushes' push registry.example.com/team/shop:1
        tried 'pulls from anywhere' pull registry.example.com/team/base:1
        step 'looks at layers' history shop:1
        step 'saves an image' save -o "$engine_dir/shop.tar" shop:1
        step 'loads it' load -i "$engine_dir/shop.tar"
}

runs() {
        step 'runs in its folder' run --rm -v "$PWD:/src" -w /src shop:1 cat file
        step 'in the long form' run --rm --mount "type=bind,source=$PWD/sub,target=/x,readonly" shop:1 ls /x
        step 'as oneself' run --rm -u "$(id -u):$(id -g)" -v "$PWD:/src" -w /src shop:1 sh -c 'echo made >out'
        check 'and what it made is there' grep -q made out
        step 'makes a cache' volume create cache
        step 'uses it' run --rm -v cache:/cache -v more:/more --tmpfs /t:size=16m shop:1 ls /cache
        step 'makes a network' network create build-net
        step 'starts a database' run -d --name db --network build-net -e POSTGRES_PASSWORD=test -p 127.0.0.1:25432:5432 --stop-signal KILL shop:1
        step 'publishes to everybody' run -d --name web --network build-net -p 28080:80 -P --stop-signal KILL --restart unless-stopped shop:1
        step 'limits what it starts' run --rm -m 64m --cpus 0.5 --pids-limit 50 --init --ulimit nofile=1024:2048 --shm-size 16m \
                --cap-drop ALL --security-opt no-new-privileges --read-only --add-host host.docker.internal:host-gateway shop:1 cat /file
        step 'runs a command' exec db cat /file
        step 'as root' exec -u 0 -w / -e A=b db sh -c 'echo x >/x'
        step 'copies in' cp file db:/tmp/
        step 'over a setting' cp file db:/etc/
        step 'copies out' cp db:/file "$engine_dir/copied"
        step 'reads what it said' logs --tail 10 db
        step 'looks at it' inspect db
        step 'at what changed' diff db
        step 'joins its network' run --rm --network container:db shop:1 cat /file
        step 'its volumes' run --rm --volumes-from db shop:1 cat /file
        step 'and its processes' run --rm --pid container:db shop:1 cat /file
        step 'limits it later' update --memory 64m --memory-swap 64m db
        step 'keeps it as an image' commit db shop-db:1
        step 'as a file' export -o "$engine_dir/db.tar" db
        step 'connects it' network connect bridge db
        step 'disconnects it' network disconnect bridge db
        step 'stops it' stop -t 0 db
        step 'starts it again' start db
        step 'restarts it' restart -t 0 db
        step 'renames it' rename db db-old
        step 'kills it' kill db-old
        step 'waits for it' wait db-old
        step 'removes it' rm -f db-old web
}

# What compose there is.
compose_client() {
        if "$docker" -H "unix://$engine_socket" compose version >/dev/null 2>&1; then
                compose=("$docker" -H "unix://$engine_socket" compose)
        elif [ -z "${ENGINE_ROOT:-}" ] && command -v docker-compose >/dev/null; then
                compose=(docker-compose)
        else
                return 1
        fi
}

composed() {
        DOCKER_HOST=unix://$engine_socket DOCKER_BUILDKIT=0 COMPOSE_DOCKER_CLI_BUILD=0 COMPOSE_INTERACTIVE_NO_CLI=1 \
                timeout -k 5 60 "${compose[@]}" -f compose.yaml -p shop "$@" </dev/null
}

composes() {
        if ! compose_client; then
                printf '  note    no compose: neither the plugin of docker nor docker-compose is installed\n'
                return
        fi
        steps=$((steps + 6))
        check 'a step: compose builds and starts' composed up -d --build
        check 'a step: lists' composed ps
        check 'a step: runs a command' composed exec -T web cat /src/file
        check 'a step: runs a service once' composed run --rm -T web cat /sub/../file
        check 'a step: reads what they said' composed logs --tail 5
        check 'a step: clears up' composed down -v -t 0 --remove-orphans
}

clears_up() {
        step 'clears containers' container prune -f
        step 'images' image prune -f
        step 'volumes' volume prune -f
        step 'networks' network prune -f
        step 'the cache' builder prune -f
        step 'all' system prune -f
        check 'that were thirty steps, or more' test "$steps" -ge 30
}

# --- ways out ---------------------------------------------------------------------------------------------------------

ways=0

# out TITLE RULE ARGUMENT…: refused for that rule.
out() {
        ways=$((ways + 1))
        check "no way out: $1" refused "${@:2}"
}

mounted() {
        out "$1" "$2" create --mount "$3" shop:1
}

folders() {
        ln -s /etc to-etc
        ln -s ../../outside beside
        mkdir later
        out 'the root' host-root-mount run --rm -v /:/h shop:1
        out '/etc' outside-workspace run --rm -v /etc:/h shop:1
        out '/etc, to be read' outside-workspace run --rm -v /etc:/h:ro shop:1
        out "the host's zone" outside-workspace run --rm -v /etc/localtime:/etc/localtime:ro shop:1
        out 'the folder above' outside-workspace run --rm -v "$PWD/..:/h" shop:1
        out 'the folder of another' outside-workspace run --rm -v "$PWD/../../outside:/h" shop:1
        out 'above by two steps' outside-workspace run --rm -v "$PWD/sub/../../..:/h" shop:1
        out 'a link to /etc' 'outside-workspace .*which leads to /etc' run --rm -v "$PWD/to-etc:/h" shop:1
        out 'what is behind it' outside-workspace run --rm -v "$PWD/to-etc/hosts:/h:ro" shop:1
        out 'a link beside' outside-workspace run --rm -v "$PWD/beside:/h" shop:1
        mounted 'the long form' outside-workspace 'type=bind,source=/srv,target=/h,readonly'
        mounted 'the long form of above' outside-workspace "type=bind,source=$PWD/sub/../..,target=/h"
        mounted 'a bind behind options' outside-workspace 'type=volume,source=v,target=/h,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=/etc'
        mounted 'a disk behind options' volume-driver-bind 'type=volume,source=v,target=/h,volume-opt=type=ext4,volume-opt=device=/dev/sda'
        mounted 'processes behind options' volume-driver-remote 'type=volume,source=v,target=/h,volume-opt=type=proc,volume-opt=device=proc'
        out 'a volume that is a folder' outside-workspace volume create -o type=none -o o=bind -o device=/etc v
        out 'a volume that is a link' outside-workspace volume create -o type=none -o o=bind -o "device=$PWD/to-etc" v
        out 'a share' volume-driver-remote volume create -o type=nfs -o o=addr=192.0.2.1 -o device=:/x v
        out "another's volume" outside-workspace run --rm -v foreign-volume:/h shop:1
        out 'another driver' volume-driver-remote volume create -d sshfs v
        out 'what is mounted inside comes out' mount-propagation-shared run --rm -v "$PWD:/h:rshared" shop:1

        check 'a folder passes' allowed create --name later -v "$PWD/later:/h:ro" shop:1 cat /h/passwd
        rmdir later && ln -s /etc later
        out 'a link made later' 'outside-workspace .*which leads to /etc' start later
        client rm later
        out 'one that is followed when nobody is asked' workspace-restart run -d --restart always -v "$PWD/sub:/h" shop:1
        check 'a container of its own' allowed create --name later -v "$PWD/sub:/h" shop:1
        out 'neither later' workspace-restart-later update --restart always later
        client rm later
}

sockets() {
        out "the engine's socket" runtime-socket-mount run --rm -v /var/run/docker.sock:/var/run/docker.sock shop:1
        out 'to be read' runtime-socket-mount run --rm -v /run/docker.sock:/s:ro shop:1
        out 'by its folder' runtime-socket-mount run --rm -v /run:/r:ro shop:1
        out 'by a detour' runtime-socket-mount run --rm -v "//var/./run/../run/docker.sock:/s" shop:1
        mounted 'in the long form' runtime-socket-mount 'type=bind,source=/var/run/docker.sock,target=/s'
        ln -s "$engine_socket" engine.sock
        out 'by a link in the folder' runtime-socket-mount run --rm -v "$PWD/engine.sock:/s" shop:1
        out 'of containerd' runtime-socket-mount run --rm -v /run/containerd/containerd.sock:/s shop:1
        out 'an agent of keys' key-agent-mount run --rm -v /tmp/ssh-XYZ/agent.1:/agent shop:1
}

powers() {
        out 'privileged' privileged-container run --rm --privileged shop:1
        out 'a device' device-unlisted run --rm --device /dev/fuse shop:1
        out 'a rule of devices' device-cgroup-rule run --rm --device-cgroup-rule 'b 8:* rwm' shop:1
        out 'a capability' dangerous-capability run --rm --cap-add SYS_ADMIN shop:1
        out 'one beside the default' extra-capability run --rm --cap-add IPC_LOCK shop:1
        out 'all of them' dangerous-capability run --rm --cap-add ALL shop:1
        out "the host's processes" host-pid run --rm --pid host shop:1
        out "the host's network" host-network run --rm --net host shop:1
        out "the host's memory" host-ipc run --rm --ipc host shop:1
        out "the host's users" host-userns run --rm --userns host shop:1
        out "the host's name" host-uts run --rm --uts host shop:1
        out "the host's cgroups" workspace-cgroupns run --rm --cgroupns host shop:1
        out 'no filter' seccomp-unconfined run --rm --security-opt seccomp=unconfined shop:1
        out 'no AppArmor' apparmor-unconfined run --rm --security-opt apparmor=unconfined shop:1
        out 'another profile' apparmor-unlisted run --rm --security-opt apparmor=other shop:1
        out 'no labels' selinux-disabled run --rm --security-opt label=disable shop:1
        out 'no masks' unmasked-system-paths run --rm --security-opt systempaths=unconfined shop:1
        out 'another parent' cgroup-parent run --rm --cgroup-parent /system.slice shop:1
        out 'another runtime' custom-runtime run --rm --runtime io.containerd.other.v1 shop:1
        out 'a template for a log' log-template run --rm --log-opt 'tag={{pad "x" 100000000 0}}' shop:1
        out 'a log that goes somewhere' log-address-chosen run --rm --log-driver syslog --log-opt syslog-address=tcp://127.0.0.1:6379 shop:1
        out 'a LAN' network-driver-host-l2 network create -d macvlan -o parent=lo lan
        DOCKER_BUILDKIT=0 out "the host's network for a build" build-host-network build --network host .
        out 'an engine plugin' plugin-untrusted plugin install --grant-all-permissions example.com/x/y
        out 'another driver of networks' driver-unlisted network create -d weave n
        out 'a swarm' swarm-enable swarm init --listen-addr 127.0.0.1 --advertise-addr 127.0.0.1
}

foreign() {
        out "another's mounts" outside-workspace run --rm --volumes-from foreign-etc shop:1
        out 'a command among them' reached-outside-workspace exec foreign-etc cat /host-etc/hosts
        out 'files out of them' reached-outside-workspace cp foreign-etc:/host-etc/hosts "$engine_dir/copied"
        out 'files into them' outside-workspace cp file foreign-etc:/tmp/
        ways=$((ways + 1))
        # Of an attach the client does not print why it is refused.
        said=$(api POST '/v1.41/containers/foreign-etc/attach?stream=1&stdin=1')
        check 'no way out: its input' refusal_names reached-outside-workspace
        out 'all its files' reached-outside-workspace export -o "$engine_dir/copied.tar" foreign-etc
        out 'an image of it' reached-outside-workspace commit foreign-etc x:1
        out 'its processes' reached-outside-workspace run --rm --pid container:foreign-etc shop:1
        out 'one that joined it' reached-outside-workspace exec foreign-peer cat /proc/1/root/host-etc/hosts
        out 'its start' outside-workspace restart -t 0 foreign-etc
        out "a command where the engine's socket is" reached-outside-workspace exec foreign-engine id
        out 'a command behind a volume' reached-outside-workspace exec foreign-bound cat /v/hosts
        out 'a command where all is allowed' target-privileged exec foreign-privileged id
        out 'its network' joined-namespace run --rm --network container:foreign-privileged shop:1
        out "the host's network through another" joined-namespace run --rm --network container:foreign-host shop:1
        out 'a command in it' reached-privileges exec foreign-host id
        out 'a command with a capability' reached-privileges exec foreign-capable id
        out 'one with a device' reached-privileges start foreign-device
        out 'one without a filter' reached-privileges start foreign-unconfined
        check 'a container of its own' allowed run -d --name own --stop-signal KILL shop:1
        out 'a privileged command in it' exec-privileged exec --privileged own id
        check 'which a plain one passes' allowed exec own id
        client rm -f own
}

composed_out() {
        compose_client || return 0
        printf 'services: {x: {image: "shop:1", volumes: ["../..:/h"]}}\n' >out.yaml
        ways=$((ways + 1))
        said=$(DOCKER_HOST=unix://$engine_socket timeout -k 5 60 "${compose[@]}" -f out.yaml -p out up -d 2>&1 </dev/null)
        check 'no way out: a compose file' says outside-workspace "$said"
        client network rm out_default
}

# --- builders of buildx -----------------------------------------------------------------------------------------------

# exemption ID RULE ONLY MATCH
exemption() {
        printf '  - {id: %s, rules: [%s], only: {%s}, match: {%s}, owner: build team, reason: a builder of several platforms, expires: %s}\n' \
                "$@" "$(date -u -d '+30 days' +%F)"
}

# exempt_image ID: as examples/workspace-builder.yaml has it: whoever starts the image as it was built may have it privileged, and nobody enters it.
exempt_image() {
        local image="image.id: \"$1\", image.as_built: true"
        local start="$image, request.operation: {in: [container.start, container.restart]}"

        {
                printf 'docksill: v1\nkind: exemptions\nexemptions:\n'
                exemption builder privileged-container 'container.privileged: true' "$image"
                exemption builder-start target-privileged 'target.privileged: true' "$start"
                exemption builder-reached reached-privileges 'power.name: privileged' "$start"
        } >"$engine_dir/exemptions/builder.yaml"
}

builders() {
        local id

        out 'a builder of buildx' 'privileged-container .*docker buildx use default' create --privileged moby/buildkit:buildx-stable-1
        if "$docker" buildx version >/dev/null 2>&1; then
                out 'what buildx itself makes' 'privileged-container' buildx create --name other --driver docker-container --bootstrap
                step 'builds by the driver docker' buildx --builder default build -t shop:4 .
        else
                printf '  note    no buildx: this client has no such plugin\n'
        fi
        id=$("$docker" -H "unix://$engine_socket" image inspect --format '{{.Id}}' "$image")
        exempt_image "$id"
        check 'an exemption of the image loads' reload
        check 'and lets it in, as it was built' allowed create --name builder --privileged "$id"
        check 'and start' not_denied start builder # some machines have not all that a privileged one wants
        check 'but nobody enters it' refused target-privileged exec builder id
        check 'nor with another command' refused privileged-container create --privileged "$id" sh
        check 'nor with a folder' refused privileged-container create --privileged -v "$PWD:/bin" "$id"
        client rm -f builder
        rm "$engine_dir/exemptions/builder.yaml"
        check 'and without it' reload
        check 'it is refused' refused privileged-container create --privileged "$id"
}

# --- all of it --------------------------------------------------------------------------------------------------------

engine_begin
prepare
project
settings
docksill_start --config "$engine_dir/docksill.yaml" && workspace_json && engine_start || exit 1
builds
runs
composes
folders
sockets
powers
foreign
composed_out
check 'these were twenty ways, or more' test "$ways" -ge 20
builders
clears_up

check 'nothing of the host came out' test -z "$(ls -A "$engine_dir/outside")"
settings off
check 'with lookups off' reload
check 'no container may be entered, and it is said why' refused 'reached-unasked .*lookups' exec foreign-etc id
finish
