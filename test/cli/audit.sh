#!/usr/bin/env bash
# A host below a folder, set up well, and then badly in one thing after the other: each rule of the host finds its own.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

# put ROOT PATH [MODE]: a file of what is on standard input.
put() {
        mkdir -p "$1${2%/*}"
        chmod 755 "$1${2%/*}"
        cat >"$1$2"
        chmod "${3:-644}" "$1$2"
}

# listen PATH MODE: a socket there.
listen() {
        mkdir -p "${1%/*}"
        (cd "${1%/*}" && python3 -c 'import socket, sys
socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "${1##*/}")
        chmod "$2" "$1"
}

# certificate FILE DAYS: one that lasts so long from now on.
certificate() {
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=engine -days "$2" \
                -keyout key.out -out "$1" 2>/dev/null
        chmod 444 "$1"
}

# Whoever runs this is called root there.
good() {
        rm -rf host && mkdir host
        printf 'root:x:%s:%s::/root:/bin/sh\nalice:x:60001:60001::/:/bin/sh\n' "$(id -u)" "$(id -g)" | put host /etc/passwd
        printf 'root:x:%s:\ndocker:x:60100:\n' "$(id -g)" | put host /etc/group
        put host /etc/docker/daemon.json <<'JSON'
{"userland-proxy": false, "log-opts": {"max-size": "10m"}, "hosts": ["fd://", "tcp://10.0.0.5:2376"], "tlsverify": true,
 "default-ulimits": {"nofile": {"Name": "nofile", "Soft": 1024, "Hard": 4096}},
 "tlscacert": "/etc/docker/ca.pem", "tlscert": "/etc/docker/cert.pem", "tlskey": "/etc/docker/key.pem"}
JSON
        cp ca.pem cert.pem host/etc/docker/
        put host /etc/docker/key.pem 400 <key.out
        chmod 444 host/etc/docker/c*.pem
        put host /usr/lib/systemd/system/docker.service <<'UNIT'
[Service]
EnvironmentFile=-/etc/default/docker
ExecStart=/usr/bin/dockerd $DOCKER_OPTS
UNIT
        put host /etc/default/docker <<<'DOCKER_OPTS="--data-root /srv/engine"'
        put host /usr/bin/dockerd 755 <<<''
        put host /etc/audit/rules.d/docker.rules 600 <<'RULES'
-w /usr/bin/dockerd -p rwxa -k docker
-a always,exit -F dir=/etc/docker -F perm=wa -k docker
-w /usr/lib/systemd/system/docker.service -k docker
-w /etc/default/docker -k docker
-w /run/ -k docker
-w /srv/engine
RULES
        put host /etc/sysctl.d/60-hardening.conf <<'CONF'
kernel.randomize_va_space = 2
fs/suid_dumpable=0
net.ipv4.ip_forward = 0
CONF
        put host /etc/fstab <<<'/dev/mapper/data /srv/engine ext4 defaults 0 2'
        put host /etc/crypttab <<<'data UUID=1234 none luks'
        mkdir -p host/srv/engine
        put host /etc/os-release <<<'ID="flatcar"'
        put host /etc/ufw/ufw.conf <<<'ENABLED=yes'
        put host /etc/systemd/system/multi-user.target.wants/falco.service <<<''
        put host /etc/systemd/system/multi-user.target.wants/vector.service <<<''
        put host /etc/systemd/system/multi-user.target.wants/zincati.service <<<''
        put host /etc/cron.d/audit <<<'17 3 * * * root docksill audit'
        put host /etc/ssh/sshd_config <<<'PasswordAuthentication no'
        listen host/run/docker.sock 660
}

audit() {
        run audit --rules "$rules" --root host --format json "$@"
}

# ends RULE STATE
ends() {
        jq -e --arg rule "$1" --arg state "$2" '.checks[] | select(.id == $rule).states[$state] > 0' out >/dev/null && return
        jq -c --arg rule "$1" '.checks[] | select(.id == $rule), .findings[] | select(.rule == $rule)' out
        return 1
}

certificate ca.pem 700
certificate late.pem 20
certificate cert.pem 300

good
audit
check 'a good host exits 0' [ "$code" -eq 0 ]
check 'nothing of it fails' json_out '[.findings[] | select(.state == "fail")] | length == 0'
check 'it is all of the host' json_out '.schema == "docksill.audit/1" and (.areas[] | select(.name == "host") | .points == 0 and .score == 100)'
check 'the engine of another host is unknown, no pass' ends daemon-icc-on unknown
check 'and it is said why' json_out '.findings[] | select(.rule == "daemon-icc-on").why | test("another host")'

