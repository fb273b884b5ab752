"""A docksill that serves while something goes wrong, clients that ask as dockerd does, and what both had of it.

A call is lost when it was sent and got no answer, or a wrong one. Like dockerd a client tries again, if sooner; its stall ends with the
right answer.
"""

import contextlib
import json
import os
import pathlib
import re
import select
import signal
import socket
import subprocess
import threading
import time

from load import DOCKSILL, HARDENED, TOP, Connection, allowed, create, folder, message, read, refused

CASES = [(create(HARDENED, '10001:10001'), allowed, True), (create({'Privileged': True}, '10001'), refused, True), (read(), allowed, False)]
PATIENCE = 40 # seconds in which a call must have its answer, and docksill its end


class Skipped(Exception):
    """This can't be done here, for want of a right or a program."""


def need_root():
    if os.geteuid() != 0:
        raise Skipped('needs root')


def command(*words):
    try:
        done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    except FileNotFoundError as error:
        raise Skipped(f'{words[0]} is not here') from error
    if done.returncode != 0:
        raise Skipped(f'{words[0]}: ' + done.stdout.decode(errors='replace').strip()[-200:])


def is_open(connection):
    """Nothing is to be read of one that waits for its next call, but that it was closed."""
    if not select.select([connection.socket], [], [], 0)[0]:
        return True
    connection.socket.close()
    return False


class Clients:
    """Some that ask one call after the other until they are stopped."""

    def __init__(self, path, cases, number=4, pause=0.002, patience=PATIENCE):
        self.path, self.pause, self.patience = path, pause, patience
        self.cases = [(message(envelope), right, recorded) for envelope, right, recorded in cases]
        self.asked = self.lost = self.no_room = self.recorded = 0
        self.longest, self.wrong, self.lock = 0.0, [], threading.Lock()
        self.enough = threading.Event()
        self.threads = [threading.Thread(target=self.client, daemon=True) for _ in range(number)]
        for thread in self.threads:
            thread.start()

    def once(self, connection, sent):
        """The answer, whether it was sent, and the connection to go on with. As with Go's client nothing is lost by a kept connection that
        was closed meanwhile or takes nothing, nor by nobody being there to connect to."""
        if connection and not is_open(connection):
            connection = None
        for _ in range(2):
            try:
                connection = connection or Connection(self.path, self.patience)
            except OSError:
                return None, False, None
            try:
                return connection.ask(sent), True, connection
            except BrokenPipeError:
                connection = None
            except (OSError, ValueError):
                break
        return None, True, None

    def call(self, connection, sent, right, recorded):
        began, lost, room, wrong, said = time.monotonic(), False, False, [], 0
        while True:
            answer, was_sent, connection = self.once(connection, sent)
            if answer is not None:
                said += 1
                if right(answer):
                    break
                if 'records-full' in answer.get('Msg', ''):
                    room = True
                    break
                wrong.append(answer)
            lost = lost or was_sent
            if time.monotonic() - began > self.patience or self.enough.is_set() and time.monotonic() - began > 5:
                break
            time.sleep(0.02)
        with self.lock:
            self.asked += 1
            self.lost += lost
            self.no_room += room
            self.recorded += said if recorded else 0
            self.longest = max(self.longest, time.monotonic() - began)
            self.wrong += wrong
        return connection

    def client(self):
        connection = None
        while not self.enough.is_set():
            for sent, right, recorded in self.cases:
                connection = self.call(connection, sent, right, recorded)
                time.sleep(self.pause)

    def stop(self):
        self.enough.set()
        for thread in self.threads:
            thread.join()


