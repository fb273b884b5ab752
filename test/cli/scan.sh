#!/usr/bin/env bash
# scan: reports of scanners are put where rules find them, and decide about images.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

a=$(printf 'a%.0s' {1..64}) b=$(printf 'b%.0s' {1..64})

# trivy IMAGE SEVERITY [FIXED]: a report as Trivy writes it.
trivy() {
        jq -nc --arg id "sha256:$1" --arg severity "$2" --arg fixed "${3:-}" --arg now "$(date -u +%FT%TZ)" '{SchemaVersion: 2, CreatedAt: $now,
                Metadata: {ImageID: $id}, Results: [{Vulnerabilities: [{VulnerabilityID: "CVE-2024-1", PkgName: "openssl",
                Severity: $severity, FixedVersion: $fixed}]}]}'
}

configure() {
        printf '%s\n' 'docksill: v1' 'kind: configuration' "scans: {folder: $folder/scans$1}" >docksill.yaml
}

# pinned DIGITS: the call that creates a container of the image with that digest.
pinned() {
        create "$(jq -c --arg image "app@sha256:$1" '.Image = $image' <<<"$hardened")"
}

# judged DIGITS FILTER
judged() {
        local before
        before=$(decisions | wc -l)
        call AuthZPlugin.AuthZReq "$(pinned "$1")" >answer
        wait_for more_than "$before"
        json "$(decisions | tail -n 1)" "$2"
}
more_than() { [ "$(decisions | wc -l)" -gt "$1" ]; }

mkdir scans
trivy "$a" CRITICAL 3.0.1 >report.json

# --- add
check 'without a folder: exit 2' exits 2 scan add report.json
check 'and says where to name one' says err 'scans: {folder:'
check 'a report is added' exits 0 scan add --folder scans report.json
check 'and told' says out '1 critical, 0 high'
check 'under its image' test -f "scans/$a.json"
check 'for the service to read' test "$(stat -c %a "scans/$a.json")" = 644
check 'in a form of its own' json "$(cat "scans/$a.json")" '.schema == "docksill.scan/1" and (.vulnerabilities | length) == 1'
check 'which is a report again' exits 0 scan add --folder scans "scans/$a.json"
check 'nothing else is left there' test "$(ls -A scans)" = "$a.json"
check 'on another image than is said: exit 3' exits 3 scan add --folder scans --image "$b" report.json
check 'and says so' says err 'it is on another image than --image says'
printf '{"a": 1}' >other.json
check 'no report: exit 3' exits 3 scan add --folder scans other.json
check 'and says so' says err 'it is no report of a kind that docksill knows'
printf '{"SchemaVersion": 2' >torn.json
check 'a torn one: exit 3' exits 3 scan add --folder scans torn.json
printf '{"SchemaVersion": 2, "Results": null}' >nameless.json
check 'on no image: exit 3' exits 3 scan add --folder scans nameless.json
check 'and says what to do' says err 'say so with --image'
check 'with --image it is taken' exits 0 scan add --folder scans --image "app@sha256:$b" nameless.json
check 'a file that is not there: exit 4' exits 4 scan add --folder scans nowhere.json
check 'a folder that is not there: exit 4' exits 4 scan add --folder nowhere report.json
printf 'docksill: v1\nkind: configuration\nlookups: {docker: "unix://%s/no.sock"}\n' "$folder" >engine.yaml
check 'an engine that is not there: exit 4' exits 4 scan add --folder scans --config engine.yaml --image app nameless.json

# --- list
check 'they are listed' exits 0 scan list --folder scans
check 'with what was found' grep -qE '^aaaaaaaaaaaa +trivy +0 d +1 +0 +1 +0 +0' out
check 'as JSON' exits 0 scan list --folder scans --format json
check 'which scripts read' json_out '.schema == "docksill.scans/1" and (.reports | map(.critical)) == [1, 0]'
printf '\033[31m' >"scans/$(printf 'c%.0s' {1..64}).json"
check 'one that can not be used: exit 1' exits 1 scan list --folder scans
check 'and why' says out 'it is no JSON'
rm scans/cc*
d=$(printf 'd%.0s' {1..64})
ln -s "$d.json" "scans/$d.json"
check 'one that leads to itself keeps none from being listed' exits 1 scan list --folder scans --format json
check 'all the same' json_out '(.reports | map(.critical)) == [1, 0, null] and (.reports[2].trouble | test("symbolic links"))'
rm "scans/$d.json"

