#!/usr/bin/env bash
# From audit to enforce on one engine, by reloads: what is hard is refused first, then what a step denies, then all.
# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"

# configure MODE [STEP…]: production, with these steps on the way.
configure() {
        local mode=$1
        shift
        printf '%s\n' 'docksill: v1' 'kind: environment' 'name: site' 'extends: production' 'steps:' >"$engine_dir/site.yaml"
        [ $# -gt 0 ] && printf '  - %s\n' "$@" >>"$engine_dir/site.yaml"
        [ $# -gt 0 ] || sed -i '$d' "$engine_dir/site.yaml"
        printf '%s\n' 'docksill: v1' 'kind: configuration' "environment: $engine_dir/site.yaml" "mode: $mode" >"$configuration"
}

# reload MODE [STEP…]: puts them in force while dockerd runs.
reload() {
        local before
        before=$(grep -c 'SIGHUP: reloaded' "$engine_dir/docksill.log")
        configure "$@"
        kill -HUP "$docksill_pid"
        # shellcheck disable=SC2016 # in the other shell
        wait_until 10 bash -c '[ "$(grep -c "SIGHUP: reloaded" "$0")" -gt "$1" ]' "$engine_dir/docksill.log" "$before"
}

# says_line REGEX: some line of what the client said matches.
says_line() {
        grep -Eq -- "$1" <<<"$said" && return
        printf 'no line like %s in:\n%s\n' "$1" "$said"
        return 1
}

day() {
        date -u -d "$1" +%Y-%m-%d
}

plain=(run --rm --network none "$image" echo ran)

engine_begin
configuration=$engine_dir/docksill.yaml
configure audit
engine_with_docksill --config "$configuration"
check 'in audit what is hard passes' allowed create --privileged "$image"

check 'mode enforce-hard' reload enforce-hard
check 'there it is refused' refused privileged-container create --privileged "$image"
check 'and a plain run is not' allowed "${plain[@]}"
check 'its record says that it would be' recorded '.mode == "enforce-hard" and .verdict == "deny" and .would != "deny" and .answer == "allow"'

check 'steps' reload enforce "{from: $(day yesterday), enforce: hard}" "{from: $(day '+200 days'), enforce: all}"
check 'the log says them' grep -q "SIGHUP: denied is what is hard alone since $(day yesterday); high or 50 points from" "$engine_dir/docksill.log"
check 'what is hard is refused' refused privileged-container create --privileged "$image"
check 'which says the next step' says_line "^Next:  from $(day '+200 days') on, high or 50 points \(today: what is hard alone\)$"
check 'a plain run passes' allowed "${plain[@]}"
check 'and runs' test "$said" = ran
check 'with a warning' recorded ".verdict == \"warn\" and .answer == \"allow\" and .refused_from == \"$(day '+200 days')\" and .must_go > 0"

check 'a stricter step' reload enforce "{from: $(day yesterday), deny: {severity: critical, points: 80}}" \
        "{from: $(day '+200 days'), enforce: all}"
check 'a plain run passes still' allowed "${plain[@]}"
check 'and more does not' refused 'limit 80' create --network host "$image"
check 'and says what next' says_line '^Next:  from .* on, high or 50 points \(today: critical or 80 points\)$'

check 'the last step' reload enforce "{from: $(day '-20 days'), enforce: hard}" "{from: $(day yesterday), enforce: all}"
check 'refuses a plain run' refused 'limit 50' "${plain[@]}"
check 'and has no next' test "${said/Next:/}" = "$said"
check 'a hardened one passes' allowed run --rm "${hardened[@]}" "$image" id -u
finish
