#!/usr/bin/env bash
# A host of the fleet: on a copy of this machine (test/packages/copy.sh), a dockerd. Says "ready PID" when it answers, the process id as
# it is seen from outside, and runs until its standard input ends.
#
#     test/packages/copy.sh test/fleet/host.sh <PIPE
set -u
# What the machine has of its own is none of the fleet's.
rm -rf /etc/docksill /etc/docker /usr/sbin/policy-rc.d
mkdir -p /etc/docker /run/docker
printf '{\n  "debug": false\n}\n' >/etc/docker/daemon.json
# Where no systemd runs, the role is told how. docksill's processes get no descriptor of ours.
cat >/usr/local/bin/start-docksill <<'END'
#!/bin/sh
umask 077
setsid docksill serve >>/var/log/docksill.log 2>&1 </dev/null &
END
cat >/usr/local/bin/signal-docksill <<'END'
#!/bin/sh
exec pkill -x -f "-$1" 'docksill serve'
END
chmod +x /usr/local/bin/*-docksill

dockerd -H unix:///run/docker.sock --data-root /tmp/data --bridge=none --iptables=false --ip-forward=false --shutdown-timeout 2 \
        --pidfile /run/docker.pid >>/var/log/dockerd.log 2>&1 </dev/null &
for _ in $(seq 600); do
        ! docker -H unix:///run/docker.sock version >/dev/null 2>&1 || break
        sleep 0.1
done
docker -H unix:///run/docker.sock version >/dev/null || { tail -n 20 /var/log/dockerd.log >&2; exit 1; }
mkdir /tmp/empty
tar -C /tmp/empty -c . | docker -H unix:///run/docker.sock import -c 'CMD ["/none"]' - busybox:1.0 >/dev/null || exit 1
echo "ready"
cat >/dev/null
