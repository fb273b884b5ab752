#!/usr/bin/env python3
"""Mounts a file system that never answers, as a network mount whose server is gone: whoever looks into it waits until this ends.

    dead-mount.py FOLDER

Says "mounted" and stays. The kernel hands its questions to whoever holds /dev/fuse; here nobody reads them.
"""

import ctypes
import os
import signal
import sys

ends = {signal.SIGTERM, signal.SIGINT}
signal.pthread_sigmask(signal.SIG_BLOCK, ends)
folder = sys.argv[1].encode()
libc = ctypes.CDLL(None, use_errno=True)
device = os.open('/dev/fuse', os.O_RDWR)
options = b'fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other' % device
if libc.mount(b'dead', folder, b'fuse.dead', 0, options) != 0:
    sys.exit('mount: ' + os.strerror(ctypes.get_errno()))
print('mounted', flush=True)
signal.sigwait(ends)
# Closing the device fails all that wait; then nothing keeps the mount busy.
os.close(device)
libc.umount2(folder, 2)
