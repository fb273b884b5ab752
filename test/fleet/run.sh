#!/usr/bin/env bash
# examples/ansible by Debian's own ansible on a fleet of two: copies of this machine (host.sh), each with a real dockerd. First in audit
# mode, then one enforces; what is wrong on one host ends the rollout before the next; the way back.
#
#     test/fleet/run.sh [DEB]       DEB: the package; without it one is built; as root
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=test/check.sh
source test/check.sh

work=$(mktemp -d) || exit 1
site=$work/site
declare -A process=() # of each host: that whose namespaces are the host

fleet_end() {
        exec 7>&- 8>&-
        wait
        rm -rf "$work"
}
trap fleet_end EXIT
trap 'exit 143' INT TERM

export HOME=$work ANSIBLE_HOME=$work/ansible ANSIBLE_CONFIG=$site/ansible.cfg ANSIBLE_CONNECTION_PLUGINS=$PWD/test/fleet
export ANSIBLE_PIPELINING=1 ANSIBLE_NOCOLOR=1 ANSIBLE_RETRY_FILES_ENABLED=0

# --- the hosts --------------------------------------------------------------------------------------------------------

# host_start NAME DESCRIPTOR: it runs until the descriptor is closed.
host_start() {
        local outer

        mkfifo "$work/$1.in"
        test/packages/copy.sh "$PWD/test/fleet/host.sh" <"$work/$1.in" >"$work/$1.out" 2>&1 7>&- 8>&- &
        outer=$!
        eval "exec $2>'$work/$1.in'"
        until grep -q '^ready' "$work/$1.out"; do
                kill -0 "$outer" 2>/dev/null || { cat "$work/$1.out"; return 1; }
                sleep 0.1
        done
        process[$1]=$(pgrep -P "$outer")
}

# on HOST COMMAND…
on() {
        nsenter -t "${process[$1]}" -m -p -n -i -r -w -- "${@:2}"
}

docker_on() {
        timeout 30 nsenter -t "${process[$1]}" -m -p -n -i -r -w -- docker -H unix:///run/docker.sock "${@:2}"
}

# holds HOST FILTER: of what `docksill status` says there.
holds() {
        on "$1" docksill status --format json >"$work/status"
        jq -e "$2" "$work/status" >/dev/null || { cat "$work/status"; return 1; }
}

digest_of() {
        on "$1" docksill status --format json | jq -r .docksill.rules_digest
}

is_refused() {
        docker_on "$1" create --privileged busybox:1.0 2>&1 | tee "$work/refused" | grep -q 'refused' || { cat "$work/refused"; return 1; }
}

passes() {
        docker_on "$1" create --privileged busybox:1.0
}

has_not() {
        ! on "$1" test -e "$2"
}

# --- ansible ----------------------------------------------------------------------------------------------------------

# inventory AUDIT ENFORCE: hosts, with spaces between them.
inventory() {
        local group name
        {
                printf 'docksill:\n  children:\n'
                for group in audit enforce; do
                        printf '    %s:\n      hosts:\n' "$group"
                        for name in $1; do printf '        %s: {ansible_host: "%s"}\n' "$name" "${process[$name]}"; done
                        shift
                done
                printf '  vars: {ansible_connection: namespace, ansible_become: false, ansible_python_interpreter: /usr/bin/python3}\n'
        } >"$site/inventory.yaml"
}

# plays PLAYBOOK [OPTION…]: it succeeds; what is said is in $work/said. stops: it does not.
plays() {
        (cd "$site" && timeout 300 ansible-playbook "$@") >"$work/said" 2>&1 </dev/null || { cat "$work/said"; return 1; }
}

stops() {
        ! plays "$@" >/dev/null || { cat "$work/said"; return 1; }
}

says() {
        grep -qFe "$1" "$work/said" || { cat "$work/said"; return 1; }
}

# counts HOST WORD NUMBER: "changed=0" in the recap.
counts() {
        grep -Eq "^$1 .*\b$2=$3\b" "$work/said" || { grep -E '^(changed|fatal)|=>|unreachable=' "$work/said"; return 1; }
}

# The rollout did not come to it.
untouched() {
        ! grep -Eq "^$1 .*ok=|\[$1\]" "$work/said" || { cat "$work/said"; return 1; }
}

lints() {
        (cd "$site" && ansible-lint --offline --nocolor site.yaml disable.yaml uninstall.yaml)
}

# --- begin ------------------------------------------------------------------------------------------------------------

deb=${1:-}
if [ -z "$deb" ]; then
        check 'the package is built' packaging/debian/build.sh "$work/deb"
        deb=$(echo "$work"/deb/docksill_*.deb)
