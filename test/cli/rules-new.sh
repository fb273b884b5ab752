#!/usr/bin/env bash
# rules new begins a rule that works; rules profile tells what rules cost.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

# begun ARGUMENT…: the rule is printed, loads, and lint finds nothing.
begun() {
        exits 0 rules new "$@" && cp out new.yaml && exits 0 check new.yaml && exits 0 test new.yaml &&
                grep -q '^2 passed, 0 failed' out && exits 0 rules lint new.yaml
}
check 'more than' begun no-big-memory --fact container.memory --operator gt --value 8589934592
check 'its tests are neighbours' grep -q 'Memory: 8589934593' new.yaml
check 'both' grep -q 'Memory: 8589934592}}$' new.yaml
# shellcheck disable=SC2016 # the $ is meant
check 'it names its schema' grep -q '^# yaml-language-server: \$schema=.*/schema/rules.json$' new.yaml
check 'and what is to be written' grep -q 'why: "TO BE WRITTEN' new.yaml
check 'true' begun a --fact container.privileged --value true --severity high
check 'false' begun a --fact container.read_only --value false
check 'a text' begun a --fact container.user --value 'ro"ot: #'
check 'one of a set' begun a --fact container.capabilities.added --value NET_ADMIN --title 'Adds it' --why w --fix f --message m
check 'in its words' grep -q 'title: "Adds it"' new.yaml
check 'a condition' begun a --when '{container.init: true, container.user: a}' \
        --firing '{User: a, HostConfig: {Init: true}}' --quiet '{User: a}'
check 'a list' begun a --fact container.network --operator in --value '[lab, test]' \
        --firing '{HostConfig: {NetworkMode: lab}}' --quiet '{HostConfig: {NetworkMode: lap}}'
check 'of another call' begun a --fact exec.privileged --value true --operation exec.create --firing '{Privileged: true}' --quiet '{}'
check 'into a file' exits 0 rules new b --fact container.init --value true --output b.yaml
check 'it says what is next' says out 'docksill rules lint b.yaml'
check 'and works' exits 0 test b.yaml
check 'one that is there is kept: exit 4' exits 4 rules new b --fact container.init --value true --output b.yaml
check 'one whose tests do not hold: exit 3' exits 3 rules new a --fact container.seccomp.mode --value unconfined --output c.yaml
check 'is not written' test ! -e c.yaml
check 'with a remedy' says err '--firing'
check 'no body of its own: exit 2' exits 2 rules new a --fact container.user --operator glob --value 'a*'
check 'a fact that is none: exit 2' exits 2 rules new a --fact container.privilaged --value true
check 'with a suggestion' says err 'did you mean container.privileged?'
check 'an operator that is none: exit 2' exits 2 rules new a --fact container.memory --operator gtt --value 1
check 'an id that is none: exit 2' exits 2 rules new A --fact container.init --value true
check 'a severity that is none: exit 2' exits 2 rules new a --fact container.init --value true --severity none
check 'nothing said: exit 2' exits 2 rules new a

check 'costs' exits 0 rules profile --rules "$rules" "$rules/../test/corpus/clients.jsonl"
check 'of rules' grep -Eq '^[a-z-]+ +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+ +[0-9.]+ %$' out
check 'of so many calls' grep -Eq '^22 calls, [0-9.]+ us of rules each$' out
check 'as JSON' exits 0 rules profile --rules "$rules" --top 3 --format json "$rules/../test/corpus/clients.jsonl"
check 'the dearest first' jq -e '.schema == "docksill.rules-profile/1" and .calls == 22 and (.rules | length) == 3 and
        ([.rules[].nanoseconds] | . == (sort | reverse)) and all(.rules[]; .calls >= .asked and .asked >= .found)' out
mkdir captured
jq -c .envelope "$rules/../test/corpus/clients.jsonl" | head -n 3 | split -l 1 --additional-suffix=.json - captured/
check 'a folder of captured calls' exits 0 rules profile --rules "$rules" captured
check 'all of them' says out '3 calls,'
check 'as many as asked for' exits 0 rules profile --rules "$rules" --calls 2 captured
check 'two' says out '2 calls,'
check 'no number: exit 2' exits 2 rules profile --calls 0 captured
printf 'x\n' >word
check 'no calls: exit 4' exits 4 rules profile --rules "$rules" word
check 'says of what' says err 'word: no calls there'
check 'no file: exit 4' exits 4 rules profile --rules "$rules" nowhere
finish
