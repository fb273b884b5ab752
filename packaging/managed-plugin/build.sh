#!/usr/bin/env bash
# Makes the folder that `docker plugin create docksill FOLDER` takes: config.json, and a root with the program, its libraries and rules.
#
#     packaging/managed-plugin/build.sh FOLDER [DOCKSILL]        DOCKSILL: default build/docksill, as test/run.sh leaves it
#
# The libraries are this machine's: the program is to be built here.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$here/../..
folder=$1
program=$(realpath "${2:-$top/build/docksill}")
[ ! -e "$folder" ] || { echo "$folder is there already" >&2; exit 1; }
root=$folder/rootfs

mkdir -p "$root"/usr/bin "$root"/usr/share/docksill "$root"/{etc,proc,dev,sys,tmp,run/docker/plugins}
mkdir -p "$root"/etc/docksill "$root"/var/log/docksill "$root"/var/lib/docksill
install -m 755 "$program" "$root/usr/bin/docksill"
[ -z "${STRIP-strip}" ] || "${STRIP-strip}" "$root/usr/bin/docksill"
# Each where the loader looks for it, and the loader itself.
ldd "$program" | awk '/=> \// { print $3 } /^\t\/.* \(/ { print $1 }' | while read -r library; do
        [ -e "$library" ] || { echo "$program wants $library, which is not there" >&2; exit 1; }
        mkdir -p "$root${library%/*}"
        cp -L "$library" "$root$library"
done
cp -r "$top/rules" "$root/usr/share/docksill/rules"
cp "$here/config.json" "$folder/config.json"
# Whatever the mask of who builds: the daemon's user reads it.
chmod -R u+rwX,go=rX "$folder"
