#!/usr/bin/env bash
# As the unit runs it: a user of its own that may look (CAP_DAC_READ_SEARCH) and nothing else. It follows paths through folders of
# root alone, reads settings of root alone, and writes only what is its own; without the right it says that it can't know.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

if [ "$(id -u)" -ne 0 ] || ! command -v setpriv >/dev/null; then
        ok 'skipped: only root can become somebody else, with setpriv'
        finish
        exit
fi
somebody=64321
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 # it traces itself, which takes more rights

chmod 755 "$folder"
cp -r "$rules" rules
mkdir own secret
chown "$somebody:$somebody" own
mkdir -p secret/deep
ln -s /etc secret/deep/link
chmod 700 secret secret/deep
cat >docksill.yaml <<END
docksill: v1
kind: configuration
rules: rules
mode: enforce
state: own/state
records: {file: own/decisions.jsonl}
END
chmod 600 docksill.yaml
chmod -R go= rules
socket=$folder/own/docksill.sock
records=$folder/own/decisions.jsonl

# as_user RIGHT…: the service, as that user with these rights. It listens in its own folder: on a host systemd hands it the socket.
as_user() {
        local rights=-all right options=()

        for right in "$@"; do
                rights+=,+$right
        done
        options=(--inh-caps="$rights" --bounding-set="$rights")
        [ $# -eq 0 ] || options+=(--ambient-caps="$rights")
        setpriv --reuid="$somebody" --regid="$somebody" --clear-groups --no-new-privs "${options[@]}" "$DOCKSILL" serve \
                --config docksill.yaml --socket "$socket" 2>said &
        serve_pid=$!
        wait_for answers_or_is_gone
        answers
}

bind='{"Image":"busybox:1.0","HostConfig":{"Binds":["'$folder'/secret/deep/link:/h"]}}'

check 'it starts with the right to look' as_user dac_read_search
check 'as somebody' test "$(stat -c %u "/proc/$serve_pid")" -eq "$somebody"
check 'with nothing else' grep -Eq '^CapEff:[[:space:]]+0000000000000004$' "/proc/$serve_pid/status"
check 'it reads rules of root alone' says said ' rules, socket'
check 'where a link in folders of root alone leads is found' has "$(call AuthZPlugin.AuthZReq "$(create "$bind")")" '/etc'
check 'records are written' wait_for test -s own/decisions.jsonl
check 'what is in force is kept' test "$(stat -c %u:%a own/state/last-good)" = "$somebody:600"
kill -HUP "$serve_pid"
check 'a reload reads them again' wait_for says said 'nothing differs'
serve_stop
check 'it ends in order' test "$code" -eq 0

# As in the unit: all but its own folders is read-only, and the socket is root's.
mkdir run
python3 -c '
import socket, time
s = socket.socket(socket.AF_UNIX)
s.bind("run/docksill.sock")
s.listen()
time.sleep(600)' &
holder=$!
wait_for test -S run/docksill.sock
chmod 600 run/docksill.sock
echo "socket: run/docksill.sock" >>docksill.yaml
# shellcheck disable=SC2016 # the inner shell's own
in_unit() {
        unshare -m bash -c 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && mount --bind "$1/own" "$1/own" &&
                mount -o remount,rw,bind "$1/own" && cd "$1" && shift &&
                exec setpriv --reuid="$1" --regid="$1" --clear-groups --no-new-privs --inh-caps=-all,+dac_read_search \
                        --bounding-set=-all,+dac_read_search --ambient-caps=-all,+dac_read_search "${@:2}"' \
                bash "$folder" "$somebody" "$@" >out 2>err
}
if unshare -m true 2>/dev/null; then
        check 'the check before a reload finds nothing wrong there' in_unit "$DOCKSILL" check --quiet --config docksill.yaml
else
        ok 'skipped: no view of the mounts of its own can be made'
fi
kill "$holder"
sed -i '/^socket:/d' docksill.yaml

check 'without the right it does not read them' eval '! as_user'
wait "$serve_pid" 2>/dev/null
serve_pid=''
chmod -R go+rX rules docksill.yaml
rm -rf own/state
check 'when they are readable it starts' as_user
check 'but where the link leads it can not know' has "$(call AuthZPlugin.AuthZReq "$(create "$bind")")" 'could not find out where'
serve_stop
finish
