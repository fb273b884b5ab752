# shellcheck shell=bash
# scene.bash: a real dockerd with the containers of scene.jsonl, each one setting away from a good one. Sourced by the scenarios
# beside it, which run in a network of their own: the engine has a bridge there and publishes ports.

# shellcheck source=test/engine/engine.sh
source "$(dirname "${BASH_SOURCE[0]}")/../engine/engine.sh"
engine_options=(--iptables=false)
scene_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scene=$scene_folder/scene.jsonl

# What a good container is made with; a row of the scene may leave some of it out, by name.
scene_good='{
        "user": ["--user", "10001:10001"],
        "caps": ["--cap-drop", "ALL"],
        "nnp": ["--security-opt", "no-new-privileges:true"],
        "readonly": ["--read-only"],
        "memory": ["--memory", "64m", "--memory-swap", "64m"],
        "pids": ["--pids-limit", "50"],
        "cpus": ["--cpus", "0.5"],
        "network": ["--network", "none"],
        "health": ["--health-cmd", "true", "--health-interval", "1h"],
        "ulimit": ["--ulimit", "nofile=1024:4096"]}'

# scene_lines STATE: a line of shell for each container of that state.
scene_lines() {
        # shellcheck disable=SC2016 # of jq
        jq -r --arg state "$1" --argjson good "$scene_good" --arg docker "$docker -H unix://$engine_socket" --arg image "$image" '
                select((.state // "created") == $state)
                | (.without // []) as $without
                | [if $state == "created" then "create" else "run" end, if $state | IN("first", "running") then "-d" else empty end,
                   "--name", .name]
                  + [$good | to_entries[] | select(.key | IN($without[]) | not) | .value[]]
                  + (.args // []) + [.image // $image]
                  + (.command // (if $state == "exited" then ["true"] else ["sleep", "1000"] end))
                | $docker + " " + @sh' "$scene"
}

# scene_make STATE: several at a time; a client that fails is told of.
scene_make() {
        # shellcheck disable=SC2016 # of the inner shell
        scene_lines "$1" | tr '\n' '\0' |
                xargs -0 -P 6 -I{} bash -c 'said=$(bash -c "$1" 2>&1) || { printf "%s\n%s\n" "$1" "$said" >&2; exit 1; }' - {}
}

# scene_image: that of engine.sh with a server of SSH that is none, and ps for whoever wants to look.
scene_image() {
        local root=$engine_dir/root

        ln -s busybox "$root/bin/ps"
        mkdir -p "$root/usr/sbin"
        # shellcheck disable=SC2016 # of the container's shell
        printf '#!/bin/sh\n[ "$1" = -t ] || sleep 1000\n' >"$root/usr/sbin/sshd"
        chmod 755 "$root/usr/sbin/sshd"
        tar -C "$root" -c . | "$docker" -H "unix://$engine_socket" import -c 'CMD ["sh"]' - "$image" >/dev/null &&
                tar -C "$root" -c . | "$docker" -H "unix://$engine_socket" import -c 'CMD ["sh"]' \
                        -c 'HEALTHCHECK CMD true' -c 'USER 10001' - "${image%:*}:checked" >/dev/null
}

# scene_build: all of it; dockerd runs already.
scene_build() {
        busybox ip link set lo up && busybox ip addr add 10.99.0.1/32 dev lo || return
        scene_image || return
        client network create apps
        [ "$code" -eq 0 ] || { printf '%s\n' "$said" >&2; return 1; }
        client volume create --opt type=none --opt o=bind --opt device=/etc bound
        scene_make first && scene_make running && scene_make exited && scene_make created
}

# scene_end: what runs is killed; dockerd would wait for each, and none of them minds a SIGTERM.
scene_end() {
        local ids

        client ps -q
        readarray -t ids <<<"$said"
        client kill "${ids[@]}"
}