# What each rule of the host finds: its id, and how the host is made so.
bad() {
        case $1 in
        audit-not-scheduled) rm host/etc/cron.d/audit ;;
        audit-rules-missing) sed -i '/dockerd/d' host/etc/audit/rules.d/docker.rules ;;
        config-file-permissions) chmod 666 host/etc/default/docker ;;
        daemon-base-size) daemon '"storage-opts": ["dm.basesize=20G"]' ;;
        daemon-cgroup-parent) flags --cgroup-parent=/all ;;
        daemon-iptables-off) daemon '"iptables": false' ;;
        daemon-log-level) flags -D ;;
        daemon-log-unbounded) sed -i 's/max-size/max-file/' host/etc/docker/daemon.json ;;
        daemon-tcp-unverified) sed -i 's/"tlsverify": true/"tls": true/' host/etc/docker/daemon.json ;;
        daemon-tcp-wildcard) sed -i 's/10.0.0.5//' host/etc/docker/daemon.json ;;
        daemon-tls-files) cp late.pem host/etc/docker/cert.pem ;;
        daemon-ulimits-missing) sed -i '/default-ulimits/d' host/etc/docker/daemon.json ;;
        daemon-userland-proxy) sed -i 's/"userland-proxy": false, //' host/etc/docker/daemon.json ;;
        data-root-partition) put host /etc/fstab <<<'/dev/mapper/data / ext4 defaults 0 1' ;;
        docker-group-members) sed -i 's/60001:60001/60001:60100/' host/etc/passwd ;;
        firewall-absent) sed -i 's/yes/no/' host/etc/ufw/ufw.conf ;;
        host-os-not-minimal) put host /etc/os-release <<<'ID=debian' ;;
        host-package-surface) put host /usr/bin/gcc 755 <<<'' ;;
        host-ssh-open) put host /etc/ssh/sshd_config <<<'PermitRootLogin yes' ;;
        host-updates-by-hand) rm host/etc/systemd/system/multi-user.target.wants/zincati.service ;;
        log-shipper-absent) rm host/etc/systemd/system/multi-user.target.wants/vector.service ;;
        host-reboot-required) put host /run/reboot-required <<<'' ;;
        monitor-absent) rm host/etc/systemd/system/multi-user.target.wants/falco.service ;;
        socket-permissions) chmod 666 host/run/docker.sock ;;
        sysctl-aslr) sed -i 's/space = 2/space = 1/' host/etc/sysctl.d/60-hardening.conf ;;
        sysctl-ip-forward) put host /etc/sysctl.conf <<<'net.ipv4.ip_forward=1' ;;
        sysctl-suid-dumpable) put host /etc/sysctl.d/99-local.conf <<<'-fs.suid_dumpable = 2' ;;
        tls-file-permissions) chmod 644 host/etc/docker/key.pem ;;
        *) return 1 ;;
        esac
}

# daemon MEMBER: one more in daemon.json. flags FLAG: one more in the environment of the unit.
daemon() {
        sed -i "s|^{|{$1, |" host/etc/docker/daemon.json
}

flags() {
        sed -i "s|=\"|=\"$1 |" host/etc/default/docker
}

# Those that no file of another host shows.
not_here=' data-at-rest image-sprawl container-old-image daemon-config-not-in-force image-unattested '

judged=$(jq -r '([.findings[] | select(.state == "unknown" and .area != "host").rule]) as $untold | .checks[].id | select(. as $id | $untold | index($id) | not)' out)
good
for rule in $judged; do
        case $not_here in *" $rule "*) continue ;; esac
        check "a host can be made bad for $rule" bad "$rule"
done
audit
for rule in $judged; do
        case $not_here in *" $rule "*) continue ;; esac
        check "$rule finds it" ends "$rule" fail
done

