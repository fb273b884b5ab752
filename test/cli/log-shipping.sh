#!/usr/bin/env bash
#     SHIP_LONG=yes test/cli/log-shipping.sh     more of it, under load; part of the suite faults
#
# The examples of log shipping: two real rsyslogds, over TCP on loopback, take a file of records through a rotation to a far file, byte for
# byte; and the maps to ECS and OCSF give what these demand, from the same records.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

shipped=$scenario_here/../../examples/log-shipping
sender='' receiver=''
trap '[ -z "$sender$receiver" ] || kill $sender $receiver 2>/dev/null; wait; scenario_end' EXIT
PATH=$PATH:/usr/sbin:/sbin

# --- records: refused, warned, let in, through a rotation and a reload -------------------------------------------------

# decide_many N: so many refusals and as many calls that are let in, on one connection.
decide_many() {
        python3 - "$socket" "$1" "$(create "$privileged" | jq -c '.User = "al\u00efce \u2028\t\u001b[2J"')" "$(create "$hardened")" \
                "$(envelope POST /v1.41/containers/web/start)" <<'END'
import socket, sys
connection = socket.socket(socket.AF_UNIX)
connection.settimeout(20)
connection.connect(sys.argv[1])
for n in range(int(sys.argv[2])):
    for body in sys.argv[3:]:
        body = body.encode()
        connection.sendall(b'POST /AuthZPlugin.AuthZReq HTTP/1.1\r\nHost:\r\nContent-Length: %d\r\n\r\n' % len(body) + body)
        said = b''
        while b'\r\n\r\n' not in said or not said.rstrip().endswith(b'}'):
            said += connection.recv(65536) or sys.exit('closed')
END
}

# As logrotate: the name goes, and docksill is told a moment later.
rotate() {
        mv "$records" "$records-$1"
        sleep 0.2
        kill -USR1 "$serve_pid"
        wait_for test -e "$records"
}

far_has() {
        [ "$(cat "$folder"/far/*.jsonl 2>/dev/null | wc -l)" -ge "$1" ]
}

ship() {
        local port

        port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
        mkdir -p far sender-work receiver-work
        { echo "global(workDirectory=\"$folder/receiver-work\")"
                sed "s#port=\"6514\"#address=\"127.0.0.1\" port=\"$port\"#; s#/var/log/docksill-hosts#$folder/far#" "$shipped/rsyslog-receiver.conf"
        } >receiver.conf
        { echo "global(workDirectory=\"$folder/sender-work\")"
                sed "s#\"logs.example.com\" port=\"6514\"#\"127.0.0.1\" port=\"$port\"#; s#/var/log/docksill/decisions.jsonl#$records#" \
                        "$shipped/rsyslog-sender.conf"
        } >sender.conf
        rsyslogd -n -f receiver.conf -i "$folder/receiver.pid" >receiver-said 2>&1 &
        receiver=$!
        rsyslogd -n -f sender.conf -i "$folder/sender.pid" >sender-said 2>&1 &
        sender=$!
        wait_for test -s sender.pid && wait_for test -s receiver.pid
}

# Rotations under load.
long_run() {
        local round

        for round in 3 4 5 6 7; do
                decide_many 400 &
                sleep 0.5
                rotate "$round"
                wait $!
        done
}

# quiet COMMAND…: it succeeds, and complains of nothing.
quiet() {
        "$@" >quiet-said 2>&1 || return
        ! grep -vE 'version 8|End of config validation|does not exist but is configured' quiet-said
}

shipping=yes
if ! command -v rsyslogd >/dev/null; then
        ok 'skipped: rsyslogd is not here'
        shipping=no
else
        check 'rsyslog runs, twice' ship
        for conf in sender receiver; do
                check "rsyslog-$conf.conf is one" quiet rsyslogd -N1 -f "$conf.conf"
        done
fi
printf '%s\n' 'docksill: v1' 'kind: configuration' "rules: $rules" "records: {file: decisions.jsonl, reads: all}" 'state: state' >docksill.yaml
check 'docksill serves' serve_start --config docksill.yaml --mode enforce
decide_many 40
rotate 1
decide_many 40
kill -HUP "$serve_pid"
wait_for says said 'SIGHUP: nothing differs'
rotate 2
decide_many 5
[ "${SHIP_LONG:-}" != yes ] || [ "$shipping" = no ] || check 'a long run' long_run
serve_stop
cat "$records"-[0-9] "$records" >all
refusals=$(grep -c '"answer":"deny"' all)
check 'there are records' test "$(wc -l <all)" -ge 257
if [ "$shipping" = yes ]; then
        check 'they come to the far file' wait_for far_has "$(wc -l <all)"
        check 'byte for byte' cmp all far/*.jsonl
        if run log --help && [ "$code" -eq 0 ]; then
                check 'and their chain holds there' exits 0 log verify far/*.jsonl
        fi
fi
# --- the maps ---------------------------------------------------------------------------------------------------------

# mapped FILE FILTER: the jq filter holds of each event.
mapped() {
        jq -es "length > 250 and all(.[]; $2)" "$1" >/dev/null && return
        jq -c "select(($2) | not)" "$1" | head -n 3
        return 1
}

jq -c -f "$shipped/ecs.jq" all >ecs
check 'the map to ECS runs' test "$?" -eq 0
check 'an event for each line' test "$(wc -l <ecs)" -eq "$(wc -l <all)"
check 'has what ECS requires' mapped ecs '(.["@timestamp"] | test("^20..-.*Z$")) and (.ecs.version | test("^8[.]"))'
kinds='["alert", "event"]'
categories='["api", "configuration", "host", "process"]'
check 'in its words' mapped ecs "(.event.kind as \$k | $kinds | index(\$k)) and (.event.category[0] as \$c | $categories | index(\$c)) and (.event.type - [\"access\", \"allowed\", \"change\", \"creation\", \"deletion\", \"denied\", \"end\", \"info\", \"start\"] == [])"
check 'a refusal is one' test "$(jq -c 'select(.event.outcome == "failure" and .event.kind == "alert" and .event.type == ["creation", "denied"]
        and .rule.name[0] == "privileged-container" and .container.image.name == "busybox:1.0" and .user.name != null)' ecs | wc -l)" -eq "$refusals"
jq -c -f "$shipped/ocsf.jq" all >ocsf
check 'the map to OCSF runs' test "$?" -eq 0
check 'an event for each line too' test "$(wc -l <ocsf)" -eq "$(wc -l <all)"
# shellcheck disable=SC2016 # jq's variables
check 'has what every class requires' mapped ocsf '.class_uid as $c | .type_uid == $c * 100 + .activity_id and .category_uid == 6 and ($c == 6002 or $c == 6003)
        and (.time | . > 1700000000000 and . == floor) and (.severity_id | . >= 1 and . <= 5) and .metadata.version == "1.3.0" and .metadata.product.name == "docksill"'
check 'and what API Activity requires' mapped ocsf '.class_uid != 6003 or (.actor.user.name != null and .api.operation != null and .src_endpoint.hostname != null)'
check 'and Application Lifecycle' mapped ocsf '.class_uid != 6002 or .app.name == "docksill"'
check 'a refusal is denied' test "$(jq -c 'select(.action_id == 2 and .disposition_id == 2 and .activity_id == 1 and .severity_id == 5 and .is_alert)' ocsf | wc -l)" -eq "$refusals"
check 'a start and an end' test "$(jq -r 'select(.class_uid == 6002) | .activity_id' ocsf | sort -u | tr '\n' ' ')" = '3 4 99 '
finish
