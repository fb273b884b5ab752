#!/usr/bin/env bash
# baseline, of what `docker inspect` printed: an environment and exemptions that let it through, tried before they are written;
# and what of them is taken out again. test/engine/baseline.sh has the real thing.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

fixtures=$scenario_here/fixtures
id=$(printf 'ab%.0s' {1..32})
image=sha256:$(printf 'cd%.0s' {1..32})

# inspected NAME HOSTCONFIG [CONFIG]: a container as `docker inspect` prints it, made of one image.
inspected() {
        jq -nc --arg name "$1" --argjson host "$2" --argjson config "${3:-{\}}" --arg id "$id" --arg image "$image" '
                {Id: $id, Name: ("/" + $name), Image: $image, Mounts: [], NetworkSettings: {Networks: {}},
                        State: {Status: "exited", StartedAt: "2026-01-01T00:00:00Z"},
                        Config: ({Image: "registry.example.com/web:1", Cmd: ["web"]} + $config),
                        HostConfig: ({NetworkMode: "none", IpcMode: "private", CgroupnsMode: "private"} + $host)}'
}
mounted() {
        jq -c --arg source "$1" '.Mounts = [{Type: "bind", Source: $source, Destination: "/d", Mode: "", RW: true, Propagation: "rprivate"}]'
}
both() { printf '[%s,%s]' "$(cat web.json)" "$(cat tool.json)"; }
inspected web '{"Binds":["/srv/web:/d"],"CapAdd":["NET_ADMIN"]}' '{"Env":["DB_PASSWORD=hunter2hunter2"]}' | mounted /srv/web >web.json
inspected tool '{"Binds":["/run/docker.sock:/d"]}' | jq -c --arg image "sha256:$(printf 'ef%.0s' {1..32})" '.Image = $image | .Id = $image[7:]' |
        mounted /run/docker.sock >tool.json
both >both.json

# --- what it wants
check 'without --expires: exit 2' exits 2 baseline --rules "$rules" web.json
check 'it says so' says err '--expires'
for days in 0 181d soon; do
        check "--expires $days: exit 2" exits 2 baseline --rules "$rules" --expires "$days" web.json
done
check 'a file that is none: exit 4' exits 4 baseline --rules "$rules" --expires 9d nothing.json
check 'no engine: exit 4' exits 4 baseline --rules "$rules" --expires 9d --host "$PWD/nobody.sock"
check 'and what to do' says err 'is it running'
check 'nothing is written' test ! -e baseline.yaml -a ! -e exemptions

# --- one that passes with it
check 'a container: exit 0' exits 0 baseline --rules "$rules" --expires 90d --owner us --reason 'ran before' --output made web.json
check 'it passes now' says out '1 container, judged by production: 0 pass as they are, 1 with the baseline, 0 not'
check 'its folder is listed as it is' grep -qF -- '- "/srv/web"' made/baseline.yaml
check 'in an environment over the one that is chosen' grep -qF -- 'extends: "production"' made/baseline.yaml
check 'hung on what the image is' grep -qF "match: {image.found.id: \"$image\"}" made/exemptions/baseline.yaml
check 'with the very values' grep -qF 'only: {cap: "NET_ADMIN"}' made/exemptions/baseline.yaml
check 'a variable by its name' grep -qF 'only: {variable.name: "DB_PASSWORD", variable.from: "env"}' made/exemptions/baseline.yaml
check 'and never its value' test "$(cat made/baseline.yaml made/exemptions/baseline.yaml | grep -c hunter2)" -eq 0
check 'for nothing beside it' test "$(grep -c 'remaining-points: 0' made/exemptions/baseline.yaml)" -eq "$(grep -c '  - id: ' made/exemptions/baseline.yaml)"
check 'owned' grep -qF 'owner: "us"' made/exemptions/baseline.yaml
check 'for others to read is the environment alone' test "$(stat -c %a made/baseline.yaml)$(stat -c %a made/exemptions/baseline.yaml)" = 644600
check 'both load' exits 0 check --rules "$rules" --environment made/baseline.yaml --exemptions made/exemptions
check 'without a warning' test ! -s err
check 'and are shown' says out 'exemption baseline-cdcdcdcdcdcd-dangerous-capability: dangerous-capability; us, until'
check 'what is there stays: exit 4' exits 4 baseline --rules "$rules" --expires 90d --output made web.json
check 'and what to do' says err '--force replaces it'
cp -r made before
check 'with --force it is replaced' exits 0 baseline --rules "$rules" --exemptions made/exemptions --expires 90d --force --output made web.json
check 'its own exemptions did not hold meanwhile' test "$(grep -c '  - id: ' made/exemptions/baseline.yaml)" -eq "$(grep -c '  - id: ' before/exemptions/baseline.yaml)"
check 'without an owner' exits 0 check --rules "$rules" --environment made/baseline.yaml --exemptions made/exemptions
check 'check says what is to be filled in' says err 'DS320'
check 'over itself: exit 2' exits 2 baseline --rules "$rules" --environment made/baseline.yaml --expires 90d --force --output made web.json
check 'and what to do' says err 'name the environment that it extends'
check 'another folder may extend it' exits 0 baseline --rules "$rules" --environment made/baseline.yaml --exemptions made/exemptions --expires 9d --output second web.json
check 'by its whole path' grep -qF "extends: \"$PWD/made/baseline.yaml\"" second/baseline.yaml
check 'and finds nothing to do' test ! -e second/exemptions/baseline.yaml

