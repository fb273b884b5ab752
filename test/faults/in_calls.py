"""Faults of who calls: connections, bodies, signals."""

import json
import os
import pathlib
import re
import select
import signal
import socket
import time

from load import HARDENED, create, message, read


def connect(s, patience=5):
    one = socket.socket(socket.AF_UNIX)
    one.settimeout(patience)
    one.connect(str(s.socket))
    return one


def many(s, number, each=lambda connection: None):
    connections = []
    for _ in range(number):
        connections.append(connect(s))
        each(connections[-1])
    return connections


def slow_connections(s):
    s.start()
    body = json.dumps(create(HARDENED, '10001:10001')).encode()
    head = b'POST /AuthZPlugin.AuthZReq HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n' % len(body)
    connections = many(s, 200, lambda connection: connection.sendall(head))
    for n in range(40):
        for connection in connections:
            connection.sendall(body[n:n + 1])
        time.sleep(0.1)
    for connection in connections:
        connection.close()
    s.calm()


def byte_a_second(s):
    s.start()
    sent = message(read())
    one = connect(s, 30)
    for n in range(4):
        one.sendall(sent[n:n + 1])
        time.sleep(1)
    one.sendall(sent[4:])
    s.check('it is answered when it has come to its end', b'{"Allow":true}' in one.recv(65536))
    s.calm()


def idle_connections(s):
    s.start(wrapper=['prlimit', '--nofile=8192'])
    connections = many(s, 2000)
    s.asks(300)
    for connection in connections:
        connection.close()
    s.calm()


def half_closed(s):
    s.start()
    connections = many(s, 200, lambda connection: (connection.sendall(b'POST /AuthZPlugin.AuthZReq HTTP/1.1\r\nContent-'),
                                                  connection.shutdown(socket.SHUT_WR)))
    s.asks(300)
    for connection in connections:
        connection.close()
    s.calm()


def come_and_go(s):
    """Connections that are closed as soon as they are there, and ones that hang up on their answer."""
    s.start()
    sent = message(create(HARDENED, '10001:10001'))
    for n in range(5000):
        one = connect(s)
        if n % 2:
            one.sendall(sent)
        one.close()
    s.calm()


def push(connection, data):
    """Sends on for as long as it is taken."""
    try:
        connection.sendall(data)
    except OSError:
        return False
    return True


def garbage(s):
    s.start()
    connections = many(s, 8)
    piece = os.urandom(1 << 20)
    for _ in range(63):
        connections = [connection for connection in connections if push(connection, piece)]
    s.asks(100)
    for connection in connections:
        connection.close()
    # And as the body of a call that is said to have it.
    one = connect(s)
    push(one, b'POST /AuthZPlugin.AuthZReq HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n' % (63 << 20))
    for _ in range(63):
        if not push(one, piece):
            break
    one.close()
    s.calm()


def big_bodies(s):
    s.start()
    body = json.dumps({'RequestMethod': 'GET', 'RequestUri': '/v1.41/containers/json', 'x': 'y' * (7500 << 10)}).encode()
    sent = b'POST /AuthZPlugin.AuthZReq HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n' % len(body) + body
    waiting = {connection: 0 for connection in many(s, 50)}
    answers, until = 0, time.monotonic() + 60
    for connection in waiting:
        connection.setblocking(False)
    while waiting and time.monotonic() < until:
        readable, writable, _ = select.select(list(waiting), [c for c, at in waiting.items() if at < len(sent)], [], 1)
        for connection in writable:
            waiting[connection] += connection.send(sent[waiting[connection]:waiting[connection] + (1 << 16)])
        for connection in readable:
            answers += b'Allow' in connection.recv(65536)
            connection.close()
            del waiting[connection]
    s.check('all 50 are answered', answers == 50, answers)
    s.asks(50)
    s.check('their memory is given back', s.waits(lambda: s.memory() < 64 << 10), s.memory())
    s.calm()


def reloads(number):
    def fault(s):
        s.start()
        done = 0
        for _ in range(number):
            done += s.reload() is not None
        s.check(f'{number} reloads are made', done == number, done)
        s.calm()

    return fault


def signals(which, number):
    def fault(s):
        s.start()
        for _ in range(number):
            s.signal(which)
        if which == signal.SIGHUP:
            s.says('SIGHUP: reloaded')
        s.calm()

    return fault


def signals_at_start(s):
    process = s.spawn('--socket', s.socket)
    sent = 0
    while True:
        if s.socket.exists() or process.poll() is not None:
            break
        # Until the program has begun there is nobody to block them.
        status = pathlib.Path(f'/proc/{process.pid}/status').read_text(encoding='ascii')
        if int(re.search(r'SigBlk:\s*(\w+)', status)[1], 16) & 1 << (signal.SIGHUP - 1):
            s.signal(signal.SIGHUP)
            s.signal(signal.SIGUSR1)
            sent += 1
        time.sleep(0.001)
    s.check('they came while it started', sent > 0)
    s.check('it comes up', s.comes_up())
    s.load()
    s.says('SIGHUP: reloaded')
    s.asks(50)
    s.calm()


def odd_calls(s):
    """Calls in one piece with the next, in odd pieces, chunked, of HTTP/1.0, without a length."""
    s.start()
    sent = message(read())
    one = connect(s)
    one.sendall(sent * 20)
    said, until = b'', time.monotonic() + 20
    while said.count(b'{"Allow":true}') < 20 and time.monotonic() < until:
        said += one.recv(65536)
    s.check('20 calls in one piece have 20 answers', said.count(b'{"Allow":true}') == 20)
    body = json.dumps(create({'Privileged': True}, '10001')).encode()
    one = connect(s)
    one.sendall(b'POST /AuthZPlugin.AuthZReq HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
    for n in range(0, len(body), 7):
        piece = body[n:n + 7]
        one.sendall(b'%x\r\n' % len(piece) + piece + b'\r\n')
    one.sendall(b'0\r\n\r\n')
    s.check('a chunked one is judged as any', b': refused' in one.recv(65536))
    s.totals['recorded'] += 1
    s.calm()
