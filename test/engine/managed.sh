#!/usr/bin/env bash
# docksill as a managed plugin of the engine (packaging/managed-plugin): made, set, enabled, asked, and taken out again.
# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"

# What docker calls it. Its socket lies in a folder of the daemon's own, so parallel runs do not meet.
name=docksill

# configure MODE [LINE…]
configure() {
        printf '%s\n' 'docksill: v1' 'kind: configuration' "mode: $1" "${@:2}" >"$engine_dir/settings/docksill.yaml"
}

# does COMMAND…: the client does it.
does() {
        client "$@"
        [ "$code" -eq 0 ] || { printf '%s\n' "$said"; return 1; }
}

does_not() {
        ! does "$@"
}

plugin_is() {
        does plugin inspect --format '{{.Enabled}}' $name && [ "$said" = "$1" ]
}

denied_by() {
        client create --privileged "$image"
        [ "$code" -ne 0 ] && says 'docksill (production): refused' "$said"
}

passes() {
        does create --privileged "$image"
}

# The engine reads its settings again.
engine_reload() {
        kill -HUP "$engine_pid"
        sleep 0.5
}

# There is no systemctl for it: its process is found by the folder that it has.
docksill_reload() {
        local pid

        for pid in $(pgrep -f '^/usr/bin/docksill serve'); do
                ! grep -q "$engine_dir/settings" "/proc/$pid/mountinfo" || kill -HUP "$pid"
        done
}

engine_begin
records=$engine_dir/records/decisions.jsonl
mkdir "$engine_dir"/{settings,records,state}
configure enforce
image_import || exit 1
check 'its folder is made' "$engine_top/packaging/managed-plugin/build.sh" "$engine_dir/plugin" "$DOCKSILL"
check 'a second time it is not written over' bash -c "! '$engine_top/packaging/managed-plugin/build.sh' '$engine_dir/plugin' '$DOCKSILL'"
daemon_json
engine_start || exit 1

check 'docker takes it' does plugin create $name "$engine_dir/plugin"
check 'it is not enabled yet' plugin_is false
check 'it asks for no capability' test "$(client plugin inspect --format '{{.Settings.Devices}} {{.Config.Linux.Capabilities}} {{.Config.Network.Type}}' $name; printf '%s' "$said")" = '[] [] none'
check 'its folders are set' does plugin set $name "settings.source=$engine_dir/settings" "records.source=$engine_dir/records" \
        "state.source=$engine_dir/state"
check 'without one it is not enabled, and docker says which' eval "does plugin set $name records.source=$engine_dir/nowhere && does_not plugin enable $name &&
        says nowhere \"\$said\""
check 'set right again' does plugin set $name "records.source=$engine_dir/records"
check 'it is enabled' does plugin enable $name
check 'and runs' plugin_is true
check 'nobody asks it yet' passes

daemon_json $name
engine_reload
check 'named in daemon.json, it is asked: what production refuses is refused' denied_by
check 'it records' recorded '.operation == "container.create" and .answer == "deny"'
check 'its records are on the host' test -s "$records"
check 'the last good set too' test -s "$engine_dir/state/last-good"
check 'it protects itself: nobody disables it' does_not plugin disable --force $name
check 'which it says' says 'docksill' "$said"
check 'nor sets it' does_not plugin set $name "settings.source=/tmp"

# The limit of this form: its root is not the host's, so that where a link leads nobody tells it.
ln -s /etc "$engine_dir/link"
configure enforce 'environment: site.yaml'
site_with "$engine_dir"
cp "$site" "$engine_dir/settings/site.yaml"
docksill_reload
check 'a link in a listed folder is taken for what it says' wait_until 10 does create "${hardened[@]}" -v "$engine_dir/link:/h:ro" "$image"
configure enforce
docksill_reload

engine_stop
check 'dockerd starts again with it' engine_start
check 'and asks it' denied_by

configure audit
docksill_reload
check 'it reloads by a signal' wait_until 10 passes
check 'then it is disabled' does plugin disable --force $name
check 'dockerd no longer asks it, whatever daemon.json says' passes
configure enforce
check 'enabled again' does plugin enable $name
check 'it is asked only once dockerd reads its settings again' passes
engine_reload
check 'then it is' denied_by
configure audit
docksill_reload
check 'and let go' wait_until 10 passes
check 'disabled' does plugin disable --force $name
daemon_json
engine_reload
check 'it is removed' does plugin rm --force $name
check 'and is gone' does_not plugin inspect $name
finish
