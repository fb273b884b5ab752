"""Faults of what docksill asks: the engine, and paths of the host."""

import json
import os
import socket
import subprocess
import sys
import threading
import time

from load import HARDENED, TOP, Connection, allowed, create, message, read, refused
from scene import Skipped, need_root

# In development what nobody could tell costs nothing: answers stay what they are, whatever the engine does.
SETTINGS = {'environment': 'development'}
OK = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'


class Engine:
    """A socket, and what each connection to it has of it: a function of the connection."""

    def __init__(self, path, behave):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen(128)
        self.behave, self.over = behave, threading.Event()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while not self.over.is_set():
            try:
                connection = self.listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            connection.settimeout(30)
            try:
                self.behave(connection, self.over)
            except OSError:
                pass

    def close(self):
        self.over.set()
        self.listener.close()


def asked(connection):
    said = b''
    while b'\r\n\r\n' not in said:
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionError
        said += piece


def in_order(connection, over):
    body = json.dumps({'Id': 'sha256:' + 'a' * 64, 'Created': '2026-01-01T00:00:00Z', 'Config': {'User': '10001'}}).encode()
    while not over.is_set():
        asked(connection)
        connection.sendall(OK + b'Content-Length: %d\r\n\r\n' % len(body) + body)


def garbage(connection, over):
    asked(connection)
    connection.sendall(os.urandom(65536))


def not_json(connection, over):
    while not over.is_set():
        asked(connection)
        connection.sendall(OK + b'Content-Length: 64\r\n\r\n' + b'[{"Id":' * 9 + b'\xff')


def slow(connection, over):
    asked(connection)
    for byte in OK + b'Content-Length: 100000\r\n\r\n' + b'x' * 100000:
        if over.wait(0.05):
            return
        connection.sendall(bytes([byte]))


def gigabytes(connection, over):
    asked(connection)
    connection.sendall(OK + b'Content-Length: 8000000000\r\n\r\n')
    while not over.is_set():
        connection.sendall(b'{"Id": "' + b'x' * (1 << 20))


def gigabytes_of_head(connection, over):
    asked(connection)
    connection.sendall(OK)
    while not over.is_set():
        connection.sendall(b'X-Header: ' + b'x' * 65536 + b'\r\n')


def continues(connection, over):
    asked(connection)
    while not over.is_set():
        connection.sendall(b'HTTP/1.1 100 Continue\r\n\r\n' * 1000)


def closes(connection, over):
    asked(connection)
    connection.sendall(OK + b'Content-Length: 1000\r\n\r\n{"Id"')


def hangs(connection, over):
    asked(connection)
    over.wait(60)


def refuses(connection, over):
    while not over.is_set():
        asked(connection)
        connection.sendall(b'HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n')


def engine(behave):
    """A fault: the engine does that, for a while; then it answers as it should."""

    def fault(s):
        path = s.place / 'engine'
        good = Engine(path, in_order)
        s.configure(**SETTINGS, lookups={'docker': f'unix://{path}', 'deadline': '200ms'})
        s.start()
        s.asks(60)
        good.close()
        path.unlink()
        bad = None
        if behave:
            bad = Engine(path, behave)
        s.asks(60)
        if bad:
            bad.close()
            path.unlink()
        good = Engine(path, in_order)
        s.undo.callback(good.close)
        s.calm()

    return fault


def hung_mount(s):
    """A path that leads into a mount whose server is gone, as often as there are creates."""
    need_root()
    if not os.path.exists('/dev/fuse'):
        raise Skipped('no /dev/fuse')
    dead = s.place / 'dead'
    dead.mkdir()
    mount = subprocess.Popen([sys.executable, TOP / 'test' / 'engine' / 'dead-mount.py', dead], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT)
    s.undo.callback(lambda: (mount.terminate(), mount.wait(20)))
    if b'mounted' not in mount.stdout.readline():
        raise Skipped('no FUSE mount can be made here')
    s.cases = [(create(HARDENED, '10001:10001'), allowed, True), (create({'Privileged': True}, '10001'), refused, True), (read(), allowed, False),
               (create({**HARDENED, 'Binds': [f'{dead}/x:/h']}, '10001:10001'), refused, True)]
    s.start()
    s.asks(100)
    # What would else be allowed is still judged, and a link to the root is still found by what it is.
    link = s.place / 'link'
    link.symlink_to('/')
    answer = Connection(s.socket).ask(message(create({**HARDENED, 'Binds': [f'{link}:/h']}, '10001:10001')))
    s.totals['recorded'] += 1
    s.check('a link to / is refused meanwhile', refused(answer), answer)
    time.sleep(0.5)
    s.calm(stop=False)
    mount.terminate()
    mount.wait(20)
    s.calm()
