#!/usr/bin/env bash
# host-audit: daily: how the host is set up is one record, again when it is news; nothing is refused for it.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

cat >docksill.yaml <<'END'
docksill: v1
kind: configuration
host-audit: daily
END
cp -r "$rules" own
# A rule that finds something on each Linux, so that the record does not depend on this one.
cat >own/host/always.yaml <<'END'
docksill: v1
kind: rules
rules:
  - id: host-has-kernel
    title: It has a kernel
    when: {host.aslr: {ge: 0}}
    severity: critical
    message: "randomize_va_space is {host.aslr}"
    fix: {cli: "none", flags: []}
    why: "a test"
    references: {cis-docker: ["1.2.1"]}
    tests:
      - {name: one, host: {host.aslr: 2}, expect: critical}
      - {name: none, host: {}, expect: none}
END

audits() {
        [ "$(jq -s 'map(select(.operation == "host.audit")) | length' "$records")" -eq "$1" ]
}
reloads() {
        [ "$(grep -c 'SIGHUP: reloaded' said)" -eq "$1" ]
}
of_audit() {
        jq -se "map(select(.operation == \"host.audit\")) | $1" "$records" >/dev/null
}

check 'it starts' serve_start --config docksill.yaml --rules own --mode enforce
check 'the host is recorded' wait_for audits 1
check 'as no call' of_audit '.[0] | .phase == "host" and .path == null and .user == null'
check 'with what was found' of_audit '.[0].findings[] | select(.rule == "host-has-kernel") | .evidence[0].message | test("^randomize")'
check 'nothing is refused for it' of_audit '.[0] | .answer == "allow" and .would != "deny"'
check 'nothing unknown is a finding' of_audit '[.[0].findings[] | select(.unknown)] == []'
check 'calls are judged as ever' answers
kill -HUP "$serve_pid"
check 'it reads anew' wait_for grep -q 'SIGHUP: reloaded' said
sed -i 's/severity: critical/severity: low/; s/expect: critical/expect: low/' own/host/always.yaml
kill -HUP "$serve_pid"
check 'what is found otherwise is news' wait_for audits 2
check 'and what is not is none' of_audit '[.[].findings[] | select(.rule == "host-has-kernel").severity] == ["critical", "low"]'
sed -i 's/daily/off/' docksill.yaml
sed -i 's/severity: low/severity: high/; s/expect: low/expect: high/' own/host/always.yaml
kill -HUP "$serve_pid"
check 'it reads a third time' wait_for reloads 3
serve_stop
check 'switched off it looks no more' audits 2
check 'it ends with 0' test "$code" -eq 0

check 'by itself it does not look' serve_start --rules own
check 'and answers' answers
serve_stop
check 'nor records any of it' audits 2

sed -i 's/off/hourly/' docksill.yaml
check 'another word is an error' exits 3 check --config docksill.yaml
finish
