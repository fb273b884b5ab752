#!/usr/bin/env bash
# SIGHUP to dockerd (systemctl reload docker): enforcement stays, because docksill stands in daemon.json; taking it out of there
# and reloading is the documented way out, putting it back the way in. PROTOCOL 1.1.
# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"

reloads=0

reloaded() {
        [ "$(grep -c 'Reloaded configuration' "$engine_log")" -ge "$reloads" ]
}

reload() {
        reloads=$((reloads + 1))
        kill -s HUP "$engine_pid"
        wait_until 10 reloaded
}

engine_begin
engine_with_docksill

check 'refused before' refused privileged-container create --privileged "$image"
check 'dockerd reloads' reload
check 'refused after the reload' refused privileged-container create --privileged "$image"
check 'allowed after the reload' allowed run --rm "${hardened[@]}" "$image" true

# The machine is never locked: removal is two lines, and no restart.
daemon_json
check 'dockerd reloads without docksill' reload
check 'docksill is out' allowed create --privileged "$image"
daemon_json "$plugin"
check 'dockerd reloads with docksill' reload
check 'docksill is in again' refused privileged-container create --privileged "$image"

finish
