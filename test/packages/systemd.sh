#!/usr/bin/env bash
# The package under a real systemd, with the real dockerd by its own unit (boot.sh): what only systemd does. Units and their
# sandbox, watchdog, reload, last good set, crash loop, upgrade and removal under a stream of calls, the timer that undoes an enabling.
#
#     test/packages/systemd.sh [DEB]      default: what built.sh left in build-deb; as root
cd "$(dirname "$0")/../.." || exit 1
if [ "${1:-}" != --inside ]; then
        deb=$(realpath "${1:-$(echo build-deb/docksill_*.deb)}")
        over=$(mktemp -d) || exit 1
        cp "$deb" "$over/docksill.deb"
        trap 'rm -rf "$over"' EXIT
        # Into the copy by a descriptor: it has another /tmp.
        test/packages/boot.sh "$PWD/test/packages/systemd.sh" --inside 5<"$over/docksill.deb"
        code=$?
        # test/run.sh has no count then, and takes its word for it.
        [ "$code" -ne 77 ] || printf '   SKIPPED, NOT PASSED: systemd is not started here\n0 passed, 0 failed\n'
        exit
fi
# shellcheck source=test/check.sh
source test/check.sh

cat <&5 >/tmp/docksill.deb
exec 5<&-
settings=/etc/docker/daemon.json own=/etc/docksill/docksill.yaml records=/var/log/docksill/decisions.jsonl

wait_until() {
        local tries=$(($1 * 10))
        shift
        until "$@" >/dev/null 2>&1; do
                ((tries-- > 0)) || { journalctl -q --no-pager -n 30 -u docksill -u docker; return 1; }
                sleep 0.1
        done
}

property() {
        systemctl show -P "$2" "$1"
}

main_pid() {
        property docksill.service MainPID
}

# has_main_other_than PID
has_main_other_than() {
        local now

        now=$(main_pid)
        [ "$now" -gt 0 ] && [ "$now" != "$1" ] && [ "$(property docksill.service ActiveState)" = active ]
}

package() {
        DEBIAN_FRONTEND=noninteractive dpkg "$@" </dev/null
}

fails() {
        ! "$@"
}

answers() {
        timeout 100 docker ps
}

names_docksill() {
        jq -e '."authorization-plugins" | index("docksill") != null' $settings
}

is_asked() {
        docksill status
}

# configure MODE [LINE…]
configure() {
        mkdir -p /etc/docksill
        printf '%s\n' 'docksill: v1' 'kind: configuration' "mode: $1" "${@:2}" >$own
}

journal_since() {
        journalctl -q --no-pager -o cat -u docksill --since "@$1"
}

# -- a stream of calls: one after another, each with how long it took --------------------------------------------------

stream_begin() {
        : >/tmp/calls
        rm -f /tmp/stop
        while [ ! -e /tmp/stop ]; do
                local from=${EPOCHREALTIME/[.,]/} code
                timeout 60 docker ps >/tmp/call 2>&1
                code=$?
                printf '%d %d %s\n' "$code" $(((${EPOCHREALTIME/[.,]/} - from) / 1000)) "$(tail -n 1 /tmp/call)" >>/tmp/calls
        done &
        stream=$!
}

# Says what it was like; prints it too when a check fails.
stream_end() {
        touch /tmp/stop
        wait "$stream"
        lost=$(awk '$1 != 0' /tmp/calls | wc -l)
        longest=$(awk '$2 > m { m = $2 } END { print m + 0 }' /tmp/calls)
        printf '          %s: %d calls, %d lost, the longest took %d ms\n' "$1" "$(wc -l </tmp/calls)" "$lost" "$longest"
}

none_lost() {
        [ "$(wc -l </tmp/calls)" -le 3 ] || [ "$lost" -gt 0 ] || [ "$longest" -ge "$1" ] || return 0
        awk '$1 != 0 || $2 > 500' /tmp/calls
        return 1
}

# -- it is installed ---------------------------------------------------------------------------------------------------

