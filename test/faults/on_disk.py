"""Faults of where the records go."""

import contextlib
import os
import shutil
import signal
import subprocess
import time

from scene import Skipped, command, need_root


def on_a_tmpfs(s, size):
    need_root()
    command('mount', '-t', 'tmpfs', '-o', f'size={size}', 'none', s.logs)
    s.undo.callback(subprocess.run, ['umount', '-l', s.logs], check=False, stderr=subprocess.DEVNULL)


def on_ext4(s):
    """In a file. What hangs there can't be killed: the fault is undone before anything else."""
    need_root()
    image = s.place / 'image'
    with open(image, 'wb') as file:
        file.truncate(64 << 20)
    command('mkfs.ext4', '-q', '-E', 'lazy_itable_init=0', image)
    command('mount', '-o', 'loop,errors=remount-ro', image, s.logs)
    s.undo.callback(subprocess.run, ['umount', '-l', s.logs], check=False, stderr=subprocess.DEVNULL)


def disk_full(s):
    on_a_tmpfs(s, '2m')
    s.start()
    filler = s.logs / 'filler'
    with contextlib.suppress(OSError), open(filler, 'wb', buffering=0) as file:
        while file.write(b'x' * 4096):
            pass
    s.says("records: can't write .*No space left")
    s.waits(lambda: s.clients.no_room > 10, 20)
    s.says('records find no room')
    filler.unlink(missing_ok=True)
    # What the clients write meanwhile must not fill it again.
    command('mount', '-o', 'remount,size=500m', s.logs)
    s.says('records: writing again')
    s.calm()


def disk_read_only(s):
    on_ext4(s)
    s.start()
    s.asks(300)
    command('mount', '-o', 'remount,abort', s.logs)
    s.says("records: can't write .*(Read-only file system|Input/output error)")
    s.asks(300)
    s.check('it serves on', s.answers())
    # What was there is gone for good; another disk takes its place.
    kept = s.place / 'kept.jsonl'
    shutil.copy(s.records, kept)
    s.old_records.append(kept)
    command('umount', '-l', s.logs)
    s.signal(signal.SIGUSR1)
    s.says('records: writing again')
    s.calm()


def disk_hangs(s):
    on_ext4(s)
    if not shutil.which('fsfreeze'):
        raise Skipped('no fsfreeze')
    s.start()
    s.asks(300)
    command('fsfreeze', '-f', s.logs)
    try:
        s.says('records find no room', 30)
        s.check('it serves on', s.answers())
        time.sleep(1)
    finally:
        command('fsfreeze', '-u', s.logs)
    s.says('there is room for records again|records: writing again', 20)
    s.calm()


def pipe_unread(s):
    os.mkfifo(s.records)
    reader = os.open(s.records, os.O_RDONLY | os.O_NONBLOCK)
    s.start()
    s.says('records find no room', 30)
    s.check('it serves on', s.answers())
    taken = s.place / 'taken.jsonl'
    with open(taken, 'wb') as file:
        # All that comes, until the writer has closed.
        os.set_blocking(reader, True)
        taker = subprocess.Popen(['cat'], stdin=reader, stdout=file)
        os.close(reader)
        s.undo.callback(taker.kill)
        s.old_records.append(taken)
        s.says('records: writing again|there is room')
        s.calm()
        taker.wait(10)


def deleted(s, how):
    """The old file is held open, so that what went into it can be counted."""
    held = open(s.records, 'rb')
    how()
    s.says('was deleted; a new one is begun|is on another file system')
    kept = s.place / 'kept.jsonl'
    with open(kept, 'wb') as file:
        shutil.copyfileobj(held, file)
    held.close()
    s.old_records.append(kept)


def log_deleted(s):
    s.start()
    s.asks(300)
    deleted(s, s.records.unlink)
    s.calm()


def log_folder_deleted(s):
    s.start()
    s.asks(300)
    held = open(s.records, 'rb')
    shutil.rmtree(s.logs)
    s.says("records: can't open")
    s.asks(100)
    s.logs.mkdir()
    s.waits(s.records.exists)
    kept = s.place / 'kept.jsonl'
    with open(kept, 'wb') as file:
        shutil.copyfileobj(held, file)
    held.close()
    s.old_records.append(kept)
    s.calm()


def log_unmounted(s):
    on_a_tmpfs(s, '500m')
    s.start()
    s.asks(300)
    deleted(s, lambda: command('umount', '-l', s.logs))
    s.check('records go to what is there now', s.waits(s.records.exists))
    s.calm()


def log_rotated(s):
    s.start()
    for number in range(100):
        s.asks(10)
        old = s.logs / f'decisions.jsonl.{number}'
        s.records.rename(old)
        s.old_records.append(old)
        s.signal(signal.SIGUSR1)
        s.check('the new file is there', s.waits(s.records.exists)) if number % 25 == 0 else s.waits(s.records.exists)
    s.calm()


def log_link(s):
    """Whoever may write to the folder puts a link there, to have a file of the host overwritten."""
    victim = s.place / 'victim'
    victim.write_text('as it was')
    s.start()
    s.asks(100)
    old = s.logs / 'old'
    s.records.rename(old)
    s.old_records.append(old)
    s.records.symlink_to(victim)
    s.signal(signal.SIGUSR1)
    s.says("can't (be opened|open)")
    s.asks(100)
    s.check('what it leads to is as it was', victim.read_text() == 'as it was')
    s.records.unlink()
    s.calm()
