#!/usr/bin/env bash
# The control socket: what it tells and to whom, that nothing can be changed there, and that who asks there disturbs no decision.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

control=$folder/watch/control.sock

# get PAGE OPTION…: what it says; its status is in $status.
get() {
        status=$(curl -sS --max-time 10 --unix-socket "$control" -o got -w '%{http_code}' "${@:2}" "http://x$1")
        cat got
}

# answers_with STATUS PAGE OPTION…
answers_with() {
        get "${@:2}" >/dev/null
        [ "$status" = "$1" ] && return
        printf 'status %s, not %s\n' "$status" "$1"
        cat got
        return 1
}

# metric SERIES: its value; nothing where there is none.
metric() {
        get /metrics | awk -v series="$1" 'substr($0, 1, length(series) + 1) == series " " { print substr($0, length(series) + 2) }'
}

# counts SERIES VALUE
counts() {
        local value

        value=$(metric "$1")
        [ "$value" = "$2" ] && return
        printf '%s is "%s", not %s\n' "$1" "$value" "$2"
        return 1
}

# within MILLISECONDS COMMAND…: it ends well in that time.
within() {
        local since=${EPOCHREALTIME/[.,]/}

        "${@:2}" >/dev/null || return 1
        [ $(((${EPOCHREALTIME/[.,]/} - since) / 1000)) -lt "$1" ]
}

judged() {
        [ "$(call AuthZPlugin.AuthZReq "$(envelope GET /v1.41/containers/json)")" = '{"Allow":true}' ]
}

cat >exemptions.yaml <<'END'
docksill: v1
kind: exemptions
exemptions:
  - {id: probes, rules: [healthcheck-missing], match: {user: monitoring}, owner: o, reason: r, expires: 2999-12-31}
END
cp -r "$rules" own
cat >docksill.yaml <<END
docksill: v1
kind: configuration
rules: own
control: watch/control.sock
exemptions: exemptions.yaml
state: state
END

# --- the socket -------------------------------------------------------------------------------------------------------

# start [OPTION…]
# shellcheck disable=SC2120 # most are content without
start() {
        "$DOCKSILL" serve --config docksill.yaml --socket "$socket" --records "$records" --mode enforce "$@" >serve-out 2>said &
        serve_pid=$!
        wait_for answers
}
check 'it serves' start
check 'and says where it can be watched' says said ', control watch/control.sock,'
check 'the socket is for its group: 0660' test "$(stat -c %a watch/control.sock)" = 660
group=$(getent group docksill | cut -d: -f3)
check 'whose is docksill, else ours' test "$(stat -c %g watch/control.sock)" = "${group:-$(id -g)}"
check "dockerd's socket is not" test "$(stat -c %a "$socket")" = 600

# --- what it tells ----------------------------------------------------------------------------------------------------

check 'it is alive' answers_with 200 /healthz
check 'it is ready' answers_with 200 /readyz
check 'and says so' test "$(cat got)" = ready
check 'HEAD will do' answers_with 200 /readyz --head
check 'a POST will not' answers_with 405 /metrics -X POST -d x
check 'and is told why' has "$(cat got)" 'only GET and HEAD'
check 'nor a DELETE' answers_with 405 /status -X DELETE
check 'another page is not there' answers_with 404 /metrics/
check 'and is told which are' has "$(cat got)" '/metrics, /healthz, /readyz and /status'
check "nor are dockerd's calls" answers_with 404 /AuthZPlugin.AuthZReq -X POST -d x
check 'a long header is refused' answers_with 431 /metrics -H "X: $(printf %020000d 0)"
get /metrics -D head >/dev/null
check 'what it counts has its type' grep -qi '^content-type: text/plain; version=0.0.4' head
check 'what is in force' has "$(get /metrics)" ',environment="production",mode="enforce"} 1'
check 'it enforces' counts docksill_enforcing 1
check 'an exemption, and when it ends' counts 'docksill_exemption_expiry_timestamp_seconds{exemption="probes"}' 32503680000
if command -v promtool >/dev/null; then
        get /metrics >/dev/null
        check 'promtool has nothing to say' test -z "$(promtool check metrics <got 2>&1)"
else
        ok 'skipped: promtool is not here'
fi

# Everything that the examples name is there; what a look from outside adds is tried in doctor.sh.
examples_know() {
        local name unknown=0

        get /metrics >/dev/null
        while read -r name; do
                grep -Eq "^# TYPE (${name}|${name%_*}) " got || { echo "no metric $name"; unknown=1; }
        done < <(cat "$scenario_here"/../../examples/monitoring/{docksill.rules.yml,dashboard.json} |
                sed '/summary:/d; /description:/d' | grep -oE '\b(docksill|process)_[a-z_]+' | grep -v '^docksill_probe_' | sort -u)
        [ "$unknown" -eq 0 ]
}
check 'the examples name no metric that is not there' examples_know

# --- what was asked is counted ----------------------------------------------------------------------------------------

