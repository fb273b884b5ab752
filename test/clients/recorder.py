"""An authorization plugin that allows everything and writes down each AuthZReq as it came, a line each.

    python3 recorder.py SOCKET FILE
"""

import http.server
import socketserver
import sys


class Recorder(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer is one write

    def do_POST(self):
        call = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = b'{"Implements":["authz"]}' if self.path == "/Plugin.Activate" else b'{"Allow":true}'
        if self.path == "/AuthZPlugin.AuthZReq":
            with open(sys.argv[2], "ab") as file:
                file.write(call.strip() + b"\n")
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def address_string(self):
        return "dockerd"

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 128


Server(sys.argv[1], Recorder).serve_forever()
