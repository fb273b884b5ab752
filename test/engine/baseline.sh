#!/usr/bin/env bash
# A host that already runs things: the baseline is made, enforced, and everything that ran runs again: started, and made anew
# as it was. Then each is tried one step worse, and refused.
# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"

engine_begin

# NAME -> what it is created with, word by word, each on a line; the image comes last.
declare -A shapes
order=() started=()

# shape NAME ARGUMENT…: a container with an image of its own, named by its tag. As it is, and as it will be made again.
shape() {
        local name=$1
        shift
        shapes[$name]=$(printf '%s\n' --name "$name" "$@" "app-$name:1")
        order+=("$name")
}

# The same, named by the image's id: what is hard is lifted for nothing else.
shape_by_id() {
        shape "$@"
        shapes[$1]=$(printf '%s\n' "${shapes[$1]}" | sed "\$s/.*/$(image_id "$1")/")
}

image_id() {
        "$docker" -H "unix://$engine_socket" inspect -f '{{.Id}}' "app-$1:1"
}

# An image of each name: the same program under another label, so under another id.
images() {
        local name

        "$docker" -H "unix://$engine_socket" create --name seed "$image" >/dev/null || return
        for name; do
                "$docker" -H "unix://$engine_socket" commit -c "LABEL of=$name" -c 'CMD ["sleep", "600"]' seed "app-$name:1" >/dev/null || return
        done
        "$docker" -H "unix://$engine_socket" rm seed >/dev/null
}

names=(plain limited bind bind-ro log-dir caps raw published local many-ports host-net host-pid secret device sysctl ulimit
        unconfined scratch volume shared joined root-user groups restart labelled socket agent)

make_all() {
        local name

        for name in "${order[@]}"; do
                mapfile -t arguments <<<"${shapes[$name]}"
                allowed create "${arguments[@]}" || return
        done
        for name in "${started[@]}"; do
                allowed start "$name" || return
        done
}

# What the host has, but for what an engine does: mounts, devices, and files of the folders that are bound.
host_state() {
        find "$srv" -printf '%p %m %U %s\n' | sort
        stat -c '%n %a %U %s %Y' /etc/login.defs /dev/null /dev/zero
}

# as NAME [ARGUMENT…]: its arguments, less the name and with these before the image; into $arguments.
as() {
        local name=$1 old
        shift
        mapfile -t old <<<"${shapes[$name]}"
        arguments=("${old[@]:2:${#old[@]}-3}" "$@" "${old[-1]}")
}

