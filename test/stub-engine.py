"""An engine's socket that answers GETs, and notes what it is asked: for tests and measurements of lookups.

    python3 stub-engine.py SOCKET ANSWERS [NOTES]

ANSWERS is a JSON object: patterns of targets ("/images/*/json") to what is answered; else there is no such thing.
"""

import fnmatch
import http.server
import json
import pathlib
import socketserver
import sys

ANSWERS = {pattern: json.dumps(answer).encode() for pattern, answer in json.loads(pathlib.Path(sys.argv[2]).read_text()).items()}


class Engine(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer is one write

    def do_GET(self):
        found = next((answer for pattern, answer in ANSWERS.items() if fnmatch.fnmatchcase(self.path, pattern)), None)
        body = found or b'{"message":"no such thing"}'
        if len(sys.argv) > 3:
            with open(sys.argv[3], "a", encoding="utf-8") as notes:
                notes.write(self.path + "\n")
        self.send_response(200 if found else 404)
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
