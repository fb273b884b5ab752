#!/usr/bin/env bash
# check: the shipped rules load; a broken file is reported with its place, once, with exit code 3.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

check 'the shipped rules are valid' exits 0 check --rules "$rules"
for environment in development staging production lockdown; do
        check "$environment is checked once, with its limits" grep -Eq "^$environment: [0-9]+ rules, deny at " out
        check 'and only once' test "$(grep -c "^$environment:" out)" -eq 1
done
check "production's limits" says out 'deny at high or 50 points, warn at low or 1 point'
check 'rules that sleep without lookups are named' grep -Eq '^  off while lookups.docker is off: .*target-privileged' out
check 'and one of what the image alone brings' grep -Eq '^  off while lookups.docker is off: .*image-secret-env' out
check 'once, since the other environments have the same rules' test "$(grep -c target-privileged out)" -eq 1
printf 'docksill: v1\nkind: configuration\nlookups: {docker: unix:///run/docker.sock}\n' >asking.yaml
check 'with lookups they do not' exits 0 check --config asking.yaml --rules "$rules"
check 'so none is named' hides out target-privileged
check 'and paths are followed' hides out lookups.paths
printf 'docksill: v1\nkind: configuration\nlookups: {paths: off}\n' >blind.yaml
check 'without paths' exits 0 check --config blind.yaml --rules "$rules"
check 'that is said' says out 'lookups.paths is off'
printf 'docksill: v1\nkind: configuration\nmode: enforce\n' >enforcing.yaml
check 'a configuration that enforces' exits 0 check --config enforcing.yaml --rules "$rules"
check 'is not told to audit' hides out 'mode audit'
check 'but what serve would do' grep -Eq '^production: .*, mode enforce ' out
printf 'docksill: v1\nkind: rules\nrules:\n  - {id: r, title: T, when: {container.init: true}, severity: low, message: m}\n' >one.yaml
check 'a file with one rule' exits 0 check one.yaml
check 'has one rule' says out '1 rule in 1 path'
check 'the folder as an argument' exits 0 check "$rules"
check 'finds the environments too' says out 'lockdown: '
check 'one environment as an argument' exits 0 check --rules "$rules" "$rules/environments/staging.yaml"
check 'and no other' hides out 'production: '

cp -r "$rules" broken
cat >broken/container/site.yaml <<'END'
docksill: v1
kind: rules
rules:
  - id: site-rule
    title: A rule with a slip of the pen
    when: {container.privilaged: true}
    severity: high
    message: "x"
END
check 'an unknown fact: exit 3' exits 3 check --rules broken
check 'its place and code' says err 'broken/container/site.yaml:6:12: error: DS214'
check 'its suggestion' says err 'container.privileged'
check 'a caret under it' grep -Eq '^ *\^' err
check 'told once, though four environments read it' test "$(grep -c DS214 err)" -eq 1
check 'the file as an argument: exit 3' exits 3 check broken/container/site.yaml
check 'an environment that is not there: exit 3' exits 3 check --rules "$rules" --environment prodcution
check 'with a suggestion' says err 'production'
check 'a path that is not there: exit 3' exits 3 check --rules "$rules" nowhere.yaml
check 'names it' says err 'nowhere.yaml'

printf 'docksill: v1\nkind: configuration\nenvironment: staging\nrules: %s\n' "$(realpath "$rules")" >site.yaml
check 'a configuration as an argument' exits 0 check site.yaml
check 'says what it means' says out 'environment staging'
printf 'docksill: v1\nkind: configuration\nenvironment: stagging\nrules: %s\n' "$(realpath "$rules")" >site.yaml
for arguments in site.yaml '--config site.yaml'; do
        # shellcheck disable=SC2086 # one or two words
        check 'one that names no environment: exit 3' exits 3 check $arguments
        check 'where it names it' says err 'site.yaml:3:14: error: DS305'
done
printf 'docksill: v1\nkind: configuration\nenviroment: staging\n' >site.yaml
check 'a broken one: exit 3' exits 3 check site.yaml
check 'its place and code' says err 'site.yaml:3:1: error: DS202'
finish