# --- serve
configure ''
check 'it serves' serve_start --config docksill.yaml --mode enforce
check 'a vulnerable image is refused' judged "$a" '.answer == "deny" and any(.findings[]; .rule == "image-vulnerable" and .severity == "high")'
check 'and the requester told why' json "$(cat answer)" '.Msg | test("1 critical and 0 high vulnerabilities by trivy, such as CVE-2024-1")'
check 'a clean one passes' judged "$b" '.answer == "allow" and all(.findings[]; .rule | test("^image-(vulnerable|not-scanned)$") | not)'
check 'one without a report costs that' judged "$(printf 'd%.0s' {1..64})" 'any(.findings[]; .rule == "image-not-scanned" and .severity == "medium")'
trivy "$b" CRITICAL 3.0.1 >later.json
run scan add --folder scans later.json
check 'a new report counts at once' judged "$b" '.answer == "deny" and any(.findings[]; .rule == "image-vulnerable")'
printf '{' >scans/"$b".json
check 'a torn one counts as absent' judged "$b" 'any(.findings[]; .rule == "image-not-scanned")'
check 'and is told of' wait_for grep -q "a scanner's report can't be used, and counts as absent: .*$b.json: it is no JSON" said
before=$(decisions | wc -l)
call AuthZPlugin.AuthZReq "$(create "$(jq -c '.Image = "app:1"' <<<"$hardened")")" >/dev/null
wait_for more_than "$before"
check 'of an image that nobody knows for sure nothing is told' json "$(decisions | tail -n 1)" \
        '.image == "app:1" and all(.findings[]; .rule | test("^image-(vulnerable|not-scanned)$") | not)'

jq -c --arg image "app@sha256:$a" '.Image = $image' <<<"$hardened" >pinned.json
check 'explain looks for it too' exits 1 explain --config docksill.yaml --rules "$rules" --resolve pinned.json
check 'and says the same' says out image-vulnerable
check 'diff looks for it too' exits 1 diff --config docksill.yaml --rules "$rules" --resolve staging production pinned.json
check 'and judges by it' says out image-vulnerable

cat >ignore.yaml <<'END'
docksill: v1
kind: scan-ignore
ignore:
  - {id: CVE-2024-1, package: openssl, until: 2999-12-31, reason: never reached}
END
configure ", ignore: $folder/ignore.yaml"
kill -HUP "$serve_pid"
check 'what is let be is not counted' wait_for judged "$a" '.answer == "allow" and all(.findings[]; .rule != "image-vulnerable")'
sed -i 's/2999/2020/' ignore.yaml
kill -HUP "$serve_pid"
check 'until its day' wait_for judged "$a" '.answer == "deny"'
serve_stop

# An engine that is late must not be a way past its reports.
printf 'lookups: {docker: "unix://%s/no.sock"}\n' "$folder" >>docksill.yaml
check 'it serves, and no engine answers' serve_start --config docksill.yaml --mode enforce
before=$(decisions | wc -l)
call AuthZPlugin.AuthZReq "$(create "$(jq -c '.Image = "app:1"' <<<"$hardened")")" >/dev/null
wait_for more_than "$before"
check 'what could not be looked for costs that' json "$(decisions | tail -n 1)" \
        '[.findings[].rule] | contains(["image-vulnerable", "image-not-scanned"])'
serve_stop

# --- settings
sed -i 's/until: [0-9-]*/until: soon/' ignore.yaml
check 'a day that is none: exit 3' exits 3 check --rules "$rules" --config docksill.yaml
check 'with its place' says err 'ignore.yaml:4:'
configure ''
check 'the settings show it' exits 0 config show --rules "$rules" --config docksill.yaml
check 'with the folder' grep -qE "^scans.folder +$folder/scans" out
check 'rules that sleep are named without it' exits 0 check --rules "$rules"
check 'by name' says out "off without scanners' reports (scans.folder): image-not-scanned, image-tools-present, image-vulnerable"

finish
