#!/usr/bin/env bash
# What exists, through an engine's socket: every state of containers, images, volumes, networks, a swarm; an engine that
# tells half of it, tells nonsense, loses a container midway or falls silent. Nothing but GETs.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

# id DIGIT: 64 of it.
id() {
        printf '%064d' 0 | tr 0 "$1"
}

# container NAME DIGIT STATE HOST-CONFIG [CONFIG]: what inspect says of it.
container() {
        jq -cn --arg name "/$1" --arg id "$(id "$2")" --arg state "$3" --argjson host "$4" --argjson config "${5:-{\}}" \
                --arg image "sha256:$(id a)" '{Id: $id, Name: $name, Image: $image,
                State: {Status: $state, Running: ($state == "running"), Pid: 0},
                Config: ({Image: "web:1.0", Env: ["PATH=/bin"], Labels: {}} + $config),
                HostConfig: ({NetworkMode: "default", Memory: 0, CapAdd: null, Binds: null} + $host),
                NetworkSettings: {Networks: {}}, Mounts: []}'
}

container web 1 running '{"Privileged": true}' >web.json
container old 2 exited '{"CapAdd": ["SYS_ADMIN"]}' >old.json
container new 3 created '{"PidMode": "host"}' >new.json
container lost 4 dead '{}' >lost.json
container still 5 paused '{"Memory": 67108864}' >still.json
printf '{"Id": "sha256:%s", "RepoTags": ["web:1.0"], "RepoDigests": [], "Created": "2026-01-01T00:00:00Z", "Size": 1000,
 "Config": {"Env": ["PATH=/bin"], "User": ""}, "Architecture": "amd64", "Os": "linux"}' "$(id a)" >image.json

# answers: what the engine says, all of it.
answers() {
        jq -n --slurpfile web web.json --slurpfile old old.json --slurpfile new new.json --slurpfile lost lost.json \
                --slurpfile still still.json --slurpfile image image.json '
        def listed: {Id, Names: ["/linked\(.Name)", .Name], Image: "web:1.0", ImageID: .Image, State: .State.Status};
        ($web + $old + $new + $lost + $still) as $all |
        {"/_ping": {"!text": "OK"},
         "/info": {ID: "x", ServerVersion: "28.5.2", OperatingSystem: "Debian", Driver: "overlay2", LoggingDriver: "journald",
                   LiveRestoreEnabled: false, SecurityOptions: ["name=seccomp,profile=builtin"], Warnings: [],
                   Plugins: {Authorization: ["docksill"]}, Swarm: {LocalNodeState: "inactive"}, DockerRootDir: "/srv/engine"},
         "/version": {Version: "28.5.2", ApiVersion: "1.51", Components: []},
         "/networks/bridge": {Name: "bridge", Driver: "bridge", Options: {"com.docker.network.bridge.enable_icc": "false"}},
         "/containers/json?all=1": [$all[] | listed], "/images/json?manifests=1": $image,
         "/images/*/json": $image[0], "/images/*/history": [{Id: "x", CreatedBy: "/bin/sh -c chmod 777 /srv", Size: 1}],
         "/volumes": {Volumes: [{Name: "etc", Driver: "local", Options: {type: "none", o: "bind", device: "/etc"}, Labels: null,
                                 Mountpoint: "/x", Scope: "local"}], Warnings: null},
         "/networks": [{Name: "bridge", Id: "b", Driver: "bridge"},
                       {Name: "lan", Id: "n", Driver: "macvlan", Options: {parent: "eth0"}, IPAM: {Driver: "default"}}],
         "/plugins": [{Id: "p", Name: "vieux/sshfs:latest", Enabled: true, PluginReference: "docker.io/vieux/sshfs:latest",
                       Config: {Network: {Type: "host"}, Linux: {Capabilities: ["CAP_SYS_ADMIN"], AllowAllDevices: true,
                                Devices: [{Path: "/dev/fuse"}]}, Mounts: [{Source: "/var/lib/docker"}, {Source: ""}]}}]}
        + ([$all[] | {key: "/containers/\(.Id)/json", value: .}] | from_entries)' >answers.json
}

# told FILTER: the answers changed by it.
told() {
        jq "$1" answers.json >changed.json && mv changed.json answers.json
}

stub=''
engine_end() {
        [ -z "$stub" ] || kill "$stub" 2>/dev/null
        [ -z "$stub" ] || wait "$stub" 2>/dev/null
        rm -f engine.sock asked
        stub=''
}

