#!/usr/bin/env -S python3 -B
"""What systemd does for docksill, and no more: holds its socket, hands it over, and starts it again when it ends.

    supervisor.py SOCKET PID-FILE [--delay SECONDS] [--pause SECONDS] -- COMMAND…

--delay: so long after the socket is there it is started first. --pause: so long after an end it is started again, as RestartSec= in the
unit. PID-FILE holds the process there is now, and is gone while there is none. SIGTERM ends both, and removes the socket.
"""

import argparse
import os
import pathlib
import signal
import socket
import sys
import threading

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument('socket')
parser.add_argument('pid_file', type=pathlib.Path)
parser.add_argument('--delay', type=float, default=0)
parser.add_argument('--pause', type=float, default=0.2)
parser.add_argument('command', nargs='+')
options = parser.parse_args()

over = threading.Event()
child = 0


def end(*_):
    over.set()
    if child:
        os.kill(child, signal.SIGTERM)


for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, end)
listener = socket.socket(socket.AF_UNIX)
listener.bind(options.socket)
os.chmod(options.socket, 0o600)
listener.listen(4096)


def start():
    """sd_listen_fds(3): the socket is descriptor 3, and the variables name who is meant."""
    started = os.fork()
    if started != 0:
        return started
    try:
        os.dup2(listener.fileno(), 3)
        os.set_inheritable(3, True) # it may have been 3 already
        os.execvpe(options.command[0], options.command, {**os.environ, 'LISTEN_FDS': '1', 'LISTEN_PID': str(os.getpid())})
    finally:
        os._exit(127)


def note():
    new = options.pid_file.with_suffix('.new')
    new.write_text(f'{child}\n', encoding='ascii')
    new.rename(options.pid_file)


code = 0
over.wait(options.delay)
while not over.is_set():
    child = start()
    note()
    code = os.waitpid(child, 0)[1]
    child = 0
    options.pid_file.unlink()
    over.wait(options.pause)
listener.close()
os.unlink(options.socket)
sys.exit(os.waitstatus_to_exitcode(code) != 0)
