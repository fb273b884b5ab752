#!/usr/bin/env bash
# SIGHUP to dockerd (systemctl reload docker): enforcement stays, because docksill stands in daemon.json; taking it out of there
# and reloading is the documented way out, putting it back the way in. PROTOCOL 1.1.
# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"

reloads() {
        grep -c 'Reloaded configuration' "$engine_log"
}

reloaded_since() {
        [ "$(reloads)" -gt "$1" ]
}

reload() {
        local before

        before=$(reloads)
        kill -s HUP "$engine_pid"
        wait_until 10 reloaded_since "$before" || { tail -n 3 "$engine_log" && return 1; }
}

engine_begin
engine_with_docksill

check 'refused before' refused privileged-container create --privileged "$image"
check 'dockerd reloads' reload
check 'refused after the reload' refused privileged-container create --privileged "$image"
check 'allowed after the reload' allowed run --rm "${hardened[@]}" "$image" true

# The machine is never locked: removal is two lines and no restart. README's own daemon.json, and README's own line to mend it.
readme=$engine_top/README.md
# shellcheck disable=SC2016 # the backquotes are Markdown's
from_readme() {
        sed -n '/^```json$/,/^```$/p' "$readme" | sed '/^```$/q' | grep -v '^```' | sed "s/docksill/$plugin/" >"$engine_dir/daemon.json"
        jq -e --arg name "$plugin" '."authorization-plugins" == [$name]' "$engine_dir/daemon.json"
}
way_out=$(sed -n 's|^sudo \(sed -i .*\) /etc/docker/daemon.json.*|\1|p' "$readme")
mend() {
        eval "$way_out $(printf '%q' "$engine_dir/daemon.json")" && cat "$engine_dir/daemon.json" &&
                test -s "$engine_dir/daemon.json" && jq -e '."authorization-plugins" == []' "$engine_dir/daemon.json"
}

check 'README says how to register' from_readme
check 'dockerd reloads that' reload
check 'refused after it' refused privileged-container create --privileged "$image"
check 'README says how to get out' mend
check 'dockerd reloads that too' reload
check 'docksill is out' allowed create --privileged "$image"
daemon_json "$plugin"
check 'dockerd reloads with docksill' reload
check 'docksill is in again' refused privileged-container create --privileged "$image"

# It works all the same while docksill is gone and every call is refused.
docksill_signal KILL
daemon_json
check 'with docksill gone, dockerd reloads without it' reload
since=$SECONDS
check 'and works at once' allowed ps
check 'without a wait' test $((SECONDS - since)) -lt 5

finish
