"""An engine's socket that answers GETs, and notes what it is asked: for tests and measurements of lookups.

    python3 stub-engine.py SOCKET ANSWERS [NOTES]

ANSWERS is a JSON object: patterns of targets ("/images/*/json") to what is answered; else there is no such thing. An
answer {"!status": 403, "!text": "…"} has that status (else 200) and that text, which need be no JSON; {"!gone": true}
is none: the connection is closed. Other methods than GET are noted with their name, and refused.
"""

import fnmatch
import http.server
import json
import pathlib
import socketserver
import sys

ANSWERS = json.loads(pathlib.Path(sys.argv[2]).read_text())
NOTHING = {"!status": 404, "!text": '{"message":"no such thing"}'}


def written(answer):
    """Status and body."""
    if isinstance(answer, dict) and ("!text" in answer or "!status" in answer):
        return answer.get("!status", 200), answer.get("!text", "").encode()
    return 200, json.dumps(answer).encode()


WRITTEN = {pattern: written(answer) for pattern, answer in ANSWERS.items()}


class Engine(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer is one write

    def do_GET(self):
        self.note(self.path)
        pattern = self.path if self.path in ANSWERS else next((p for p in ANSWERS if fnmatch.fnmatchcase(self.path, p)), None)
        if pattern and isinstance(ANSWERS[pattern], dict) and "!gone" in ANSWERS[pattern]:
            self.close_connection = True
            return
        self.answer(*(WRITTEN[pattern] if pattern else written(NOTHING)))

    def refuse(self):
        self.note(f"{self.command} {self.path}")
        self.answer(405, b'{"message":"only GET is answered here"}')

    do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = refuse

    def note(self, line):
        if len(sys.argv) > 3:
            with open(sys.argv[3], "a", encoding="utf-8") as notes:
                notes.write(line + "\n")

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self):
        return "client"

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 128


Server(sys.argv[1], Engine).serve_forever()
