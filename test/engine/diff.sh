#!/usr/bin/env bash
# diff before a change, on a host with twenty containers: an environment tightened, a rule more; over the containers of the engine,
# what inspect says of them, the calls that made them (captured), and the records of these.
# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"

# diff ARGUMENT…: its exit code in $code, what it says in the files out and err.
diff() {
        "$DOCKSILL" diff --rules "$engine_top/rules" "$@" >"$engine_dir/out" 2>"$engine_dir/err"
        code=$?
}

# differs CODE ARGUMENT…: true if it exits so.
differs() {
        local wanted=$1
        shift
        diff "$@"
        [ "$code" -eq "$wanted" ] && return
        printf 'exit code %s, not %s\n' "$code" "$wanted"
        cat "$engine_dir/out" "$engine_dir/err"
        return 1
}

out_holds() {
        jq -e "$1" "$engine_dir/out" >/dev/null && return
        jq -c '.judged | del(.newly_refused, .newly_allowed)' "$engine_dir/out"
        return 1
}

says_on() {
        grep -qFe "$2" "$engine_dir/$1" && return
        cat "$engine_dir/$1"
        return 1
}

# Whom it says are newly refused, by name.
newly_refused() {
        jq -r '.judged.newly_refused[].what' "$engine_dir/out" | sort | tr '\n' ' '
}

engine_begin
captured=$engine_dir/captured
shared=/var/tmp # no folder of the engine's own, which nobody may mount
image_import || exit 1
printf '%s\n' 'docksill: v1' 'kind: configuration' "capture: {folder: $captured, keep: 500, max: 4m}" >"$engine_dir/docksill.yaml"
docksill_start --config "$engine_dir/docksill.yaml" --environment production --mode audit && daemon_json "$plugin" && engine_start || exit 1

for i in 01 02 03 04 05 06 07 08; do client create --name "hard$i" "${hardened[@]}" "$image" sleep 300; done
for i in 01 02 03 04 05; do client create --name "plain$i" "$image" sleep 300; done
for i in 01 02; do client create --name "secret$i" -e DB_PASSWORD=hunter2hunter --label "url=https://AKIAABCDEFGHIJKLMNOP:sesame1234@example.com/" "${hardened[@]}" "$image" true; done
for i in 01 02; do client create --name "bind$i" -v "$shared:/d" "${hardened[@]}" "$image" true; done
for i in 01 02; do client create --name "privileged$i" --privileged "$image" true; done
client run -d --name running "${hardened[@]}" "$image" sleep 300
check 'twenty containers' test "$(api GET /containers/json?all=1 | head -n 1 | jq length)" -eq 20

# --- over the engine's containers ---
check 'nothing changes: exit 0' differs 0 --containers --host "$engine_socket" production production
check 'all twenty are judged' says_on out '20 containers: 0 newly refused, 0 newly allowed, 0 with more points, 0 with fewer, 20 with as many'
check 'development to production: exit 1' differs 1 --format json --containers --host "unix://$engine_socket" development production
check 'whom it would refuse' test "$(newly_refused)" = 'bind01 bind02 plain01 plain02 plain03 plain04 plain05 secret01 secret02 '
check 'the privileged ones are refused by both' out_holds '.judged.before.refused == 2 and .judged.after.refused == 11'
check 'by image' out_holds ".judged.by_image | length == 1 and .[0].image == \"$image\" and .[0].changes.newly_refused == 9"
check 'by rule' out_holds '.judged.by_rule | any(.rule == "host-path-unlisted" and .before == "info" and .after == "high" and .calls == 2)'

tight=$engine_dir/tight.yaml
printf '%s\n' 'docksill: v1' 'kind: environment' 'name: tight' 'extends: production' 'deny: {severity: low, points: 1}' >"$tight"
check 'an environment tightened: exit 1' differs 1 --format json --containers --host "$engine_socket" production "$tight"
check 'the limit is shown' out_holds '.settings | any(.name == "deny.severity" and .before == ["high"] and .after == ["low"])'
check 'what only warned is refused' test "$(newly_refused)" = 'hard01 hard02 hard03 hard04 hard05 hard06 hard07 hard08 running '