# --- who calls
printf 'docksill: v1\nkind: environment\nname: site\nextends: production\naccess: [{who: {anonymous: true}, deny: ["container.*"]}]\n' >site.yaml
check 'whom access closes it to is no matter' exits 0 baseline --rules "$rules" --environment site.yaml --expires 9d --output site web.json

# --- what is hard
check 'one that has the socket: exit 1' exits 1 baseline --rules "$rules" --expires 90d --output hard both.json
check 'is told of' says out 'tool (create), image registry.example.com/web:1:'
check 'with the rule and what to do' says out 'runtime-socket-mount (hard): mounts /run/docker.sock'
check 'and what an exemption of it wants' says out 'What is hard is let through for an image that is named by its id or digest'
check 'its start is let through, and nobody who enters it' grep -qF \
        "match: {target.id: \"$(jq -r .Id tool.json)\", request.operation: {in: [container.start, container.restart]}}" hard/exemptions/baseline.yaml
check 'no list has it' test "$(grep -c docker.sock hard/baseline.yaml)" -eq 0
check 'in JSON' exits 1 baseline --rules "$rules" --expires 90d --output again --format json both.json
check 'the same' json_out '.schema == "docksill.baseline/1" and .refused == 1 and (.containers | length) == 2
        and (.containers[] | select(.name == "tool") | .create.after == "deny" and .start.before == "deny" and .start.after != "deny")'
check 'real ones are read' exits 1 baseline --rules "$rules" --expires 9d --output real "$fixtures/inspect.json"

# --- what can't be named would be anything of its kind
inspected star '{"Binds":["/srv/*:/d"]}' | mounted '/srv/*' >star.json
inspected long "$(jq -nc '{CgroupParent: ("/" + "a" * 1100)}')" >long.json
check 'a folder called * is no pattern: exit 1' exits 1 baseline --rules "$rules" --expires 9d --output star star.json
check 'it is told of' says out 'host-path-unlisted: no list of this site lets containers have host path /srv/*'
check 'and nowhere let through' test "$(grep -rc 'host-path-unlisted\|/srv' star | grep -vc ':0$')" -eq 0
check 'a value beyond measure' exits 0 baseline --rules "$rules" --expires 9d --output long long.json
check 'lets no other one through' test "$(grep -c 'cgroup-parent' long/exemptions/baseline.yaml)" -eq 0

# --- one step worse, as the body says
explained() { run explain --rules "$rules" --environment made/baseline.yaml --exemptions made/exemptions --format json "$@"; }
explained web.json
check 'without lookups an image is known by its name alone, so nothing is lifted' json_out '.containers[0].explained.verdict == "deny"'

