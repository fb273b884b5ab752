#!/usr/bin/env bash
# explain -- CLIENT: a client talks to a stand-in for the engine, and each call is judged. The clients here are curl and shells.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

export XDG_RUNTIME_DIR=$folder/run
mkdir -m 700 "$XDG_RUNTIME_DIR"

# A client that sends METHOD TARGET [BODY] for each line that it reads.
cat >client <<'END_OF_CLIENT'
#!/bin/bash
socket=${DOCKER_HOST#unix://}
while read -r method target body; do
        options=(-sS --max-time 20 --unix-socket "$socket" -X "$method" -w ' %{http_code}\n')
        [ "$method" != HEAD ] || options+=(-I)
        [ -z "$body" ] || options+=(-H 'Content-Type: application/json' --data-binary "$body")
        curl "${options[@]}" "http://docker$target"
done >>answers
echo 'this is the client'
echo 'this is the client' >&2
exit "${1:-0}"
END_OF_CLIENT
chmod +x client

# explains CODE LINES [OPTION…]: with this client.
explains() {
        timeout 60 "$DOCKSILL" explain --rules "$rules" "${@:3}" -- "$folder/client" <<<"$2" >"$folder/out" 2>"$folder/err"
        code=$?
        [ "$code" -eq "$1" ] && return
        printf 'exit code %s, not %s\n' "$code" "$1"
        cat "$folder/out" "$folder/err"
        return 1
}

left_nothing() {
        [ -z "$(ls -A "$XDG_RUNTIME_DIR")" ] && return
        ls -A "$XDG_RUNTIME_DIR"
        return 1
}

small() {
        jq -c . <<<"$1"
}

privileged=$(small "$privileged") hardened=$(small "$hardened")

# --- calls ------------------------------------------------------------------------------------------------------------

check 'one call that passes: exit 0' explains 0 "POST /v1.41/containers/create?name=a $hardened"
check 'is named as it was sent' says out 'call:        POST /v1.41/containers/create?name=a'
check 'and counted' says out '0 of 1 calls would be refused'
check 'the client is not heard' hides out 'this is the client'
check 'nor seen' hides err 'this is the client'
check 'nothing is left' left_nothing

rm -f answers
check 'of several one that does not: exit 1' explains 1 "HEAD /_ping
GET /v1.41/info
GET /v1.41/images/nginx/json
POST /v1.41/images/create?fromImage=nginx&tag=1
POST /v1.41/containers/create?name=bad $privileged
POST /v1.41/containers/create $hardened
POST /v1.41/containers/bad/start"
check 'the sum stands last' test "$(tail -n 1 out)" = '1 of 4 calls would be refused'
check 'reads that pass are not told' hides out /info
check 'the explanation is there' says out 'privileged-container'
check 'and what the user reads' says out 'docksill (production): refused'
check 'what is plain is short' says out 'verdict:     allow, no findings'
check 'all is answered as if it were done' test "$(grep -c ' 20[014]$' answers)" = 7
check 'the newest API is spoken' grep -qi '^Api-Version: 1\.' answers

check 'a service' explains 1 'POST /v1.41/services/create {"Name":"shop","TaskTemplate":{"ContainerSpec":{"Image":"a"}}}'
check 'is named' says out 'service:     shop'

check 'a read that is refused is told' explains 1 'GET /v1.41/swarm'
check 'by its name' says out 'call:        GET /v1.41/swarm'
check 'reads alone' explains 0 'GET /v1.41/containers/json'
check 'are told to be that' says out 'it only reads: no call would be refused'

check 'another environment' explains 0 "POST /v1.41/containers/create {\"Image\":\"nginx\"}" --environment development
printf 'docksill: v1\nkind: configuration\nenvironment: workspace\n' >blind.yaml
check 'where nobody is asked, workspace starts nothing' explains 1 'POST /v1.41/containers/web/start' --config "$folder/blind.yaml"
check 'and says so' says out 'lookups are off'
printf 'docksill: v1\nkind: configuration\nenvironment: workspace\nlookups: {docker: unix:///run/docker.sock}\n' >asking.yaml
check 'where serve would ask, that is no reason' explains 0 'POST /v1.41/containers/web/start' --config "$folder/asking.yaml"
check 'audit mode refuses nothing' explains 0 "POST /v1.41/containers/create $privileged" --mode audit

# --- as dockerd shows it ----------------------------------------------------------------------------------------------

check 'as JSON' explains 1 "POST /v1.41/containers/create $privileged" --format json
check 'it has a schema' json_out '.schema == "docksill.explain-client/1" and .refused == 1 and .client == {"exit_code": 0, "timed_out": false}'
check 'and each call' json_out '.calls[0] | .method == "POST" and .target == "/v1.41/containers/create" and .service == null'
jq -c '.calls[0].explained | del(.refusal)' out >by-client
jq -c '.calls[0].call' out >call.json
check 'the call is one that explain takes' exits 1 explain --rules "$rules" --format json call.json
check 'and judges alike' test "$(jq -c 'del(.refusal)' out)" = "$(cat by-client)"
create "$privileged" >call-of-ours.json
check 'it is what dockerd would send' test "$(jq -S 'del(.RequestHeaders.Accept, .RequestHeaders."User-Agent")' call.json)" = \
        "$(jq -S . call-of-ours.json)"

large="{\"Image\":\"a\",\"Env\":[\"A=$(head -c 1048576 /dev/zero | tr '\0' a)\"]}"
printf '%s' "$large" >large
cat >large-client <<'END_OF_CLIENT'
#!/bin/bash
curl -sS --unix-socket "${DOCKER_HOST#unix://}" -H 'Content-Type: application/json' --data-binary @large http://docker/v1.41/containers/create
END_OF_CLIENT
chmod +x large-client
check 'a body of a megabyte is not shown' exits 1 explain --rules "$rules" -- ./large-client
check 'and the call refused for that' says out 'body-missing'

# --- clients that fail ------------------------------------------------------------------------------------------------

check 'a client that is not there: exit 4' exits 4 explain --rules "$rules" -- ./nobody
check 'is told of' says err './nobody: No such file'
check 'one that sends nothing: exit 4' exits 4 explain --rules "$rules" -- sh -c 'echo wrong >&2; exit 3'
check 'says so' says err 'sent nothing to be judged: it ended with exit code 3; it said:'
check 'and what it said' says err '    wrong'
check 'one that sends nothing and is content: exit 4' exits 4 explain --rules "$rules" -- true
check 'one that stops after a read that is refused: exit 1' exits 1 explain --rules "$rules" -- sh -c \
        "echo GET /v1.41/swarm | '$folder/client' 5"
check 'one that stops half-way is judged' exits 1 explain --rules "$rules" -- sh -c \
        "echo 'POST /containers/create $privileged' | '$folder/client' 5"
check 'and that is told' says err 'may not have sent all: it ended with exit code 5'

check 'another engine: exit 2' exits 2 explain --rules "$rules" -- docker -H unix:///var/run/docker.sock ps
check 'another context: exit 2' exits 2 explain --rules "$rules" -- docker --context other ps
check 'sudo: exit 2' exits 2 explain --rules "$rules" -- sudo docker ps
check 'no client: exit 2' exits 2 explain --rules "$rules" --
check 'a time that is none: exit 2' exits 2 explain --rules "$rules" --timeout 0 -- true
check 'records go with an id: exit 2' exits 2 explain --rules "$rules" --records x -- true

# The one ends with its session; the other left it, and its parent is gone.
cat >hangs <<'END_OF_CLIENT'
#!/bin/bash
trap '' TERM
echo $$ >pids
(setsid sh -c 'echo $$ >>pids; sleep 300' &)
sleep 300 &
echo $! >>pids
stat -c '%a %U' "$(dirname "${DOCKER_HOST#unix://}")" >mode
echo "POST /containers/create $1" | ./client
while :; do sleep 0.2; done
END_OF_CLIENT
chmod +x hangs

has_started() {
        [ "$(wc -l <pids)" -eq 3 ]
}

are_gone() {
        local pid

        [ "$(wc -l <pids)" -eq 3 ] || return
        while read -r pid; do
                is_gone "$pid" || return
        done <pids
}

check 'one that hangs is ended, and judged' exits 1 explain --rules "$rules" --timeout 2 -- ./hangs "$privileged"
check 'that is told' says err 'it had not ended in time'
check 'all that it started is gone' are_gone
check 'the folder was ours alone' test "$(cat mode)" = "700 $(id -un)"
check 'and is gone' left_nothing

for signal in INT TERM HUP; do
        rm -f pids
        # A shell lets what it starts in the background ignore SIGINT.
        python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])' "$DOCKSILL" explain --rules "$rules" -- ./hangs "$privileged" >out 2>err </dev/null &
        explain_pid=$!
        wait_for test -s mode && wait_for has_started
        kill -s "$signal" "$explain_pid"
        wait "$explain_pid" 2>/dev/null
        check "after SIG$signal it has ended by that" test $? -eq $((128 + $(kill -l "$signal")))
        check 'all that it started is gone' are_gone
        check 'and nothing is left' left_nothing
        rm -f mode
