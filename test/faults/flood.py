#!/usr/bin/env -S python3 -B
"""A flood at full speed that somebody hides in: one refused create a second, and each must be in the file.

    test/faults/flood.py [--seconds N] [--flood allowed|refused|reads] [--slow BYTES] [--clients N] [--signals N]

--flood: what it is made of. --slow: records go through a pipe whose reader takes so many bytes a second, as a disk that can't keep up.
--signals: so often a second it is told to reload, and to open its records anew.
Prints a line a check and, last, "N passed, N failed".
"""

import argparse
import json
import os
import signal
import threading
import time

from load import HARDENED, TOP, Checks, Connection, Docksill, Load, allowed, create, folder, message, read, refused

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument('--seconds', type=float, default=60)
parser.add_argument('--flood', choices=['allowed', 'refused', 'reads'], default='allowed')
parser.add_argument('--slow', type=int, default=0)
parser.add_argument('--clients', type=int, default=16)
parser.add_argument('--signals', type=int, default=0)
parser.add_argument('--config', default='', help='what stands under records:, such as "full: drop"')
options = parser.parse_args()

checks = Checks()
place = folder()
records = place / 'decisions.jsonl'
told = place / 'told.jsonl'
settings = place / 'docksill.yaml'
settings.write_text('docksill: v1\nkind: configuration\n' + (f'records: {{{options.config}}}\n' if options.config else ''))
over = threading.Event()


def take_slowly():
    """What is read of the pipe, and when: a tenth of a second's share at a time."""
    with open(pipe, 'rb', buffering=0) as source, open(told, 'wb', buffering=0) as target:
        while True:
            piece = source.read(1 << 20 if over.is_set() else options.slow // 10)
            if not piece:
                return
            target.write(piece)
            if not over.is_set():
                time.sleep(0.1)


if options.slow:
    pipe = place / 'pipe'
    os.mkfifo(pipe)
    reader = threading.Thread(target=take_slowly, daemon=True)
    reader.start()
    time.sleep(0.2)
docksill = Docksill(place, '--rules', TOP / 'rules', '--mode', 'enforce', '--config', settings, '--records',
                    pipe if options.slow else records)

# Of the flood's own calls some may be refused for want of room: that is what is set.
floods = {'allowed': (create(HARDENED, '10001:10001'), lambda answer: allowed(answer) or 'records-full' in answer['Msg']),
          'refused': (create({'Privileged': True}, '10001'), refused),
          'reads': (read('/v1.41/containers/x/logs?stdout=1'), lambda answer: allowed(answer) or 'records-full' in answer['Msg'])}
load = Load(docksill.socket, [floods[options.flood]], options.clients)


def send_signals():
    while not over.wait(1 / options.signals):
        docksill.signal(signal.SIGHUP)
        docksill.signal(signal.SIGUSR1)


if options.signals:
    threading.Thread(target=send_signals, daemon=True).start()
hidden, plain = Connection(docksill.socket), Connection(docksill.socket)
sent, slowest, slowest_read, until = [], 0.0, 0.0, time.monotonic() + options.seconds
while time.monotonic() < until:
    name = f'hidden-{len(sent)}'
    before = time.monotonic()
    answer = hidden.ask(message(create({'Privileged': True}, '10001', name)))
    slowest = max(slowest, time.monotonic() - before)
    if not refused(answer):
        load.wrong.append(answer)
    sent.append(name)
    before = time.monotonic()
    if not allowed(plain.ask(message(read()))):
        load.wrong.append('a plain read')
    slowest_read = max(slowest_read, time.monotonic() - before)
    time.sleep(max(0.0, min(1.0 if options.seconds >= 20 else 0.2, until - time.monotonic())))
load.stop()
over.set()
code = docksill.stop()
if options.slow:
    reader.join(10)

# Not kept: a minute's records are gigabytes.
found, counted, counted_refused, decided, stop = set(), 0, 0, 0, -1
with open(told if options.slow else records, encoding='utf-8') as lines:
    for text in lines:
        line = json.loads(text)
        if line['schema'] == 'docksill.record/1':
            decided += 1
            if line.get('name'):
                found.add(line['name'])
        elif line['schema'] == 'docksill.loss/1':
            counted += line['lost']
            counted_refused += line.get('refused', 0)
        elif line['schema'] == 'docksill.stop/1':
            stop = line['seq']
checks.check(f'each of {len(sent)} refused creates is in the file', not set(sent) - found, sorted(set(sent) - found)[:10])
checks.check('no refusal was lost', counted_refused == 0, counted_refused)
checks.check('what is not there is counted', stop == decided + counted, (stop, decided, counted))
checks.check('no answer is wrong', not load.wrong, load.wrong[:3])
checks.check('a plain read is answered meanwhile', slowest_read < 1, slowest_read)
checks.check('it ends with 0', code == 0, docksill.said()[-1000:])
print(f'  note    flood of {options.flood}: {sum(load.asked)} calls in {options.seconds:.0f} s, {decided} records, {counted} lost and counted; '
      f'the slowest call {load.longest * 1000:.0f} ms, refused create {slowest * 1000:.0f} ms, plain read {slowest_read * 1000:.0f} ms')
checks.finish()
