# shellcheck shell=bash
# engine.sh: a throw-away dockerd with docksill in its daemon.json. Sourced by the scenarios beside it and by
# examples/quickstart.sh.
#
# Everything lives in one temporary folder, except docksill's socket: dockerd looks for plugins in /run/docker/plugins alone
# (PROTOCOL 1.1). Its name carries our process id, so parallel runs do not meet. Nothing listens but on Unix sockets; no
# bridge, no iptables rule and no forwarding switch is touched. The machine's own dockerd, if there is one, is left alone.
#
# ENGINE_ROOT names a folder with another Debian (debian.sh makes one): then dockerd, its runtime and the client come from there.

# shellcheck source=test/check.sh
source "$(dirname "${BASH_SOURCE[0]}")/../check.sh"

engine_top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
DOCKSILL=${DOCKSILL:-$engine_top/build/docksill}
docker=${DOCKER:-docker}

# What a container needs to pass in production; the image name below stands in the list of trusted ones.
image=busybox:1.0
# shellcheck disable=SC2034 # for the scenarios
hardened=(--user 10001:10001 --cap-drop=ALL --security-opt no-new-privileges:true --read-only
        --memory 64m --pids-limit 50 --cpus 0.5 --network none)

engine_pid='' docksill_pid='' engine_dir='' engine_absent=()
engine_inside=() # what stands before a command that is to be ENGINE_ROOT's
engine_options=(--bridge=none --iptables=false) # a scenario that has a network of its own may have a bridge

