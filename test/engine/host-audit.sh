#!/usr/bin/env bash
# docksill audit beside a real engine: what it answers of itself is judged, and containers that run an older image than its
# name stands for are found; so is what daemon.json says and the engine does not go by.
# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"

# audited FILTER: the jq filter holds of an audit of this host and engine.
audited() {
        "$DOCKSILL" audit --rules "$engine_top/rules" --engine "$engine_socket" --format json >"$engine_dir/audit.json"
        # jq 1.6 finds nothing wrong with an empty file.
        [ -s "$engine_dir/audit.json" ] && jq -e "$1" "$engine_dir/audit.json" >/dev/null && return
        jq -c '.results[] | {rule, state, why}' "$engine_dir/audit.json"
        return 1
}

# ends RULE STATE
ends() {
        audited ".results[] | select(.rule == \"$1\").state == \"$2\""
}

engine_begin
image_import && daemon_json && engine_start || exit 1

check 'every rule on the engine is answered' audited '[.results[].why | select(test("could not be asked"))] == []'
check 'it has no bridge here' ends daemon-icc-on not-applicable
check 'it lists no docksill' ends daemon-authz-missing fail
check 'debugging is off' ends daemon-debug pass
check 'nothing is sprawled' ends image-sprawl pass

"$docker" -H "unix://$engine_socket" create --name web "$image" >/dev/null
check 'a container of the image of today' ends container-old-image pass
tar -C "$engine_dir/root" -c bin | "$docker" -H "unix://$engine_socket" import - "$image" >/dev/null
check 'the name stands for another image' ends container-old-image fail
check 'and which it is' audited '[.results[].evidence[].message] | any(test("^web runs an older build of '"$image"'"))'

# in_force FILTER [JSON]: the filter holds of the rule's result, where these settings lie in a host's daemon.json.
# shellcheck disable=SC2016 # $socket is jq's
in_force() {
        mkdir -p "$engine_dir/host/etc/docker"
        jq -n --arg socket "unix://$engine_socket" "{hosts: [\$socket]} + ${2:-{\}}" >"$engine_dir/host/etc/docker/daemon.json"
        "$DOCKSILL" audit --rules "$engine_top/rules" --root "$engine_dir/host" --engine "$engine_socket" --format json \
                >"$engine_dir/in-force.json"
        [ -s "$engine_dir/in-force.json" ] || return
        jq -e '.results[] | select(.rule == "daemon-config-not-in-force") | '"$1" "$engine_dir/in-force.json" >/dev/null && return
        jq -c '.results[] | select(.rule == "daemon-config-not-in-force")' "$engine_dir/in-force.json"
        return 1
}

check 'the engine goes by what it was told' in_force '.state == "pass"'
check 'what was written down since is not in force' in_force '.state == "fail"' '{"live-restore": true, "log-driver": "local"}'
check 'and is named' in_force '[.evidence[].message] | any(test("live-restore.*log-driver"))' \
        '{"live-restore": true, "log-driver": "local"}'
check 'the settings of another engine tell nothing' in_force '.state == "not-applicable"' '{"hosts": ["unix:///elsewhere.sock"]}'
engine_stop
check 'an engine that is gone is unknown' ends container-old-image unknown
check 'as is what it says of itself' ends daemon-debug unknown
finish
