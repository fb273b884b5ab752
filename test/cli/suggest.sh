#!/usr/bin/env bash
# suggest without an engine, with one that is made up, and of files. A real one is in test/engine/suggest.sh.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

suggest() {
        exits "$1" suggest --rules "$rules" "${@:2}"
}

# --- what is no call of it ----------------------------------------------------------------------------------------------

check 'nothing to look at: exit 2' suggest 2
check 'says what it takes' says err 'takes containers, files or --all'
check 'a socket that is no path: exit 2' suggest 2 --host tcp://127.0.0.1:2375 web
check 'says so' says err '--host is the path of a Unix socket'
printf 'web:\n  image: nginx\n' >other.yaml
check 'a file that is neither: exit 2' suggest 2 other.yaml
check 'says what a file may be' says err 'neither JSON nor a compose file'
printf '[{"RootFS":{}}]' >image.json
check 'a list of other things: exit 4' suggest 4 image.json
check 'says so' says err 'a list, but not of containers'
check 'no such file: exit 4' suggest 4 ./nothing.json
check 'an environment that is none: exit 3' suggest 3 --environment prodution - <<<'{}'
check 'without rules: exit 3' exits 3 suggest --rules "$folder/nowhere" - <<<'{}'

# --- files --------------------------------------------------------------------------------------------------------------

printf '{"Image":"nginx:1.27"}\n' >body.json
check 'a body: exit 0 when it would pass with it' suggest 0 body.json
check 'the image is named' says out 'nginx:1.27, not looked at'
check 'flags to be pasted' grep -qE '^    .*-m 512m .*--security-opt no-new-privileges:true' out
check 'keys of compose' says out '        mem_limit: 512m'
check 'each environment, without and with it' grep -qE '^  production \* +deny 7[0-9] +warn [0-9]+$' out
for name in development staging lockdown; do
        check "$name too" grep -qE "^  $name +[a-z]+ [0-9]+ +[a-z]+ [0-9]+\$" out
done
check 'what is left has its remedy' says out 'fix: --read-only --tmpfs'
check 'what nobody measured only use can show' grep -qE '^  over time +-m 512m' out
check 'the sum' says out '0 of 1 would still be refused in production'
check 'as JSON' suggest 0 --format json body.json
check 'with a schema' json_out '.schema == "docksill.suggest/1" and .refused == 0 and (.containers | length) == 1'
check 'four environments' json_out '[.containers[0].verdicts[].environment] == ["development", "staging", "production", "lockdown"]'
check 'before and after' json_out '.containers[0].verdicts[] | select(.chosen) | .before.verdict == "deny" and .after.verdict == "warn" and .before.points > .after.points'
check 'evidence and how sure it is' json_out 'all(.containers[0].suggestions[]; (.evidence | length) > 0 and (.sure | IN("sure", "likely", "over-time")))'
check 'nothing was observed' json_out '.containers[0].observed == null'
check 'from standard input' suggest 0 - <body.json
check 'lockdown still refuses it: exit 1' suggest 1 --environment lockdown body.json
check 'what refuses it is said' says out 'still refused in lockdown: fix by hand'
printf '{"Image":"a","HostConfig":{"Privileged":true}}\n' >privileged.json
check 'what no flag lifts: exit 1' suggest 1 privileged.json
check 'by name' says out 'fix by hand privileged-container'
printf '{"Image":"a:1","HostConfig":{"Binds":["/srv/data:/data"]}}\n' >bind.json
check 'what a list of the site lets in: exit 1' suggest 1 bind.json
check 'the line to add' says out 'or an admin lists it: - {list: allowed-host-paths, append: ["/srv/data"]}'
check 'for programs too' suggest 1 --format json bind.json
check 'as it stands' json_out 'any(.containers[0].left[]; .lists[0] == "- {list: allowed-host-paths, append: [\"/srv/data\"]}")'

