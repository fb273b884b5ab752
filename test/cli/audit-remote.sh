#!/usr/bin/env bash
# An engine that is asked over TCP, with TLS and without, as told or as the docker client would: what it tells is judged,
# and nothing of this machine is taken for its own.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

# certificate NAME PURPOSE: signed by ca.pem.
certificate() {
        mkdir -p "$1"
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$1" -keyout "$1/key.pem" -out "$1/request" 2>/dev/null
        openssl x509 -req -in "$1/request" -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out "$1/cert.pem" \
                -extfile <(printf 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=%s\n' "$2") 2>/dev/null
        cp ca.pem "$1/ca.pem"
}

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=ca -days 30 -keyout ca.key -out ca.pem 2>/dev/null
certificate server serverAuth
certificate client clientAuth

cat >engine.py <<'PYTHON'
import http.server, json, ssl, sys, threading

web = {"Id": "1" * 64, "Name": "/web", "Image": "sha256:" + "a" * 64, "State": {"Status": "running"},
       "Config": {"Image": "web:1.0", "Env": [], "Labels": {}}, "HostConfig": {"Privileged": True}, "Mounts": [],
       "NetworkSettings": {"Networks": {}}}
answers = {"/_ping": "OK",
           "/info": {"ID": "x", "Name": "far", "ServerVersion": "28.5.2", "SecurityOptions": ["name=seccomp,profile=builtin", "name=rootless"],
                     "DockerRootDir": "/srv/engine", "Swarm": {"LocalNodeState": "inactive"}, "Plugins": {}},
           "/version": {"Version": "28.5.2", "ApiVersion": "1.51", "Components": []},
           "/containers/json?all=1": [{"Id": "1" * 64, "Names": ["/web"], "Image": "web:1.0", "ImageID": "sha256:" + "a" * 64}],
           "/containers/" + "1" * 64 + "/json": web, "/images/json?manifests=1": []}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = json.dumps(answers[self.path]) if self.path in answers else '{"message": "no such thing"}'
        self.send_response(200 if self.path in answers else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


plain = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
secure = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("server/cert.pem", "server/key.pem")
context.load_verify_locations("ca.pem")
context.verify_mode = ssl.CERT_REQUIRED
secure.socket = context.wrap_socket(secure.socket, server_side=True)
threading.Thread(target=secure.serve_forever, daemon=True).start()
print(plain.server_port, secure.server_port, flush=True)
plain.serve_forever()
PYTHON
coproc engine { exec python3 engine.py; }
# shellcheck disable=SC2154 # coproc sets it
serve_pid=$engine_PID
read -r plain secure <&"${engine[0]}"

unset DOCKER_HOST DOCKER_CONTEXT DOCKER_TLS_VERIFY DOCKER_CERT_PATH
export HOME=$folder/home DOCKER_CONFIG=$folder/home/.docker
mkdir -p "$DOCKER_CONFIG"

audit() {
        run audit --rules "$rules" --format json "$@"
}
# shellcheck disable=SC2016 # jq's own
sees='(.findings | any(.subject == "web" and .severity == "critical")) and (.findings | all(.area != "host"))'

audit --host "tcp://127.0.0.1:$plain"
check 'containers of an engine on TCP are judged' json_out "$sees"
check 'its files are not seen, and that is said' json_out '.gaps | any(.what == "the host" and (.why | test("another machine")))'
check 'nor are those of a rootless one' json_out '.gaps | any(.what | test("rootless"))'
check 'no control of the host passes' json_out '[.frameworks[] | select(.id == "cis-docker").controls[] | select(.id == "1.1.2").state] == ["unknown"]'

audit --host "tcp://127.0.0.1:$secure"
check 'without TLS one that wants it tells nothing' test "$code" -eq 4
check 'and there is no finding' json_out '[.findings[] | select(.state == "fail" or .state == "pass")] == []'
DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=$folder/client audit --host "tcp://127.0.0.1:$secure"
check 'with TLS it does' json_out "$sees"
mkdir other
cp client/cert.pem client/key.pem other/
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=ca -days 30 -keyout other.key -out other/ca.pem 2>/dev/null
DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=$folder/other audit --host "tcp://127.0.0.1:$secure"
check 'one whose certificate nobody signed tells nothing' test "$code" -eq 4

DOCKER_HOST=tcp://127.0.0.1:$plain audit
check 'DOCKER_HOST is asked, as docker would' json_out "$sees"
check 'and named' json_out '.facts | any(.value == "DOCKER_HOST")'
hash=$(printf far | sha256sum | cut -c1-64)
mkdir -p "$DOCKER_CONFIG/contexts/meta/$hash" "$DOCKER_CONFIG/contexts/tls/$hash/docker"
echo '{"currentContext": "far"}' >"$DOCKER_CONFIG/config.json"
jq -n --arg host "tcp://127.0.0.1:$secure" '{Name: "far", Endpoints: {docker: {Host: $host}}}' >"$DOCKER_CONFIG/contexts/meta/$hash/meta.json"
cp client/*.pem "$DOCKER_CONFIG/contexts/tls/$hash/docker/"
audit
check 'the context of the docker client is asked, with its TLS' json_out "$sees"
check 'and it is named' json_out '.facts | any(.value == "the docker context far")'
echo '{"currentContext": "gone"}' >"$DOCKER_CONFIG/config.json"
check 'a context that is nowhere' exits 2 audit --rules "$rules"
check 'is told' says err 'the docker context gone'
check 'over ssh' exits 2 audit --rules "$rules" --host ssh://far
check 'it says what to do instead' says err 'ssh -nNT -L'
check 'what is no URL' exits 2 audit --rules "$rules" --host far:2375
check 'one of them' exits 2 audit --rules "$rules" --host unix:///x --engine /x
kill "$serve_pid"
wait "$serve_pid" 2>/dev/null
serve_pid=''
finish
