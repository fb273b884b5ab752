#!/usr/bin/env bash
# rules list, show and lint.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

check 'rules are listed' exits 0 rules list --rules "$rules"
check 'with place and worst case' grep -Eq '^privileged-container +critical +hard +enforce +[0-9]+ +.*isolation.yaml:[0-9]+ ' out
total=$(wc -l <out)
check 'one that only a lookup can wake is off' grep -Eq '^target-privileged +critical +hard +off ' out
check 'those of one operation' exits 0 rules list --rules "$rules" --operation exec.create
check 'are fewer' test "$(wc -l <out)" -lt "$total"
check 'among them those of exec' says out exec-privileged
check 'none of create' hides out privileged-container
check 'those that can be critical' exits 0 rules list --rules "$rules" --severity critical
check 'and no milder ones' hides out ulimit-missing
check 'as JSON' exits 0 rules list --rules "$rules" --format json
check 'the schema' json_out '.schema == "docksill.rules/1" and .environment == "production"'
check 'a rule' json_out '.rules[] | select(.id == "exec-root") | .severity == "medium" and (.hard | not)
        and .operations == ["exec.create"]'
check 'what sleeps without lookups' json_out '(.rules[] | select(.id == "target-privileged") | .off and .cases_off == 2)
        and (.rules[] | select(.id == "exec-root") | (.off | not) and .cases_off == 0)'
printf 'docksill: v1\nkind: configuration\nlookups: {docker: unix:///run/docker.sock}\nscans: {folder: /var/lib/docksill/scans}\n' >asking.yaml
check 'with lookups' exits 0 rules list --rules "$rules" --config asking.yaml --format json
check 'nothing sleeps' json_out 'all(.rules[]; (.off | not) and .cases_off == 0)'
check 'overrides of another environment' exits 0 rules list --rules "$rules" --environment development --format json
check 'are its own' json_out '.rules[] | select(.id == "exec-root") | .severity != "medium"'
check 'an operation that is none: exit 2' exits 2 rules list --rules "$rules" --operation exec.creat
check 'with a suggestion' says err 'did you mean exec.create?'
check 'a severity that is none: exit 2' exits 2 rules list --rules "$rules" --severity grave

check 'a rule is shown' exits 0 rules show --rules "$rules" exec-root
check 'its conditions as written' says out '        - {exec.user.root: "yes"}'
check 'the override that touched it' grep -Eq '^override: +severity medium, at .*production.yaml:[0-9]+' out
for words in 'why: ' 'fix: ' 'references:' 'tests: ' 'operations:  exec.create' 'message: '; do
        check "says $words" says out "$words"
done
check 'a rule with flags' exits 0 rules show --rules "$rules" rootfs-writable
check 'what each changes' says out 'flags:       --read-only  (files; may stop the program)'
check 'those of services too' says out '--mount type=tmpfs,target=/tmp,tmpfs-size=64m  (files)'
check 'what is better thought about' exits 0 rules show --rules "$rules" restart-unbounded
check 'is for the hand' says out '--restart on-failure:5  (lifetime; by hand)'
check 'the same in JSON' exits 0 rules show --rules "$rules" --format json rootfs-writable
check 'with a word for each' json_out '.fix.changes[0] == {flag: "--read-only", changes: "files", may_stop: true, by_hand: false}'
check 'cases with their severities' exits 0 rules show --rules "$rules" sensitive-host-mount
check 'in order' grep -Eq '^severities:  .*critical \(hard\)' out
check 'as written' says out '      mount.kind: host'
check 'as JSON' exits 0 rules show --rules "$rules" --format json sensitive-host-mount
check 'all of it' json_out '.schema == "docksill.rule/1" and (.cases | length > 3) and (.conditions.when | length > 1)
        and .tests.firing > 0 and .hard and (.operations | index("container.create") != null)'
check 'an old name leads to its rule' exits 0 rules show --rules "$rules" buildkit-opaque
check 'which is said' says err 'buildkit-opaque is called build-unjudgeable now'
check 'and shown' says out 'rule:        build-unjudgeable'
check 'a name of several rules' exits 0 rules show --rules "$rules" request-unreadable
check 'names them' says out 'request-duplicate-key'
check 'as JSON' exits 0 rules show --rules "$rules" --format json request-unreadable
check 'too' json_out '.schema == "docksill.renamed/1" and (.rules | length == 10)'
check 'the list has old names' exits 0 rules list --rules "$rules" --format json
check 'beside the rules' json_out '.renamed["buildkit-opaque"] == ["build-unjudgeable"]'
check 'a rule of the host is asked on no call' json_out \
        '[.rules[] | select(.operations | index("host.audit")) | .operations] | length > 20 and all(. == ["host.audit"])'
cat >renamed.yaml <<'YAML'
docksill: v1
kind: environment
name: site
extends: production
override:
  - {rule: buildkit-opaque, severity: low}
