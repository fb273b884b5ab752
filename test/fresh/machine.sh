#!/bin/sh
# Runs a command on a machine of its own, as far as one kernel can be two: its root is FOLDER, and processes, mounts, /run, the
# temporary folder, semaphores and the name are its own. Devices, control groups and the network (apt needs it) are this machine's.
#
#     test/fresh/machine.sh FOLDER COMMAND [ARGUMENT…]
#
# The command sees nothing of our environment, and nothing of it is left running when it ends or when we are told to.

set -eu
folder=$1
shift
if [ "${FRESH_NAMESPACE:-}" != yes ]; then
        FRESH_NAMESPACE=yes exec unshare --mount --pid --fork --kill-child --ipc --uts -- "$0" "$folder" "$@"
fi

hostname fresh
mount --bind "$folder" "$folder" # pivot_root wants a mount
mount -t proc proc "$folder/proc"
mount -t tmpfs -o mode=755 tmpfs "$folder/run"
for shared in /dev /sys; do
        mount --rbind "$shared" "$folder$shared"
done
mount -t tmpfs -o mode=1777 tmpfs "$folder/dev/shm"
cd "$folder"
# The old root is put on top of the new one and taken off: no folder is needed for it.
pivot_root . .
umount -l .
cd /root
# The shell stays, as process 1: it waits for orphans, and when it ends, so does all that is left. What is in the background has no
# input but what is handed to it.
exec 3<&0
env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@" <&3 3<&- &
wait $!
