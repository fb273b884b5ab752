#!/usr/bin/env python3
"""What dockerd would connect to, fetch from or install, for doors.sh: takes what comes and writes down that it came.

    doors-listen.py FOLDER PROGRAM

Says "listening" and stays. In FOLDER: `heard`, a line for each thing heard, beginning with where; `closed/log.sock`, a socket in a
folder of root's alone; `driver.sock`, where HTTP is spoken. On 127.0.0.1: 5140, which takes anything, and 8000, which is a web
server with a Dockerfile and a tar, and a registry with one plugin, of PROGRAM alone. On 169.254.169.254: 80, TCP and UDP.
"""

import hashlib
import http.server
import io
import json
import pathlib
import socketserver
import sys
import tarfile
import threading

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
folder, program = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
heard = open(folder / "heard", "a", buffering=1, encoding="utf-8")


class Lines(socketserver.StreamRequestHandler):
    def handle(self):
        heard.write(f"{self.server.where} connected\n")
        for line in self.rfile:
            heard.write(f"{self.server.where} {line!r}\n")


class Datagram(socketserver.BaseRequestHandler):
    def handle(self):
        heard.write(f"{self.server.where} {len(self.request[0])} bytes\n")


class Web(http.server.BaseHTTPRequestHandler):
    """Files by their paths, whatever the method; the others are not there."""

    files = {}

    def answer(self):
        heard.write(f"{self.server.where} {self.command} {self.path}\n")
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind, data = self.files.get(self.path, (None, b""))
        self.send_response(200 if kind else 404)
        self.send_header("Content-Type", kind or "text/plain")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Docker-Content-Digest", digest(data))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_GET = do_HEAD = do_POST = do_OPTIONS = answer

    def log_message(self, *_):
        pass


class UnixWeb(socketserver.ThreadingUnixStreamServer):
    def get_request(self):
        return self.socket.accept()[0], ("", 0)  # the handler of HTTP wants a peer with a name


class TcpServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def tar(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o755
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def blob(kind, data):
    """Puts it into the registry, and says what a manifest says of it."""
    Web.files["/v2/evil/door/blobs/" + digest(data)] = "application/octet-stream", data
    return {"mediaType": "application/vnd.docker." + kind, "size": len(data), "digest": digest(data)}


def publish():
    layer = tar({"plugin": program.read_bytes(), "run/docker/plugins/.folder": b""})
    config = {"entrypoint": ["/plugin"], "interface": {"types": ["docker.volumedriver/1.0"], "socket": "door.sock"},
              "network": {"type": ""}, "linux": {}, "rootfs": {"type": "layers", "diff_ids": [digest(layer)]}}
    manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST,
                           "config": blob("plugin.v1+json", json.dumps(config).encode()),
                           "layers": [blob("image.rootfs.diff.tar", layer)]}).encode()
    for name in "1", digest(manifest):
        Web.files["/v2/evil/door/manifests/" + name] = MANIFEST, manifest
    Web.files["/v2/"] = "application/json", b"{}"
    Web.files["/Dockerfile"] = "text/plain", b"FROM busybox:1.0\nENV FETCHED=yes\n"
    Web.files["/image.tar"] = "application/x-tar", tar({"file": b"fetched\n"})


def listen(where, kind, address, handler):
    server = kind(address, handler)
    server.where = where
    threading.Thread(target=server.serve_forever, daemon=True).start()


(folder / "closed").mkdir(mode=0o700)
publish()
listen("socket", socketserver.ThreadingUnixStreamServer, str(folder / "closed/log.sock"), Lines)
listen("driver", UnixWeb, str(folder / "driver.sock"), Web)
listen("port", TcpServer, ("127.0.0.1", 5140), Lines)
listen("web", TcpServer, ("127.0.0.1", 8000), Web)
listen("cloud", TcpServer, ("169.254.169.254", 80), Lines)
listen("cloud", socketserver.UDPServer, ("169.254.169.254", 80), Datagram)
print("listening", flush=True)
threading.Event().wait()
