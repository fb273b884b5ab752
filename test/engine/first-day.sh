#!/usr/bin/env bash
# The first day as README tells it: its very lines, on a real dockerd with the six services of examples/first-day.
[ ! /proc/self/ns/net -ef "/proc/$PPID/ns/net" ] || exec unshare --net -- "$0" "$@"
# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"

# --- README's lines, and what stands for the host's places --------------------------------------------------------------

# lines N: the commands of its step N.
lines() {
        awk -v step="$1" '/^## The first day/ { on = 1 } /^## Commands/ { on = 0 }
                on && /^```sh$/ { code = 1; next } /^```$/ { code = 0 }
                code && /^# [0-9]+\./ { at = $2 + 0; next } code && at == step && NF' "$engine_top/README.md"
}

# Each name that README's lines say is a function here.
docker() {
        if [ "$1" = compose ]; then
                shift
                (cd "$engine_dir/shop" && "${compose[@]}" -p shop "$@")
        else
                command "$docker" "$@"
        fi
}
docksill() {
        "$DOCKSILL" "$1" --config "$etc/docksill.yaml" "${@:2}"
}
systemctl() {
        local before

        before=$(grep -c 'rules reloaded\|reload' "$engine_dir/docksill.log")
        kill -HUP "$docksill_pid"
        wait_until 20 reloaded "$before"
}
reloaded() {
        [ "$(grep -c 'rules reloaded\|reload' "$engine_dir/docksill.log")" -gt "$1" ]
}

# step N: runs its lines; leaves what was printed in $said and how the last one ended in $code.
step() {
        local text

        text=$(lines "$1")
        text=${text//\/etc\/docksill/$etc}
        text=${text//\/var\/log\/docksill\/decisions.jsonl/$records}
        text=${text//examples\/first-day\/compose.yaml/compose.yaml}
        text=${text//busybox:1.36/$IMAGE}
        text=${text//7f3a90c1d2e4b5a6/${decision:-}}
        [ -n "$text" ] || { echo "README has no step $1"; return 1; }
        said=$(eval "$text" 2>&1)
        code=$?
        printf '%s\n' "$said"
}
exits() {
        [ "$code" -eq "$1" ] && return
        printf 'exit code %s, not %s, of:\n%s\n' "$code" "$1" "$said"
        return 1
}
has() {
        grep -Eq -- "$1" <<<"$said" && return
        printf 'no line like %s in:\n%s\n' "$1" "$said"
        return 1
}

engine_options=(--iptables=false)
engine_begin
# Version 1 does not get on with engines from 25 on.
compose=()
[ -n "${ENGINE_ROOT:-}" ] || ! command -v docker-compose >/dev/null || compose=(docker-compose)
! command "$docker" compose version >/dev/null 2>&1 || compose=("$docker" compose)
if [ ${#compose[@]} -eq 0 ]; then
        ok 'skipped: no compose client for this engine is installed'
        finish
        exit
fi
busybox ip link set lo up || exit 1
etc=$engine_dir/etc
mkdir -p "$etc/exemptions" "$engine_dir/shop/site" "$engine_dir/shop/backups"
cp "$engine_top/examples/first-day/compose.yaml" "$engine_dir/shop"
cat >"$etc/docksill.yaml" <<YAML
docksill: v1
kind: configuration
environment: production
mode: audit
rules: $engine_top/rules
exemptions: $etc/exemptions
socket: $plugin_socket
records: {file: $records}
lookups: {docker: unix://$engine_socket}
YAML
export IMAGE=$image DOCKER_HOST=unix://$engine_socket COMPOSE_INTERACTIVE_NO_CLI=1
engine_with_docksill --config "$etc/docksill.yaml"

step 1 >/dev/null
check '1: in audit mode all six services start' exits 0
check '1: they run' test "$(docker ps -q | wc -l)" -eq 6
step 2 >/dev/null
check '2: the records say what would have been refused' has "$image.*[0-9]+.*[a-z-]+"
step 3 >/dev/null
check '3: each is looked at' test "$(grep -c 'shop[-_]' <<<"$said")" -ge 6
step 4 >/dev/null
check '4: all that runs passes with the baseline' exits 0
check '4: it is two files' test -s "$etc/baseline.yaml" -a -s "$etc/exemptions/baseline.yaml"
step 5 >/dev/null
check '5: enforced, the six start again' exits 0
check '5: they run' test "$(docker ps -q | wc -l)" -eq 6
check '5: in enforce mode' test "$(jq -r 'select(.operation == "container.create") | .mode' "$records" | tail -n 1)" = enforce
check '5: nothing more was allowed' refused sensitive-host-mount run --rm -v /etc:/host "$image" true
client run --rm "$image" echo hello
decision=$(sed -n 's/.*docksill explain \([0-9a-f]\{16\}\).*/\1/p' <<<"$said")
check '6: the refusal names a decision' test -n "$decision"
wait_until 5 grep -q "$decision" "$records" # records are written in batches
step 6 >/dev/null
check '6: what nobody ran before is refused' has 'authorization denied by plugin'
check '6: and explained' has '^verdict: +deny'
step 7 >/dev/null
check '7: with the exemption it runs' exits 0
check '7: it runs' has '^hello$'
check '7: and no more than that' refused privileged-container run --rm --privileged "$image" true
(cd "$engine_dir/shop" && "${compose[@]}" -p shop down -v -t 0) >/dev/null 2>&1
finish
