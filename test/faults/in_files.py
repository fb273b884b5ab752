"""Faults of the files that a start and a reload read. What stands in a file's place is in badfile.py."""

import os
import shutil
import time

import badfile
from load import TOP
from scene import PATIENCE, need_root


def site(s, **settings):
    """Rules, an environment and exemptions of its own."""
    shutil.copytree(TOP / 'rules', s.place / 'rules')
    (s.place / 'exemptions').mkdir()
    (s.place / 'exemptions' / 'one.yaml').write_text('docksill: v1\nkind: exemptions\nexemptions:\n  - id: one\n    rules: [rootfs-writable]\n'
                                                     '    match: {user: one}\n    owner: o\n    reason: r\n    expires: 2037-01-01\n')
    s.configure(rules=str(s.place / 'rules'), **settings)


def rule_file(kind):
    """A fault: that in the place of a rule file, and SIGHUP."""

    def fault(s):
        site(s)
        s.start()
        path = s.place / 'rules' / 'container' / 'mounts.yaml'
        text = path.read_bytes()
        s.asks(100)
        badfile.remove(path)
        kind(path, text)
        line = s.reload()
        s.check('nothing is changed', line is not None and 'nothing is changed' in line, line)
        s.asks(100)
        badfile.remove(path)
        path.write_bytes(text)
        line = s.reload()
        s.check('mended it is read', line is not None and 'reloaded' in line, line)
        s.calm()

    fault.__doc__ = kind.__doc__
    return fault


def rule_file_short(s):
    """Cut before a rule that no environment insists on: it is told which one is gone."""
    site(s)
    s.start()
    path = s.place / 'rules' / 'container' / 'user.yaml'
    text = path.read_bytes()
    badfile.cut_at_a_rule(path, text)
    s.asks(100)
    line = s.reload()
    s.check('it is read', line is not None and 'reloaded' in line, line)
    s.says('SIGHUP: gone: rule no-new-privileges-missing')
    path.write_bytes(text)
    line = s.reload()
    s.check('mended it is read', line is not None and 'reloaded' in line, line)
    s.calm()


def rule_file_unreadable(s):
    """As somebody whom a file's mode stops."""
    need_root()
    site(s)
    os.chmod(s.place, 0o755)
    for folder, _, files in os.walk(s.place):
        for path in [folder, *(os.path.join(folder, name) for name in files)]:
            os.chown(path, 65533, 65533)
    s.start(wrapper=['setpriv', '--reuid', '65533', '--regid', '65533', '--clear-groups'])
    path = s.place / 'rules' / 'container' / 'mounts.yaml'
    s.asks(100)
    os.chmod(path, 0)
    line = s.reload()
    s.check('nothing is changed', line is not None and 'nothing is changed' in line, line)
    s.says('mounts.yaml.*Permission denied')
    os.chmod(path, 0o644)
    line = s.reload()
    s.check('mended it is read', line is not None and 'reloaded' in line, line)
    s.calm()


def fifo_at_start(name):
    """A fault: that file of the start is a FIFO; the start ends, and one without it serves."""

    def fault(s):
        site(s)
        path = s.place / name
        text = path.read_bytes()
        path.unlink()
        os.mkfifo(path)
        process = s.spawn('--socket', s.socket)
        began = time.monotonic()
        s.check('the start ends', s.waits(lambda: process.poll() is not None, PATIENCE))
        s.check('with 3', process.returncode == 3, process.returncode)
        s.totals['stall'] = time.monotonic() - began
        s.says(f'{os.path.basename(name)}.*is no regular file')
        path.unlink()
        path.write_bytes(text)
        s.start()
        s.asks(50)
        s.calm()

    return fault


def fifo_at_reload(name):
    def fault(s):
        site(s)
        s.start()
        path = s.place / name
        text = path.read_bytes()
        s.asks(100)
        path.unlink()
        os.mkfifo(path)
        line = s.reload()
        s.check('nothing is changed', line is not None and 'nothing is changed' in line, line)
        path.unlink()
        path.write_bytes(text)
        line = s.reload()
        s.check('mended it is read', line is not None and 'reloaded' in line, line)
        s.calm()

    return fault


def state_full(s):
    """What is in force can't be kept for the next start."""
    need_root()
    state = s.place / 'state'
    site(s)
    s.start()
    s.asks(50)
    shutil.rmtree(state)
    state.write_text('')
    (s.place / 'exemptions' / 'one.yaml').open('a').write('# changed\n')
    line = s.reload()
    s.check('the reload is made all the same', line is not None and 'reloaded' in line, line)
    s.says("can't be kept in")
    s.calm()
