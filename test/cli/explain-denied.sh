#!/usr/bin/env bash
# explain, for a create body that is refused: why, how much of which limit, and how to pass; exit code 1.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

printf %s "$privileged" >body.json
check 'a privileged container is denied in production' exits 1 explain --rules "$rules" body.json
check 'the verdict' says out 'verdict:     deny'
check 'the operation' says out 'operation:   container.create'
check 'the environment' says out 'environment: production, mode enforce'
check 'the finding' says out 'privileged-container'
check 'where' says out 'HostConfig.Privileged'
check 'the limit' says out 'denied from 50'
check 'the line that the user reads' says out 'docksill (production): refused'
check 'no colour in a file' hides out $'\033'
check 'from standard input' exits 1 explain --rules "$rules" - <body.json
check 'in audit mode it is allowed' exits 0 explain --rules "$rules" --mode audit body.json
check 'and says what the verdict is' says out 'verdict:     deny, answered with allow: audit mode'

printf '{"Image":"busybox:1.0"}' >plain.json
check 'a plain run is denied in production' exits 1 explain --rules "$rules" plain.json
check 'its flags are offered' grep -Eq '^Add: .*--cap-drop' out
check 'a finding tells its fix' grep -Eq '^    fix  ' out
check 'and where it comes from' grep -Eq '^    see  ' out
check 'development lets it through' exits 0 explain --rules "$rules" --environment development plain.json
check 'lockdown does not' exits 1 explain --rules "$rules" --environment lockdown plain.json

printf '{"HostConfig":' >torn.json
check 'a body that is no JSON is denied, not an error' exits 1 explain --rules "$rules" torn.json
check 'by name' says out 'malformed-json'
printf '{"Image":"x\033[31m\xff","HostConfig":{"Privileged":true}}' >hostile.json
run explain --rules "$rules" hostile.json
check 'text of a requester can not paint the terminal' hides out $'\033'
check 'a file that is not there: exit 4' exits 4 explain --rules "$rules" nowhere.json
check 'rules that are not there: exit 3' exits 3 explain --rules nowhere body.json
finish