# without NAME FLAG…: its arguments less these flags, each with its value.
without() {
        local name=$1 drop kept=() i
        shift
        as "$name"
        for drop; do
                kept=()
                for ((i = 0; i < ${#arguments[@]}; ++i)); do
                        if [ "${arguments[i]}" = "$drop" ]; then ((++i)); else kept+=("${arguments[i]}"); fi
                done
                arguments=("${kept[@]}")
        done
}

# is_refused: what stands in $arguments is. Nothing is left of it if it is not.
is_refused() {
        client create --name worse "${arguments[@]}"
        if [ "$code" -eq 0 ]; then
                printf 'it was created: %s\n' "${arguments[*]}"
                "$docker" -H "unix://$engine_socket" rm worse >/dev/null
                return 1
        fi
        case $said in *'authorization denied by plugin'*) return ;; esac
        printf 'not refused, but: %s\n' "$said"
        return 1
}

# worse NAME ARGUMENT…: the same with more.
worse() {
        as "$@"
        is_refused
}

passes() {
        client create --name better "${arguments[@]}"
        "$docker" -H "unix://$engine_socket" rm better >/dev/null 2>&1
        [ "$code" -eq 0 ] || printf '%s\n' "$said"
        return "$code"
}

# --- the host -----------------------------------------------------------------------------------------------------------

srv=$engine_dir/srv
mkdir -p "$srv"/{a,b,logs} && echo data >"$srv/a/file"
image_import && daemon_json && engine_start || exit 1
check 'an image for each' images "${names[@]}"

mostly=(--network none --cap-drop ALL --security-opt no-new-privileges:true --memory 64m --pids-limit 50 --cpus 0.5 --user 10001:10001)
shape plain --network none
shape limited --network none --memory 64m --pids-limit 50 --cpus 0.5 --cap-add NET_ADMIN
shape bind --network none -v "$srv/a:/d"
shape bind-ro --network none -v /etc/login.defs:/f:ro
shape log-dir "${mostly[@]}" -v "$srv/logs:/logs:ro" --cap-add SYS_PTRACE
shape caps --network none --cap-add NET_ADMIN --cap-add SYS_TIME
shape raw "${mostly[@]}" --cap-add NET_RAW --cap-add NET_ADMIN
shape published -p 8080:80
shape local -p 127.0.0.1:8081:80
shape many-ports -p 127.0.0.1:8082:80 -p 8083:81 -p 8084:82/udp
shape host-net --network host
shape host-pid --network none --pid host
shape secret --network none -e 'DB_PASSWORD=correct-horse-battery' -e 'PATH_TO=/x'
shape device --network none --device /dev/null:/dev/x:r
shape sysctl --network none --sysctl net.ipv4.ip_forward=1
shape ulimit --network none --ulimit nofile=1048576:1048576
shape unconfined --network none --security-opt seccomp=unconfined
shape scratch --network none --tmpfs /scratch:exec,size=16m
shape volume --network none -v data:/data -v cache:/cache
shape shared --network none --volumes-from volume
shape joined --network container:plain
shape root-user --network none --user 0:0 --read-only
shape groups --network none --group-add 0 --group-add 44
shape restart --network none --restart always
shape labelled --network none -l com.docker.compose.project=shop -l com.docker.compose.service=web -w /srv --hostname web
shape_by_id socket --network none -v "$engine_socket:/run/docker.sock"
shape_by_id agent --network none --privileged
started=(plain bind bind-ro caps secret volume labelled)

check 'a busy host' make_all
check 'of more than twenty containers' test "${#order[@]}" -gt 20
before=$(host_state)

# --- the baseline -------------------------------------------------------------------------------------------------------

cat >"$engine_dir/config.yaml" <<END
docksill: v1
kind: configuration
environment: production
rules: $engine_top/rules
exemptions: $engine_dir/live/exemptions
socket: $plugin_socket
state: $engine_dir/state
lookups: {docker: "unix://$engine_socket", deadline: 2s}
END
mkdir -p "$engine_dir/live/exemptions" "$engine_dir/state"
baseline() {
        "$DOCKSILL" baseline --config "$engine_dir/config.yaml" --expires 90d --owner 'platform team' --reason 'ran before docksill' "$@"
}
SECONDS=0
baseline --output "$engine_dir/live" >"$engine_dir/made" 2>&1
made=$?
printf '  #       made in %s s: %s\n' "$SECONDS" "$(head -n 2 "$engine_dir/made" | tr '\n' ' ')"
check 'a baseline of what is there' test "$made" -eq 0
pass_with_it() {
        grep -q ' 0 not$' "$engine_dir/made" && return
        cat "$engine_dir/made"
        return 1
}
check 'all pass with it' pass_with_it
check 'the folder is listed as it is' grep -qxF "      - \"$srv/a\"" "$engine_dir/live/baseline.yaml"
check 'and none above it' test "$(grep -cF "\"$srv\"" "$engine_dir/live/baseline.yaml")" -eq 0
check 'what is hard is in no list' test "$(grep -c docker.sock\" "$engine_dir/live/baseline.yaml")" -eq 0
check 'nothing is written over' test "$(baseline --output "$engine_dir/live" >/dev/null 2>&1; echo $?)" -eq 4
"$DOCKSILL" check --config "$engine_dir/config.yaml" --environment "$engine_dir/live/baseline.yaml" >"$engine_dir/checked" 2>&1
check 'it loads, and shows each with its days' grep -Eq '^exemption baseline-.*\((89|90) days left\)' "$engine_dir/checked"
check 'nothing of it is left to be filled in' test "$(grep -c DS320 "$engine_dir/checked")" -eq 0
check 'it is as before on the host' test "$before" = "$(host_state)"

# --- enforced -----------------------------------------------------------------------------------------------------------

engine_stop
docksill_start --config "$engine_dir/config.yaml" --environment "$engine_dir/live/baseline.yaml" --mode enforce || exit 1
daemon_json "$plugin"
engine_start || exit 1

start_all() {
        local name failed=0

        for name in "${order[@]}"; do
                client start "$name"
                case $code,$said in
                0,* | *'can not be mounted'*) ;;
                *authorization*) printf '%s: %s\n' "$name" "$said"; failed=1 ;;
                esac
        done
        return "$failed"
}
make_again() {
        local name failed=0

        for name in "${order[@]}"; do
                client rm -f "$name"
                mapfile -t arguments <<<"${shapes[$name]}"
                client create "${arguments[@]}"
                [ "$code" -eq 0 ] || { printf '%s: %s\n' "$name" "$said"; failed=1; }
        done
        return "$failed"
}
check 'all are started again' start_all
check 'all are made again' make_again
check 'and started' start_all

# --- one step worse -----------------------------------------------------------------------------------------------------