done

check 'what is no folder is not used' env XDG_RUNTIME_DIR=/nonexistent "$DOCKSILL" explain --rules "$rules" -- sh -c \
        "echo \"\$DOCKER_HOST\" >host; echo 'POST /containers/create $hardened' | '$folder/client'"
host=$(cat host)
check 'but /tmp' test "${host#unix:///tmp/docksill-explain.}" != "$host"
check 'where nothing is left' test ! -e "$(dirname "${host#unix://}")"

mkdir needing
cat >needing/docker <<'END_OF_CLIENT'
#!/bin/bash
curl -sSf --unix-socket "${DOCKER_HOST#unix://}" http://docker/networks/outer http://docker/volumes/older >/dev/null || exit 1
echo 'POST /containers/prune' | ./client
END_OF_CLIENT
chmod +x needing/docker
cp needing/docker needs
check 'what it needs is there the next time' exits 0 explain --rules "$rules" -- ./needing/docker
check 'and once more' says out '0 of 1 calls would be refused'
check 'but a script of somebody else is run once: exit 4' exits 4 explain --rules "$rules" -- ./needs

cat >watches <<'END_OF_CLIENT'
#!/bin/bash
echo "POST /containers/prune" | ./client
curl -sSN --unix-socket "${DOCKER_HOST#unix://}" http://docker/events
END_OF_CLIENT
chmod +x watches
check 'one that watches events is ended soon' exits 0 explain --rules "$rules" --format json -- ./watches
check 'and had nothing more to send' json_out '.client == {"exit_code": 0, "timed_out": false} and (.calls | length == 1)'
check 'so nothing is said' test ! -s err

# --- a terminal -------------------------------------------------------------------------------------------------------

cat >asks <<'END_OF_CLIENT'
#!/bin/bash
test -t 0 || exit 9
read -r answer
[ "$answer" = y ] || exit 8
! read -r || exit 7
echo "POST /containers/prune" | ./client
END_OF_CLIENT
chmod +x asks
on_a_terminal() {
        python3 -c 'import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' "$DOCKSILL" explain --rules "$rules" -- ./asks </dev/null
}
check 'on a terminal the client has one too, and its question is answered' on_a_terminal

# --- compose ----------------------------------------------------------------------------------------------------------

printf 'services:\n  web: {image: nginx}\n' >compose.yaml
mkdir nothing program plugin
create_of() {
        printf 'POST /v1.41/containers/create?name=p-%s-1 {"Image":"busybox:1.0","Labels":{"com.docker.compose.service":"%s"}}\n' "$1" "$1"
}
{ create_of web && create_of db; } >creates
cat >program/docker-compose <<END_OF_CLIENT
#!/bin/bash
[ "\$*" != version ] || exit 0
echo "docker-compose \$*" >>$folder/compose-calls
$folder/client <$folder/creates
END_OF_CLIENT
cat >plugin/docker <<END_OF_CLIENT
#!/bin/bash
[ "\$1" = compose ] || exit 1
[ "\$2" != version ] || exit 0
echo "docker \$*" >>$folder/compose-calls
$folder/client <$folder/creates
END_OF_CLIENT
printf '#!/bin/bash\nexit 1\n' >program/docker # without the plugin
chmod +x program/docker-compose program/docker plugin/docker

compose_with() {
        env "PATH=$1" "$DOCKSILL" explain --rules "$rules" "${@:2}" >out 2>err
        code=$?
}
compose_with "$folder/nothing" compose.yaml
check 'a compose file without a client: exit 4' test "$code" -eq 4
# shellcheck disable=SC2016 # no command
check 'says what was looked for' says err 'neither `docker compose` (a plugin of docker) nor docker-compose is installed'
compose_with "$folder/program:/usr/bin:/bin" compose.yaml
check 'a compose file: exit 1' test "$code" -eq 1
check 'names the services' test "$(grep '^service: ' out | tr -s ' ')" = 'service: web
service: db'
check 'and sums up' says out '2 of 2 calls would be refused'
rm -f compose-calls
compose_with "$folder/plugin:$folder/program:/usr/bin:/bin" --format json compose.yaml
check 'the plugin goes first' test "$(cat compose-calls)" = 'docker compose -f compose.yaml up --no-start --no-build'
check 'services stand in the JSON' json_out '[.calls[].service] == ["web", "db"]'
check 'nothing is left' left_nothing
finish