YAML
run rules show --rules "$rules" --environment renamed.yaml --format json build-unjudgeable
check 'an override by an old name holds' json_out 'all(.cases[]; .severity == "low")'
check 'with a warning' says err 'DS334: "buildkit-opaque" is called "build-unjudgeable" now'
sed -i 's/buildkit-opaque/request-unreadable/' renamed.yaml
check 'one of several rules is an error' exits 3 check --rules "$rules" renamed.yaml
check 'that says where to look' says err 'request-unreadable" is several rules now'
printf 'docksill: v1\nkind: rules\nrenamed: {old: no-such-rule, exec-root: user-root}\n' >bad-renamed.yaml
check 'names that lead nowhere are errors' exits 3 check "$rules/exec" "$rules/container" bad-renamed.yaml
check 'there is no such rule' says err '"old" is said to be "no-such-rule" now, and there is no such rule'
check 'and a rule was not renamed' says err '"exec-root" is a rule, so it was not renamed'
check 'a rule whose fix is an item of a list' exits 0 rules show --rules "$rules" host-path-unlisted
check 'names the list' grep -Eq '^list: +allowed-host-paths, by mount.source$' out
check 'a rule with braces that are meant' exits 0 rules show --rules "$rules" log-template
check 'shows them as people write them' grep -Eq '^fix: .*\{\{\.Name\}\}/' out
check 'and no more of them' hides out '{{{'
check 'a rule whose file says its references' exits 0 rules show --rules "$rules" --format json request-template
check 'has them and its own' json_out '.references == {"docksill": ["exact-reading"], "attack": ["T1611"]}'
cat >own.yaml <<'END'
docksill: v1
kind: rules
references: {site: [a-1], seed: [A1]}
tests: {operation: volume.create}
rules:
  - id: own-rule
    title: A volume of another team
    when: {volume.name: {prefix: other-}}
    severity: high
    message: "names a volume of another team"
    references: {site: [b-2]}
    tests:
      - {name: theirs, body: {Name: other-data}, expect: high}
      - {name: ours, body: {Name: data}, expect: none}
      - {name: a container's, create: {Binds: ["other-data:/d"]}, expect: none}
END
printf 'docksill: v1\nkind: environment\nname: own\nextends: production\nrules: own.yaml\n' >own-environment.yaml
check 'so it is in files of a site' exits 0 rules show --rules "$rules" --environment ./own-environment.yaml --format json own-rule
check 'whose own replace the same' json_out '.references == {"site": ["b-2"], "seed": ["A1"]}'
check 'and its tests' exits 0 test own.yaml
check 'are for the operation of the file' grep -q '^3 passed, 0 failed' out
check 'a rule that is none: exit 2' exits 2 rules show --rules "$rules" exec-rot
check 'with a suggestion' says err 'did you mean exec-root?'
check 'which rule: exit 2' exits 2 rules show --rules "$rules"

check 'the shipped rules read well' exits 0 rules lint --rules "$rules"
cat >site.yaml <<'END'
docksill: v1
kind: rules
lists: {places: [/srv]}
rules:
  - id: site-rule
    title: privileged.
    when: {container.privileged: true}
    severity: high
    message: "privileged."
    fix: {flags: [read-only]}
END
check 'one that does not: exit 1' exits 1 rules lint site.yaml
for code in DS224 DS402 DS501 DS502 DS503 DS504 DS505 DS506; do
        check "$code" says err "warning: $code"
done
check 'with its place' says err 'site.yaml:9:14: warning: DS505'
check 'counted' grep -Eq '^1 rule, 10 findings$' out
cat >exemptions.yaml <<'END'
docksill: v1
kind: exemptions
exemptions:
  - {id: one, rules: [user-root], match: {user: ci-1}, owner: o, reason: r, expires: 2027-01-01}
  - {id: bounded, rules: [user-root], match: {user: "ci-*"}, remaining-points: 0, owner: o, reason: r, expires: 2027-01-01}
  - {id: wide, rules: [user-root], match: {user: "ci-*"}, owner: o, reason: r, expires: 2027-01-01}
END
check 'a wide exemption: exit 1' exits 1 rules lint exemptions.yaml
check 'is told' says err 'exemptions.yaml:6:43: warning: DS511'
check 'alone' grep -Eq '^0 rules, 3 exemptions, 1 finding$' out
check 'where the settings name them too' exits 1 rules lint --rules "$rules" --exemptions exemptions.yaml
check 'beside the rules' grep -Eq '^[0-9]+ rules, 3 exemptions, 1 finding$' out
check 'a broken one: exit 3' exits 3 rules lint nowhere.yaml
check 'an unknown member of the family: exit 2' exits 2 rules lst
check 'with a suggestion' says err 'did you mean list?'
finish
