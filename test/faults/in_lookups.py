"""Faults of what docksill asks: the engine, and paths of the host."""

import json
import os
import socket
import subprocess
import sys
import threading
import time

from load import HARDENED, TOP, allowed, create, refused
from scene import CASES, Skipped, need_root

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
    body = json.dumps({'Id': 'a' * 64, 'Created': '2026-01-01T00:00:00Z', 'Config': {'User': '10001'}, 'HostConfig': {}}).encode()
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


def allowed_or_too_large(answer):
    """What is too large to be looked at is refused, since whoever made it may have made it so large for that."""
    return allowed(answer) or 'refused by hard rule request-too-large' in answer['Msg']


def engine(behave):
    """A fault: the engine does that; later it answers as it should."""

    def fault(s):
        path, asks = s.place / 'engine', []

        def noted(connection, over):
            asks.append(time.monotonic())
            behave(connection, over)

        s.configure(**SETTINGS, lookups={'docker': f'unix://{path}', 'deadline': '200ms'})
        # A start is asked about anew each time.
        start = {'RequestMethod': 'POST', 'RequestUri': '/v1.41/containers/web/start', 'RequestHeaders': {'Content-Length': '0'}}
        as_ever = s.cases = [*s.cases, (start, allowed, True)]
        s.cases = [(envelope, allowed_or_too_large if right is allowed else right, recorded) for envelope, right, recorded in s.cases]
        bad = Engine(path, noted) if behave else None
        s.start()
        s.asks(100)
        if bad:
            s.check('it is asked', len(asks) > 0)
            bad.close()
            path.unlink()
        asks.clear()
        behave_well = Engine(path, lambda connection, over: (asks.append(0), in_order(connection, over)))
        s.undo.callback(behave_well.close)
        s.check('once it answers it is asked again', s.waits(lambda: len(asks) > 0, 30))
        s.clients.stop()
        s.count()
        s.cases = as_ever
        s.load()
        s.calm()

    return fault


def hung_mount(environment):
    """A fault: paths that lead into a mount whose server is gone, in more creates at a time than there may be helpers stuck there."""

    def fault(s):
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
        link = s.place / 'link'
        link.symlink_to('/')
        s.configure(environment=environment)
        # What leads there may lead anywhere, and so is refused; a link to / is still found out.
        s.cases = [*s.cases, (create({**HARDENED, 'Binds': [f'{dead}/x:/h']}, '10001:10001'), refused, True),
                   (create({**HARDENED, 'Binds': [f'{link}:/h']}, '10001:10001'), refused, True)]
        s.start(load=False)
        s.load(number=12)
        s.asks(300)
        s.says('a mount does not answer')
        s.clients.stop()
        s.count()
        mount.terminate()
        mount.wait(20)
        s.cases = CASES
        s.load()
        s.calm()

    return fault
