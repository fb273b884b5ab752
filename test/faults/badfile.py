"""What may stand in the place of a file that is to be read: each makes it, from the text that belongs there. Their first lines are names in
the table of faults."""

import os
import socket


def half_written(path, text):
    """a rule file half-written"""
    path.write_bytes(text[:len(text) // 2 + 7])


def cut_at_a_rule(path, text):
    """a rule file cut between two rules"""
    path.write_bytes(text[:text.rindex(b'\n  - id: ') + 1])


def empty(path, text):
    """an empty rule file"""
    path.write_bytes(b'')


def gone(path, text):
    """a rule file deleted"""


def directory(path, text):
    """a folder as a rule file"""
    path.mkdir()


def sparse(path, text):
    """a rule file of 1 GiB"""
    path.write_bytes(text)
    os.truncate(path, 1 << 30)


def link_loop(path, text):
    """a rule file that is a link to itself"""
    path.symlink_to(path)


def alias_bomb(path, text):
    """a rule file whose aliases explode"""
    rows = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
    rows += [f'a{n}: &a{n} [' + ', '.join([f'*a{n - 1}'] * 9) + ']' for n in range(1, 30)]
    path.write_bytes(text + ('\n' + '\n'.join(rows) + '\n').encode())


def bad_utf8(path, text):
    """a rule file with bytes that are no UTF-8"""
    path.write_bytes(text + b'\n# \xff\xfe\xc0\xaf\n')


def dev_zero(path, text):
    """a rule file that is a link to /dev/zero"""
    path.symlink_to('/dev/zero')


def fifo(path, text):
    """a rule file that is a FIFO"""
    os.mkfifo(path)


def socket_file(path, text):
    """a rule file that is a socket"""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.close()


def remove(path):
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    elif path.is_symlink() or path.exists():
        path.unlink()


KINDS = [half_written, cut_at_a_rule, empty, gone, directory, sparse, link_loop, alias_bomb, bad_utf8, dev_zero, fifo, socket_file]