cp -r "$engine_top/rules" "$engine_dir/rules"
cat >"$engine_dir/rules/container/site.yaml" <<'Y'
docksill: v1
kind: rules
rules:
  - id: site-odd-name
    title: An odd name
    on: [container.create]
    when: {container.name: {in: [hard01, hard03, hard05]}}
    severity: high
    message: "is called so"
    why: "a test"
    tests:
      - {name: odd, operation: container.create, query: {name: hard01}, body: {Image: a}, expect: high}
      - {name: even, operation: container.create, query: {name: hard02}, body: {Image: a}, expect: none}
Y
check 'a rule more: exit 1' differs 1 --environment production --format json --containers --host "$engine_socket" "$engine_top/rules" "$engine_dir/rules"
check 'those that it finds' test "$(newly_refused)" = 'hard01 hard03 hard05 '
check 'it is named as new' out_holds '(.rules | any(.rule == "site-odd-name" and .change == "new")) and (.judged.by_rule | any(.rule == "site-odd-name" and .calls == 3))'

# --- over what inspect said ---
client ps -aq --no-trunc
# shellcheck disable=SC2086 # a list
client inspect $said
printf '%s\n' "$said" >"$engine_dir/inspect.json"
check 'inspect: exit 1' differs 1 --format json --inspect "$engine_dir/inspect.json" development production
check 'says the same' test "$(newly_refused)" = 'bind01 bind02 plain01 plain02 plain03 plain04 plain05 secret01 secret02 '

# --- over the calls that made them ---
creates() { grep -lF '/containers/create' "$captured"/*.json | wc -l; }
twenty_creates() { [ "$(creates)" -eq 20 ]; }
wait_until 5 twenty_creates
check 'twenty creates were captured' twenty_creates
check 'in a folder for us alone' test "$(stat -c %a "$captured")" = 700
check 'in files for us alone' test "$(stat -c %a "$captured"/*.json | sort -u)" = 600
decoded=$(cat "$captured"/*.json | jq -r '.RequestBody // "" | @base64d')
for secret in hunter2 sesame1234; do
        check "no secret in them: $secret" test "${decoded/$secret/}" = "$decoded"
done
check 'reads are not captured' test "$(cat "$captured"/*.json | jq -r .RequestMethod | grep -c GET)" -eq 0
check 'captured calls: exit 1' differs 1 --format json --captured "$captured" development production
check 'nine of the creates' out_holds '[.judged.newly_refused[] | select(.operation == "container.create")] | length == 9'
check 'what secrets are found in is still found' out_holds '[.judged.newly_refused[].rules[] | select(.rule == "secret-in-env" or .rule == "secret-literal")] | length == 4'
check 'a captured call can be explained' says privileged-container "$("$DOCKSILL" explain --rules "$engine_top/rules" "$(grep -lF 'name=privileged01' "$captured"/*.json)")"

# --- over their records ---
check 'records: exit 1' differs 1 --format json --records "$records" development production
check 'nine of the creates, by record' out_holds '[.judged.newly_refused[] | select(.operation == "container.create")] | length == 9'
check 'of the new rule: exit 0' differs 0 --environment production --records "$records" "$engine_top/rules" "$engine_dir/rules"
check 'records can not tell, and it is said' says_on out '1 new rules: what they would say of these calls'

# --- a reload switches it off ---
printf '%s\n' 'docksill: v1' 'kind: configuration' >"$engine_dir/docksill.yaml"
kill -HUP "$docksill_pid"
reloaded() { grep -qF '"event":"reload"' "$records"; }
wait_until 10 reloaded
n=$(creates)
client create --name late "$image" true
check 'off by a reload: nothing more is captured' test "$(sleep 0.5; creates)" -eq "$n"

# --- nobody there ---
check 'containers are where they were' test "$(api GET /containers/json?all=1 | head -n 1 | jq length)" -eq 21
engine_stop
check 'no engine: exit 4' differs 4 --containers --host "$engine_socket" development production
check 'a sentence' says_on err "the engine at $engine_socket does not answer"
finish
