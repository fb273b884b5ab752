#!/usr/bin/env bash
# Audit-only: what production refuses is let through, really happens, and is recorded as what would have been refused.
# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"

engine_begin
engine_with_docksill --environment production --mode audit

# --privileged is only created, not started: a machine that runs this in a sandbox may lack the capabilities it would hand on.
check 'docker create --privileged is let through' allowed create --name one --privileged "$image"
client inspect --format '{{.HostConfig.Privileged}}' one
check 'and is privileged' test "$said" = true
check 'the record says who would have been refused, and why' recorded '.mode == "audit" and .would == "deny"
        and .verdict == "deny" and .answer == "allow" and any(.findings[]?; .rule == "privileged-container")'

check 'a plain run is let through' allowed run --rm --network none "$image" echo ran
check 'and ran' test "$said" = ran
check 'the points are recorded' recorded '.would == "deny" and .gate != null and .points >= 50
        and all(.findings[]?; .rule != "privileged-container")'

check 'docker create -v /:/host is let through' allowed create -v /:/host "$image"
check 'its record' recorded '.would == "deny" and .answer == "allow" and any(.findings[]?; .rule == "host-root-mount")'

# A body that dockerd does not show follows the mode as well (DESIGN 1.4); what dockerd itself then makes of it is its affair.
api_refused() {
        said=$(api "$@")
        printf '%s\n' "$said"
        [[ $said == *'authorization denied'* ]]
}
not() { ! "$@"; }
check 'a form body follows the mode' not api_refused POST /v1.41/containers/create \
        -H 'Content-Type: application/x-www-form-urlencoded' -d 'a=b'
check 'its record' recorded '.would == "deny" and any(.findings[]?; .rule == "request-form-body")'

# What is no AuthZ call at all is refused in both modes: nothing could be recorded of it (PROTOCOL 1.4: dockerd's retries).
refused_call() {
        local answer

        answer=$(call_docksill AuthZPlugin.AuthZReq "$1")
        printf '%s\n' "$answer"
        jq -e '.Allow == false and (.Msg | length > 0)' <<<"$answer"
}
check 'an empty call is refused' refused_call ''
check 'a call that is no object is refused' refused_call '[]'
check 'a call without method is refused' refused_call '{"RequestUri": "/v1.41/info"}'

finish