fi
deb=$(realpath "$deb")
check 'the first host runs' host_start one 7 || exit 1
check 'the second host runs' host_start two 8 || exit 1
cp -r examples/ansible "$site"
# What every host with this engine has is known here; no systemd runs on these.
sed -i 's/^docksill_doctor_accepts: .*/docksill_doctor_accepts: [engine-hides-bodies, engine-grpc]/' "$site/group_vars/docksill.yaml"
printf '%s\n' "docksill_package_file: $deb" 'docksill_systemd: false' 'docksill_start: start-docksill' \
        'docksill_reload: signal-docksill HUP' 'docksill_stop: signal-docksill TERM' >>"$site/group_vars/docksill.yaml"
inventory 'one two' ''
if command -v ansible-lint >/dev/null; then
        check 'ansible-lint finds nothing' lints
fi

# --- audit first ------------------------------------------------------------------------------------------------------

check 'with --check' plays site.yaml --check
check 'the package would be installed' counts one changed '[1-9]'
check 'and is not' has_not one /usr/bin/docksill
check 'the first run' plays site.yaml
for host in one two; do
        check "$host: dockerd asks docksill" holds "$host" '.asked == "yes" and .registered'
        check "$host: in audit mode" holds "$host" '.docksill.mode == "audit" and .docksill.environment == "site"'
        check "$host: nothing is refused" passes "$host"
        check "$host: the exemptions are there" on "$host" test -f /etc/docksill/exemptions/batch.yaml
done
check 'the second run' plays site.yaml
check 'one: changes nothing' counts one changed 0
check 'two: changes nothing' counts two changed 0

# --- one host enforces ------------------------------------------------------------------------------------------------

inventory one two
check 'two is to enforce; with --check' plays site.yaml --check
check 'two would change' counts two changed '[1-9]'
check 'and does not' holds two '.docksill.mode == "audit"'
check 'one would not' counts one changed 0
check 'the rollout' plays site.yaml
check 'one: changes nothing' counts one changed 0
check 'two: enforces' holds two '.docksill.mode == "enforce"'
check 'two: refuses' is_refused two
check 'one: does not' passes one

# --- what ends a rollout ----------------------------------------------------------------------------------------------

before=$(digest_of one)
printf 'docksill: v1\nkind: exemptions\nexemptions:\n  - {id: late, rules: [no-such-rule]}\n' >"$site/exemptions/late.yaml"
check 'an exemption that is wrong ends the rollout' stops site.yaml
check 'by name' says 'no-such-rule'
check 'two is not come to' untouched two
check 'nor has the file' has_not two /etc/docksill/exemptions/late.yaml
check 'one: the old rules stay in force' test "$(digest_of one)" = "$before"
check 'one: and it decides' holds one '.asked == "yes" and (.docksill.last_good | not)'

sed 's/id: batch-without-limits/id: late/; s/expires: .*/expires: 2999-01-01/; s,/batch},/late},' "$site/exemptions/batch.yaml" >"$site/exemptions/late.yaml"
sed -i "s/expires: .*/expires: $(date -d '+90 days' +%F)/" "$site/exemptions/late.yaml"
on one chmod o+r /var/log/docksill/decisions.jsonl
check 'it is mended; what doctor finds ends the rollout' stops site.yaml
check 'by name and with the remedy' says 'records-readable: everybody may read'
check 'two is not come to' untouched two
check 'one: the new rules are in force' test "$(digest_of one)" != "$before"
on one chmod o-r /var/log/docksill/decisions.jsonl
rm "$site/exemptions/late.yaml"
check 'that is mended too, and the exemption is given up' plays site.yaml
check 'one: it is gone' has_not one /etc/docksill/exemptions/late.yaml
check 'one: and no longer in force' test "$(digest_of one)" = "$before"
check 'two: changes nothing' counts two changed 0

# --- back -------------------------------------------------------------------------------------------------------------

on one signal-docksill KILL
check 'docksill is dead on one, and switched off on both' plays disable.yaml
for host in one two; do
        check "$host: dockerd does not ask it" holds "$host" '.asked == "no" and (.registered | not)'
        check "$host: docker answers" passes "$host"
done
check 'once more' plays disable.yaml
check 'changes nothing' counts one changed 0
check 'two is not switched on refusing' stops site.yaml --limit two
check 'and is told why' says 'Begin with audit mode'
check 'it is removed from two' plays uninstall.yaml --limit two
check 'two: it is gone' has_not two /usr/bin/docksill
check 'two: with its settings' has_not two /etc/docksill
check 'two: what it recorded stays' on two test -s /var/log/docksill/decisions.jsonl
check 'two: docker answers' passes two
check 'once more' plays uninstall.yaml --limit two
check 'changes nothing' counts two changed 0
finish
