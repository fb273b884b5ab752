#!/usr/bin/env bash
# test: the tests in the rules' own entries are run; exit code 1 when one fails, 3 when the rules do not load.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

# rule EXPECTED: a rule file whose firing test expects that severity.
rule() {
        cat >rule.yaml <<END
docksill: v1
kind: rules
rules:
  - id: site-rule
    title: Runs privileged
    when: {container.privileged: true}
    severity: high
    message: "gets every device"
    tests:
      - {name: asked for, operation: container.create, body: {HostConfig: {Privileged: true}}, expect: $1}
      - {name: not asked for, operation: container.create, body: {HostConfig: {}}, expect: none}
END
}

rule high
check 'tests that hold: exit 0' exits 0 test rule.yaml
check 'counts them' grep -Eq '^2 passed, 0 failed, 0 skipped$' out
rule low
check 'a test that fails: exit 1' exits 1 test rule.yaml
check 'counts it' grep -Eq '^1 passed, 1 failed, 0 skipped$' out
check 'its place and code' says err 'rule.yaml:10:'
check 'what was expected' says err 'DS401'
check 'and what came' says err 'expected low, got high'
echo '  - id: UPPER' >>rule.yaml
check 'rules that do not load: exit 3' exits 3 test rule.yaml
check 'nothing is counted' hides out passed
check 'the shipped rules: exit 0' exits 0 test --rules "$rules"
check 'all pass' grep -Eq '^[1-9][0-9]* passed, 0 failed, 1 skipped$' out
finish
