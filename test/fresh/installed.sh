#!/usr/bin/env bash
# README's section Install and what follows it, typed word by word. On a machine of test/fresh/machine.sh only: it installs packages,
# docksill, a daemon.json, and starts both daemons. Prints last "N passed, N failed".
#
# shellcheck source=test/check.sh
source "$(dirname "$0")/../check.sh"
cd "$(dirname "$0")/../.." || exit 1

[ "$(hostname)" = fresh ] || { echo 'this is not for a machine that somebody uses' >&2; exit 1; }
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
readme=test/fresh/readme.sh log=/var/log/docksill/decisions.jsonl
trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT

# typed LINE: without sudo: the machine has none, and we are root.
typed() {
        bash -o pipefail -ec "${1//sudo /}"
}

wait_until() {
        local tries=300
        until "$@" >/dev/null 2>&1; do
                ((tries-- > 0)) || return 1
                sleep 0.1
        done
}

# -- the section: packages, build, installation ------------------------------------------------------------------------

packages_line() {
        "$readme" inline Install 'apt-get install'
}

check 'the packages that building takes' typed "$(packages_line)"
readarray -t lines < <("$readme" block Install)
check 'there are three lines to type' test ${#lines[@]} -eq 3
# What systemd would do, on a machine where it is not process 1: a minimal Debian has not even its tools.
check 'systemd, to look at the units with' apt-get install -q --no-install-recommends systemd
# --now takes a systemd that is process 1; what it would start is started below.
for line in "${lines[@]}"; do
        check "typed: ${line%%  *}" typed "${line/ --now/}"
done
check 'docksill is on the path' docksill --version

# verified UNIT…: and nothing is said of them.
verified() {
        local said

        said=$(systemd-analyze verify "$@" 2>&1)
        local code=$?
        printf '%s\n' "$said"
        [ "$code" -eq 0 ] && ! grep -i docksill <<<"$said"
}
units=(/usr/lib/systemd/system/docksill.socket /usr/lib/systemd/system/docksill.service)
check 'systemd finds nothing wrong with the units' verified "${units[@]}"
check 'a unit that is wrong would be found' bash -c "sed 's/^ExecStart=.*/ExecStart=no/' ${units[1]} >/etc/systemd/system/wrong.service &&
        ! systemd-analyze verify /etc/systemd/system/wrong.service"
for unit in sockets.target.wants/docksill.socket multi-user.target.wants/docksill.service; do
        check "enabled: $unit" test -e "/etc/systemd/system/$unit"
done

# -- registered, and without systemd -----------------------------------------------------------------------------------

# On this machine's network no rule and no bridge is made: these are options of the command, not of daemon.json.
engine_start() {
        dockerd --bridge=none --iptables=false --ip-forward=false >/var/log/dockerd.log 2>&1 &
        engine=$!
        wait_until docker version || { tail -n 20 /var/log/dockerd.log; return 1; }
}

docksill_start() {
        mkdir -p /var/log/docksill # as systemd does
        docksill serve >/var/log/docksill.log 2>&1 &
        service=$!
        wait_until test -S /run/docker/plugins/docksill.sock || { cat /var/log/docksill.log; return 1; }
}

# configure MODE: README's configuration.
configure() {
        mkdir -p /etc/docksill && "$readme" block 'Audit-only first' | sed "s/^mode: audit/mode: $1/" >/etc/docksill/docksill.yaml &&
                docksill check && [ "$(docksill config show mode | awk 'END { print $NF }')" = "$1" ]
}

# What production refuses; where it passes it ends all the same, since there is no such image and none can be had.
privileged() {
        docker create --privileged nothing.invalid/nothing 2>&1
}

passes() {
        privileged | tee /dev/stderr | grep -q 'Unable to find image'
}

refused() {
        privileged | tee /dev/stderr | grep -q 'authorization denied by plugin docksill: '
}

would_be_refused() {
        wait_until grep -q container.create "$log"
        bash -c "$("$readme" block 'Audit-only first' 2 | sed 's/^\$ //')" | tee /dev/stderr | grep -q '^container.create'
}

check 'Docker, as Debian has it' apt-get install -q --no-install-recommends docker.io jq
mkdir -p /etc/docker
"$readme" block Install 2 >/etc/docker/daemon.json
check 'as it says nothing, it is audit-only' docksill_start
check 'dockerd starts with it' engine_start
check 'docker ps' docker ps
check 'a create that production refuses passes' passes
check "README's configuration: audit" configure audit
kill "$service"
wait "$service"
check 'it starts with that' docksill_start
check 'audit lets it pass as well' passes
check "README's query shows it" would_be_refused
check 'enforce' configure enforce
check 'read anew' kill -HUP "$service"
check 'now it is refused' wait_until refused

# -- and out again -----------------------------------------------------------------------------------------------------

readarray -t lines < <("$readme" block 'How to get out, in two lines')
check 'there are two lines' test ${#lines[@]} -eq 2
check 'the first empties the list' typed "${lines[0]}"
# systemctl reload docker is this: ExecReload of docker.service.
check 'the second is a SIGHUP' test "${lines[1]}" = 'sudo systemctl reload docker'
kill -HUP "$engine"
kill "$service"
wait "$service"
check 'docker ps works without docksill' wait_until docker ps
kill "$engine"
wait "$engine"
finish
