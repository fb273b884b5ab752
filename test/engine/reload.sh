#!/usr/bin/env bash
# A thousand reloads under load: no call is lost, every answer is right by the old rules or the new, nothing leaks. And through a
# real dockerd: what is mended takes effect, what is broken changes nothing.
# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"

here=$(cd "$(dirname "$0")" && pwd)
log() { printf '%s\n' "$engine_dir/docksill.log"; }

configure() {
        printf '%s\n' 'docksill: v1' 'kind: configuration' "environment: $1" 'mode: enforce' >"$engine_dir/docksill.yaml"
}

told() {
        grep -c 'SIGHUP: \(reloaded\|nothing is changed\)' "$(log)"
}

told_more_than() {
        [ "$(told)" -gt "$1" ]
}

reload() {
        local before
        before=$(told)
        kill -s HUP "$docksill_pid"
        wait_until 10 told_more_than "$before"
}

reloaded() {
        reload && tail -n 1 "$(log)" | grep 'SIGHUP: reloaded'
}

counted() {
        jq -e "$1" <<<"$counts" >/dev/null && return
        cat "$engine_dir/load"
        return 1
}

engine_begin
site_with /srv/docksill-none
configure "$site"
engine_with_docksill --config "$engine_dir/docksill.yaml"

check 'production refuses a plain container' refused 'docksill \(site\)|user-root' create "$image"
configure development
check 'it reloads' reloaded
check 'development lets it pass' allowed create "$image"
configure prodution
reload
check 'a name that is none changes nothing' allowed create "$image"
check 'and is told of' grep -q 'SIGHUP: nothing is changed' "$(log)"
configure "$site"
reload
check 'mended it takes effect' refused 'user-root' create "$image"

python3 "$here/reload-load.py" "$plugin_socket" "$docksill_pid" "$engine_dir/docksill.yaml" "$(log)" "$site" "${RELOADS:-1000}" \
        >"$engine_dir/load" 2>&1
counts=$(tail -n 1 "$engine_dir/load")
printf '  note    %s\n' "$counts"
check 'every answer is right, by the old rules or the new' counted '.wrong == 0 and .asked > 1000'
check 'both were seen' counted '.refusals > 0 and .refusals < .asked / 5'
# One generation takes more than a megabyte, and at times there are two; a leak of a thousandth of one would show.
check 'memory does not grow' counted '.memory_kb | .[-1] <= .[1] + 2048'
docksill_signal TERM
check 'it ends with 0' test "$docksill_code" -eq 0
finish