check 'dockerd runs by its unit' systemctl start docker.service
check 'and answers' wait_until 30 answers
check 'the package is installed' package --install /tmp/docksill.deb
check "dockerd has no settings of it" test ! -e $settings
check 'the socket is open' systemctl is-active docksill.socket
check 'the service runs' systemctl is-active docksill.service
check 'both are enabled' systemctl is-enabled docksill.socket docksill.service
check 'as nobody else' test "$(ps -o user= -p "$(main_pid)")" = docksill
check 'the state folder is there' test "$(stat -c %U:%a /var/lib/docksill)" = docksill:750
check 'its socket is for root alone' test "$(stat -c %U:%a /run/docker/plugins/docksill.sock)" = root:600
check 'no unit failed' test -z "$(systemctl --failed --no-legend)"
check 'one right, and no more' test "$(sed -n 's/^CapEff:\t//p' "/proc/$(main_pid)/status")" = 0000000000000004
check 'a filter of system calls' grep -q '^Seccomp:.2' "/proc/$(main_pid)/status"

# -- switched on -------------------------------------------------------------------------------------------------------

configure audit
check 'it reloads' systemctl reload docksill
check 'dockerd asks it' docksill enable
check 'the status says so' is_asked
# But for the engine of Debian 12, which has holes of its own.
finds_nothing() {
        docksill doctor >/tmp/doctor || ! grep -E '^[a-z-]+: ' /tmp/doctor | grep -v '^engine-' || { cat /tmp/doctor; return 1; }
}
check 'and doctor finds nothing that is wrong' finds_nothing
docker create --privileged nothing.invalid/nothing >/dev/null 2>&1
check 'it records' wait_until 5 grep -q privileged-container $records
check 'a file of its own' test "$(stat -c %U:%a $records)" = docksill:600
configure enforce
check 'it is told to refuse' systemctl reload docksill
refused() {
        docker create --privileged nothing.invalid/nothing 2>&1 | tee /dev/stderr | grep -q 'docksill (production): refused'
}
check 'it refuses' wait_until 5 refused
paths_are_followed() {
        ln -sfn /etc /srv/innocent
        docker create -v /srv/innocent:/h:ro nothing.invalid/nothing 2>&1 | tee /dev/stderr | grep -q 'sensitive-host-mount\|/etc'
}
check 'within its sandbox it sees where a link leads' paths_are_followed
keeps_itself() {
        docker create -v /var/lib/docksill:/h:ro nothing.invalid/nothing 2>&1 | tee /dev/stderr | grep -q 'self-protection\|own settings'
}
check 'and keeps its own files shut' keeps_itself

# -- files that are bad ------------------------------------------------------------------------------------------------

since=$(date +%s)
configure enforce 'rulez: /nowhere'
check 'a bad file makes the reload fail' fails systemctl reload docksill
check 'the journal says where' wait_until 5 eval "journal_since $since | grep -q 'docksill.yaml:4:1: error'"
check 'what was in force stays' refused
check 'and it runs' systemctl is-active docksill.service
check 'a start takes the last good set' systemctl restart docksill
check 'loudly' wait_until 5 eval "journal_since $since | grep -q 'STARTING WITH THE LAST GOOD SET'"
check 'systemctl shows it' wait_until 5 eval "property docksill.service StatusText | grep -q 'last good'"
check 'it refuses as before' refused
configure enforce
check 'mended, it reloads' systemctl reload docksill
check 'systemctl shows that' wait_until 5 eval "! property docksill.service StatusText | grep -q 'last good'"
check 'dockerd starts while the file is bad' eval "configure enforce 'rulez: x'; systemctl restart docksill && systemctl restart docker && docker ps"
configure audit
check 'and is mended' systemctl reload docksill

# -- it dies, hangs, is exchanged --------------------------------------------------------------------------------------

crash_loop() {
        local round before

        for round in {1..20}; do
                before=$(main_pid)
                kill -KILL "$before"
                wait_until 10 has_main_other_than "$before" || { echo "round $round"; return 1; }
        done
}

