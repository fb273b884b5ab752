#!/usr/bin/env bash
# See docksill at work, in one command, on a bare Debian 12 machine:
#
#     sudo examples/quickstart.sh
#
# Installs what is missing with apt-get, builds docksill into build/, starts a throw-away dockerd with docksill in its daemon.json
# and sends it eight docker commands. The machine's own Docker is not touched; all but packages and build/ is gone at the end.

# shellcheck source=../test/machine.sh
source "$(dirname "$0")/../test/machine.sh"
# shellcheck source=../test/engine/engine.sh
source "$(dirname "$0")/../test/engine/engine.sh"

steps=4 step=0 command_number=0 begun=$SECONDS

# progress TEXT COMMAND…: a dot every two seconds while the command runs; what it printed is shown if it fails.
progress() {
        local text=$1 since=$SECONDS ticker
        shift

        step=$((step + 1))
        printf '[%d/%d] %s ' "$step" "$steps" "$text"
        while sleep 2; do printf '.'; done &
        ticker=$!
        if "$@" >"$check_printed" 2>&1; then
                kill "$ticker"
                wait "$ticker" 2>/dev/null
                printf ' %d s\n' $((SECONDS - since))
                return
        fi
        kill "$ticker"
        wait "$ticker" 2>/dev/null
        printf ' failed:\n'
        cat "$check_printed"
        exit 1
}

wrapped() {
        fold -s -w 116 | sed 's/^/    /'
}

records_written() {
        wc -l 2>/dev/null <"$records" || echo 0
}

# new_record BEFORE: the record of the create, if there is one: a run is a create, an attach, a wait and a start.
new_record() {
        tail -n "+$(($1 + 1))" "$records" | jq -ces 'map(select(.operation == "container.create")) | last // empty'
}

# Of all that a record holds (host, path, digests, evidence …) what tells the story.
show_record() {
        jq -r '"score  \([100 - .points, 0] | max) of 100: \(.points) points; production refuses from 50 points or a high finding on"' \
                <<<"$1" | wrapped
        jq -c '{time, operation, mode, verdict, would, answer, gate, points, findings: [.findings[]? | "\(.rule) +\(.points)"]}' \
                <<<"$1" | sed 's/^/record  /; s/,"/, "/g' | wrapped
}

# show WHY ARGUMENT…: one docker command, what its user sees, and what docksill wrote down.
show() {
        local why=$1 before
        shift

        command_number=$((command_number + 1))
        before=$(records_written)
        printf '\n%d. %s\n\n$ docker %s\n' "$command_number" "$why" "$*"
        client "$@"
        printf '%s\n\n' "$said"
        if wait_until 1 new_record "$before"; then
                show_record "$(new_record "$before")"
        else
                printf '    no record: an allowed read is only counted\n'
        fi
}

[ "$(id -u)" -eq 0 ] || { echo 'a dockerd needs root: sudo examples/quickstart.sh' >&2; exit 1; }
cat <<'TEXT'
docksill stands in front of dockerd: every request to the Docker API is judged by rules before it is carried out.
This shows it with a dockerd of its own, in a temporary folder. Docker on this machine, if there is any, is not touched.

TEXT
DOCKSILL=$machine_top/build/docksill
packages=("${machine_build[@]}" "${machine_engine[@]}")
lacking=$(machine_missing "${packages[@]}")
progress "packages, with apt-get: ${lacking:-all there}" machine_install "${packages[@]}"
progress 'building docksill' machine_compile_release
engine_begin docksill-quickstart
progress 'an image to run (busybox)' image_import
daemon_json "$plugin"
start() { docksill_start && engine_start; }
progress "$("$DOCKSILL" --version | head -n 1), and $(dockerd --version | cut -d , -f 1) with it in daemon.json" start
printf '\ndaemon.json:\n'
jq -c '{"authorization-plugins"}' "$engine_dir/daemon.json" | sed 's/^/    /'

show 'A container as most people start one. Each protection that is missing costs points.' run --rm "$image" echo hello
show 'Every protection off: refused everywhere, whatever the points.' run --rm --privileged "$image" echo hello
show 'The Docker socket inside a container is root on the host.' \
        run --rm -v /var/run/docker.sock:/var/run/docker.sock "$image" echo hello
show "The host's files, all of them." run --rm -v /:/host "$image" cat /host/etc/shadow
show "The host's network." run --rm --net=host "$image" echo hello
show 'The same container, hardened: it runs.' run --rm "${hardened[@]}" "$image" id
show 'Looking is free.' ps

docksill_signal TERM
docksill_start --environment production --mode audit || exit 1
printf '\nNow docksill is started again with --mode audit: it judges and records as before, and refuses nothing. Begin with this.\n'
show 'The container of 1. again: it runs, and the record says what would have happened ("would":"deny").' \
        run --rm "$image" echo hello

printf '\nThat was all, in %d s; dockerd, docksill and their folder are being removed.\n' $((SECONDS - begun))
printf 'Next: README.md; your own create bodies against the rules: build/docksill explain --help\n'
