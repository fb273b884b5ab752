#!/usr/bin/env -S python3 -B
"""Does each fault of the table below to a docksill that serves, and measures what its clients had of it.

    test/faults/run.py [--short] [--markdown] [--list] [NAME…]

NAME: these alone. --short: those that take a moment and need nothing of the machine. --markdown: last, the table of README.md with the
figures of this run. --list: the names. Prints a line a check and, last, "N passed, N failed".

For each fault: all answers are right; no call is lost but where the table says how many may be; each answer has its record, or the records
tell how many have none; afterwards all is as before, and the end comes in order. Times are printed and not judged, but that a call that
takes 30 s has hung.
"""

import argparse
import dataclasses
import re
import signal
import sys
import time
import traceback
from typing import Callable

import badfile
import in_calls
import in_files
import in_lookups
import in_machine
import on_disk
from load import Checks
from scene import Scene, Skipped


@dataclasses.dataclass
class Fault:
    name: str
    do: Callable
    seen: str = ''        # a regular expression: what an admin reads of it in the journal
    lost: int = 0         # calls that may be lost: those in flight at a kill
    untold: bool = False  # records may be missing, and the file does not say how many
    short: bool = False
    test: str = ''        # where it is also tried, with a real engine or in more ways


KILLS = 4 * 10 # clients × kills
FAULTS = [
    Fault('disk full', on_disk.disk_full, "can't write", short=True, test='`serve-records.sh`'),
    Fault('disk read-only after an error (ext4)', on_disk.disk_read_only, "can't write"),
    Fault('disk that hangs (frozen ext4)', on_disk.disk_hangs, 'records find no room', test='`test-syncer.c`'),
    Fault('records to a pipe that nobody reads', on_disk.pipe_unread, 'records find no room', short=True, test='`test-writer.c`'),
    Fault('records deleted', on_disk.log_deleted, 'was deleted', short=True, test='`test-outlet.c`'),
    Fault("records' folder deleted, later made again", on_disk.log_folder_deleted, "can't open"),
    Fault("records' folder unmounted", on_disk.log_unmounted, 'another file system', test='`test-outlet.c`'),
    Fault('records rotated 100 times', on_disk.log_rotated, test='`test/bench/soak`'),
    Fault('a link in the place of the records', on_disk.log_link, 'link|symbolic', test='`test-outlet.c`'),

    *(Fault(f'reload: {kind.__doc__}', in_files.rule_file(kind), 'error: DS', test='`reload.py`') for kind in badfile.KINDS),
    Fault('reload: a rule file cut before a rule that no environment requires', in_files.rule_file_short, 'gone: rule', test='`serve-reload.sh`'),
    Fault('reload: a rule file that may not be read', in_files.rule_file_unreadable, 'Permission denied'),
    Fault('start: the configuration is a FIFO', in_files.fifo_at_start('docksill.yaml'), 'error: DS', test='`serve-last-good.sh`'),
    Fault('reload: the configuration is a FIFO', in_files.fifo_at_reload('docksill.yaml'), 'error: DS', test='`reload.py`'),
    Fault('start: a file of exemptions is a FIFO', in_files.fifo_at_start('exemptions/one.yaml'), 'error: DS'),
    Fault('reload: a file of exemptions is a FIFO', in_files.fifo_at_reload('exemptions/one.yaml'), 'error: DS', test='`reload.py`'),
    Fault('reload: what is in force can not be kept', in_files.state_full, "can't be kept", test='`serve-last-good.sh`'),

    Fault('200 slow connections', in_calls.slow_connections, test='`test-peer.c`'),
    Fault('a byte a second', in_calls.byte_a_second),
    Fault('2,000 idle connections', in_calls.idle_connections, test='`serve-full.sh`'),
    Fault('200 half-closed connections', in_calls.half_closed),
    Fault('5,000 connections that come and go', in_calls.come_and_go, untold=True),
    Fault('63 MiB of garbage', in_calls.garbage, test='`test/fuzz`'),
    Fault('50 bodies of 7.5 MiB at once', in_calls.big_bodies),
    Fault('pipelined, chunked, in odd pieces', in_calls.odd_calls, short=True, test='`test-server.c`'),
    Fault('1,000 reloads', in_calls.reloads(1000), 'reloaded', test='`test/engine/reload.sh`'),
    Fault('20,000 SIGHUPs', in_calls.signals(signal.SIGHUP, 20000), 'reloaded', test='`reload.py`'),
    Fault('20,000 SIGUSR1s', in_calls.signals(signal.SIGUSR1, 20000), test='`flood.py --signals`'),
    Fault('SIGHUP and SIGUSR1 during the start', in_calls.signals_at_start, 'reloaded', short=True, test='`serve-records.sh`'),

    Fault('32 descriptors at the start', in_machine.few_descriptors, 'places for connections are taken', test='`serve-full.sh`'),
    Fault('no descriptor left', in_machine.no_descriptor_left, 'Too many open files'),
    Fault('no memory left for bodies and reloads', in_machine.little_memory, 'not enough memory', test='`test-call.c`'),
    Fault("killed at its group's memory limit", in_machine.memory_limit_kills, 'did not end in order', lost=30, untold=True),
    Fault('start: no thread', in_machine.no_thread_at_start, 'no thread can be started', test='`serve-errors.sh`'),
    Fault('reload: no thread', in_machine.no_thread_at_run, 'no thread'),
    Fault('a core shared with three that want it all', in_machine.starved),
    Fault('stopped for 3 s', in_machine.stopped(3), test='`serve-watchdog.sh`'),
    Fault('stopped for 10 s', in_machine.stopped(10), test='`serve-watchdog.sh`'),
    Fault('stopped for 20 s', in_machine.stopped(20), test='`serve-watchdog.sh`'),
    Fault('killed 10 times, socket held', in_machine.killed, 'did not end in order', lost=KILLS, untold=True,
          test='`test/engine/crashloop.sh`'),
    Fault('killed 10 times, socket its own', in_machine.killed_alone, 'did not end in order', lost=2 * KILLS, untold=True,
          test='`test/engine/kill.sh`'),
    Fault('killed 15 times before it serves, socket held', in_machine.killed_at_start, lost=16 * 4, untold=True,
          test='`test/engine/crashloop.sh`'),
    Fault('restarted 10 times, socket held', in_machine.restarted, test='`test/engine/fullstop.sh`'),
    Fault('a second instance', in_machine.two_instances, test='`serve-socket.sh`'),
    Fault("a dead one's socket in its place", in_machine.stale_socket, test='`serve-socket.sh`'),
    Fault('its socket deleted', in_machine.socket_deleted, 'was gone', test='`test-listen.c`'),
    Fault("another's socket in its place, for a while", in_machine.socket_of_another, test='`test-listen.c`'),
    Fault('no /proc', in_machine.no_proc),
    Fault('no /dev', in_machine.no_dev),
    Fault('stderr closed', in_machine.stderr_closed, short=True),
    Fault('a journal that takes nothing', in_machine.stderr_blocked, short=True, test='`serve-stop.sh`'),
    Fault('clock set a year forward and back', in_machine.clock_set(366 * 86400), test='`test-route-clock.c`'),
    Fault('clock set a year back and forward', in_machine.clock_set(-366 * 86400), test='`test-route-clock.c`'),

    *(Fault(f'binds of a mount that does not answer, {environment}', in_lookups.hung_mount(environment), 'does not answer',
            test='`test/engine/paths.sh`') for environment in ('production', 'development')),
    Fault('no engine to ask', in_lookups.engine(None), 'the engine at', test='`test-docker.c`'),
    Fault('engine: random bytes', in_lookups.engine(in_lookups.garbage), 'the engine at', test='`test-engine-client.c`'),
    Fault('engine: no JSON', in_lookups.engine(in_lookups.not_json), 'the engine at', test='`test-docker.c`'),
    Fault('engine: 20 bytes a second', in_lookups.engine(in_lookups.slow), 'the engine at', test='`test-docker.c`'),
    Fault('engine: gigabytes', in_lookups.engine(in_lookups.gigabytes), test='`test-engine-client.c`'),
    Fault('engine: headers without end', in_lookups.engine(in_lookups.gigabytes_of_head), test='`test-engine-client.c`'),
    Fault('engine: 100 Continue without end', in_lookups.engine(in_lookups.continues), 'the engine at', test='`test-engine-client.c`'),
    Fault('engine: closes in the middle', in_lookups.engine(in_lookups.closes), 'the engine at', test='`test-docker.c`'),
    Fault('engine: never answers', in_lookups.engine(in_lookups.hangs), 'the engine at', test='`test-docker.c`'),
    Fault('engine: 500', in_lookups.engine(in_lookups.refuses), 'the engine at', test='`test-docker.c`'),
]


