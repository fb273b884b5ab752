#!/usr/bin/env bash
# What is printed from our own tables: facts list, operations list, explain-code.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

check 'facts are listed' exits 0 facts list
check 'with their types' grep -Eq '^container.privileged +bool +false ' out
check 'members of elements below' grep -Eq '^  mounts\[\].kind +enum ' out
check 'confidential ones are marked' grep -Eq '^  variables\[\].value +string, confidential' out
check 'a few of them' exits 0 facts list container.seccomp
check 'and no other' hides out container.privileged
check 'as JSON' exits 0 facts list --format json mounts
check 'with members' json_out '.schema == "docksill.facts/1" and (.facts | length) == 1
        and ([.facts[0].elements[].name] | index("read_only") != null)'
check 'values of an enum' json_out '.facts[0].elements[] | select(.name == "kind") | .values | index("host") != null'
for name in 'mounts[].engine' mount.engine mounts.engine; do
        check "a member by $name" exits 0 facts list "$name"
        check 'is shown with its list' grep -Eq '^mounts +list of objects ' out
        check 'and no other' test "$(wc -l <out)" -eq 3
done
check 'a member by what a rule calls the element' exits 0 facts list port.host
check 'is found below its list' grep -Eq '^  container.ports\[\].host +port ' out
check 'the same as JSON' exits 0 facts list --format json 'mounts[].engine'
check 'has that member alone' json_out '[.facts[].elements[].name] == ["engine"]'
check 'a member that is none: exit 2' exits 2 facts list mount.sauce
check 'no line ends in blanks' test "$("$DOCKSILL" facts list | grep -c ' $')" -eq 0
check 'a prefix of none: exit 2' exits 2 facts list container.privilaged
check 'with a suggestion' says err 'did you mean container.privileged?'
check 'a word that no name begins with' exits 0 facts list labels
check 'is found within names' says out 'container.labels'
check 'and shows no other' hides out container.privileged
check 'a word that none has: exit 2' exits 2 facts list sauerkraut
check 'two prefixes: exit 2' exits 2 facts list a b

check 'operations are listed' exits 0 operations list
check 'with method, path and body' grep -Eq '^container.create +POST +/containers/create +required +counts +body ' out
check 'reads by their target' grep -Eq '^container.list +GET +/containers/json +none +- +target ' out
check 'as JSON' exits 0 operations list --format json
check 'all of them' json_out '.schema == "docksill.operations/1" and (.operations | length > 100)'
check 'no argument: exit 2' exits 2 operations list x

check 'keys of settings are listed' exits 0 config keys
check 'with what may stand there' grep -Eq '^mode +enforce \| enforce-hard \| audit +' out
check 'as JSON' exits 0 config keys --format json
check 'all of them' json_out '.schema == "docksill.settings-keys/1" and ([.keys[].name] | index("records.file") != null)'
# shellcheck disable=SC2016 # jq's own
check 'of each map too' json_out '[.keys[].name] as $names | all(.keys[] | select(.type == "map").name;
        . as $map | any($names[]; startswith($map + ".")))'

check 'a code is explained' exits 0 explain-code DS214
for words in 'DS214: no fact has this name' 'remedy: ' 'wrong: ' 'right: '; do
        check "says $words" says out "$words"
done
check 'in any case' exits 0 explain-code ds214
check 'by its number' exits 0 explain-code 214
check 'which is the same' says out 'DS214: no fact has this name'
check 'all are listed' exits 0 explain-code
check 'each on a line' test "$(grep -c '^DS[0-9]' out)" -gt 30
check 'as JSON' exits 0 explain-code --format json
check 'each with an example' json_out '.schema == "docksill.codes/1"
        and all(.codes[]; (.meaning | length > 0) and (.remedy | length > 0) and (.example.wrong | length > 0)
                and (.example.right | length > 0))'
check 'a code that is none: exit 2' exits 2 explain-code DS999
check 'two codes: exit 2' exits 2 explain-code DS101 DS102
check 'the tables of rules/README.md are those that test/tables.py makes' env DOCKSILL="$DOCKSILL" "$rules/../test/tables.py"
finish
