#!/usr/bin/env bash
# packaging/systemd/keep-audit, which docksill-audit.timer runs: reports are kept, and what is new since the last one is said.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"
systemd=$(realpath "$rules/../packaging/systemd")
export DOCKSILL

# keeps CODE FOLDER OPTION…: it exits so; what it says is in out and err.
keeps() {
        local wanted=$1

        shift
        timeout 60 "$systemd/keep-audit" "$@" --only host --rules "$rules" >out 2>err
        code=$?
        [ "$code" -eq "$wanted" ] && return
        printf 'exit code %s, not %s\n' "$code" "$wanted"
        cat out err
        return 1
}

# As if it had been this long ago.
earlier() {
        local file

        for file in kept/audit-*; do
                mv "$file" "kept/audit-$1.${file##*.}"
        done
}

mkdir -p kept host/etc/docker host/etc/systemd/system
echo '{}' >host/etc/docker/daemon.json
check 'a first audit finds something' keeps 1 kept --root host
check 'it says that it is the first' says out 'It is the first'
check 'and where its report is' test -s "$(sed -n 's/^Report: //p' out)"
check 'in JSON, too' jq -e '.schema == "docksill.audit/1"' kept/audit-*Z.json
check 'for nobody else' test "$(find kept -type f -printf '%m\n' | sort -u)" = 600
check 'no audit is scheduled' jq -e 'any(.findings[]; .rule == "audit-not-scheduled" and .state == "fail")' kept/audit-*Z.json

# The timer that is shipped, as `systemctl enable` would have it.
earlier 2026-01-05T031500Z
wants=host/etc/systemd/system/$(sed -n 's/^WantedBy=//p' "$systemd/docksill-audit.timer").wants
mkdir -p "$wants"
ln -s /usr/lib/systemd/system/docksill-audit.timer "$wants/docksill-audit.timer"
echo '{"debug": true, "insecure-registries": ["registry.example.org"]}' >host/etc/docker/daemon.json
check 'the next one' keeps 1 kept --root host
check 'is compared with it' says out 'Since audit-2026-01-05T031500Z.json:'
check 'the audit is scheduled now' grep -Eq '^gone .*audit-not-scheduled' out
check 'nothing but that changed on the host' says out ' 0 changed, 1 gone'
check 'both are kept' test "$(find kept -name '*.json' | wc -l)" -eq 2

newest=$(find kept -name '*.json' | sort | tail -n 1)
check 'an option that is none' keeps 2 kept --root host --onyl host
check 'is named' says err '--onyl'
check 'a host that is not there' keeps 4 kept --root nowhere
check 'leaves no report to compare with' test "$(find kept -name '*.json' | sort | tail -n 1)" = "$newest"
check 'a folder that is not there' keeps 4 nowhere --root host
check 'and nothing was kept' hides out 'Report:'
echo 'no report' >"$newest"
sleep 1 # names are by the second
"$systemd/keep-audit" kept --root host --only host --rules "$rules" >out 2>err
code=$?
check 'a report before that is none is no silent success' test "$code" -gt 1
"$systemd/keep-audit" >out 2>err
code=$?
check 'without a folder it says how it is used' test "$code" -eq 2 -a -s err
finish
