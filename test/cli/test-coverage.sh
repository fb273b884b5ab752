#!/usr/bin/env bash
# What of rules their tests reach.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

cat >full.yaml <<'END'
docksill: v1
kind: rules
tests: {operation: container.create}
allow-lists: {mine: []}
rules:
  - id: full
    title: Full
    for_each: mounts as m
    when: {m.kind: host}
    cases:
      - {when: {m.source: {within: $mine}}, severity: none}
      - {when: {m.read_only: true}, severity: low}
      - {severity: high}
    message: "m"
    tests:
      - {name: a, create: {Binds: ["/a:/a", "v:/v"]}, expect: high}
      - {name: b, create: {Binds: ["/a:/a:ro"]}, expect: low}
      - {name: c, create: {Binds: ["v:/v"]}, expect: none}
END
check 'all is reached' exits 0 test --coverage --fail-under 100 full.yaml
check 'and said' says out '100.00 %'
check 'as ever' says out '3 passed, 0 failed, 0 skipped'
sed '/name: b,/d; s/, "v:\/v"//' full.yaml >part.yaml
check 'not all: exit 0' exits 0 test --coverage part.yaml
check 'a case' grep -q '^part.yaml:6: rule full: no test ends at case 2 of 3$' out
check 'a condition' grep -q '^part.yaml:12: rule full: m.read_only (eq) is true in no test$' out
check 'no other' test "$(grep -c 'in no test\|no test ends' out)" = 2
check 'two' grep -q '^5 of 7 cases and outcomes of conditions reached, 71.42 %$' out
check 'below the limit: exit 1' exits 1 test --coverage --fail-under 71.43 part.yaml
check 'at it: exit 0' exits 0 test --coverage --fail-under 71.4 part.yaml
check 'as JSON' exits 0 test --coverage --format json part.yaml
check 'the same' jq -e '.schema == "docksill.test/1" and .passed == 2 and .coverage.reached == 5 and
        .coverage.gaps[0] == {"rule": "full", "kind": "case", "case": 2, "where": "part.yaml:6"} and
        .coverage.gaps[1].fact == "m.read_only"' out
check 'without coverage' exits 0 test --format json part.yaml
check 'there is none' jq -e '.coverage == null' out
for percent in x 101 -1 1.234; do
        check "--fail-under $percent: exit 2" exits 2 test --coverage "--fail-under=$percent" part.yaml
done
check 'alone: exit 2' exits 2 test --fail-under 5 part.yaml
sed -i 's/expect: high/expect: low/' part.yaml
check 'a test that fails: exit 1' exits 1 test --coverage part.yaml
finish