untried=$(sed -n 's/^  - id: //p' "$rules"/host/*.yaml | grep -vxF "$judged")
check 'each rule of the host is tried' [ -z "$untried" ]

# One by one, in the long run: nothing else fails by it.
for rule in ${AUDIT_EACH:+$judged}; do
        case $not_here in *" $rule "*) continue ;; esac
        good
        bad "$rule"
        audit
        check "$rule alone" json_out "[.findings[] | select(.state == \"fail\").rule] == [\"$rule\"]"
done

# A rule that judges many files fails the control of the one that is bad.
good
chmod 666 host/etc/default/docker
audit --framework cis-docker
check 'the control of that file fails' json_out '.frameworks[0].controls[] | select(.id == "3.20") | .state == "fail" and .fails == 1'
check 'that of another passes' json_out '.frameworks[0].controls[] | select(.id == "3.18") | .state == "pass" and .fails == 0'

run audit --rules "$rules" --root host --format bench
check 'by number, as docker-bench-security prints' grep -q '^\[WARN\] 3\.20 - ' out
check 'and what it found' grep -q '^\[WARN\]      \* /etc/default/docker is root:root 0666$' out
check 'what could not be told is no pass' grep -q '^\[INFO\] 2\.2 - .*could not be told' out
check 'a finding exits 1' [ "$code" -eq 1 ]

# In words.
good
chmod 666 host/run/docker.sock
run audit --rules "$rules" --root host
check 'a finding exits 1' [ "$code" -eq 1 ]
check 'what' says out '/run/docker.sock is root:'
check 'how to mend it' says out 'chmod 660 /run/docker.sock'
check 'the points' grep -Eq '^critical +socket-permissions +100 points' out
check 'what is unknown is told' grep -q 'daemon-icc-on' out
check 'below a severity it exits 0' exits 0 audit --rules "$rules" --root host --only daemon --fail-on critical
check 'of one area alone' hides out socket-permissions
check 'all of it' exits 1 audit --rules "$rules" --root host --verbose
check 'and its controls' says out 'cis-docker 3.15'

# What can't be told is never a pass.
good
printf '{"iptables": fal' >host/etc/docker/daemon.json
audit
check 'half a daemon.json' ends daemon-iptables-off unknown
check 'is named' json_out '.findings[] | select(.rule == "daemon-iptables-off").why | test("daemon.json")'
good
rm host/etc/docker/daemon.json && mkfifo host/etc/docker/daemon.json
audit
check 'a FIFO makes nobody wait' ends daemon-iptables-off unknown
good
head -c 3000000 /dev/zero >host/etc/group
audit
check 'a file that is too large' ends docker-group-members unknown
good
ln -sf /etc/shadow host/etc/os-release
audit
check 'a link does not lead out' ends host-os-not-minimal unknown
good
ln -sfn loop host/etc/audit/loop && rm -rf host/etc/audit/rules.d && ln -s loop host/etc/audit/rules.d
audit
check 'a loop of links' ends audit-rules-missing unknown
good
printf 'docker:x:60100:\033[31mmallory\n' >>host/etc/group
sed -i '/^docker:x:60100:$/d' host/etc/group
run audit --rules "$rules" --root host
check 'a name that paints is shown harmless' says out '\x1b[31mmallory'
mkdir empty
run audit --rules "$rules" --root empty --format json --fail-on info
check 'an empty folder' json_out '[.findings[] | select(.state == "fail").rule] - ["firewall-absent", "monitor-absent", "audit-not-scheduled", "host-updates-by-hand"] == []'
check 'has no Docker' ends daemon-iptables-off not-applicable

# An exemption, and a list.
good
chmod 666 host/run/docker.sock
sed -i 's/^docker.*/&alice/' host/etc/group
cat >exempt.yaml <<'YAML'
docksill: v1
kind: exemptions
exemptions:
  - {id: lab, rules: [socket-permissions], match: {host.os: flatcar}, only: {file.path: /run/docker.sock}, owner: a,
     reason: "a lab", expires: 2199-12-31}
YAML
audit --exemptions exempt.yaml
check 'an exemption is told' ends socket-permissions exempt
check 'with its last day' json_out '.findings[] | select(.rule == "socket-permissions").why | test("lab until 2199-12-31")'
check 'a member of the group is found' ends docker-group-members fail
cat >site.yaml <<'YAML'
docksill: v1
kind: environment
name: site
extends: production
override:
  - {list: trusted-users, append: [alice]}
YAML
audit --environment site.yaml
check 'one that is trusted is not' ends docker-group-members pass

# Misuse.
check 'no such area' exits 2 audit --rules "$rules" --only hst
check 'is told the nearest' says err 'did you mean host?'
check 'no such folder' exits 4 audit --rules "$rules" --root nowhere
check 'is told' says err 'nowhere'
check 'no such severity' exits 2 audit --rules "$rules" --fail-on bad

# This host, whatever it is.
run audit --rules "$rules" --engine "$folder/none.sock" --format json
check 'of this host something is told' json_out '[.checks[].states | select(.pass + .fail > 0)] | length > 5'
check 'an engine that is not there is unknown' ends daemon-icc-on unknown
finish
