#!/usr/bin/env bash
# docksill audit beside a real engine: what it answers of itself is judged, and all that exists there, containers of every
# state first; it asks with GETs alone. Containers that run an older image than its name stands for are found; so is what
# daemon.json says and the engine does not go by.
# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"

# audited FILTER: the jq filter holds of an audit of this host and engine.
audited() {
        "$DOCKSILL" audit --rules "$engine_top/rules" --engine "$engine_socket" --format json >"$engine_dir/audit.json"
        # jq 1.6 finds nothing wrong with an empty file.
        [ -s "$engine_dir/audit.json" ] && jq -e "$1" "$engine_dir/audit.json" >/dev/null && return
        jq -c '.findings[] | {rule, subject, state, why}' "$engine_dir/audit.json"
        return 1
}

# ends RULE STATE
ends() {
        audited ".checks[] | select(.id == \"$1\").states[\"$2\"] > 0"
}

engine_begin
image_import && daemon_json && engine_start || exit 1

check 'every rule on the engine is answered' audited \
        '[.findings[].why // "" | select(test("does not answer|be asked|did not tell"))] == []'
check 'it has no bridge here' ends daemon-icc-on not-applicable
check 'it lists no docksill' ends daemon-authz-missing fail
check 'debugging is off' ends daemon-debug pass
check 'nothing is sprawled' ends image-sprawl pass

"$docker" -H "unix://$engine_socket" create --name web "$image" >/dev/null
check 'a container of the image of today' ends container-old-image pass
tar -C "$engine_dir/root" -c bin | "$docker" -H "unix://$engine_socket" import - "$image" >/dev/null
check 'the name stands for another image' ends container-old-image fail
check 'and which it is' audited '[.findings[].message] | any(test("^web runs an older build of '"$image"'"))'

# Of every state: what each has is found where it is, and what it lacks is not.
d() {
        "$docker" -H "unix://$engine_socket" "$@" >/dev/null
}

# fails SUBJECT RULE; passes SUBJECT RULE: in the last audit.
fails() {
        jq -e ".findings[] | select(.subject == \"$1\" and .rule == \"$2\" and .state == \"fail\")" "$engine_dir/audit.json" >/dev/null && return
        jq -c ".findings[] | select(.subject == \"$1\") | [.rule, .state, .why]" "$engine_dir/audit.json"
        return 1
}

# lacks SUBJECT RULE: nothing of it is found there.
lacks() {
        ! fails "$1" "$2" >/dev/null
}

d create --name made --privileged "$image" sh
d run -d --name runs --network none -v "$engine_dir:/e" "$image" sleep 600
d run -d --name waits --network none --pid host "$image" sleep 600 && d pause waits
d run --name ended --network none --cap-add SYS_ADMIN "$image" true
d create --name tight "${hardened[@]}" "$image" sh
d volume create -o type=none -o o=bind -o device=/etc keys
d network create --config-only --subnet 169.254.9.0/24 lan # of which no interface is made
d tag "$image" spare:latest

# From now on the engine's log has every call.
jq '.debug = true' "$engine_dir/daemon.json" >"$engine_dir/debug.json" && cp "$engine_dir/debug.json" "$engine_dir/daemon.json"
kill -HUP "$engine_pid"
# The words of 20.10, and those of 28.
called='s/.*\(Calling\|handling\) \([A-Z]*\) .*/\2/p'
logs_calls() {
        curl -s --unix-socket "$engine_socket" http://docker/info >/dev/null
        sed -n "$called" "$engine_log" | grep -q GET
}
wait_until 10 logs_calls
lines=$(wc -l <"$engine_log")
check 'all of it was seen' audited '[.gaps[] | select(.why != "")] == []'
check 'one that never ran' fails made privileged-container
check 'one that runs' fails runs host-path-unlisted
check 'a paused one' fails waits host-pid
check 'one that has ended' fails ended dangerous-capability
check 'and its verdict today' audited '.subjects[] | select(.name == "ended").verdict == "deny"'
check 'a tight one has a limit' lacks tight memory-unlimited
check 'and is no root' lacks tight user-root
check 'a volume' fails keys sensitive-host-mount
check 'a network' fails lan network-reserved-subnet
check 'an image that nobody uses' audited '.subjects[] | select(.name == "spare:latest" and .area == "images") | .detail != ""'
check 'the line of what daemon.json says' audited ".findings[] | select(.rule == \"daemon-debug\") |
        .file == \"$engine_dir/daemon.json\" and .line == $(grep -n '"debug"' "$engine_dir/daemon.json" | cut -d: -f1)"
calls=$(tail -n "+$((lines + 1))" "$engine_log" | sed -n "$called" | sort | uniq -c)
check 'with GETs alone' grep -Eqx ' *[0-9]{2,} GET' <<<"$calls"
d rm -f runs waits
# in_force FILTER [JSON]: the filter holds of the rule's check and findings, where these settings lie in a host's daemon.json.
in_force() {
        local rule='{states: (.checks[] | select(.id == "daemon-config-not-in-force").states),
                     messages: [.findings[] | select(.rule == "daemon-config-not-in-force") | .message, .more[]]}'

        mkdir -p "$engine_dir/host/etc/docker"
        # shellcheck disable=SC2016 # $socket is jq's
        jq -n --arg socket "unix://$engine_socket" "{hosts: [\$socket], debug: true} + ${2:-{\}}" >"$engine_dir/host/etc/docker/daemon.json"
        "$DOCKSILL" audit --rules "$engine_top/rules" --root "$engine_dir/host" --engine "$engine_socket" --format json \
                >"$engine_dir/in-force.json"
        [ -s "$engine_dir/in-force.json" ] || return
        jq -e "$rule | $1" "$engine_dir/in-force.json" >/dev/null && return
        jq -c "$rule" "$engine_dir/in-force.json"
        return 1
}

check 'the engine goes by what it was told' in_force '.states.pass == 1'
check 'what was written down since is not in force' in_force '.states.fail == 1' '{"live-restore": true, "log-driver": "local"}'
check 'and is named' in_force '.messages | any(test("live-restore.*log-driver"))' '{"live-restore": true, "log-driver": "local"}'
check 'the settings of another engine tell nothing' in_force '.states["not-applicable"] == 1' '{"hosts": ["unix:///elsewhere.sock"]}'
engine_stop
check 'an engine that is gone is unknown' ends container-old-image unknown
check 'as is what it says of itself' ends daemon-debug unknown
finish