# --- shrinking
record() { # TIME EXEMPTION RULE [ONLY]
        jq -nc --arg time "$1" --arg id "$2" --arg rule "$3" --argjson only "${4:-{\}}" '{schema: "docksill.record/1", time: $time, decision_id: "00",
                findings: [{rule: $rule, exempted_by: $id, evidence: [{message: "", only: $only}]}]}'
}
record 2026-01-02T00:00:00Z baseline-cdcdcdcdcdcd-dangerous-capability dangerous-capability '{"cap":"NET_ADMIN"}' >records
record 2026-01-03T00:00:00Z baseline-cdcdcdcdcdcd-medium user-root >>records
check 'check tells what was used' exits 0 check --rules "$rules" --environment made/baseline.yaml --exemptions made/exemptions --used-by records
check 'how often, and when' grep -qF 'dangerous-capability: dangerous-capability; WHO ANSWERS FOR IT' out
check 'last' says out '; lifted 1 finding, the last 2026-01-02T00:00:00Z'
check 'and what was not' says out '; lifted nothing since 2026-01-02T00:00:00Z'
cp made/exemptions/baseline.yaml shrunk.yaml
sed -n '/^docksill: v1/q;p' shrunk.yaml >top.txt
check 'shrinking' exits 0 baseline --shrink records shrunk.yaml
check 'says of what time' says out '2 decisions from 2026-01-02T00:00:00Z to 2026-01-03T00:00:00Z'
check 'what goes' says out '  baseline-cdcdcdcdcdcd-secret-in-env'
check 'a rule of several' says out '  baseline-cdcdcdcdcdcd-medium: memory-unlimited'
check 'what was used is left' test "$(grep '    rules: ' shrunk.yaml | sort | tr -d '\n')" = '    rules: [dangerous-capability]    rules: [user-root]'
check 'and the head' test "$(sed -n '/^docksill: v1/q;p' shrunk.yaml)" = "$(cat top.txt)"
check 'and it loads' exits 0 check --rules "$rules" --environment made/baseline.yaml --exemptions shrunk.yaml
check 'again: nothing' exits 0 baseline --shrink records shrunk.yaml
check 'is said' says out 'nothing is taken out'
record 2026-01-04T00:00:00Z other memory-unlimited >others
check 'of records that use none of it' exits 0 baseline --shrink others shrunk.yaml
check 'all goes' grep -qx 'exemptions: \[\]' shrunk.yaml
check 'and what is left loads' exits 0 check --rules "$rules" --environment made/baseline.yaml --exemptions shrunk.yaml
record 2026-01-04T00:00:00Z other host-bind-mount '{"mount.source":["/srv/web/below"]}' >others
cp made/baseline.yaml lists.yaml
check 'a list whose item was used' exits 0 baseline --shrink others lists.yaml
check 'is left' cmp -s made/baseline.yaml lists.yaml
check 'and one that was not' exits 0 baseline --shrink records lists.yaml
check 'is told' says out 'allowed-host-paths: /srv/web'
check 'is empty' grep -qx 'override: \[\]' lists.yaml
check 'and loads' exits 0 check --rules "$rules" --environment lists.yaml
: >none
check 'records without a decision: exit 4' exits 4 baseline --shrink none lists.yaml
check 'one file alone: exit 2' exits 2 baseline --shrink lists.yaml
check 'nothing to shrink: exit 2' exits 2 baseline --shrink records web.json

# --- text of others
inspected 'x' '{"Binds":["/srv/a\u202eb, [c] #:/d"]}' | mounted "/srv/a$(printf '\u202e')b, [c] #" >odd.json
jq -c '.Name = "/x\nmatch: {}"' odd.json >odder.json
check 'a path and a name of anything' exits 0 baseline --rules "$rules" --expires 9d --output odd odder.json
check 'a name with a line break is one line' test "$(grep -c '^match' odd/exemptions/baseline.yaml)" -eq 0
check 'a path is quoted' grep -qF -- '- "/srv/a\u202eb, [c] #"' odd/baseline.yaml
check 'and what is written loads' exits 0 check --rules "$rules" --environment odd/baseline.yaml --exemptions odd/exemptions
finish
