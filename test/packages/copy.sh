#!/bin/sh
# Runs a command on a copy of this machine: what it changes in files is gone when it ends, with all processes that it started.
#
#     test/packages/copy.sh COMMAND [ARGUMENT…]       as root
#
# A root that lies over this machine's (overlay, in memory), process ids, network, /run and /tmp of its own, and this tree to read.
set -eu
if [ "${COPY_NAMESPACE:-}" != yes ]; then
        COPY_NAMESPACE=yes exec unshare --mount --pid --fork --kill-child --ipc --net -- "$0" "$@"
fi
unset COPY_NAMESPACE

top=$(cd "$(dirname "$0")/../.." && pwd)
over=/mnt
mount -t tmpfs tmpfs "$over"
mkdir "$over/changed" "$over/work" "$over/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$over/changed,workdir=$over/work" "$over/root"
mount -t proc proc "$over/root/proc"
for own in /run /tmp; do
        mount -t tmpfs -o mode=1777 tmpfs "$over/root$own"
done
for shared in /dev /sys; do
        mount --rbind "$shared" "$over/root$shared"
done
mkdir -p "$over/root$top"
mount --bind "$top" "$over/root$top"
mount -o remount,bind,ro "$over/root$top"
cd "$over/root"
pivot_root . .
umount -l .
cd "$top"
export TMPDIR=/tmp
"$@"