# An environment of the site is a fifth, and the one that counts.
printf 'docksill: v1\nkind: environment\nname: ours\nextends: development\n' >ours.yaml
check "a site's environment" suggest 0 --environment ours.yaml --format json body.json
check 'stands beside the four' json_out '.environment == "ours" and (.containers[0].verdicts | length) == 5 and .containers[0].verdicts[4].chosen'
check 'what passes needs nothing' json_out '.containers[0].suggestions == [] and .containers[0].flags == [] and .containers[0].compose == null'

# What passes; broken JSON; a body that engines would read differently.
printf '%s\n' "$hardened" >hardened.json
check 'a container that passes' suggest 0 hardened.json
check 'needs nothing' says out 'nothing is suggested: it passes'
check 'broken JSON: exit 1' suggest 1 - <<<'{"Image": '
check 'is not guessed at' says out 'not judged with it'
check 'a flaw: exit 1' suggest 1 - <<<'{"Image":"a","Memory":5,"memory":6}'

check 'docker inspect: a section each' suggest 1 "$scenario_here/fixtures/inspect.json"
for name in hardened dangerous privileged; do
        check "$name" grep -q "^$name  " out
done
# Foreign text is shown, not obeyed.
printf '[{"Id":"a","Name":"/x\\u001b[1m","State":{"Running":true},"Config":{"Image":"i\\nj","Labels":{"com.docker.compose.service":"a: b"}},"HostConfig":{}}]' >foreign.json
check 'a name with an escape' suggest 0 foreign.json
check 'is made visible' hides out $'\e'
check 'and stays on its line' says out 'x\x1b[1m'

# --- a compose file -----------------------------------------------------------------------------------------------------

printf 'services:\n  web: {image: nginx}\n' >compose.yaml
mkdir program
cat >program/docker-compose <<END
#!/bin/sh
[ "\$1" = version ] && exit
for service in web db; do
        curl -s --unix-socket "\${DOCKER_HOST#unix://}" -H 'Content-Type: application/json' \\
                -d '{"Image":"busybox:1.0","Labels":{"com.docker.compose.service":"'\$service'"}}' \\
                "http://docker/v1.41/containers/create?name=p-\$service-1" >/dev/null
