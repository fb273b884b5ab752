"""Faults of the machine: limits, clocks, processes that are stopped or killed, the socket's file, /proc, stderr."""

import datetime
import os
import pathlib
import resource
import shutil
import signal
import socket
import struct
import subprocess
import time

from in_calls import connect, many, push
from load import DOCKSILL, HARDENED, TOP, Connection, create, message
from scene import Skipped, command, need_root

# --- limits ------------------------------------------------------------------------------------------------------------


def few_descriptors(s):
    """At the start: 32 are all there is, and calls that have begun want more."""
    s.start(wrapper=['prlimit', '--nofile=32'], load=False)
    begun = b'POST /AuthZPlugin.AuthZReq HTTP/1.1\r\nHost:\r\nContent-Length: 10\r\n\r\n{'
    connections = many(s, 100, lambda connection: connection.sendall(begun))
    s.says('places for connections are taken')
    s.load()
    time.sleep(1)
    for connection in connections:
        connection.close()
    s.says('there are places for connections again')
    s.calm()


def no_descriptor_left(s):
    """At run: not one more than there are."""
    s.start()
    s.asks(100)
    there = len(list(pathlib.Path(f'/proc/{s.process.pid}/fd').iterdir()))
    before = resource.prlimit(s.process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(s.process.pid, resource.RLIMIT_NOFILE, (there, before[1]))
    line = s.reload()
    s.check('a reload finds none, and says so', line is not None and 'reloaded' not in line, line)
    s.says('Too many open files')
    s.asks(300)
    resource.prlimit(s.process.pid, resource.RLIMIT_NOFILE, before)
    line = s.reload()
    s.check('with more it is made', line is not None and 'reloaded' in line, line)
    s.calm()


def little_memory(s):
    """At run: as much address space as there is, and bodies that want more."""
    s.start()
    s.asks(100)
    size = int(pathlib.Path(f'/proc/{s.process.pid}/statm').read_text(encoding='ascii').split()[0]) * os.sysconf('SC_PAGE_SIZE')
    resource.prlimit(s.process.pid, resource.RLIMIT_AS, (size + (4 << 20), resource.RLIM_INFINITY))
    body = create({**HARDENED, 'Binds': []}, 'x' * (6 << 20))
    said = 0
    for _ in range(5):
        try:
            answer = Connection(s.socket, 10).ask(message(body))
            said += not answer['Allow']
        except (OSError, ValueError, StopIteration):
            said += 1
    s.check('what finds none is refused, or not taken', said == 5, said)
    s.reload()
    s.asks(300)
    resource.prlimit(s.process.pid, resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    line = s.reload()
    s.check('with more a reload is made', line is not None and 'reloaded' in line, line)
    s.calm()


def memory_limit_kills(s):
    """The kernel ends it at its group's limit; it is started again, the socket stays."""
    need_root()
    group = next((path for path in (pathlib.Path('/sys/fs/cgroup/memory'), pathlib.Path('/sys/fs/cgroup')) if
                  (path / 'memory.limit_in_bytes').exists() or 'memory' in _read(path / 'cgroup.subtree_control')), None)
    if not group:
        raise Skipped('no memory cgroup here')
    own = group / f'docksill-faults-{os.getpid()}'
    try:
        own.mkdir()
    except OSError as error:
        raise Skipped(f'no memory cgroup here: {error}') from error
    s.undo.callback(lambda: s.waits(lambda: _removed(own), 5))
    limit = own / ('memory.max' if (own / 'memory.max').exists() else 'memory.limit_in_bytes')
    held = s.held()
    s.start(**held)
    s.asks(100)
    limit.write_text(str(24 << 20))
    (own / 'cgroup.procs').write_text(str(s.process.pid))
    bulk = []
    head = b'POST /AuthZPlugin.AuthZReq HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n' % (7 << 20)
    for _ in range(20):
        bulk.append(connect(s, 2))
        if not push(bulk[-1], head + b'{"a":"' + b'x' * (6 << 20)):
            break
    s.check('it is ended', s.waits(lambda: s.process.poll() is not None, 10))
    for connection in bulk:
        connection.close()
    time.sleep(0.2)
    s.start(load=False, **held)
    s.says('did not end in order')
    s.calm()


def _read(path):
    try:
        return path.read_text(encoding='ascii')
    except OSError:
        return ''


def _removed(path):
    try:
        path.rmdir()
    except OSError:
        return False
    return True


def no_thread_at_start(s):
    nobody = _nobody()
    _to(s, nobody)
    env = {**os.environ, 'ASAN_OPTIONS': 'detect_leaks=0'} # LeakSanitizer wants a thread at the end
    process = s.spawn('--socket', s.socket, wrapper=['prlimit', '--nproc=1', *nobody], env=env)
    s.check('the start ends', s.waits(lambda: process.poll() is not None))
    s.check('with 4', process.returncode == 4, process.returncode)
    s.says('no thread can be started')
    s.start(wrapper=nobody)
    s.asks(50)
    s.calm()


def _nobody():
    """A user of our own: the limit counts all threads of one."""
    user = str(60000 + os.getpid() % 5000)
    return ['setpriv', '--reuid', user, '--regid', user, '--clear-groups']


def _to(s, nobody):
    need_root()
    os.chmod(s.place, 0o755)
    s.configure()
    for folder, _, files in os.walk(s.place):
        for path in [folder, *(os.path.join(folder, name) for name in files)]:
            os.chown(path, int(nobody[2]), int(nobody[4]))


def no_thread_at_run(s):
    """A reload wants a thread, and there are no more than it has."""
    nobody = _nobody()
    _to(s, nobody)
    s.start(wrapper=nobody, load=False)
    threads = len(list(pathlib.Path(f'/proc/{s.process.pid}/task').iterdir()))
    s.calm()
    s.start(wrapper=['prlimit', f'--nproc={threads}:4096', *nobody])
    s.asks(100)
    line = s.reload()
    s.check('a reload that finds none says so', line is not None and 'no memory or no thread' in line, line)
    s.asks(100)
    s.calm()


def starved(s):
    """Of three programs that want all there is on one core, it is the one that may wait."""
    core = str(min(os.sched_getaffinity(0)))
    hogs = [subprocess.Popen(['taskset', '-c', core, 'sh', '-c', 'while :; do :; done']) for _ in range(3)]
    for hog in hogs:
        s.undo.callback(hog.kill)
    s.start(wrapper=['taskset', '-c', core, 'nice', '-n', '10'])
    s.asks(500)
    for hog in hogs:
        hog.kill()
        hog.wait()
    s.calm()


# --- processes ---------------------------------------------------------------------------------------------------------


def stopped(seconds):
    def fault(s):
        s.start()
        s.asks(100)
        s.signal(signal.SIGSTOP)
        time.sleep(seconds)
        s.signal(signal.SIGCONT)
        s.calm()

    return fault


def killed(s):
    """Behind a socket that outlives it, and started again 200 ms later, as by its units."""
    held = s.held()
    s.start(**held)
    for _ in range(10):
        s.asks(100)
        s.kill()
        time.sleep(0.2)
        s.start(load=False, **held)
    s.says('did not end in order')
    s.calm()


def killed_alone(s):
    """Likewise, but that it makes its socket itself."""
    s.start()
    for _ in range(10):
        s.asks(100)
        s.kill()
        time.sleep(0.2)
        s.start(load=False)
    s.says('did not end in order')
    s.calm()


def killed_at_start(s):
    """Killed before it serves, again and again; whoever calls meanwhile waits in the socket."""
    held = s.held()
    s.start(**held)
    s.asks(50)
    s.kill()
    for n in range(15):
        s.spawn(**held)
        time.sleep(0.02 * n)
        s.kill()
    s.start(load=False, **held)
    s.calm()


def restarted(s):
    """In order, ten times, behind a socket that outlives it."""
    held = s.held()
    s.start(**held)
    for _ in range(10):
        s.asks(100)
        s.signal(signal.SIGTERM)
        s.check('it ends with 0', s.process.wait(20) == 0)
        s.start(load=False, **held)
    s.calm()


def two_instances(s):
    s.start()
    second = subprocess.run([DOCKSILL, 'serve', '--config', s.place / 'docksill.yaml', '--socket', s.socket], capture_output=True, text=True,
                            timeout=60, check=False)
    s.check('the second is turned away', second.returncode == 4 and 'ss -xlp' in second.stderr, second.stderr)
    s.asks(100)
    s.calm()


# --- the socket's file -------------------------------------------------------------------------------------------------


def stale_socket(s):
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(s.socket))
    stale.close()
    s.start()
    s.asks(100)
    s.calm()


def socket_deleted(s):
    s.start()
    for _ in range(5):
        s.asks(50)
        s.socket.unlink()
        # A client that has a connection does not notice; one that comes does.
        s.check('it is made anew', s.waits(s.answers, 10))
    s.says('was gone; it is made anew')
    s.calm()


def socket_of_another(s):
    """Another program puts its own in the place; when that is gone, ours comes back."""
    s.start()
    s.asks(50)
    s.socket.unlink()
    other = socket.socket(socket.AF_UNIX)
    try:
        other.bind(str(s.socket))
        other.listen()
    except OSError as error: # it was quicker
        s.check('it was made anew at once', error.errno == 98, error)
    else:
        s.asks(50)
        other.close()
        s.socket.unlink()
    s.check('it is made anew', s.waits(s.answers, 20))
    s.calm()


# --- what it stands on -------------------------------------------------------------------------------------------------


def no_proc(s):
    """At the start, and /proc away while it runs."""
    need_root()
    s.start(wrapper=['unshare', '-m', 'sh', '-c', 'umount -l /proc && exec "$@"', 'no-proc'])
    s.asks(200)
    line = s.reload()
    s.check('it reloads', line is not None and 'reloaded' in line, line)
    s.calm()


def no_dev(s):
    need_root()
    s.start(wrapper=['unshare', '-m', 'sh', '-c', 'mount -t tmpfs none /dev && exec "$@"', 'no-dev'])
    s.asks(200)
    s.calm()


def stderr_closed(s):
    s.start(wrapper=['sh', '-c', 'exec "$@" 2>&-', 'closed'])
    s.signal(signal.SIGHUP)
    s.asks(200)
    s.calm()


def stderr_blocked(s):
    """A journal that takes nothing more: a pipe that is full, and SIGHUPs to talk about."""
    reader, writer = os.pipe()
    s.start(stderr=writer)
    os.set_blocking(writer, False)
    try:
        while True:
            os.write(writer, b'x' * 4096)
    except BlockingIOError:
        pass
    for _ in range(20):
        s.signal(signal.SIGHUP)
        s.asks(20)
    os.close(writer)
    s.undo.callback(os.close, reader)
    s.calm()


# --- clocks ------------------------------------------------------------------------------------------------------------


def _clock(s):
    if not shutil.which('gcc'):
        raise Skipped('no gcc')
    if subprocess.run(['nm', '-D', DOCKSILL], capture_output=True, text=True, check=False).stdout.count('__asan'):
        raise Skipped('not under sanitizers, which want to be first')
    command('gcc', '-O1', '-shared', '-fPIC', '-o', s.place / 'clock.so', TOP / 'test' / 'faults' / 'clock.c')
    offset = s.place / 'offset'
    offset.write_bytes(struct.pack('q', 0))
    return offset, {**os.environ, 'LD_PRELOAD': str(s.place / 'clock.so'), 'DOCKSILL_CLOCK': str(offset)}


def clock_set(seconds):
    """A fault: the wall clock jumps, and later back."""

    def fault(s):
        offset, env = _clock(s)
        (s.place / 'exemptions').mkdir()
        tomorrow = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=1)
        (s.place / 'exemptions' / 'one.yaml').write_text(
            'docksill: v1\nkind: exemptions\nexemptions:\n  - id: one\n    rules: [capabilities-not-dropped, memory-unlimited, pids-unlimited, user-root]\n'
            f'    match: {{user: ann}}\n    owner: o\n    reason: r\n    expires: {tomorrow}\n')
        s.start(env=env)
        connection = Connection(s.socket)
        lifted = message({**create({}), 'User': 'ann', 'UserAuthNMethod': 'TLS'})

        def is_lifted():
            s.totals['recorded'] += 1
            return connection.ask(lifted)['Allow']

        def set_clock(by):
            with open(offset, 'r+b') as file:
                file.write(struct.pack('q', by))

        s.asks(100)
        s.check('what is exempted passes', is_lifted())
        set_clock(seconds)
        s.asks(300)
        s.check('after the day of its end it does not' if seconds > 0 else 'it does so long before', is_lifted() == (seconds < 0))
        s.reload()
        s.asks(100)
        set_clock(0)
        s.check('what has ended stays ended' if seconds > 0 else 'it still does', is_lifted() == (seconds < 0))
        s.reload()
        s.check('also when all is read anew', is_lifted() == (seconds < 0))
        s.calm()

    return fault
