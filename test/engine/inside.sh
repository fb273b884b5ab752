#!/bin/sh
# Runs a command within another Debian: a folder that debootstrap made (test/engine/debian.sh).
#
#     test/engine/inside.sh FOLDER COMMAND [ARGUMENT…]
#
# A mount namespace of its own whose root is the folder; processes, devices, network, /run, the temporary folder and this tree
# are the machine's. Not chroot: runc pivots the root of each container and must find ours to be the root of its mounts.
# Everything is exec'd, so the process that the caller started is the command itself, signals and all.

set -eu
folder=$1
shift
if [ "${INSIDE_NAMESPACE:-}" != yes ]; then
        INSIDE_NAMESPACE=yes exec unshare --mount -- "$0" "$folder" "$@"
fi
unset INSIDE_NAMESPACE

top=$(cd "$(dirname "$0")/../.." && pwd)
here=$(pwd)
mount --bind "$folder" "$folder" # pivot_root wants a mount
for shared in /dev /proc /sys /run "${TMPDIR:-/tmp}" "$top"; do
        mkdir -p "$folder$shared"
        mount --rbind "$shared" "$folder$shared"
done
cd "$folder"
# The old root is put on top of the new one and taken off: no folder is needed for it.
pivot_root . .
umount -l .
cd "$here" 2>/dev/null || cd /
# What the machine's PATH names may not be there.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin exec "$@"