# engine_begin [NAME]: the temporary folder, the names, and the promise to clear up. Call it first.
# shellcheck disable=SC2120 # most scenarios are content with the name
engine_begin() {
        local path cgroup

        engine_dir=$(mktemp -d "${TMPDIR:-/tmp}/docksill-engine.XXXXXX") || exit 1
        plugin=${1:-docksill-test}-$$
        plugin_socket=/run/docker/plugins/$plugin.sock
        engine_socket=$engine_dir/docker.sock
        engine_log=$engine_dir/dockerd.log
        records=$engine_dir/decisions.jsonl
        # Folders that dockerd, its containerd or we make outside of the temporary one: removed again if they were not there.
        for path in /run/docker/plugins /run/docker /opt/containerd/{lib,bin} /opt/containerd; do
                [ -e "$path" ] || engine_absent+=("$path")
        done
        for cgroup in /sys/fs/cgroup/ /sys/fs/cgroup/*/; do
                [ -e "${cgroup}docker" ] || engine_absent+=("${cgroup}docker")
        done
        trap engine_end EXIT
        trap 'exit 130' INT
        trap 'exit 143' TERM
        mkdir -p /run/docker/plugins "$engine_dir/client"
        [ -z "${ENGINE_ROOT:-}" ] || engine_elsewhere
        export DOCKER_CONFIG=$engine_dir/client # not the user's own contexts, aliases and credentials
        unset DOCKER_HOST DOCKER_CONTEXT DOCKER_TLS_VERIFY DOCKER_CERT_PATH DOCKER_API_VERSION DOCKER_DEFAULT_PLATFORM
}

# The client becomes a script, since it is given to timeout and the like.
engine_elsewhere() {
        engine_inside=("$engine_top/test/engine/inside.sh" "$ENGINE_ROOT")
        docker=$engine_dir/docker
        printf '#!/bin/bash\nexec %q %q docker "$@"\n' "${engine_inside[@]}" >"$docker"
        chmod +x "$docker"
}

# wait_until SECONDS COMMAND…: polls ten times a second.
wait_until() {
        local tries=$(($1 * 10))
        shift
        until "$@" >/dev/null 2>&1; do
                ((tries-- > 0)) || return 1
                sleep 0.1
        done
}

# is_gone PID. A process that ended and was not waited for yet still has its number: state Z.
is_gone() {
        ! grep -q '^State:[[:space:]]*[^Z[:space:]]' "/proc/$1/status" 2>/dev/null
}

# --- docksill ---------------------------------------------------------------------------------------------------------

# call_docksill PATH [BODY]: one call as dockerd makes it, past dockerd.
call_docksill() {
        curl -sS --max-time 20 --unix-socket "$plugin_socket" -X POST --data-binary "${2:-}" "http://docksill/$1"
}

docksill_answers() {
        [ "$(call_docksill Plugin.Activate 2>/dev/null | tr -d ' ')" = '{"Implements":["authz"]}' ]
}

docksill_answers_or_is_gone() {
        docksill_answers || is_gone "$docksill_pid"
}

# docksill_start [OPTION…]: production and enforce, unless an option says otherwise; returns when it answers.
docksill_start() {
        local options=(--environment production --mode enforce)

        [ $# -eq 0 ] || options=("$@")
        mkdir -p "${plugin_socket%/*}" # again: a parallel run that ends removes it while it is empty
        "$DOCKSILL" serve --rules "$engine_top/rules" --socket "$plugin_socket" --records "$records" "${options[@]}" \
                >>"$engine_dir/docksill.log" 2>&1 &
        docksill_pid=$!
        wait_until 10 docksill_answers_or_is_gone && docksill_answers && return
        printf 'docksill does not answer:\n' >&2
        tail -n 20 "$engine_dir/docksill.log" >&2
        return 1
}

# site_with FOLDER…: production in $site, where containers may have these folders of the host.
site_with() {
        local IFS=,

        # shellcheck disable=SC2034 # for the scenarios
        site=$engine_dir/site.yaml
        printf '%s\n' 'docksill: v1' 'kind: environment' 'name: site' 'extends: production' 'override:' \
                "  - {list: allowed-host-paths, append: [$*]}" >"$site"
}

# docksill_signal SIGNAL: sends it and waits for the end; leaves the exit code in $docksill_code.
docksill_signal() {
        kill -s "$1" "$docksill_pid" 2>/dev/null
        wait "$docksill_pid" 2>/dev/null
        # shellcheck disable=SC2034 # for the scenarios
        docksill_code=$?
        docksill_pid=''
}

# ask BODY: the answer to a create, past dockerd, and on a second line the seconds that it took.
ask() {
        jq -cn --arg body "$(base64 -w 0 <<<"$1")" --arg n "$(wc -c <<<"$1")" '{RequestMethod: "POST",
                RequestUri: "/v1.41/containers/create", RequestBody: $body,
                RequestHeaders: {"Content-Length": $n, "Content-Type": "application/json"}}' |
                curl -sS --max-time 20 --unix-socket "$plugin_socket" -X POST --data-binary @- -w '\n%{time_total}\n' \
                        http://docksill/AuthZPlugin.AuthZReq
}

# says WORDS TEXT: they are in it.
says() {
        case $2 in *"$1"*) return ;; esac
        printf '"%s" is not in: %s\n' "$1" "$2"
        return 1
}

# --- dockerd ----------------------------------------------------------------------------------------------------------

# api METHOD TARGET [CURL-OPTION…]: a request that no client would send; prints the body, then the status on its own line.
api() {
        local method=$1 target=$2
        shift 2
        curl -sS --max-time 40 --unix-socket "$engine_socket" -X "$method" --request-target "$target" -w '\n%{http_code}\n' \
                "$@" http://docker/
}

engine_answers() {
        [ "$(curl -s --max-time 5 --unix-socket "$engine_socket" http://docker/_ping)" = OK ]
}

# daemon_json [NAME]: dockerd's configuration, with that plugin or with none.
# shellcheck disable=SC2016 # $name and $key are jq's
daemon_json() {
        local filter='{}'

        [ $# -eq 0 ] || filter='{"authorization-plugins": [$name]}'
        # Engines up to 20.10 make a key in /etc/docker unless told where; later ones refuse to start with this option.
        case $("${engine_inside[@]}" dockerd --version) in
        *' 20.10.'*) filter+=' + {"deprecated-key-path": $key}' ;;
        esac
        jq -n --arg name "${1:-}" --arg key "$engine_dir/key.json" "$filter" >"$engine_dir/daemon.json"
}

engine_spawn() {
        "${engine_inside[@]}" dockerd --config-file "$engine_dir/daemon.json" --data-root "$engine_dir/data" --exec-root "$engine_dir/exec" \
                --pidfile "$engine_dir/dockerd.pid" -H "unix://$engine_socket" "${engine_options[@]}" \
                --ip-forward=false --shutdown-timeout 2 >>"$engine_log" 2>&1 &
        engine_pid=$!
}

engine_answers_or_is_gone() {
        engine_answers || is_gone "$engine_pid"
}

# engine_start: dockerd with what daemon.json says now; returns when it answers.
engine_start() {
        engine_spawn
        wait_until 60 engine_answers_or_is_gone && engine_answers && return
        printf 'dockerd does not answer:\n' >&2
        tail -n 20 "$engine_log" >&2
        return 1
}

engine_stop() {
        [ -n "$engine_pid" ] || return 0
        kill "$engine_pid" 2>/dev/null
        if ! wait_until 20 is_gone "$engine_pid"; then
                kill -9 "$engine_pid"
        fi
        wait "$engine_pid" 2>/dev/null
        engine_pid=''
}

# image_import: an image of one program, made here, since nothing can be pulled. Importing is itself a call that docksill
# would judge, so dockerd runs without it for this once.
image_import() {
        local root=$engine_dir/root applet

        mkdir -p "$root"/{bin,tmp,etc,proc,sys,dev}
        cp "$(command -v busybox)" "$root/bin/busybox" || return
        for applet in sh sleep id echo cat ls mount true; do
                ln -s busybox "$root/bin/$applet"
        done
        printf 'root:x:0:0::/:/bin/sh\n' >"$root/etc/passwd"
        daemon_json
        engine_start || return
        tar -C "$root" -c . | "$docker" -H "unix://$engine_socket" import -c 'CMD ["sh"]' - "$image" >/dev/null || return
        engine_stop
}

# docker_clients: every docker client on the machine and in ENGINE_ROOT; what they send differs from version to version.
docker_clients() {
        { type -ap "$docker" && type -ap "${DOCKER:-docker}"; } | while read -r path; do readlink -f "$path"; done | sort -u
}

# engine_with_docksill [OPTION…]: the usual beginning of a scenario: image, docksill with these options, dockerd with it.
# shellcheck disable=SC2120 # as above
engine_with_docksill() {
        image_import && docksill_start "$@" && daemon_json "$plugin" && engine_start || exit 1
}

# client ARGUMENT…: the real client; leaves what it said (both streams, as a user sees them) in $said and its exit code in $code.
client() {
        # Of a run the client hands signals on to the container, and waits.
        said=$(timeout -k 5 60 "$docker" -H "unix://$engine_socket" "$@" 2>&1 </dev/null)
        code=$?
}

# --- what was said and recorded ---------------------------------------------------------------------------------------

# A refusal as the user sees it, by name of a rule.
refusal_names() {
        local form="(^|Error response from daemon: |\"message\":\")authorization denied by plugin $plugin: docksill"
        form+=" \\([a-z-]+\\): refused[ ,].*$1"

        # In several lines a message may go on in the next.
        [[ $(tr -s ' \n' ' ' <<<"$said") =~ $form ]] && return
        printf 'expected a refusal that names "%s"; got (exit code %s):\n%s\n' "$1" "${code:-}" "$said"
        return 1
}

# refused RULE ARGUMENT…: the client is refused for that rule.
refused() {
        local rule=$1
        shift
        client "$@"
        if [ "$code" -eq 0 ]; then
                printf 'expected a refusal; the client succeeded: %s\n' "$said"
                return 1
        fi
        refusal_names "$rule"
}

# allowed ARGUMENT…: the client succeeds.
allowed() {
        client "$@"
        [ "$code" -eq 0 ] && return
        printf 'expected success; got (exit code %s): %s\n' "$code" "$said"
        return 1
}

# recorded JQ-CONDITION: some record holds it. Records are written in batches, hence the patience.
recorded() {
        wait_until 3 record_holds "$1" && return
        printf 'no record with: %s; the last ones:\n' "$1"
        tail -n 3 "$records"
        return 1
}

# The records that are decisions: the line of a start or a reload is none.
decisions() {
        jq -c 'select(.schema == "docksill.record/1")' "$records"
}

record_holds() {
        jq -es "any(.[]; $1)" <(decisions)
}

# --- the end ----------------------------------------------------------------------------------------------------------

# Containers whose dockerd was killed live on under their shims; ours are known by the folder in their command line.
engine_orphans() {
        local entry

        for entry in /proc/[0-9]*/cmdline; do
                if { tr '\0' ' ' <"$entry"; } 2>/dev/null | grep -qF "$engine_dir/exec"; then
                        entry=${entry%/cmdline}
                        kill -9 "${entry#/proc/}" 2>/dev/null
                fi
        done
}

engine_unmount() {
        local point

        # Deepest first; /proc/mounts writes blanks as \040, of which our own paths have none unless TMPDIR does.
        while read -r _ point _; do
                case $point in "$engine_dir"/*) printf '%s\n' "$point" ;; esac
        done </proc/self/mounts | sort -r | while read -r point; do
                umount -l "$point"
        done
}

engine_end() {
        local status=$? path

        trap - EXIT INT TERM
        [ -n "$engine_dir" ] || exit "$status"
        [ -z "$docksill_pid" ] || docksill_signal TERM
        engine_stop
        engine_orphans
        engine_unmount
        rm -f "$plugin_socket"
        rm -rf --one-file-system "$engine_dir"
        for path in "${engine_absent[@]}"; do
                rmdir "$path" 2>/dev/null # only if empty: a parallel run may need it
        done
        exit "$status"
}
