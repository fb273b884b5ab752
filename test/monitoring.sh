#!/usr/bin/env bash
# examples/monitoring, for real: promtool reads metrics and rules, and a Prometheus scrapes a docksill that answers requests, through a
# small proxy from TCP to its socket. Then every query of the dashboard and of the alerts is asked.
#
#     DOCKSILL=build/docksill test/monitoring.sh
#
# prometheus and promtool are those of the machine, else of Debian's package, which is fetched and unpacked, not installed.
# shellcheck source=cli/scenario.bash
source "$(dirname "$0")/cli/scenario.bash"

examples=$scenario_here/../../examples/monitoring
unpacked=$scenario_here/../../build-monitoring
helpers=()

monitoring_end() {
        [ ${#helpers[@]} -eq 0 ] || kill "${helpers[@]}" 2>/dev/null
        wait "${helpers[@]}" 2>/dev/null
        scenario_end
}
trap monitoring_end EXIT

find_programs() {
        local log=$folder/fetch.log

        if command -v promtool && command -v prometheus; then
                return
        fi >/dev/null
        if [ ! -x "$unpacked/usr/bin/promtool" ]; then
                command -v apt-get >/dev/null && mkdir -p "$unpacked" || return
                (cd "$unpacked" && { apt-get -q download prometheus || { apt-get -q update && apt-get -q download prometheus; }; } &&
                        dpkg -x prometheus_*.deb . && rm prometheus_*.deb) >"$log" 2>&1 || { cat "$log"; return 1; }
        fi
        PATH=$PATH:$unpacked/usr/bin
}

if ! find_programs; then
        echo 'Prometheus is not here and can not be fetched'
        exit 77
fi

# --- what promtool says -----------------------------------------------------------------------------------------------

check 'the rules are right' promtool check rules "$examples/docksill.rules.yml"
check 'and fire when they should' promtool test rules "$examples/docksill.rules.test.yml"
check 'the configuration is right' promtool check config "$examples/prometheus.yml"
alerts=$(sed -n 's/^ *- alert: //p' "$examples/docksill.rules.yml" | sort)
check 'each alert has its case' test "$(sed -n 's/^ *alertname: //p' "$examples/docksill.rules.test.yml" | sort -u)" = "$alerts"
cp "$examples"/docksill.rules.* .
sed -i 's/== 0 or docksill_probe_control == 0/== 2/' docksill.rules.yml
check 'one that never fires would be found' bash -c '! promtool test rules docksill.rules.test.yml >/dev/null'

# --- a docksill that has something to tell ----------------------------------------------------------------------------

control=$folder/control.sock
cat >exemptions.yaml <<END
docksill: v1
kind: exemptions
exemptions:
  - {id: soon, rules: [healthcheck-missing], match: {image.name: "busybox:1.0"}, owner: o, reason: r, expires: $(date -u -d '+10 days' +%F)}
END
cp -r "$rules" own
cat >docksill.yaml <<END
docksill: v1
kind: configuration
rules: own
exemptions: exemptions.yaml
control: $control
END
echo '{"authorization-plugins": ["docksill"]}' >daemon.json
check 'a docksill' serve_start --config docksill.yaml --rules own

ask() {
        for _ in 1 2 3 4 5; do
                call AuthZPlugin.AuthZReq "$(envelope GET /v1.41/containers/json)"
                call AuthZPlugin.AuthZReq "$(create "$privileged")"
                call AuthZPlugin.AuthZReq "$(create "$hardened")"
                call AuthZPlugin.AuthZReq "$(create '{"HostConfig":{"Binds":["/etc:/x"]}}')"
                call AuthZPlugin.AuthZReq '{'
        done >/dev/null
}
probe() {
        run status --config docksill.yaml --daemon-json daemon.json --engine "$folder/none.sock" --metrics node.prom
}
metrics() {
        curl -sS --unix-socket "$control" http://x/metrics
}
ask
metrics >own.prom
check 'its metrics are as promtool wants them' test -z "$(promtool check metrics <own.prom 2>&1)"
probe
check 'so are those for node_exporter' test -z "$(promtool check metrics <node.prom 2>&1)"
check 'which leave out what node_exporter has itself' hides node.prom process_
check 'a metric without help would be found' test -n "$(promtool check metrics <<<'a_total 1' 2>&1)"

# --- a Prometheus -----------------------------------------------------------------------------------------------------

# As socat or systemd-socket-proxyd: TCP on loopback, to the socket. /node.prom is what node_exporter would show.
cat >proxy.py <<'END'
import http.client, http.server, socket, sys

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.server.node:
            self.reply(200, "text/plain; version=0.0.4", open("node.prom", "rb").read())
            return
        connection = http.client.HTTPConnection("docksill")
        connection.sock = socket.socket(socket.AF_UNIX)
        try:
            connection.sock.connect(sys.argv[1])
            connection.request("GET", self.path)
            answer = connection.getresponse()
        except OSError:
            self.reply(502, "text/plain", b"nobody answers\n")
            return
        self.reply(answer.status, answer.getheader("Content-Type"), answer.read())

    def reply(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.node = len(sys.argv) > 3
with open(sys.argv[2], "w") as out:
    out.write(str(server.server_port) + "\n")
server.serve_forever()
END
python3 proxy.py "$control" docksill.port &
helpers+=($!)
python3 proxy.py "$control" node.port node &
helpers+=($!)
python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' >prometheus.port
check 'proxies' wait_for test -s docksill.port -a -s node.port
cp "$examples/docksill.rules.yml" .
sed -e "s/127.0.0.1:9788/127.0.0.1:$(cat docksill.port)/; s/127.0.0.1:9100/127.0.0.1:$(cat node.port)/" \
        -e 's/scrape_interval: 15s/scrape_interval: 1s\n  evaluation_interval: 1s/' "$examples/prometheus.yml" >prometheus.yml
prometheus --config.file=prometheus.yml --storage.tsdb.path=tsdb --web.listen-address="127.0.0.1:$(cat prometheus.port)" \
        --log.level=warn >prometheus.log 2>&1 &
helpers+=($!)

# api PAGE [PARAMETER…]: what Prometheus answers.
api() {
        local page=$1
        shift
        curl -sS --max-time 10 -G "http://127.0.0.1:$(cat prometheus.port)/api/v1/$page" "$@"
}
# results QUERY: how many numbers; nothing where it is no query.
results() {
        api query --data-urlencode "query=$1" |
                jq -r 'select(.status == "success") | [.data.result[] | select(.value[1] != "NaN")] | length'
}
scraped() {
        [ "$(results 'up == 1')" = 2 ]
}
check 'Prometheus scrapes both' wait_for scraped || cat prometheus.log

# While it looks: requests, a reload that succeeds and one that does not.
for _ in 1 2 3 4; do
        ask
        sleep 1
done
echo '# changed' >>docksill.yaml
kill -HUP "$serve_pid"
check 'a reload' wait_for says said 'SIGHUP: changed'
mv own/container/resources.yaml aside
echo 'rules: [' >own/container/resources.yaml
kill -HUP "$serve_pid"
check 'one of bad files' wait_for says said 'nothing is changed'
ask
probe
sleep 2
ask
sleep 2

# --- the dashboard ----------------------------------------------------------------------------------------------------

# No rule here is exempted or in audit, and nothing is lost.
may_be_empty() {
        case $1 in
        *'effect!="charged"'*) return ;;
        esac
        return 1
}
# Queries as Grafana would put them.
# shellcheck disable=SC2016 # its variables
mapfile -t queries < <(jq -r '.panels[].targets[].expr' "$examples/dashboard.json" |
        sed 's/\$instance/.*/g; s/\$probed/.*/g; s/\$__rate_interval/10s/g; s/\$__range/1m/g')
check 'the dashboard has queries' test ${#queries[@]} -gt 20
for query in "${queries[@]}"; do
        if may_be_empty "$query"; then
                check "dashboard, may be empty: $query" test -n "$(results "$query")"
        else
                check "dashboard: $query" test "$(results "$query")" -gt 0
        fi
done
check 'a query of nothing would be found' test "$(results docksill_nothing)" = 0
check 'nor is one that is none taken for one' test -z "$(results 'sum(')"
check 'hosts to choose from' test "$(api label/instance/values --data-urlencode 'match[]=docksill_build_info' | jq '.data | length')" -gt 0

# --- the alerts -------------------------------------------------------------------------------------------------------

# What they compare is there; whether it is so is another matter.
while read -r name; do
        check "alerts: $name is there" test "$(results "$name")" -gt 0
done < <(sed '/^ *#/d; /summary:/d; /description:/d; s/"[^"]*"//g' "$examples/docksill.rules.yml" | grep -oE '\b(docksill|process)_[a-z_]+|\bup\b' | sort -u)
check 'all of them are evaluated' test "$(api rules | jq '[.data.groups[].rules[] | select(.health == "ok")] | length')" = "$(wc -l <<<"$alerts")"
pending() {
        api alerts | jq -e --arg name "$1" '.data.alerts[] | select(.labels.alertname == $name)' >/dev/null
}
for alert in DocksillNotAsked DocksillNotEnforcing DocksillReloadFailed DocksillExemptionEnds; do
        check "$alert has begun" wait_for pending "$alert"
done
for alert in DocksillDown DocksillLastGood DocksillRecordsNotWritten DocksillRecordsLost; do
        check "$alert has not" bash -c "! $(declare -f api pending); ! pending $alert"
done
kill -KILL "$serve_pid"
wait "$serve_pid" 2>/dev/null
serve_pid=''
check 'once docksill is dead DocksillDown has' wait_for pending DocksillDown
finish