done
END
printf '#!/bin/sh\nexit 1\n' >program/docker
chmod +x program/*
with_path() {
        PATH=$1 "$DOCKSILL" suggest --rules "$rules" "${@:2}" >out 2>err
        code=$?
}
with_path "$folder/program:/usr/bin:/bin" compose.yaml
check 'a compose file: exit 0' test "$code" -eq 0
check 'a section for each service' test "$(grep -cE '^(web|db)  busybox:1.0, not looked at' out)" -eq 2
check 'keys under the service' grep -qx '      db:' out
with_path "$folder/nothing" compose.yaml
check 'without a client: exit 4' test "$code" -eq 4
check 'says what was looked for' says err 'no client to read it'

# --- an engine ----------------------------------------------------------------------------------------------------------

if ! grep -qF libcurl < <(ldd "$DOCKSILL"); then
        check 'without libcurl it is said' suggest 4 web
        finish
        exit
fi
check 'no engine: exit 4' suggest 4 --host "$folder/none.sock" web
check 'says which, and what to do' says err "the engine at $folder/none.sock does not answer"
check 'with files too' suggest 4 --host "$folder/none.sock" web body.json

# digits DIGIT: 64 of them.
digits() {
        printf "%064d" 0 | tr 0 "$1"
}

cat >answers.json <<END
{"/containers/json?all=1": [{"Id": "$(digits a)"}, {"Id": "$(digits f)"}],
 "/containers/web/json": {"Id": "$(digits a)", "Name": "/web", "Image": "sha256:1", "State": {"Running": true, "Pid": 1,
        "StartedAt": "2020-01-01T00:00:00Z"}, "Config": {"Image": "nginx", "User": ""}, "HostConfig": {}, "ExecIDs": ["e"]},
 "/containers/$(digits a)/json": {"Id": "$(digits a)", "Name": "/web", "Image": "sha256:1", "State": {"Running": true, "Pid": 1,
        "StartedAt": "2020-01-01T00:00:00Z"}, "Config": {"Image": "nginx", "User": ""}, "HostConfig": {}},
 "/containers/$(digits a)/changes": [{"Path": "/var/lib/app/x", "Kind": 1}],
 "/containers/$(digits a)/stats?stream=false&one-shot=true": {"memory_stats": {"usage": 5000000, "max_usage": 50000000},
        "pids_stats": {"current": 7}, "cpu_stats": {"cpu_usage": {"total_usage": 1000}, "online_cpus": 2}},
 "/containers/gone/json": {"Id": "$(digits b)", "Name": "/gone", "State": {"Running": true, "Pid": 1},
        "Config": {"Image": "nginx"}, "HostConfig": {}},
 "/containers/odd/json": {"Id": "$(digits c)", "Name": "/odd", "State": {"Running": true, "Pid": "x"}, "Config": {}, "HostConfig": {}},
 "/containers/$(digits c)/json": {"Id": "$(digits c)", "State": {"Running": true}},
 "/containers/$(digits c)/top": 7, "/containers/$(digits c)/changes": {"a": []}, "/containers/$(digits c)/stats*": [1],
 "/containers/still/json": {"Id": "$(digits d)", "Name": "/still", "State": {"Running": false, "Pid": 0},
        "Config": {"Image": "nginx"}, "HostConfig": {}}}
END
python3 "$scenario_here/../stub-engine.py" engine.sock answers.json asked &
engine_pid=$!
trap 'kill "$engine_pid" 2>/dev/null; scenario_end' EXIT
for ((i = 0; i < 100; i++)); do
        [ ! -S engine.sock ] || break
        sleep 0.1
done
engine=(--host "$folder/engine.sock")

check 'a container that runs' suggest 0 "${engine[@]}" web
check 'the limit fits what was used' says out '-m 96m'
check 'long enough to be likely' grep -qE '^  likely +-m 96m' out
check 'what it wrote gets a volume' says out '--volume /var/lib/app'
check "process 1 is not the container's" says out "not seen: its processes, files and ports on the host: process 1 of /proc is not this container's"
check 'what the engine did not tell' says out 'not seen: which processes it has: the engine says: no such thing'
check 'who entered it is not told apart' says out 'not seen: which of its processes somebody began by docker exec'
check 'the socket may be a URL' suggest 0 --host "unix://$folder/engine.sock" web
printf 'docksill: v1\nkind: configuration\nlookups: {docker: "unix://%s/engine.sock"}\n' "$folder" >docksill.yaml
check 'or be in the configuration' suggest 0 --config docksill.yaml web
check 'all: one was removed after it was listed' suggest 0 "${engine[@]}" --all --format json
check 'the others are there' json_out '[.containers[].name] == ["web"]'
check 'one that ended while it was looked at: exit 4' suggest 4 "${engine[@]}" gone
check 'is told of' says err 'gone: stopped or removed while it was looked at'
check 'beside another one' suggest 0 "${engine[@]}" gone web
check 'the other is there' says out 'web  nginx, started'
check 'answers of other shapes tell nothing' suggest 0 "${engine[@]}" odd
check 'and no process is one' says out 'the engine names none of its processes'
check 'since when it runs nobody knows' grep -qx 'odd, running' out
check 'one that does not run' suggest 0 "${engine[@]}" still
check 'is what the rules offer' says out 'not running: what the rules offer'
check 'none of that name: exit 4' suggest 4 "${engine[@]}" nobody
check 'containers and files' suggest 0 "${engine[@]}" web body.json
check 'both' test "$(grep -cE '^(web|container)  nginx' out)" -eq 2
check 'nothing was asked but to be told' test "$(grep -vcE '^/(containers|images)/' asked)" -eq 0

finish
