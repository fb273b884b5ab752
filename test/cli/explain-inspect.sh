#!/usr/bin/env bash
# explain, for containers that exist: what `docker inspect` of engine 20.10 printed of real ones.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

fixtures=$scenario_here/fixtures

# of NAME: the JSON that was printed of one container.
of() {
        jq -e --arg name "$1" '.containers[] | select(.name == $name) | .explained' out
}

check 'several containers: the worst decides' exits 1 explain --rules "$rules" "$fixtures/inspect.json"
check 'each is named' test "$(grep -c '^container:   ' out)" -eq 3
check 'by name and id' says out 'container:   hardened (b0a8401c0465)'
check 'the privileged one by its rule' says out 'privileged-container'
check 'with the place in the request' says out 'HostConfig.Privileged'

run explain --rules "$rules" --format json "$fixtures/inspect.json"
check 'the schema' json_out '.schema == "docksill.explain-inspect/1" and (.containers | length) == 3'
check 'what passed its create passes its inspect' json "$(of hardened)" '.verdict != "deny"'
check 'what dangerous asked for is found' json "$(of dangerous)" '[.findings[].rule] |
        contains(["host-pid", "host-ipc", "host-network", "dangerous-capability", "sensitive-host-mount",
                "unmasked-system-paths", "apparmor-unconfined", "secret-in-env"])'
check 'at its place' json "$(of dangerous)" '.findings[] | select(.rule == "sensitive-host-mount")
        | .evidence[0].where == "HostConfig.Binds[1]"'
check 'what dockerd added is not' json "$(of dangerous)" '[.findings[].rule] | index("selinux-disabled") == null'
check 'nor to a privileged one' json "$(of privileged)" '[.findings[].rule]
        | index("selinux-disabled") == null and index("host-cgroupns") == null'
check 'what can not be told is noted' json_out '.containers[0].notes[0] | startswith("HostConfig.CgroupnsMode")'
check 'nothing is unknown to us' json_out '[.containers[].explained.findings[].rule] | index("request-unknown-value") == null'
check 'no value of a variable is shown' hides out hunter2

check 'one object is taken too' exits 0 explain --rules "$rules" - < <(jq '.[0]' "$fixtures/inspect.json")
check 'mounts of another container are found' exits 1 explain --rules "$rules" "$fixtures/inspect-inherits.json"
check 'though it did not ask for them by path' says out 'mounts host path /etc writable'

check 'other lists: exit 4' exits 4 explain --rules "$rules" - <<<'[{"Id":"sha256:1","RepoTags":[]}]'
check 'says what it takes' says err 'docker inspect'
check 'no container at all: exit 4' exits 4 explain --rules "$rules" - <<<'[]'
check 'a torn list: exit 4' exits 4 explain --rules "$rules" - < <(head -c 3000 "$fixtures/inspect.json")
check 'a hostile name can not paint the terminal' exits 0 explain --rules "$rules" - \
        < <(jq '.[0] | .Name = "/x\u001b[31m?y=z"' "$fixtures/inspect.json")
check 'it is shown harmlessly' says out 'container:   x\x1b[31m?y=z'
finish