check 'another folder' worse plain -v "$srv/b:/d"
check 'a folder of another one' worse plain -v "$srv/c:/d"
check 'a capability' worse plain --cap-add NET_ADMIN
check 'the host as its process list' worse plain --pid host
check 'a secret' worse plain -e API_TOKEN=0123456789abcdef
check 'a port for everybody' worse plain -p 9090:80
check 'privileged' worse plain --privileged
without limited --memory
check 'no limit of memory' is_refused
without limited --pids-limit
check 'nor of processes' is_refused
without limited --cpus
check 'nor of processors' is_refused
check 'one more capability' worse limited --cap-add SYS_PTRACE
without bind -v
arguments=(-v "$srv/b:/d" "${arguments[@]}")
check 'instead of its folder another' is_refused
without bind -v
arguments=(-v "$srv:/d" "${arguments[@]}")
check 'or the one above' is_refused
check 'shared with the host' worse bind -v "$srv/a:/e:rshared"
without bind-ro -v
arguments=(-v /etc/login.defs:/f "${arguments[@]}")
check 'writable instead of read-only' is_refused
without bind-ro -v
arguments=(-v /etc/shadow:/f:ro "${arguments[@]}")
check 'another file' is_refused
without log-dir -v
arguments=(-v "$srv/logs:/logs" "${arguments[@]}")
check 'the logs writable' is_refused
without log-dir --user
check 'as root' is_refused
without log-dir --security-opt
check 'with new privileges' is_refused
check 'a third capability' worse caps --cap-add SYS_ADMIN
without raw --cap-drop
check 'capabilities kept' is_refused
check 'a second port' worse published -p 9091:81
without local -p
arguments=(-p 8081:80 "${arguments[@]}")
check 'a local port for everybody' is_refused
check 'a port of SSH' worse many-ports -p 127.0.0.1:2222:22 -p 2223:22
check 'the host as its processes too' worse host-net --pid host
without host-pid --network
arguments=(--network host "${arguments[@]}")
check 'and its network' is_refused
check 'another secret' worse secret -e 'AWS_SECRET_ACCESS_KEY=abcdefghijklmnopqrstuvwxyz0123456789ABCD'
without device --device
arguments=(--device /dev/null:/dev/x:rwm "${arguments[@]}")
check 'a device to write to' is_refused
without device --device
arguments=(--device /dev/zero:/dev/x:r "${arguments[@]}")
check 'another device' is_refused
check 'another kernel parameter' worse sysctl --sysctl net.ipv4.conf.all.route_localnet=1
check 'another value of it' worse ulimit --ulimit nproc=-1
check 'the other profile too' worse unconfined --security-opt apparmor=unconfined
check 'a file system of programs' worse scratch --tmpfs /run:exec,suid,size=16m
check 'the volumes of another' worse shared --volumes-from bind
check 'the processes of another' worse joined --pid container:plain
check 'a socket beside the other' worse socket -v /run/containerd/containerd.sock:/c.sock
check 'a program of its own with the socket' worse socket --entrypoint /bin/sh
check 'a folder over the program of what is privileged' worse agent -v "$srv/a:/bin"
as limited --cap-drop ALL
check 'better is no worse' passes
without volume -v
check 'less is no worse' passes

check 'the new one knows what does not hold' recorded '.lapsed != null and .answer == "deny"'
check 'and who was let in' recorded '[.findings[]?.exempted_by // empty] | length > 0'

# --- what was used, and a refusal of the past ------------------------------------------------------------------------------

id=$(decisions | jq -r 'select(.answer == "deny" and .operation == "container.create" and any(.findings[]; .rule == "secret-in-env")) | .decision_id' | tail -n 1)
"$DOCKSILL" exempt --config "$engine_dir/config.yaml" --record "$id" --records "$records" --owner us --reason 'asked for' --days 7 \
        >"$engine_dir/exempt.yaml" 2>"$engine_dir/exempt.err"
check 'an exemption for what was refused' test -s "$engine_dir/exempt.yaml"
cp "$engine_dir/exempt.yaml" "$engine_dir/live/exemptions/one.yaml"
kill -HUP "$docksill_pid"
as secret -e 'AWS_SECRET_ACCESS_KEY=abcdefghijklmnopqrstuvwxyz0123456789ABCD'
let_in() { wait_until 5 passes; }
check 'lets it in' let_in
check 'and nothing more' worse secret -e 'AWS_SECRET_ACCESS_KEY=abcdefghijklmnopqrstuvwxyz0123456789ABCD' --cap-add NET_ADMIN

cp "$engine_dir/live/exemptions/baseline.yaml" "$engine_dir/shrunk.yaml"
"$DOCKSILL" baseline --shrink "$records" "$engine_dir/shrunk.yaml" >"$engine_dir/shrink" 2>&1
nothing_unused() {
        grep -q 'nothing is taken out' "$engine_dir/shrink" && return
        cat "$engine_dir/shrink"
        return 1
}
check 'nothing is unused, for all was made again' nothing_unused
sed '/container.create/d' "$records" >"$engine_dir/starts.jsonl"
"$DOCKSILL" baseline --shrink "$engine_dir/starts.jsonl" "$engine_dir/shrunk.yaml" >"$engine_dir/shrink" 2>&1
check 'with starts alone most is' grep -q '  baseline-' "$engine_dir/shrink"
check 'what is left loads' "$DOCKSILL" check --config "$engine_dir/config.yaml" --environment "$engine_dir/live/baseline.yaml" --exemptions "$engine_dir/shrunk.yaml" --quiet

check 'nothing on the host has changed' test "$before" = "$(host_state)"
finish
