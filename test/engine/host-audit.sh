#!/usr/bin/env bash
# docksill audit beside a real engine: what it answers of itself is judged, and containers that run an older image than its
# name stands for are found.
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

check 'every rule on the engine is answered' audited '[.findings[].why | select(test("could not be asked"))] == []'
check 'it has no bridge here' ends daemon-icc-on not-applicable
check 'it lists no docksill' ends daemon-authz-missing fail
check 'debugging is off' ends daemon-debug pass
check 'nothing is sprawled' ends image-sprawl pass

"$docker" -H "unix://$engine_socket" create --name web "$image" >/dev/null
check 'a container of the image of today' ends container-old-image pass
tar -C "$engine_dir/root" -c bin | "$docker" -H "unix://$engine_socket" import - "$image" >/dev/null
check 'the name stands for another image' ends container-old-image fail
check 'and which it is' audited '[.findings[].message] | any(test("^web runs an older build of '"$image"'"))'
engine_stop
check 'an engine that is gone is unknown' ends container-old-image unknown
check 'as is what it says of itself' ends daemon-debug unknown
finish
