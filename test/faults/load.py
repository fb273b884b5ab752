"""What the fault tests share: a docksill of their own, clients that ask it without a pause and know the right answers, checks."""

import atexit
import base64
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
DOCKSILL = pathlib.Path(os.environ.get('DOCKSILL', TOP / 'build' / 'docksill')).resolve()
HARDENED = {'CapDrop': ['ALL'], 'ReadonlyRootfs': True, 'NetworkMode': 'none', 'SecurityOpt': ['no-new-privileges:true'],
            'Memory': 67108864, 'NanoCpus': 500000000, 'PidsLimit': 50}


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, title, holds, detail=''):
        if holds:
            self.passed += 1
            print(f'  ok      {title}', flush=True)
        else:
            self.failed += 1
            print(f'  NOT OK  {title}\n            {detail}', flush=True)

    def finish(self):
        print(f'{self.passed} passed, {self.failed} failed')
        sys.exit(self.failed > 0)


def folder():
    path = pathlib.Path(tempfile.mkdtemp(prefix='docksill-faults.'))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


# --- what is asked -----------------------------------------------------------------------------------------------------


def create(host_config, user='', name=None):
    body = json.dumps({'Image': 'busybox:1.0', 'User': user, 'HostConfig': host_config}).encode()
    target = '/v1.41/containers/create' + (f'?name={name}' if name else '')
    return {'RequestMethod': 'POST', 'RequestUri': target, 'RequestBody': base64.b64encode(body).decode(),
            'RequestHeaders': {'Content-Length': str(len(body)), 'Content-Type': 'application/json'}}


def read(target='/v1.41/containers/json'):
    return {'RequestMethod': 'GET', 'RequestUri': target}


def allowed(answer):
    return answer == {'Allow': True}


def refused(answer):
    return not answer['Allow'] and ': refused' in answer['Msg']


def message(envelope):
    body = json.dumps(envelope).encode()
    return b'POST /AuthZPlugin.AuthZReq HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n' % len(body) + body


class Connection:
    def __init__(self, path, patience=10):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(patience)
        self.socket.connect(str(path))

    def ask(self, sent):
        self.socket.sendall(sent)
        said = b''
        while b'\r\n\r\n' not in said:
            piece = self.socket.recv(65536)
            if not piece:
                raise ConnectionError('closed without an answer')
            said += piece
        head, body = said.split(b'\r\n\r\n', 1)
        length = next(int(line.split(b':')[1]) for line in head.split(b'\r\n') if line.lower().startswith(b'content-length:'))
        while len(body) < length:
            body += self.socket.recv(65536)
        return json.loads(body)


class Load:
    """Clients, each with a connection and the cases (envelope, right answer) in turn, until it is stopped."""

    def __init__(self, path, cases, clients=4):
        self.asked, self.longest, self.wrong = [0] * clients, 0.0, []
        self.enough = threading.Event()
        self.threads = [threading.Thread(target=self.client, args=(path, cases, n), daemon=True) for n in range(clients)]
        for thread in self.threads:
            thread.start()

    def client(self, path, cases, number):
        messages = [(message(envelope), right) for envelope, right in cases]
        try:
            connection = Connection(path)
            while not self.enough.is_set():
                for sent, right in messages:
                    before = time.monotonic()
                    answer = connection.ask(sent)
                    self.longest = max(self.longest, time.monotonic() - before)
                    self.asked[number] += 1
                    if not right(answer):
                        self.wrong.append(answer)
        except (OSError, ValueError) as error:
            self.wrong.append(repr(error))

    def stop(self):
        self.enough.set()
        for thread in self.threads:
            thread.join()


# --- who is asked ------------------------------------------------------------------------------------------------------


class Docksill:
    def __init__(self, place, *options, wrapper=(), **more):
        self.place, self.socket, self.records = place, place / 's', place / 'decisions.jsonl'
        self.log = open(place / 'said', 'ab')
        self.process = subprocess.Popen([*wrapper, DOCKSILL, 'serve', '--socket', self.socket, *map(str, options)], stderr=self.log,
                                        stdout=self.log, **more)
        atexit.register(self.process.kill)
        until = time.monotonic() + 30
        while ' serving: ' not in self.said():
            if time.monotonic() > until or self.process.poll() is not None:
                sys.exit(f'docksill does not start: {self.said()}')
            time.sleep(0.02)

    def said(self):
        return (self.place / 'said').read_text(encoding='utf-8', errors='replace')

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        self.signal(signal.SIGTERM)
        return self.process.wait(timeout=30)