def judge(fault, scene):
    """What holds for all; returns the row of the table."""
    totals = scene.totals
    missing, told = scene.missing()
    scene.check(f'no more than {fault.lost} calls are lost', totals['lost'] <= fault.lost, totals['lost'])
    scene.check('none hung', totals['stall'] < 30, totals['stall'])
    scene.check('each answer has its record, or is told of', fault.untold or missing <= told, (missing, told))
    seen = ''
    if fault.seen:
        line = next((line for line in scene.said().splitlines() if re.search(fault.seen, line)), None)
        scene.check('the journal tells of it', line is not None)
        seen = said(scene, line or '')
    return {'name': fault.name, 'asked': totals['asked'], 'lost': totals['lost'], 'no room': totals['no room'], 'stall': totals['stall'],
            'missing': missing, 'told': told, 'memory': totals['memory'], 'seen': seen, 'test': fault.test}


def said(scene, line):
    """A line of the journal as it would stand there: without our folder, and not too long."""
    line = re.sub(r'^docksill: (SIGHUP: )?', '', line).replace(str(scene.place) + '/', '').replace('|', r'\|')
    return '`' + (line if len(line) <= 110 else line[:107].rstrip() + '…') + '`'


def run(fault, checks):
    print(f'-- {fault.name}', flush=True)
    scene, began = Scene(checks), time.monotonic()
    try:
        fault.do(scene)
        row = judge(fault, scene)
        print('  note    {asked} calls, {lost} lost, {no room} refused for want of room; longest {0:.0f} ms; {missing} records missing, {told} told; '
              '{memory} KiB; '.format(row['stall'] * 1000, **row) + f'{time.monotonic() - began:.1f} s', flush=True)
        return row
    except Skipped as why:
        print(f'  SKIPPED, NOT PASSED: {fault.name}: {why}', flush=True)
    except Exception: # pylint: disable=broad-except; the others are still to be done
        checks.check('it could be done', False, traceback.format_exc() + scene.said()[-800:])
    finally:
        scene.close()
    return None


def markdown(rows):
    print('\n| fault | calls | lost | longest | records missing, told | memory | the journal says | also |\n|---|---|---|---|---|---|---|---|')
    for row in rows:
        room = f' ({row["no room"]:,} refused)' if row['no room'] else ''
        print(f'| {row["name"]} | {row["asked"]:,} | {row["lost"]}{room} | {row["stall"]:.2f} s | {row["missing"]}, {row["told"]} | '
              f'{row["memory"] / 1024:.1f} MB | {row["seen"]} | {row["test"]} |')
    print()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--short', action='store_true')
    parser.add_argument('--markdown', action='store_true')
    parser.add_argument('--list', action='store_true')
    parser.add_argument('names', nargs='*')
    options = parser.parse_args()
    chosen = [fault for fault in FAULTS if (not options.short or fault.short) and (not options.names or fault.name in options.names)]
    if options.list:
        print('\n'.join(fault.name for fault in chosen))
        return
    if not chosen or len(chosen) < len(options.names):
        sys.exit('no such fault; --list shows them')
    checks = Checks()
    rows = [row for row in (run(fault, checks) for fault in chosen) if row]
    if options.markdown:
        markdown(rows)
    checks.finish()


if __name__ == '__main__':
    main()
