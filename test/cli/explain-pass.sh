#!/usr/bin/env bash
# The smallest set of flags that would pass: a body that is changed so does pass.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

plain='{"Image":"busybox:1.0"}'

# with_flags: the plain body as docker run makes it with the flags that were offered.
with_flags() {
        jq --argjson body "$plain" '
                {"--cap-drop ALL": {CapDrop: ["ALL"]}, "-m 512m": {Memory: 536870912}, "--pids-limit 512": {PidsLimit: 512},
                 "--security-opt no-new-privileges:true": {SecurityOpt: ["no-new-privileges:true"]},
                 "--read-only": {ReadonlyRootfs: true}, "--cpus 1": {NanoCpus: 1000000000}} as $host
                | reduce .pass.flags[] as $flag ($body;
                        if $flag == "--user 10001:10001" then .User = "10001:10001"
                        elif ($flag | startswith("--tmpfs")) then .HostConfig.Tmpfs = {"/tmp": "rw,noexec,nosuid,size=64m"}
                        else .HostConfig += ($host[$flag] // error($flag)) end)' offered
}

check 'a plain run is refused' exits 1 explain --rules "$rules" - <<<"$plain"
check 'and told what would pass' grep -Eq '^Would pass with: .*--pids-limit 512.* \([0-9]+ points left, denied from 50\)$' out
check 'the same in JSON' exits 1 explain --rules "$rules" --format json - <<<"$plain"
check 'fewer flags than all' json_out '(.pass.flags | length) < (.flags | length) and .pass.by_hand == []'
check 'below the limit' json_out '.pass.points < .limits.deny.points'
cp out offered
points=$(jq .pass.points offered)
check 'with these flags it passes' exits 0 explain --rules "$rules" --format json - < <(with_flags)
check 'with the points foretold' json_out ".points == $points"

check 'what no flag lifts is named' exits 1 explain --rules "$rules" - <<<"$privileged"
check 'with what to do besides' grep -Eq '^No flag lifts privileged-container: fix by hand, and add: ' out
check 'what passes is told nothing' exits 0 explain --rules "$rules" - <<<"$hardened"
check 'of flags' hides out 'Would pass'
check 'null in JSON' exits 0 explain --rules "$rules" --format json - <<<"$hardened"
check 'null' json_out '.pass == null'
check 'nothing is promised of a body that can not be read' exits 1 explain --rules "$rules" --format json - <<<'{'
check 'only by hand' json_out '.pass.flags == [] and (.pass.by_hand | length > 0)'
finish
