#!/usr/bin/env bash
# What an engine of 27 or newer lists of its images: which of them have an attestation. The engine is one of our own.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

# engine: what GET /images/json answers is the file images.json; nothing else is there.
cat >engine.py <<'PY'
import http.server, socketserver, sys
class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def address_string(self): return "x"
    def log_message(self, *of): pass
    def do_GET(self):
        path, _, query = self.path.partition("?")
        body = b"[]" if path.endswith("/containers/json") else b"{}"
        status = 200 if path.endswith(("/containers/json", "/images/json")) else 404
        if path.endswith("/images/json"):
            body = open("images.json", "rb").read() if query == "manifests=1" else b"[]"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
class Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
Server(sys.argv[1], Answer).serve_forever()
PY
python3 engine.py engine.sock &
engine=$!
trap 'kill "$engine"; scenario_end' EXIT
check 'the engine listens' wait_for test -S engine.sock
mkdir host

# ends STATE
ends() {
        run audit --rules "$rules" --root host --engine "$folder/engine.sock" --format json
        json_out ".checks[] | select(.id == \"image-unattested\").states[\"$1\"] > 0"
}

cat >images.json <<'JSON'
[{"Id": "sha256:aa", "RepoTags": ["web:1"], "Manifests": [{"Kind": "image"}, {"Kind": "attestation"}]},
 {"Id": "sha256:bb", "RepoTags": ["job:1", "job:2"], "Manifests": [{"Kind": "image"}, {"Kind": 7}, 3]},
 {"Id": "sha256:cc", "RepoTags": [], "Manifests": []}]
JSON
check 'images without an attestation are found' ends fail
check 'each of them, by its name or its id' json_out '.findings[] | select(.rule == "image-unattested") |
        [.message, .more[] | split(" ")[0]] | sort == ["job:1", "sha256:cc"]'
sed -i '2,3d; s/,$/]/' images.json
check 'where all have one nothing is' ends pass
printf '[{"Id": "sha256:aa", "RepoTags": ["web:1"]}]' >images.json
check 'a store that tells nothing of manifests' ends not-applicable
printf '{"message": "x"}' >images.json
check 'an answer that is no list is no pass' ends unknown
finish
