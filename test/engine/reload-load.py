#!/usr/bin/env python3
"""Asks a docksill without a pause over four connections while it reloads again and again; every answer must be right.

    reload-load.py SOCKET PID CONFIGURATION SAID ENVIRONMENT RELOADS

CONFIGURATION is rewritten before each SIGHUP, ENVIRONMENT and development in turn; SAID is the file that docksill's stderr goes to.
A plain create is refused by the one and passes the other; a privileged one is refused by both, a read and a hardened create pass
both, and so does one whose host path is looked up. Prints what went wrong and, last, a line of counts.
"""

import base64
import json
import os
import signal
import socket
import sys
import threading
import time

path, pid, configuration, said, site, reloads = sys.argv[1], int(sys.argv[2]), *sys.argv[3:6], int(sys.argv[6])
hardened = {'CapDrop': ['ALL'], 'ReadonlyRootfs': True, 'NetworkMode': 'none', 'SecurityOpt': ['no-new-privileges:true'],
            'Memory': 67108864, 'NanoCpus': 500000000, 'PidsLimit': 50}


def create(host_config, user=''):
    body = json.dumps({'Image': 'busybox:1.0', 'User': user, 'HostConfig': host_config}).encode()
    return {'RequestMethod': 'POST', 'RequestUri': '/v1.41/containers/create', 'RequestBody': base64.b64encode(body).decode(),
            'RequestHeaders': {'Content-Length': str(len(body)), 'Content-Type': 'application/json'}}


def allowed(answer):
    return answer == {'Allow': True}


def refused(*environments):
    return lambda answer: not answer['Allow'] and answer['Msg'].startswith(
        tuple(f'docksill ({environment}): refused' for environment in environments))


def either(answer):
    return allowed(answer) or refused('site')(answer)


cases = [
    (create({}), either),
    (create({'Privileged': True}, '10001'), refused('site', 'development')),
    (create(hardened, '10001:10001'), allowed),
    (create({**hardened, 'Binds': ['/srv/docksill-none:/h:ro']}, '10001:10001'), allowed),
    ({'RequestMethod': 'GET', 'RequestUri': '/v1.41/containers/json'}, allowed),
]
enough = threading.Event()
asked = [0] * 4
refusals = [0] * 4
wrong = []


def message(envelope):
    body = json.dumps(envelope).encode()
    return b'POST /AuthZPlugin.AuthZReq HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n' % len(body) + body


def ask(connection, envelope):
    connection.sendall(envelope)
    said = b''
    while b'\r\n\r\n' not in said:
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionError('closed without an answer')
        said += piece
    head, body = said.split(b'\r\n\r\n', 1)
    length = next(int(line.split(b':')[1]) for line in head.split(b'\r\n') if line.lower().startswith(b'content-length:'))
    while len(body) < length:
        body += connection.recv(65536)
    return json.loads(body)


def client(number):
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(10)
    connection.connect(path)
    messages = [(message(envelope), right) for envelope, right in cases]
    try:
        while not enough.is_set():
            for envelope, right in messages:
                answer = ask(connection, envelope)
                asked[number] += 1
                refusals[number] += right is either and not answer['Allow']
                if not right(answer):
                    wrong.append(answer)
    except (OSError, ValueError) as error:
        wrong.append(repr(error))


def private_memory():
    with open(f'/proc/{pid}/status', encoding='ascii') as status:
        return next(int(line.split()[1]) for line in status if line.startswith('RssAnon:'))


def told():
    with open(said, encoding='utf-8') as lines:
        return lines.read().count('SIGHUP: reloaded')


def reload(number):
    fresh = configuration + '.new'
    before = told()
    with open(configuration, encoding='utf-8') as file:
        text = file.read()
    other = (site, 'development')
    with open(fresh, 'w', encoding='utf-8') as file:
        file.write(text.replace(*(other if number % 2 else reversed(other))))
    os.rename(fresh, configuration)
    os.kill(pid, signal.SIGHUP)
    until = time.monotonic() + 20
    while told() == before:
        if time.monotonic() > until:
            sys.exit(f'reload {number} is not told of')
        time.sleep(0.001)


# As daemons, so that an error here ends them too.
clients = [threading.Thread(target=client, args=(n,), daemon=True) for n in range(4)]
for one in clients:
    one.start()
memory = []
for n in range(1, reloads + 1):
    reload(n)
    if n % max(1, reloads // 10) == 0:
        memory.append(private_memory())
enough.set()
for one in clients:
    one.join()
for one in wrong[:5]:
    print('wrong:', one)
print(json.dumps({'reloads': reloads, 'asked': sum(asked), 'refusals': sum(refusals), 'wrong': len(wrong), 'memory_kb': memory}))
