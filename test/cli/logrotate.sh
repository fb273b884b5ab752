#!/usr/bin/env bash
# The shipped configuration for logrotate, with the real one: a full day's file goes away whole, docksill goes on in a new one, and no
# record is lost between them.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

if ! command -v logrotate >/dev/null || [ "$(id -u)" -ne 0 ]; then
        ok 'skipped: logrotate is not here, or we are not root'
        finish
        exit
fi
shipped=$scenario_here/../../packaging/logrotate.conf
mkdir log && chmod 750 log
records=$folder/log/decisions.jsonl

# What stands for the service manager, and the user, on this machine.
# shellcheck disable=SC2016 # the script's own
printf '#!/bin/sh\nprintf "%%s\\n" "$*" >%s/told\nkill -USR1 "$(cat %s/pid)"\n' "$folder" "$folder" >systemctl
chmod +x systemctl
sed "s#/var/log/docksill#$folder/log#; s#su docksill docksill#su root root#; s#systemctl#$folder/systemctl#" "$shipped" >conf

check 'docksill serves' serve_start --mode enforce
echo "$serve_pid" >pid
stream() {
        for ((i = 0; i < 60; i++)); do
                call AuthZPlugin.AuthZReq "$(create "$privileged")"
        done >answered
}
stream &
streaming=$!
sleep 0.3
check 'logrotate takes it' logrotate --force --state "$folder/state" conf
check 'the service is told as systemd tells it' grep -qx 'kill --kill-who=main --signal=SIGUSR1 docksill.service' told
wait "$streaming"
check 'there is a new file' wait_for test -s "$records"
serve_stop
check 'and the old one' test "$(find log -name 'decisions.jsonl-*' | wc -l)" -eq 1
check 'no record is lost, and none is cut' test "$(cat log/* | jq -r 'select(.schema == "docksill.record/1").decision_id' | sort -u | wc -l)" \
        -eq "$(grep -o '"Allow":false' answered | wc -l)"
check 'it is asked for by name' grep -q '^/var/log/docksill/\*.jsonl {$' "$shipped"
check 'and never copies' lacks "$(grep -v '^#' "$shipped")" copytruncate
finish
