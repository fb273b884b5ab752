#!/usr/bin/env bash
# The package on a copy of this machine (copy.sh), with a real dockerd: installing changes nothing in Docker, an exchange closes no
# socket, a removal leaves a Docker that answers, or does not take place.
#
#     test/packages/installed.sh [DEB]      default: what built.sh left in build-deb; as root
cd "$(dirname "$0")/../.." || exit 1
if [ "${1:-}" != --inside ]; then
        deb=$(realpath "${1:-$(echo build-deb/docksill_*.deb)}")
        over=$(mktemp -d) || exit 1
        cp "$deb" "$over/docksill.deb"
        trap 'rm -rf "$over"' EXIT
        # Into the copy by a descriptor: it has another /tmp.
        test/packages/copy.sh "$PWD/test/packages/installed.sh" --inside 5<"$over/docksill.deb"
        exit
fi
# shellcheck source=test/check.sh
source test/check.sh

cat <&5 >/tmp/docksill.deb
exec 5<&-
settings=/etc/docker/daemon.json
docker=(timeout 100 docker -H unix:///run/docker.sock)

# As on a host that systemd runs; what it would be asked is written down.
stand_in() {
        local name

        rm -f /usr/sbin/policy-rc.d
        mkdir -p /run/systemd/system
        for name in /usr/bin/systemctl /usr/bin/deb-systemd-invoke; do
                # shellcheck disable=SC2016 # that script's own
                printf '#!/bin/sh\necho "${0##*/} $*" >>/tmp/asked\n' >"$name.new" && chmod +x "$name.new" && mv "$name.new" "$name"
        done
}

was_asked() {
        grep -Eq "^deb-systemd-invoke $1 $2\$" /tmp/asked || { cat /tmp/asked; return 1; }
}

was_not_asked() {
        ! was_asked "$@" >/dev/null || { cat /tmp/asked; return 1; }
}

wait_until() {
        local tries=$(($1 * 10))
        shift
        until "$@" >/dev/null 2>&1; do
                ((tries-- > 0)) || return 1
                sleep 0.1
        done
}

# shellcheck disable=SC2120 # most are content with the settings
engine_start() {
        dockerd -H unix:///run/docker.sock --data-root /tmp/data --bridge=none --iptables=false --ip-forward=false \
                --shutdown-timeout 2 --pidfile /run/docker.pid "$@" >>/tmp/dockerd.log 2>&1 &
        engine=$!
        wait_until 60 "${docker[@]}" version || { tail -n 20 /tmp/dockerd.log; return 1; }
}

engine_stop() {
        kill "$engine"
        wait "$engine"
        engine=''
}

docksill_start() {
        docksill serve >>/tmp/docksill.log 2>&1 &
        plugin=$!
        wait_until 20 test -S /run/docker/plugins/docksill.sock || { cat /tmp/docksill.log; return 1; }
}

status_is() {
        [ "$(dpkg-query -W -f '${db:Status-Abbrev}' docksill | tr -d ' ')" = "$1" ]
}

# what root's own dpkg says goes to a file: it is shown when a check fails.
package() {
        DEBIAN_FRONTEND=noninteractive dpkg "$@" </dev/null
}

# What somebody wanted stays noted (r), and the package installed (i).
refuses_to_be_removed() {
        ! package --remove docksill && status_is ri
}

stand_in
mkdir -p /etc/docker
printf '{\n  "debug": true\n}\n' >$settings
cp $settings /tmp/before.json
check 'dockerd runs' engine_start

check 'it is installed' package --install /tmp/docksill.deb
check 'as a whole' status_is ii
check "dockerd's settings are as they were" cmp $settings /tmp/before.json
check 'and it answers' "${docker[@]}" ps
check 'the socket is opened' was_asked start docksill.socket
check 'the service is started' was_asked start docksill.service
check 'no audit is scheduled' was_not_asked '.*' '.*audit.*'
check 'it has a user' getent passwd docksill
check 'and folders' test "$(stat -c %U:%a /var/lib/docksill)" = docksill:750
check 'no file differs' test -z "$(dpkg --verify docksill)"
for file in /usr/share/man/man1/docksill.1.gz /usr/share/man/man7/docksill-recovery.7.gz \
        /usr/share/bash-completion/completions/docksill /etc/logrotate.d/docksill /usr/share/docksill/systemd/keep-audit \
        /lib/systemd/system/docksill-audit.timer /usr/lib/tmpfiles.d/docksill-audit.conf; do
        check "$file is there" test -s "$file"
done
check 'the units name the program' grep -q '^ExecStart=/usr/bin/docksill serve' /lib/systemd/system/docksill.service
check 'the rules are right' docksill check --quiet
check 'what autopkgtest runs passes' packaging/debian/tests/smoke
check 'it starts, with nothing configured' docksill_start

check 'it is enabled' docksill enable
check 'dockerd asks it' docksill status
: >/tmp/asked
check 'it is exchanged' package --install /tmp/docksill.deb
check 'the service is started anew' was_asked restart docksill.service
check 'the socket stays open' was_not_asked '(stop|restart)' '.*docksill.socket.*'
check 'dockerd asks it as before' docksill status

kill -KILL "$plugin"
check 'docksill is dead; it is removed' package --remove docksill
check 'the settings are as they were' cmp $settings /tmp/before.json
check 'dockerd answers' "${docker[@]}" ps
check 'at once' timeout 5 "${docker[@]}" ps
check 'the program is gone' test ! -e /usr/bin/docksill
check 'what is configured stays' test -f /etc/logrotate.d/docksill
engine_stop
check 'dockerd starts without it' engine_start
engine_stop

check 'installed again' package --install /tmp/docksill.deb
check 'it runs' docksill_start
check 'dockerd is told by a flag to ask it' engine_start --authorization-plugin=docksill
check 'it is not removed then' refuses_to_be_removed
check 'the program is still there' test -x /usr/bin/docksill
engine_stop
check 'without that dockerd it is purged' package --purge docksill
check 'nothing is left' test ! -e /etc/logrotate.d/docksill
finish