# audit [OPTION…]: of that engine; nothing else of this host is looked at.
audit() {
        engine_end
        python3 "$scenario_here/../stub-engine.py" engine.sock answers.json asked &
        stub=$!
        wait_for test -S engine.sock
        run audit --rules "$rules" --engine "$folder/engine.sock" --format json "$@"
        engine_end_keep
}

engine_end_keep() {
        kill "$stub" 2>/dev/null
        wait "$stub" 2>/dev/null
        stub=''
        rm -f engine.sock
}
trap 'engine_end; scenario_end' EXIT

all=(--only 'containers,images,volumes,networks,services,secrets,configs,plugins,swarm')

# found SUBJECT RULE: it fails there.
found() {
        jq -e --arg subject "$1" --arg rule "$2" '.findings[] | select(.subject == $subject and .rule == $rule and .state == "fail")' \
                out >/dev/null && return
        jq -c --arg subject "$1" '.findings[] | select(.subject == $subject) | {rule, state}' out
        return 1
}

# gap WORDS: the report names what could not be seen.
gap() {
        jq -e --arg words "$1" '.gaps[] | select("\(.what): \(.why)" | contains($words))' out >/dev/null && return
        jq -c .gaps out
        return 1
}

# of SUBJECT FILTER
of() {
        jq -e --arg subject "$1" ".subjects[] | select(.name == \$subject) | $2" out >/dev/null
}

answers
audit "${all[@]}"
check 'findings exit 1' [ "$code" -eq 1 ]
check 'a running container' found web privileged-container
check 'one that has ended' found old dangerous-capability
check 'one that never ran' found new host-pid
check 'one that is dead' found lost memory-unlimited
check 'a paused one' found still user-root
check 'what it has is no finding' json_out '[.findings[] | select(.subject == "still" and .rule == "memory-unlimited")] == []'
check 'the state is told' of old '.detail | test("exited")'
check 'and what its creation would be answered' of old '.verdict == "deny"'
check 'in development less is refused' [ "$(jq -r '.subjects[] | select(.name == "still").verdict' out)" != allow ]
check 'an image' found web:1.0 image-history-lint
check 'and who uses it' of web:1.0 '.detail == "used by 5 containers"'
check 'rules of containers say nothing of it' json_out \
        '[.findings[] | select(.area == "images").rule] | (index("memory-unlimited") or index("user-root")) | not'
check 'a volume with options' found etc sensitive-host-mount
check 'a network' found lan network-driver-host-l2
check 'the own networks are not judged' json_out '[.subjects[] | select(.area == "networks").name] == ["lan"]'
check 'a plugin' found vieux/sshfs:latest plugin-privileges
check 'that it was installed is no finding' json_out '[.findings[].rule] | index("plugin-change") | not'
check 'no swarm' json_out '.checks[] | select(.id == "swarm-autolock-off").states | .["not-applicable"] == 1 and .fail == 0'
check 'all was seen' json_out '.gaps == []'
check 'with GETs alone' [ -z "$(grep -v '^/' asked)" ]
check 'of which there are some' grep -q "^/containers/$(id 3)/json" asked
check 'a limit that can be set at once' json_out \
        '.findings[] | select(.subject == "web" and .rule == "memory-unlimited").fix | test("^docker update -m 512m web; ")'
check 'every finding has its mark' json_out '[.findings[].fingerprint] | all(test("^[0-9a-f]{64}$")) and (unique | length) == length'
jq -r '.findings[].fingerprint' out | sort >marks
audit "${all[@]}"
check 'which is the same the next time' diff marks <(jq -r '.findings[].fingerprint' out | sort)

# Reports of scanners, by the image's content.
mkdir scans
printf '%s\n' 'docksill: v1' 'kind: configuration' "scans: {folder: $folder/scans}" >docksill.yaml
jq -nc --arg id "sha256:$(id a)" --arg now "$(date -u +%FT%TZ)" '{SchemaVersion: 2, CreatedAt: $now, Metadata: {ImageID: $id},
        Results: [{Vulnerabilities: [{VulnerabilityID: "CVE-2024-1", PkgName: "openssl", Severity: "CRITICAL", FixedVersion: "3.0.1"}]}]}' \
        >scan.json