class Scene:
    """One fault's own folder, docksill and clients. What a fault makes outside of the folder it undoes in undo."""

    def __init__(self, checks):
        self.checks, self.place = checks, folder()
        self.socket, self.log = self.place / 's', self.place / 'said'
        self.logs = self.place / 'log' # the folder of the records
        self.logs.mkdir()
        self.records = self.logs / 'decisions.jsonl'
        self.undo = contextlib.ExitStack()
        self.process = self.clients = None
        self.options, self.cases, self.old_records, self.code = [], CASES, [], None
        self.totals = {'asked': 0, 'lost': 0, 'no room': 0, 'recorded': 0, 'stall': 0.0, 'memory': 0}
        self.sampling = threading.Event()
        threading.Thread(target=self.sample, daemon=True).start()

    # --- docksill ------------------------------------------------------------------------------------------------------

    def configure(self, **settings):
        """docksill.yaml, in the folder; what is given stands in it as JSON."""
        rows = {'docksill': 'v1', 'kind': 'configuration', 'environment': 'production', 'mode': 'enforce', 'state': str(self.place / 'state'),
                'rules': str(TOP / 'rules'), 'exemptions': str(self.place / 'exemptions'), 'records': {'file': str(self.records)}, **settings}
        (self.place / 'exemptions').mkdir(exist_ok=True)
        path = self.place / 'docksill.yaml'
        path.write_text(''.join(f'{key}: {json.dumps(value)}\n' for key, value in rows.items()), encoding='utf-8')
        return path

    def spawn(self, *more, wrapper=(), stderr=None, **popen):
        """Does not wait until it serves."""
        if not (self.place / 'docksill.yaml').exists():
            self.configure()
        words = [*wrapper, DOCKSILL, 'serve', '--config', self.place / 'docksill.yaml', *(more or ['--socket', self.socket])]
        with open(self.log, 'ab') as log:
            self.process = subprocess.Popen([str(word) for word in words], stdout=log, stderr=stderr or log, **popen)
        self.undo.callback(self.process.kill)
        return self.process

    def start(self, *more, load=True, **popen):
        self.spawn(*more, **popen)
        if not self.comes_up():
            raise RuntimeError(f'docksill does not start: {self.said()[-1500:]}')
        if load:
            self.load()

    def held(self):
        """A socket that outlives docksill, and what hands it over, as systemd does: a wrapper and the options of Popen."""
        if 'libsystemd' not in subprocess.run(['ldd', DOCKSILL], capture_output=True, text=True, check=True).stdout:
            raise Skipped('systemd is not built in')
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self.socket))
        listener.listen(4096)
        self.undo.callback(listener.close)
        script = 'exec 3<&"$1"; shift; LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"'
        return {'wrapper': ['bash', '-c', script, 'hand-over', listener.fileno()], 'pass_fds': [listener.fileno()]}

    def load(self, **how):
        self.clients = Clients(self.socket, self.cases, **how)

    def comes_up(self):
        return self.waits(lambda: self.process.poll() is not None or self.answers()) and self.process.poll() is None

    def answers(self):
        try:
            return allowed(Connection(self.socket, 2).ask(message(read())))
        except (OSError, ValueError):
            return False

    def said(self):
        return self.log.read_text(encoding='utf-8', errors='replace') if self.log.exists() else ''

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def reload(self, patience=PATIENCE):
        """The line that tells how it ended; None: it has not."""
        before = self.reloads()
        self.signal(signal.SIGHUP)
        return self.reloads()[-1] if self.waits(lambda: len(self.reloads()) > len(before), patience) else None

    def reloads(self):
        return re.findall('SIGHUP: (?:reloaded|nothing is changed|no memory or no thread).*', self.said())

    # --- what is watched -----------------------------------------------------------------------------------------------

    def memory(self):
        """KiB of its own"""
        try:
            return int(re.search(r'RssAnon:\s*(\d+)', pathlib.Path(f'/proc/{self.process.pid}/status').read_text(encoding='ascii'))[1])
        except (OSError, TypeError, AttributeError):
            return 0

    def sample(self):
        while not self.sampling.wait(0.02):
            self.totals['memory'] = max(self.totals['memory'], self.memory())

    def waits(self, condition, patience=PATIENCE):
        until = time.monotonic() + patience
        while not condition():
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def check(self, title, holds, detail=''):
        self.checks.check(title, holds, detail or self.said()[-800:])

    def says(self, regex, patience=10):
        self.check(f'it says "{regex}"', self.waits(lambda: re.search(regex, self.said()), patience))

    def asks(self, count, patience=PATIENCE):
        """Until the clients have had so many answers more: load goes on, however slow the machine is."""
        goal = self.clients.asked + count
        return self.waits(lambda: self.clients.asked >= goal, patience)

    # --- the end -------------------------------------------------------------------------------------------------------

    def calm(self, stop=True):
        """The fault is over: each kind of call is answered rightly; then all ends in order."""
        if self.clients:
            self.check('calls are answered after it', self.asks(12))
            self.clients.stop()
            self.count()
        if stop and self.process.poll() is None:
            self.signal(signal.SIGTERM)
            self.code = self.process.wait(PATIENCE)
            self.check('it ends with 0', self.code == 0)

    def count(self):
        ended = self.clients
        self.clients = None
        for key, value in (('asked', ended.asked), ('lost', ended.lost), ('no room', ended.no_room), ('recorded', ended.recorded)):
            self.totals[key] += value
        self.totals['stall'] = max(self.totals['stall'], ended.longest)
        self.check('no answer is wrong', not ended.wrong, ended.wrong[:3])

    def missing(self):
        """Answers that have no record; and of these, those that the records tell of."""
        decided = told = 0
        for path in [*self.old_records, self.records]:
            if not path.is_file():
                continue
            for text in path.read_bytes().split(b'\n'):
                with contextlib.suppress(ValueError):
                    line = json.loads(text or b'{}')
                    decided += line.get('schema') == 'docksill.record/1'
                    told += line['lost'] if line.get('schema') == 'docksill.loss/1' else 0
        return max(0, self.totals['recorded'] - decided), told

    def close(self):
        self.sampling.set()
        if self.clients:
            self.clients.enough.set()
        self.undo.close()
