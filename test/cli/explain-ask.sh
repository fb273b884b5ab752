#!/usr/bin/env bash
# explain --ask: what an image, a volume or a container is, the engine tells; and says so when it does not.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

if ! grep -qF libcurl < <(ldd "$DOCKSILL"); then
        check 'without libcurl it is said' exits 4 explain --rules "$rules" --ask "$scenario_here/fixtures/inspect.json"
        finish
        exit
fi

cat >answers.json <<'END'
{"/images/app/json": {"Id": "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "Created": "2020-01-01T00:00:00Z", "Config": {"User": "10001"}, "RepoDigests": [], "Size": 1000},
 "/volumes/etc": {"Name": "etc", "Driver": "local", "Mountpoint": "/var/lib/docker/volumes/etc/_data",
        "Options": {"type": "none", "o": "bind", "device": "/etc"}, "Scope": "local"},
 "/containers/strong/json": {"Id": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "Name": "/strong",
        "Config": {"User": ""}, "HostConfig": {"Privileged": true}, "Mounts": []}}
END
python3 "$scenario_here/../stub-engine.py" engine.sock answers.json asked &
engine_pid=$!
trap 'kill "$engine_pid" 2>/dev/null; scenario_end' EXIT
for ((i = 0; i < 100; i++)); do
        [ ! -S engine.sock ] || break
        sleep 0.1
done
printf 'docksill: v1\nkind: configuration\nlookups: {docker: "unix://%s/engine.sock"}\n' "$folder" >docksill.yaml
printf '{"Image":"app","HostConfig":{"Binds":["etc:/x"]}}\n' >create.json
printf '{"RequestMethod":"POST","RequestUri":"/v1.41/containers/strong/start","RequestHeaders":{"Content-Length":"0"}}' >start.json

check 'without it a volume is a name' exits 1 explain --config docksill.yaml --rules "$rules" create.json
check 'and nobody is asked' test ! -e asked
check 'an image without a user' says out user-root
check 'a folder of the host is not seen' hides out sensitive-host-mount

check 'with it the volume is what it is' exits 1 explain --config docksill.yaml --rules "$rules" --ask create.json
check 'a folder of the host' says out sensitive-host-mount
check "and the image's user is heard" hides out user-root
image=$(printf 'a%.0s' {1..64})
check 'all was asked once' test "$(sort asked)" = $'/images/app/json\n/images/sha256:'"$image"$'/attestations\n/images/sha256:'"$image"$'/history\n/volumes/etc'

check 'a container is started' exits 1 explain --config docksill.yaml --rules "$rules" --ask start.json
check 'for what it is' says out 'starts strong, which runs with --privileged'

printf '{"Image":"app","HostConfig":{"Binds":["none:/x"]}}\n' >create.json
check 'what is not there is not unknown' exits 1 explain --config docksill.yaml --rules "$rules" --ask create.json
check 'so nothing is said of it' hides out 'could not be checked'

kill "$engine_pid"
wait "$engine_pid" 2>/dev/null
check 'an engine that is gone' exits 1 explain --config docksill.yaml --rules "$rules" --ask create.json
check 'is told of' says err 'does not answer'
check 'and what it would tell is unknown' says out 'could not be checked'
finish
