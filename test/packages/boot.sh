#!/usr/bin/env bash
# Boots systemd on a copy of this machine and runs a command there: what it changes is gone when it ends, with all that it started.
#
#     test/packages/boot.sh COMMAND [ARGUMENT…]       as root; 77: systemd can't be started here
#
# As copy.sh, with control groups of its own, and devices that hurt nobody. Only basic.target is started, and of this machine's
# configuration no unit that is enabled: what the command wants running it starts. Descriptor 5 is handed on.
set -u
systemd=/lib/systemd/systemd
groups=/sys/fs/cgroup

# -- within: the root is made, and becomes systemd's -------------------------------------------------------------------

if [ "${BOOT_STAGE:-}" = within ]; then
        set -e
        unset BOOT_STAGE
        top=$(cd "$(dirname "$0")/../.." && pwd)
        over=/mnt
        mount --make-rprivate /
        mount -t tmpfs tmpfs "$over"
        mkdir "$over/changed" "$over/work" "$over/root"
        mount -t overlay overlay -o "lowerdir=/,upperdir=$over/changed,workdir=$over/work" "$over/root"
        cd "$over/root"
        mount -t proc proc proc
        mount -t sysfs -o ro sysfs sys
        if [ "$(stat -f -c %T "$groups")" = cgroup2fs ]; then
                mount -t cgroup2 cgroup2 "./$groups"
        else
                mount -t tmpfs -o mode=755 tmpfs "./$groups"
                for group in "$groups"/*/; do
                        group=$(basename "$group")
                        mkdir "./$groups/$group"
                        case $group in
                        systemd) mount -t cgroup -o none,name=systemd,xattr cgroup "./$groups/$group" ;;
                        unified) mount -t cgroup2 cgroup2 "./$groups/$group" ;;
                        *) mount -t cgroup -o "$group" cgroup "./$groups/$group" 2>/dev/null || rmdir "./$groups/$group" ;;
                        esac
                done
        fi
        for own in run tmp var/tmp; do
                mount -t tmpfs -o mode=1777 tmpfs "$own"
        done
        # Engines and units store beside no overlay but this one.
        for own in var/lib/docker var/lib/containerd var/log/journal; do
                mkdir -p "$own"
                mount -t tmpfs -o mode=755 tmpfs "$own"
        done
        chmod 755 run
        mkdir -p "./$top"
        mount --bind "$top" "./$top"
        mount -o remount,bind,ro "./$top"
        mount -t tmpfs -o mode=755 tmpfs dev
        for device in null zero full random urandom tty; do
                : >"dev/$device"
                mount --bind "/dev/$device" "dev/$device"
        done
        mkdir dev/pts dev/shm
        mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
        mount -t tmpfs -o mode=1777 tmpfs dev/shm
        ln -s pts/ptmx dev/ptmx
        ln -s /proc/self/fd dev/fd
        for n in 0 1 2; do
                names=(stdin stdout stderr)
                ln -s "/proc/self/fd/$n" "dev/${names[n]}"
        done
        # What this machine runs is not what is tried.
        rm -rf etc/systemd/system/*.wants etc/systemd/system/*.requires usr/sbin/policy-rc.d etc/docker/daemon.json
        systemd-id128 new >etc/machine-id 2>/dev/null || : >etc/machine-id
        pivot_root . .
        umount -l .
        cd /
        exec env -i container=other PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
                "$systemd" --system --unit=basic.target --log-target=journal --show-status=no
fi

# -- around it: groups, and the command --------------------------------------------------------------------------------

cannot() {
        printf 'systemd is not started here: %s\n' "$1"
        exit 77
}

[ -x "$systemd" ] || cannot "there is no $systemd"
name=docksill-boot-$$
mine=()

# Into a group of its own in each hierarchy, so that what systemd makes is below it.
if [ "$(stat -f -c %T "$groups" 2>/dev/null)" = cgroup2fs ]; then
        hierarchies=("$groups")
else
        hierarchies=("$groups"/*/)
fi
for hierarchy in "${hierarchies[@]}"; do
        if [ -L "${hierarchy%/}" ] || ! mkdir "$hierarchy/$name" 2>/dev/null; then
                continue
        fi
        mine+=("$hierarchy/$name")
        for file in cpuset.cpus cpuset.mems; do
                [ "$(stat -f -c %T "$hierarchy")" = cgroup2fs ] || ! [ -e "$hierarchy/$file" ] ||
                        cat "$hierarchy/$file" >"$hierarchy/$name/$file"
        done
done
[ ${#mine[@]} -gt 0 ] || cannot 'no control group can be made'

end() {
        [ -z "${outer:-}" ] || { kill -KILL "$outer"; wait "$outer"; } 2>/dev/null
        sleep 0.5 # until the last has left its group
        for group in "${mine[@]}"; do
                find "$group" -depth -type d -exec rmdir {} + 2>/dev/null
        done
}
trap end EXIT
trap 'exit 143' INT TERM

(
        for group in "${mine[@]}"; do
                echo "$BASHPID" >"$group/cgroup.procs" || exit
        done
        BOOT_STAGE=within exec unshare --mount --pid --fork --kill-child --ipc --uts --net --cgroup -- "$0"
) </dev/null >&2 5<&- &
outer=$!

inside() {
        nsenter --target "$init" --all -- env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
                TMPDIR=/tmp "$@"
}

for ((tries = 300; tries > 0; --tries)); do
        init=$(cat "/proc/$outer/task/$outer/children" 2>/dev/null)
        init=${init%% *}
        [ -z "$init" ] || [ "$(cat "/proc/$init/comm")" != systemd ] || ! inside systemctl is-active --quiet basic.target 2>/dev/null || break
        kill -0 "$outer" 2>/dev/null || cannot 'it ended'
        sleep 0.1
done
[ "$tries" -gt 0 ] || cannot 'basic.target is not reached'
inside "$@"