"$DOCKSILL" scan add --folder scans scan.json >/dev/null
audit --only images --config docksill.yaml
check 'what a scanner found' found web:1.0 image-vulnerable
rm scans/*
audit --only images --config docksill.yaml
check 'and what none looked at' found web:1.0 image-not-scanned

# One alone.
audit --container old
check 'one container' json_out '[.subjects[].name] == ["old"]'
audit --container "$(id 3)"
check 'by its id' json_out '[.subjects[].name] == ["new"]'
audit --container nobody
check 'one that is not there' [ "$code" -eq 4 ]
check 'is told' says err 'no such container'
audit --container sitll
check 'one that is misspelt' json_out 'any(.. | strings; . == "the engine has no such container; did you mean still?")'
check 'has no score, since nothing was judged' json_out '.score == null and .headline == "Nothing was judged."'
check 'an empty name' exits 2 audit --rules "$rules" --container ''

# Exemptions, and who answers for them.
cat >exempt.yaml <<'YAML'
docksill: v1
kind: exemptions
exemptions:
  - {id: legacy, rules: [memory-unlimited, user-root], match: {image.name: docker.io/library/web}, owner: platform,
     reason: "until it is rewritten", expires: 2199-12-31}
YAML
audit "${all[@]}" --exemptions exempt.yaml
check 'what is exempt is told' json_out '.findings[] | select(.subject == "web" and .rule == "memory-unlimited") |
        .state == "exempt" and (.why | test("legacy until 2199-12-31 by platform: until it is rewritten"))'
audit "${all[@]}" --environment development
check 'in another environment' of still '.verdict != "deny"'

# A swarm.
answers
told '.["/info"].Swarm = {LocalNodeState: "active", ControlAvailable: true} |
      .["/swarm"] = {ID: "s", Spec: {Name: "default", EncryptionConfig: {AutoLockManagers: false}, CAConfig: {NodeCertExpiry: 7776000000000000}}} |
      .["/services"] = [{ID: "v", Spec: {Name: "svc", TaskTemplate: {ContainerSpec: {Image: "web:1.0",
          Mounts: [{Type: "bind", Source: "/etc", Target: "/e"}]}}}}] |
      .["/secrets"] = [{ID: "t", Spec: {Name: "tls-key"}}] | .["/configs"] = [{ID: "c", Spec: {Name: "conf"}}]'
audit "${all[@]}"
check 'a service' found svc sensitive-host-mount
check 'a swarm' found swarm swarm-autolock-off
check 'that settings change is no finding' json_out '[.findings[].rule] | index("swarm-change") | not'
check 'names of secrets' of tls-key '.area == "secrets"'
check 'and of configs' of conf '.area == "configs"'
told '.["/info"].Swarm.ControlAvailable = false'
audit "${all[@]}"
check 'a worker can not tell' json_out '.checks[] | select(.id == "swarm-autolock-off").states.unknown == 1'
check 'which is noted' gap 'no manager'

# Half of it denied, lost or nonsense.
answers
told '.["/images/json?manifests=1"] = {"!status": 403, "!text": "{\"message\":\"authorization denied by plugin docksill: reads are closed\"}"} |
      .["/volumes"] = {"!text": "<html>"} | .["/networks"] = {"a": 1} | .["/plugins"] = [17, null, {"Name": 5}] |
      .["/containers/'"$(id 2)"'/json"] = {"!text": "{\"Id\": "} | .["/containers/'"$(id 3)"'/json"] = {"!status": 404, "!text": "{}"}'
audit "${all[@]}"
check 'what is left is judged' found web privileged-container
check 'and exits as it was found' [ "$code" -eq 1 ]
check 'what is denied is told in its words' gap 'the list of images: the engine says: authorization denied by plugin docksill: reads are closed'
check 'what is no JSON' gap 'the list of volumes: the engine'
check 'what is none of theirs' gap 'the list of networks'
check 'half a container' gap 'old: this is not what engines write'
check 'is unseen' of old '(.unseen // "") != ""'
check 'and has no score among the others' json_out '.areas[] | select(.name == "containers").score < 100'
check 'one that vanished' gap 'container new: it was removed'
check 'is no subject' json_out '[.subjects[].name] | index("new") | not'
told '.["/containers/'"$(id 1)"'/json"] = {"!gone": true}'
audit "${all[@]}"
check 'an engine that falls silent' gap 'the engine: the engine at '
check 'is asked nothing more' json_out '[.gaps[] | select(.what == "the engine")] | length == 1'
check 'and what it told before is kept' [ "$code" -ne 4 ]
told '.["/containers/json?all=1"] = {"!status": 500, "!text": ""}'
audit --only containers,host
check 'without a list its facts are unknown' json_out '.checks[] | select(.id == "image-sprawl").states.unknown == 1'
audit --only containers
check 'nothing of what is asked for' [ "$code" -eq 4 ]
check 'is told in its words' gap 'the list of containers: the engine says: HTTP status 500'
told '.["/containers/json?all=1"] = [{Id: "'"$(id 4)"'", Names: ["/lost"]}, {Id: 5}, null, {Names: []}, 17]'
audit "${all[@]}"
check 'a list with nonsense in it' found lost memory-unlimited

# What lies, or writes what no engine does.
answers
told '.["/containers/'"$(id 1)"'/json"] = .["/containers/'"$(id 4)"'/json"] | .["/info"].Swarm = {LocalNodeState: "active", ControlAvailable: true} |
      .["/swarm"] = {} | .["/services"] = [{ID: "v"}] | .["/secrets"] = [5] |
      .["/images/json?manifests=1"] = [{Id: "x", RepoTags: ["../x?\u001b[31m\n:1", "a?b#c:2"]}]'
audit "${all[@]}"
check 'what no engine writes ends no audit' [ "$code" -eq 1 ]
check 'another container than was asked for' gap 'web: this is not what engines write'
check 'is not judged twice' json_out '[.subjects[] | select(.name == "lost")] | length == 1'
check 'a service without a spec' json_out '.subjects[] | select(.area == "services") | (.unseen // "") != ""'
check 'a swarm without one is unknown' json_out '.checks[] | select(.id == "swarm-autolock-off").states.unknown == 1'
check 'names that are none' gap 'the names of secrets: some of it'
check 'an image that no call can name' gap 'no call can make it anew'
told '.["/containers/json?all=1"] = {message: "no"}'
audit --only containers
check 'a list that is none' gap 'the list of containers: the engine'
check 'tells nothing' [ "$code" -eq 4 ]
answers
told '.["/containers/json?all=1"][].Image = "sha256:'"$(id a)"'" | .["/containers/'"$(id 1)"'/json"] = {"!status": 500, "!text": "{}"}'
audit --only host
check 'a container that is not told' json_out '.checks[] | select(.id == "container-old-image").states.unknown == 1'
told '.["/containers/json?all=1"] = {"!status": 403, "!text": "{}"} | .["/images/json?manifests=1"] = {"!status": 403, "!text": "{}"}'
audit --framework cis-docker
check 'where lists are closed nobody knows of a control' json_out \
        '[.frameworks[].controls[] | select(.state == "not-applicable" and .checks == []).id] == []'
rm -f engine.sock
run audit --rules "$rules" --engine "$folder/engine.sock" --only containers,images --format json
check 'no engine at all' [ "$code" -eq 4 ]
check 'has a report that says so' gap 'does not answer'
check 'and is told' says err 'nothing could be seen'

# What docker inspect printed, and no engine.
jq -s . web.json old.json still.json >inspect.json
run audit --rules "$rules" --format json --inspect inspect.json new.json
check 'files of docker inspect' json_out '[.subjects[].name] | sort == ["new", "old", "still", "web"]'
check 'are judged' found web privileged-container
run explain --rules "$rules" --environment production --format json inspect.json
jq -r '.containers[] | .name as $name | .explained.findings[] | "\($name) \(.rule)"' out | sort >explained
run audit --rules "$rules" --format json --inspect inspect.json
check 'as explain judges them' diff explained <(jq -r '.findings[] | "\(.subject) \(.rule)"' out | sort)
head -c 1500 inspect.json >half.json
run audit --rules "$rules" --format json --inspect half.json
check 'half a file is judged as far as it goes' found web privileged-container
check 'and said to be half' gap 'ends in the middle'
run audit --rules "$rules" --format json --inspect - <web.json
check 'from a pipe' found web privileged-container
jq -c '.Config.ExposedPorts = {"22/tcp": {}}' image.json >ports.json
jq -s . ports.json web.json >both.json
run audit --rules "$rules" --format json --inspect both.json
check 'an image among them' found web:1.0 image-exposed-admin-port
check 'beside a container' found web privileged-container
check 'no such file' exits 4 audit --rules "$rules" --inspect nowhere.json
check 'not such a file' exits 4 audit --rules "$rules" --inspect exempt.yaml
check 'files without --inspect' exits 2 audit --rules "$rules" inspect.json
jq -c '.Name = "/\u001b[31m<b>$(x)</b>\u202e"' web.json >hostile.json
run audit --rules "$rules" --inspect hostile.json
check 'a name that paints is shown harmless' hides out $'\e[31m'
check 'and is in no command' hides out 'docker update -m 512m <b>'
finish