stream_begin
check 'killed twenty times it is there again' crash_loop
stream_end 'killed twenty times'
# Each kill may cost the one call in flight at that instant.
check 'calls in flight apart none is lost, none waits long' test "$lost" -le 20 -a "$longest" -lt 3000
check 'systemd counted' test "$(property docksill.service NRestarts)" -ge 20
check 'and did not give up' systemctl is-active docksill.service

stream_begin
check 'restarted five times' eval 'for i in 1 2 3 4 5; do systemctl restart docksill || exit; done'
stream_end 'restarted five times'
check 'none is lost' none_lost 3000

stream_begin
sleep 1
check 'it is upgraded' package --install /tmp/docksill.deb
sleep 1
stream_end 'upgraded'
check 'no call is lost' none_lost 5000
check 'dockerd asks it as before' is_asked

hung=$(main_pid)
kill -STOP "$hung"
stream_begin
# WatchdogSec=15s
check 'stopped, it is killed by the watchdog and started anew' wait_until 40 has_main_other_than "$hung"
stream_end 'stopped until the watchdog came'
check 'which the journal tells' wait_until 5 eval 'journalctl -q --no-pager -o cat -u docksill | grep -q -i watchdog'
fed() {
        [ "$(property docksill.service WatchdogTimestampMonotonic)" -gt "$1" ]
}
check 'one that runs feeds it' wait_until 12 fed "$(property docksill.service WatchdogTimestampMonotonic)"

# -- records are turned over -------------------------------------------------------------------------------------------

check 'logrotate turns the records over' logrotate --force /etc/logrotate.d/docksill
docker create --privileged nothing.invalid/nothing >/dev/null 2>&1
check 'a new file is written' wait_until 5 grep -q privileged-container $records
check 'the old one is kept' eval "ls $records-* | grep -q ."

# -- the drop-ins ------------------------------------------------------------------------------------------------------

