#!/usr/bin/env bash
# check: the shipped rules load; a broken file is reported with its place, once, with exit code 3.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

check 'the shipped rules are valid' exits 0 check --rules "$rules"
for environment in development staging production lockdown workspace; do
        check "$environment is checked once, with its limits" grep -Eq "^$environment: [0-9]+ rules, deny at " out
        check 'and only once' test "$(grep -c "^$environment:" out)" -eq 1
done
check "production's limits" says out 'deny at high or 50 points, warn at low or 1 point'
check 'rules that sleep without lookups are named' grep -Eq '^  off while lookups.docker is off: .*target-privileged' out
check 'and one of what the image alone brings' grep -Eq '^  off while lookups.docker is off: .*image-secret-env' out
check 'once, since the others have the same rules, and again of workspace, which has more' test "$(grep -c target-privileged out)" -eq 2
check 'of which some sleep as well' grep -Eq '^  off while lookups.docker is off: .*reached-privileges' out
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
check 'told once, though five environments read it' test "$(grep -c DS214 err)" -eq 1
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

# What serve would stumble over, each with its place; and what it would do is right.
configured() {
        printf 'docksill: v1\nkind: configuration\nrules: %s\n%s\n' "$(realpath "$rules")" "$1" >site.yaml
}
touch "$folder/file"
configured "records: {file: $folder/no/such/folder/decisions.jsonl}"
check 'records in a folder that is not there: exit 3' exits 3 check --config site.yaml
check 'where' says err "site.yaml:4:17: error: DS317: records: folder $folder/no/such/folder: No such file"
check 'a configuration that is an argument is tried too' exits 3 check site.yaml
configured "records: {file: $folder}"
check 'records that are a folder: exit 3' exits 3 check --config site.yaml
configured "records: {file: $folder/file/decisions.jsonl}"
check 'records below a file: exit 3' exits 3 check --config site.yaml
configured "records: {file: $folder/new/decisions.jsonl}"
check 'a folder that serve makes' exits 0 check --config site.yaml
check 'is not made' test ! -e new
configured "records: {file: '-'}"
check 'records on stdout' exits 0 check --config site.yaml
configured 'socket: /no/such/folder/below/docksill.sock'
check 'a socket too far from any folder: exit 3' exits 3 check --config site.yaml
check 'where' says err 'site.yaml:4:9: error: DS317: socket: folder /no/such/folder/below'
configured "socket: $folder/file"
check 'a socket where a file is: exit 3' exits 3 check --config site.yaml
configured "socket: /run/docker/plugins/$(printf '%0100d' 0).sock"
check 'a socket with a long name: exit 3' exits 3 check --config site.yaml
configured "socket: $folder/docksill.sock"
check 'a socket that dockerd does not find is warned of' exits 0 check --config site.yaml
check 'where' says err 'site.yaml:4:9: warning: DS318: socket: dockerd looks for plugins only in /run/docker/plugins'
configured 'socket: /var/run/docker/plugins/docksill.sock'
check 'by another name of that folder' exits 0 check --config site.yaml
[ ! -d /run/docker/plugins ] || check 'it is found' hides err DS318
configured "lookups: {docker: unix://$folder/file}"
check 'an engine that is a file: exit 3' exits 3 check --config site.yaml
check 'where' says err 'site.yaml:4:19: error: DS317: lookups.docker'
configured "lookups: {docker: unix://$folder/none.sock}"
check 'an engine that is down is warned of' exits 0 check --config site.yaml
check 'where' says err 'site.yaml:4:19: warning: DS318: lookups.docker: no engine answers'
check 'a place by a flag' exits 0 check --rules "$rules"
serve_start --rules "$rules"
configured "socket: $socket"
check 'a socket that is served is warned of' exits 0 check --config site.yaml
check 'as such' says err 'is served already'
check 'serve says so too, and does not start' exits 4 serve --config site.yaml --records -
check 'and says where dockerd looks' says said 'dockerd looks for plugins only in /run/docker/plugins'

# One name for two environments, one error among many lines, and what programs read.
printf 'docksill: v1\nkind: environment\nname: production\nextends: production\n' >shop.yaml
check 'an environment called like a shipped one is warned of' exits 0 check --rules "$rules" shop.yaml
check 'as such' says err 'shop.yaml:3:7: warning: DS319'
check 'what is wrong is said' exits 3 check --rules broken
check 'alone' test ! -s out
check 'with how much, last' test "$(tail -n 1 err)" = 'docksill check: 1 error'
check 'quiet is quiet when all is right' exits 0 check --quiet --rules "$rules"
check 'on both' test ! -s out -a ! -s err
check 'quiet: exit 3' exits 3 check --quiet --rules broken
check 'is no secret' says err DS214
check 'as JSON: exit 3' exits 3 check --format json --rules broken
check 'with file, line and code' json_out '.schema == "docksill.check/1" and .valid == false and .errors == 1
        and (.problems | length) == 1 and .problems[0].code == "DS214" and .problems[0].level == "error"
        and .problems[0].line == 6 and .problems[0].column == 12 and (.problems[0].file | endswith("site.yaml"))'
check 'as JSON' exits 0 check --format json --rules "$rules"
check 'all right' json_out '.valid and .errors == 0 and .problems == []'
finish