judged
judged
call AuthZPlugin.AuthZReq "$(create "$privileged")" >/dev/null
call AuthZPlugin.AuthZReq "$(create "$hardened")" >/dev/null
call AuthZPlugin.AuthZReq '{' >/dev/null
call AuthZPlugin.AuthZRes "$(jq -c '.ResponseStatusCode = 200' <<<"$(envelope GET /v1.41/_ping)")" >/dev/null
check 'decisions' counts 'docksill_decisions_total{verdict="deny",answer="deny",family="container",environment="production"}' 1
check 'by answer' counts 'docksill_decisions_total{verdict="allow",answer="allow",family="container",environment="production"}' 2
check 'none of other families' counts 'docksill_decisions_total{verdict="deny",answer="deny",family="image",environment="production"}' 0
check 'the rule that found it' counts 'docksill_rule_matches_total{rule="privileged-container",effect="charged"}' 1
check 'durations of all' counts docksill_decision_duration_seconds_count 4
check 'points of what is no plain read' counts docksill_score_count 2
check 'a sum of points' test "$(metric docksill_score_sum)" -ge 100
check 'responses' counts docksill_responses_total 1
check 'what is no request' counts docksill_invalid_requests_total 1
written() {
        [ "$(metric docksill_records_written_total)" = "$(wc -l <"$records")" ]
}
check 'records are written' wait_for written
call AuthZPlugin.AuthZReq "$(create '{"HostConfig":{"Binds":["/etc:/x"]}}')" >/dev/null
check 'a path was looked up' counts 'docksill_lookups_total{asked="paths",result="answered"}' 1
check 'status, for programs' json "$(get /status)" '.schema == "docksill.control-status/1" and .ready and .mode == "enforce"
        and .requests.total == 5 and .requests.invalid == 1 and .records.lost == 0'

# --- reloads ----------------------------------------------------------------------------------------------------------

before=$(metric 'docksill_rule_matches_total{rule="privileged-container",effect="charged"}')
reloaded() {
        [ "$(metric "docksill_reloads_total{result=\"$1\"}")" = "$2" ]
}
echo '# changed' >>docksill.yaml
kill -HUP "$serve_pid"
check 'a reload is counted' wait_for reloaded success 1
check 'what a rule matched is carried over' counts 'docksill_rule_matches_total{rule="privileged-container",effect="charged"}' "$before"
mv own/container/resources.yaml aside
echo 'rules: [' >own/container/resources.yaml
kill -HUP "$serve_pid"
check 'so is one of bad files' wait_for reloaded failure 1
check 'and that it was the last' counts docksill_reload_last_successful 0
check 'it is ready all the same' answers_with 200 /readyz
mv aside own/container/resources.yaml
kill -HUP "$serve_pid"
check 'one that mends it' wait_for reloaded success 2
check 'is told' counts docksill_reload_last_successful 1
sed -i 's/^control: .*/control: off/' docksill.yaml
kill -HUP "$serve_pid"
check 'the socket itself stays' wait_for says said "control stays watch/control.sock until a restart"

# --- who asks disturbs nobody -----------------------------------------------------------------------------------------

# Connections that say nothing, that never finish, and that read no answer: more than there are places.
python3 - "$control" <<'END' &
import socket, sys, time
held = []
for i in range(18):
    s = socket.socket(socket.AF_UNIX)
    s.connect(sys.argv[1])
    if i % 3 == 1:
        s.send(b"GET /metrics HTTP/1.1\r\n")
    elif i % 3 == 2:
        s.send(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
    held.append(s)
open("held", "w").close()
time.sleep(60)
END
slow=$!
check 'many who say nothing' wait_for test -e held
check 'hold up no decision' within 1000 judged
check 'and the socket answers again once they had their time' wait_for answers_with 200 /healthz
kill "$slow"
wait "$slow" 2>/dev/null
flood() {
        curl -sS --max-time 60 --parallel --parallel-max 8 --unix-socket "$control" -o '/dev/null' 'http://x/metrics?[1-1000]' >flooded 2>&1
}
flood &
flooding=$!
for _ in $(seq 20); do
        within 1000 judged || break
done
check 'nor do a thousand who ask' within 1000 judged
check 'all of whom are answered' wait "$flooding"

# --- not ready --------------------------------------------------------------------------------------------------------

serve_stop
check 'a stop takes no time' test "$code" -eq 0
check 'and the socket away' test ! -e "$control"
if [ -w /dev/full ]; then
        sed -i 's/^control: .*/control: watch\/control.sock/' docksill.yaml
        records=/dev/full start
        call AuthZPlugin.AuthZReq "$(create "$privileged")" >/dev/null
        check 'without records it is not ready' wait_for answers_with 503 /readyz
        check 'and says why' has "$(cat got)" "not ready: records can't be written"
        check 'it is alive' answers_with 200 /healthz
        check 'status says it too' json "$(get /status)" '.ready == false and (.unready | test("records"))'
        check 'as does a metric' counts docksill_records_failing 1
        serve_stop
fi

# --- off, and in the way ----------------------------------------------------------------------------------------------

check 'off' start --control off
check 'is said' says said ', control off,'
check 'there is none' test ! -e "$control"
serve_stop
mkdir -p watch && echo kept >watch/control.sock
few() {
        ulimit -n 100
        exec "$DOCKSILL" serve --config docksill.yaml --socket "$socket" --records "$records" --control "$control" >serve-out 2>said
}
few &
serve_pid=$!
check 'with few descriptors it serves' wait_for answers
check 'and leaves them all to dockerd' says said 'control: off, since fewer than 128 descriptors'
serve_stop
check 'what is in the way keeps nobody from serving' start --control "$control"
check 'but is told' says said 'metrics, health and status are not to be had'
check 'and stays' test "$(cat watch/control.sock)" = kept
serve_stop
finish
