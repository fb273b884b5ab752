#!/usr/bin/env bash
# Which controls of frameworks the rules serve, in every format, and that lint holds the two against each other.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

for framework in docksill cis-docker nist-800-190 pci-dss hipaa pss attack owasp-docker seed; do
        check "$framework is shipped" exits 0 rules coverage --rules "$rules" --framework "$framework" --mode enforce
        check 'with its edition' grep -q "($framework), numbers checked on 20" out
        check 'and its totals' grep -Eq '^[0-9]+ controls: [0-9]+ covered in full, [0-9]+ in part, [0-9]+ not\.' out
        check 'and what it is not' grep -q 'not of compliance' out
done
check 'all of CIS' exits 0 rules coverage --rules "$rules" --framework cis-docker --format json
check 'has 117 controls' json_out '.frameworks[0].controls | length == 117'
check 'privileged containers are among them' json_out \
        '.frameworks[0].controls[] | select(.id == "5.5") | .covers == "full" and any(.rules[]; .id == "privileged-container")'
check 'the guides have 141 items' exits 0 rules coverage --rules "$rules" --framework seed --format json
check 'each of them' json_out '.frameworks[0].controls | length == 141'

# What becomes of the rules here.
check 'audit mode enforces nothing' exits 0 rules coverage --rules "$rules" --framework cis-docker --mode audit --format json
check 'and says so' json_out '[.frameworks[0].controls[].state] | index("enforced") == null and index("audit only") != null'
check 'in enforce mode' exits 0 rules coverage --rules "$rules" --framework cis-docker --mode enforce --format json
check 'a rule that asks the engine sleeps without lookups' json_out \
        '.frameworks[0].controls[] | select(.id == "4.1").rules[] | select(.id == "image-user-root").state == "asleep"'
check 'one about the engine itself is observed' json_out \
        '.frameworks[0].controls[] | select(.id == "2.18").state == "observed"'
cat >exempt.yaml <<'YAML'
docksill: v1
kind: exemptions
exemptions:
  - {id: a, rules: [rootfs-writable], match: {user: [a]}, owner: a, reason: b, expires: 2199-12-31}
YAML
check 'an exemption is told' exits 0 rules coverage --rules "$rules" --exemptions exempt.yaml --framework cis-docker \
        --mode enforce --format json
check 'with its last day' json_out \
        '.frameworks[0].controls[] | select(.id == "5.13").rules[0] | .state == "exempted" and .until == "2199-12-31"'

# Other formats.
for format in csv markdown html; do
        check "$format" exits 0 rules coverage --rules "$rules" --mode enforce --format "$format"
done
check 'HTML is well formed' python3 -c 'import xml.dom.minidom, re, sys
xml.dom.minidom.parseString(re.sub(r"<meta[^>]*>", "", open("out", encoding="utf-8").read()))'
check 'a number that was not checked is marked' grep -q '<td>D01?</td>' out
check 'and runs no script' grep -q "default-src 'none'" out
run rules coverage --rules "$rules" --framework cis-docker --format csv
check 'CSV is read as a table' python3 -c 'import csv
rows = list(csv.reader(open("out", newline="", encoding="utf-8")))
assert len(rows) == 118 and {len(row) for row in rows} == {10}'
check 'a format that is none' exits 2 rules coverage --rules "$rules" --format xml
check 'is told what there is' grep -q -- '--format is text, json, csv, markdown or html' err
check 'a framework that is none' exits 2 rules coverage --rules "$rules" --framework cis-dcker
check 'is told the nearest' grep -q 'did you mean cis-docker' err

# A control and the rules contradict each other.
cp -r "$rules" broken
sed -i 's/{id: "5.4", \(.*\)covers: full/{id: "5.4", \1covers: none, why: x/; s/{id: "5.5", /{id: "5.55", /' broken/frameworks/cis-docker.yaml
check 'lint finds it' exits 3 rules lint --rules broken
check 'a control that is served' grep -q 'DS603: cis-docker 5.4 says covers: none' err
check 'a reference to none' grep -q 'DS601: cis-docker 1.6.0 has no control "5.5"' err
check 'a control without a rule' grep -q 'DS602: cis-docker 5.55 is covered by no rule' err
finish
