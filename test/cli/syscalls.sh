#!/usr/bin/env bash
# The unit's filter of system calls, held against what the service does: a traced run of serve through lookups on the host and at the
# engine, refusals, reloads good and bad, rotation, a deleted file of records, the watchdog, and the check before a reload. What is
# outside of the filter would be answered EPERM on a real host, at the worst moment.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

units=$scenario_here/../../packaging/systemd
if ! command -v strace >/dev/null || ! strace -o /dev/null true 2>/dev/null; then
        ok 'skipped: strace is not here, or may not trace'
        finish
        exit
fi
if ! systemd-analyze syscall-filter @system-service >/dev/null 2>&1; then
        ok 'skipped: systemd-analyze is not here'
        finish
        exit
fi
# The leak checker traces its own process at the end, which is not the service's.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0

# members SET: its system calls; those of the sets that it names too.
members() {
        local name

        systemd-analyze syscall-filter "$1" | sed -n '2,$ { s/^ *//; /^#/d; p }' | while read -r name; do
                case $name in
                @*) members "$name" ;;
                *) echo "$name" ;;
                esac
        done
}

allowed() {
        local set given taken

        given=$(sed -n 's/^SystemCallFilter=\([^~]\)/\1/p' "$units/docksill.service.in")
        taken=$(sed -n 's/^SystemCallFilter=~//p' "$units/docksill.service.in")
        comm -23 <(for set in $given; do members "$set"; done | sort -u) <(for set in $taken; do members "$set"; done | sort -u)
}

# What systemd itself lets pass, whatever the filter says (systemd.exec, SystemCallFilter=).
always='execve
exit
exit_group
getrlimit
rt_sigreturn
sigreturn'

# Names of the calls that a trace counts.
called() {
        awk '/^[ 0-9.]+ / && NF >= 5 && $NF != "total" { print $NF }' "$@" | sort -u
}

# The calls in a trace that the unit does not let pass.
outside() {
        comm -23 <(called "$@") <({ allowed; echo "$always"; } | sort -u)
}

check 'the filter has members' test "$(allowed | wc -l)" -gt 200
check 'and not all' bash -c "! grep -qx mount <<<'$(allowed)'"

# --- an engine, a host path to follow, a socket of notifications -------------------------------------------------------

mkdir deep && ln -s /etc deep/link
cat >answers.json <<'END'
{"/images/*/json": {"Id": "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "Created": "2020-01-01T00:00:00Z",
        "Config": {"User": "10001"}, "RepoDigests": [], "Size": 1000},
 "/volumes/*": {"Name": "etc", "Driver": "local", "Mountpoint": "/m", "Options": {"type": "none", "o": "bind", "device": "/etc"}}}
END
python3 "$scenario_here/../stub-engine.py" engine.sock answers.json asked &
engine_pid=$!
python3 -u -c '
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("notify")
while True:
    print(s.recv(4096).decode().replace("\n", " "))' >heard &
listener=$!
trap 'kill "$engine_pid" "$listener" 2>/dev/null; scenario_end' EXIT
check 'an engine is there' wait_for test -S engine.sock
check 'and somebody who listens' wait_for test -S notify
cp -r "$rules" rules
lookups=on
ldd "$DOCKSILL" | grep -qF libcurl || lookups=off
printf '%s\n' 'docksill: v1' 'kind: configuration' "rules: rules" "records: {file: decisions.jsonl, before-answer: refusals, journal: all}" "state: state" \
        "capture: {folder: $folder/captured}" \
        "lookups: {paths: on, docker: $([ "$lookups" = off ] && echo off || echo "\"unix://$folder/engine.sock\"")}" >docksill.yaml

# --- the run ----------------------------------------------------------------------------------------------------------

NOTIFY_SOCKET=$folder/notify WATCHDOG_USEC=400000 strace -f -c -o trace "$DOCKSILL" serve --config docksill.yaml --socket "$socket" \
        --mode enforce 2>said &
strace_pid=$!
check 'it serves' wait_for answers
serve_pid=$(pgrep -P "$strace_pid")
call AuthZPlugin.AuthZReq "$(create "$privileged")" >/dev/null
bind='{"Image":"busybox:1.0","HostConfig":{"Binds":["'$folder'/deep/link/x:/h","etc:/v"]}}'
check 'a path is followed' has "$(call AuthZPlugin.AuthZReq "$(create "$bind")")" /etc
[ "$lookups" = off ] || check 'the engine is asked' test -s asked
call AuthZPlugin.AuthZRes "$(jq -c '.ResponseStatusCode = 200 | .ResponseBody = "e30="' <<<"$(envelope GET /v1.41/info)")" >/dev/null
kill -HUP "$serve_pid"
check 'a reload' wait_for says said 'SIGHUP: nothing differs'
mv rules/container/resources.yaml aside
echo 'rules: [' >rules/container/resources.yaml
kill -HUP "$serve_pid"
check 'one of bad files' wait_for says said 'nothing is changed'
mv aside rules/container/resources.yaml
echo '# changed' >>docksill.yaml
kill -HUP "$serve_pid"
check 'one that changes something' wait_for says said 'SIGHUP: changed'
check 'is kept' wait_for grep -q '^# changed' state/last-good
mv decisions.jsonl decisions.jsonl.1
kill -USR1 "$serve_pid"
check 'a rotation' wait_for test -e decisions.jsonl
call AuthZPlugin.AuthZReq "$(create "$privileged")" >/dev/null
check 'records in the new file' wait_for test -s decisions.jsonl
rm decisions.jsonl
call AuthZPlugin.AuthZReq "$(create "$privileged")" >/dev/null
check 'a file that was deleted' wait_for test -s decisions.jsonl
rm "$socket"
check 'a socket that was deleted' wait_for answers
seq 40 | xargs -P 20 -I{} curl -sS -o /dev/null --max-time 20 --unix-socket "$socket" -X POST --data-binary "$(create "$hardened")" \
        http://x/AuthZPlugin.AuthZReq
check 'calls were captured' wait_for eval 'ls captured/* >/dev/null'
check 'the watchdog' wait_for grep -q '^WATCHDOG=1' heard
kill -TERM "$serve_pid"
wait "$strace_pid"
check 'it ends with 0' test "$?" -eq 0
check 'the trace is one of many calls' test "$(called trace | wc -l)" -gt 30
check 'nothing that it does is outside of the filter' test -z "$(outside trace)"
[ -z "$(outside trace)" ] || outside trace | sed 's/^/          /'

strace -f -c -o trace-check "$DOCKSILL" check --quiet --config docksill.yaml 2>/dev/null
check 'nor what the check before a reload does' test -z "$(outside trace-check)"
strace -f -c -o trace-kill /bin/sh -c "kill -0 $$"
check 'nor what sends the signal' test -z "$(outside trace-kill)"
printf '%s\n' '% time     seconds  usecs/call     calls    errors syscall' ' 50.00    0.000001           1         1           mount' \
        '100.00    0.000001           1         1           total' >trace-other
check 'one that is outside would be found' test "$(outside trace-other)" = mount
finish