drop_in() {
        local from

        from=$(dpkg -L docksill | grep "/$1\$" | head -n 1)
        mkdir -p /etc/systemd/system/docksill.service.d
        rm -f /etc/systemd/system/docksill.service.d/*
        [ "$1" = none ] || cp "$from" /etc/systemd/system/docksill.service.d/ || return
        systemctl daemon-reload && systemctl restart docksill && is_asked
}
chgrp docksill /etc/docksill $own
chmod 640 $own
check 'it runs without a look at the files' drop_in no-paths.conf
check 'with no right at all' test "$(sed -n 's/^CapEff:\t//p' "/proc/$(main_pid)/status")" = 0000000000000000
configure enforce 'lookups: {docker: "unix:///run/docker.sock"}'
check 'it runs with lookups' drop_in lookups.conf
looks_up() {
        docker start nothing-of-that-name 2>&1 | grep -q 'No such container'
}
check 'dockerd and docksill ask each other, and both answer' timeout 20 bash -c "$(declare -f looks_up); looks_up"
check 'doctor finds nothing that is wrong with it' finds_nothing
configure audit 'host-audit: daily'
check 'a look at the host' drop_in none
check 'is refused by the sandbox, and it says which drop-in lets it' wait_until 10 eval 'journalctl -q --no-pager -o cat -u docksill | grep -q host-audit.conf'
check 'with that' drop_in host-audit.conf
check 'it is recorded' wait_until 10 grep -q '"operation":"host.audit"' $records
configure audit
check 'and without drop-ins as before' drop_in none

# -- the audit of every week -------------------------------------------------------------------------------------------

audits=/var/log/docksill-audit
check 'no audit is scheduled by installing' fails systemctl is-enabled docksill-audit.timer
check 'it is' systemctl enable --now docksill-audit.timer
check 'and will take place' eval 'systemctl list-timers --all --no-legend | grep -q docksill-audit.timer'
docker create --privileged --name audited nothing.invalid/nothing >/dev/null 2>&1
check 'now' systemctl start docksill-audit.service
check 'it is no failure that something was found' test "$(property docksill-audit.service ExecMainStatus)" = 1
check 'its reports are there' eval "ls $audits/audit-*Z.json $audits/audit-*Z.html"
check 'for root alone' test "$(stat -c %U:%a $audits $audits/* | sort -u | tr '\n' ' ')" = 'root:600 root:700 '
# The sandbox hides nothing and shows nothing of its own: an audit by hand finds the same.
docksill audit --output /tmp/by-hand.json
same_by_hand() {
        docksill audit diff /tmp/by-hand.json "$(find $audits -name '*.json' | sort | tail -n 1)" >/tmp/differs
        grep -q '^0 new, 0 changed, 0 gone' /tmp/differs || { cat /tmp/differs; return 1; }
}
check 'an audit by hand finds the same' same_by_hand
check 'neither misses an audit' fails grep -Eq '"rule": ?"audit-not-scheduled"' /tmp/by-hand.json
printf '{"debug": true}\n' >/etc/docker/daemon.json.new
jq -s 'add' $settings /etc/docker/daemon.json.new >/tmp/daemon.json && cp /tmp/daemon.json $settings
sleep 1 # reports are named by the second
check 'the next one' systemctl start docksill-audit.service
check 'tells the journal what is new' wait_until 5 eval 'journalctl -q --no-pager -o cat -u docksill-audit | grep -Eq "^(new|changed) .*daemon"'
rm /etc/docker/daemon.json.new
touch -d '500 days ago' $audits/audit-2020-01-06T010000Z.json
check 'what is old goes' systemd-tmpfiles --clean /usr/lib/tmpfiles.d/docksill-audit.conf
check 'that is the old one alone' eval "[ ! -e $audits/audit-2020-01-06T010000Z.json ] && [ \"\$(ls $audits | wc -l)\" -eq 4 ]"
check 'an upgrade keeps it' eval 'package --install /tmp/docksill.deb && systemctl is-active docksill-audit.timer && systemctl is-enabled docksill-audit.timer'

# -- an enabling that nobody confirms ----------------------------------------------------------------------------------

check 'taken out' docksill disable
check 'enabled for ten seconds' docksill enable --confirm-within 10s
check 'dockerd asks it' is_asked
check 'a timer of systemd waits' eval "systemctl list-timers --all --no-legend | grep -q docksill-undo-"
check 'no process of docksill does' test -z "$(pgrep -f 'docksill enable')"
kill -KILL "$(main_pid)"
check 'nobody comes: it is taken out' wait_until 20 eval '! names_docksill'
check 'by the timer' wait_until 5 eval "! systemctl list-timers --all --no-legend | grep -q docksill-undo-"
check 'dockerd answers' answers
check 'and does not ask' fails is_asked
check 'enabled once more' docksill enable --confirm-within 6s
check 'confirmed' docksill confirm
sleep 8
check 'it stays' is_asked
check 'no unit failed' test -z "$(systemctl --failed --no-legend)"

# -- dockerd starts before docksill ------------------------------------------------------------------------------------

systemctl stop docker.socket docker.service docksill.service docksill.socket
check 'the socket alone is there' systemctl start docksill.socket
check 'dockerd starts, and starts it by asking' systemctl start docker.service
check 'the service runs' wait_until 10 systemctl is-active docksill.service
check 'dockerd answers' answers

# -- and is removed ----------------------------------------------------------------------------------------------------

stream_begin
check 'it is removed' package --remove docksill
sleep 1
stream_end 'removed'
check 'no call is lost' none_lost 5000
check 'dockerd is not told to ask' fails names_docksill
check 'no unit is left' fails systemctl cat docksill.service
check 'nor a timer that waits' fails systemctl is-active docksill-audit.timer
check 'nor a socket' test ! -e /run/docker/plugins/docksill.sock
check 'dockerd starts without it' systemctl restart docker.service
check 'and answers' answers
check 'purged' package --purge docksill
finish
