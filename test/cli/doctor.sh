#!/usr/bin/env bash
# docksill doctor on folders that stand for hosts: each thing that is wrong is found, with its remedy; a host in order has none.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

if ! grep -qF libcurl < <(ldd "$DOCKSILL"); then
        ok 'skipped: built without libcurl, by which it asks'
        finish
        exit
fi
root=$folder/host
engines=()
doctor_end() {
        [ ${#engines[@]} -eq 0 ] || kill "${engines[@]}" 2>/dev/null
        scenario_end
}
trap doctor_end EXIT
rules_of=$rules

# A host in order: dockerd by daemon.json, docksill in audit.
host() {
        rm -rf "$root"
        mkdir -p "$root"/{etc/docker,proc/12,run/docker/plugins,run/user,var/log/docksill,var/lib/docksill}
        settings '{"authorization-plugins": ["docksill"]}'
        dockerd
        cat >docksill.yaml <<END
docksill: v1
kind: configuration
rules: $rules_of
END
}

settings() {
        printf '%s\n' "$1" >"$root/etc/docker/daemon.json"
}

# dockerd OPTION…: its process.
dockerd() {
        echo dockerd >"$root/proc/12/comm"
        printf 'Name:\tdockerd\nUid:\t0\t0\t0\t0\nNSpid:\t%s\n' "${numbers:-12}" >"$root/proc/12/status"
        printf '%s\0' /usr/sbin/dockerd "$@" >"$root/proc/12/cmdline"
        echo 12 >"$root/run/docker.pid"
}

own_start() {
        "$DOCKSILL" serve --config docksill.yaml --exemptions "$root" --socket "$root/run/docker/plugins/docksill.sock" \
                --control "$root/run/docksill/control.sock" --records "$root/var/log/docksill/decisions.jsonl" 2>said &
        serve_pid=$!
        socket=$root/run/docker/plugins/docksill.sock
        wait_for answers
}

doctor() {
        run doctor --root "$root" --config docksill.yaml "$@"
}

# engine VERSION: one that asks nobody.
engine() {
        local socket=$folder/engine-$1.sock

        jq -n --arg version "$1" '{"/_ping*": "OK", "/version": {Version: $version}}' >answers.json
        python3 "$scenario_here/../stub-engine.py" "$socket" answers.json &
        engines+=($!)
        wait_for test -S "$socket"
}

# finds ID WORDS: that one, and what is said. The rest of the line of the id.
finds() {
        grep -q "^$1: .*$2" out && return
        cat out err
        return 1
}

finds_no() {
        ! grep "^$1: " out
}

# -- in order ----------------------------------------------------------------------------------------------------------

host
own_start
doctor
check 'a host in order: exit 0' test "$code" -eq 0
check 'that is said, and how far it could be seen' says out 'nothing is wrong, as far as could be seen'
check 'as JSON' exits 0 doctor --root "$root" --config docksill.yaml --format json
check 'with a schema' json_out '.schema == "docksill.doctor/1" and .findings == []'
check 'a probe of it' exits 0 doctor --root "$root" --config docksill.yaml --probe --metrics own.prom
check 'has what docksill says of itself' grep -q '^docksill_build_info{.*mode="audit"} 1$' own.prom
check 'and that it said so' grep -qx 'docksill_probe_control 1' own.prom
check 'and what settings say' grep -qx 'docksill_probe_registered 1' own.prom
check 'not what node_exporter has of itself' hides own.prom process_

# -- dockerd's settings ------------------------------------------------------------------------------------------------

settings '{}' && dockerd --authorization-plugin=docksill
doctor
check 'a flag alone: exit 1' test "$code" -eq 1
check 'is found' finds flag-only 'next SIGHUP'
check 'with a remedy' grep -q '^    Take the flag out' out
dockerd --authorization-plugin docksill
doctor
check 'in two words too' finds flag-only 'next SIGHUP'
settings '{"authorization-plugins": ["docksill"]}'
doctor
check 'a flag and the key' finds flag-and-key 'will not start with both'
dockerd --authorization-plugin=docksill --config-file /etc/docker/other.json
doctor
check 'a dockerd of other settings is none of ours' finds_no flag-and-key
numbers=$'12\t1' dockerd --authorization-plugin=docksill
doctor
check 'nor is one in a container' finds_no flag-and-key
dockerd --authorization-plugin=docksill && echo 13 >"$root/run/docker.pid"
doctor
check 'nor one that its pid file does not name' finds_no flag-and-key
dockerd

for key in authorization-plugin Authorization-Plugins authorisation-plugins; do
        settings "{\"$key\": [\"docksill\"]}"
        doctor
        check "a misspelt key: $key" finds key-misspelt "\"$key\""
        check 'and that it is not registered' finds not-registered 'does not name docksill'
done
settings '{"authorization-plugins": "docksill"}'
doctor
check 'no list' finds settings-invalid 'no list of names'
settings '{"debug": true,}'
doctor
check 'no JSON' finds settings-invalid 'daemon.json:1: it is no JSON'
rm "$root/etc/docker/daemon.json"
doctor
check 'no file' finds not-registered 'does not name docksill'
settings '{"authorization-plugins": ["first", "docksill"]}'
doctor
check 'another plugin, and the order' finds other-plugin 'in this order: first, docksill'

# -- the engine --------------------------------------------------------------------------------------------------------

host
engine 20.10.24+dfsg1
doctor --engine "$folder/engine-20.10.24+dfsg1.sock"
check 'registered, and not asked' finds not-asked 'answers without asking it'
check 'a probe finds that too' exits 1 doctor --root "$root" --config docksill.yaml --engine "$folder/engine-20.10.24+dfsg1.sock" \
        --probe --metrics probe.prom
check 'and tells it as a metric' grep -qx 'docksill_probe_asked 0' probe.prom
check 'with what it found' grep -qx 'docksill_probe_findings 1' probe.prom
check 'docksill itself says nothing by then' grep -qx 'docksill_probe_control 0' probe.prom
doctor --engine "$folder/engine-20.10.24+dfsg1.sock"
check 'an old engine that Debian has mended is told of one flaw' finds engine-hides-bodies CVE-2026-34040
check 'not of the other' lacks "$(cat out)" CVE-2024-41110
for version in 20.10.24 24.0.9 26.1.4; do
        engine "$version"
        doctor --engine "$folder/engine-$version.sock"
        check "$version hides bodies of two kinds" test "$(grep -c '^engine-hides-bodies' out)" -eq 2
done
for version in 25.0.16 29.3.1; do
        engine "$version"
        doctor --engine "$folder/engine-$version.sock"
        check "$version hides none" finds_no engine-hides-bodies
done
check 'but takes gRPC' finds engine-grpc 'which no plugin is asked about'
settings '{"authorization-plugins": ["docksill"], "builder": {"entitlements": {}}}'
doctor --engine "$folder/engine-29.3.1.sock"
check 'unless somebody has said what builds may' finds_no engine-grpc
doctor --engine "$folder/nobody.sock"
check 'an engine that does not answer' finds engine-silent 'nobody.sock does not answer'

host
mkdir -p "$root/run/user/1000" && : >"$root/run/user/1000/docker.sock"
doctor
check 'a rootless engine' finds rootless-engine '/run/user/1000/docker.sock'
settings '{"authorization-plugins": ["docksill"], "hosts": ["unix:///run/docker.sock", "tcp://0.0.0.0:2375"]}'
doctor
check 'TCP without TLS' finds tcp-without-tls 'tcp://0.0.0.0:2375'
settings '{"authorization-plugins": ["docksill"], "tlsverify": true, "hosts": ["tcp://0.0.0.0:2375"]}'
doctor
check 'with TLS it is none' finds_no tcp-without-tls
settings '{"authorization-plugins": ["docksill"]}'
dockerd -H fd:// -Htcp://10.0.0.1:2375
doctor
check 'by a flag too' finds tcp-without-tls 'tcp://10.0.0.1:2375'
dockerd
: >"$root/run/docker.sock" && chmod 666 "$root/run/docker.sock"
doctor
check 'a socket of the engine for everybody' finds engine-socket-open 'mode 0666'

# -- docksill ----------------------------------------------------------------------------------------------------------

kill "$serve_pid" && wait "$serve_pid"
host
doctor
check 'no socket' finds socket-missing 'dockerd does not start without it'
own_start
chmod 666 "$root/run/docker/plugins/docksill.sock"
doctor
check 'a socket for everybody' finds socket-mode 'mode 0666'
chmod 600 "$root/run/docker/plugins/docksill.sock"
cp -r "$rules" own-rules
sed -i "s#^rules: .*#rules: own-rules#" docksill.yaml
echo '# another' >>own-rules/container/resources.yaml
doctor
check 'rules that are not in force' finds rules-not-in-force 'than the files say'
echo 'rules: [' >>own-rules/container/resources.yaml
doctor
check 'rules that are bad' finds rules-invalid 'not right'
shipped=$root$("$DOCKSILL" help serve | sed -n 's#.*default \(/.*/docksill/rules\)$#\1#p')
mkdir -p "$(dirname "$shipped")" && cp -r "$rules" "$shipped"
rm -r own-rules && cp -r "$rules" own-rules
doctor
check "a copy that has all of the package's is not" finds_no rules-older
sed -i 's/id: oom-kill-disabled/id: another-name/' own-rules/container/resources.yaml
doctor
check "rules older than the package's" finds rules-older 'lack 1 .*oom-kill-disabled'
rm -r own-rules
sed -i "s#^rules: .*#rules: $rules_of#" docksill.yaml

cat >exemptions.yaml <<END
docksill: v1
kind: exemptions
exemptions:
  - {id: soon, rules: [healthcheck-missing], match: {user: u}, owner: o, reason: r, expires: $(date -u -d '+3 days' +%F)}
  - {id: over, rules: [healthcheck-missing], match: {user: u}, owner: o, reason: r, expires: 2020-01-01}
  - {id: later, rules: [healthcheck-missing], match: {user: u}, owner: o, reason: r, expires: 2999-12-31}
END
echo 'exemptions: exemptions.yaml' >>docksill.yaml
doctor
check 'an exemption that ends soon' finds exemption-ends 'soon ends soon'
check 'one that has ended' finds exemption-ended 'exemption over has ended'
check 'not one that goes on' lacks "$(cat out)" 'exemption later'

cat >site.yaml <<END
docksill: v1
kind: environment
name: site
extends: production
access:
  - {who: {anonymous: true}, deny: [image.inspect]}
END
printf 'environment: site.yaml\nlookups: {docker: "unix:///run/docker.sock"}\n' >>docksill.yaml
doctor
check "lookups that docksill's own rules deny" finds lookups-denied 'GET /images/x/json'
sed -i '/^access/,$d' site.yaml
doctor
check 'without that they are none' finds_no lookups-denied

touch -d '+1 hour' "$root/var/log/docksill/decisions.jsonl"
doctor
check 'records of tomorrow' finds clock-wrong 'later than it is now'
chmod 644 "$root/var/log/docksill/decisions.jsonl"
doctor
check 'records for everybody' finds records-readable 'everybody may read'
echo "0123456789abcdef 1" >"$root/var/lib/docksill/unconfirmed"
doctor
check 'an enabling that nobody confirmed or undid' finds unconfirmed 'was not confirmed'
printf '{"a\\u001b[31mb_authorization-plugin": []}' >"$root/etc/docker/daemon.json"
doctor
check 'a key can not paint the terminal' lacks "$(cat out)" $'\e'

# -- status ------------------------------------------------------------------------------------------------------------

settings '{"authorization-plugins": ["docksill"]}'
check 'status: not asked is exit 1' exits 1 status --config docksill.yaml --daemon-json "$root/etc/docker/daemon.json" \
        --engine "$folder/engine-29.3.1.sock"
check 'registered' grep -Eq '^registered +yes: in .*, 1 of 1' out
check 'and not asked' grep -Eq '^asked +no' out
check 'as JSON' exits 1 status --config docksill.yaml --daemon-json "$root/etc/docker/daemon.json" \
        --engine "$folder/engine-29.3.1.sock" --format json
check 'with a schema' json_out '.schema == "docksill.status/1" and .registered and .asked == "no" and .plugins == ["docksill"]'
{
        cat docksill.yaml
        echo "control: $root/run/docksill/control.sock"
        echo "socket: $root/run/docker/plugins/docksill.sock"
} >status.yaml
status=(status --config status.yaml --daemon-json "$root/etc/docker/daemon.json" --engine "$folder/engine-29.3.1.sock")
check 'it is shown what docksill says of itself' exits 1 "${status[@]}" --metrics status.prom
check 'that it is ready' grep -Eq '^ready +yes$' out
check 'what it decided' grep -Eq '^requests +[0-9]+: [0-9]+ allowed' out
check 'the metrics are those of a probe' test "$(grep -o '^docksill_probe_[a-z_]*' status.prom | tr '\n' ' ')" = \
        'docksill_probe_registered docksill_probe_asked docksill_probe_control docksill_probe_timestamp_seconds '
check 'beside those of docksill' says status.prom 'docksill_requests_total 0'
check 'a file that can not be written: exit 4' exits 4 "${status[@]}" --metrics "$folder/none/status.prom"
check 'as JSON, too' exits 1 "${status[@]}" --format json
check 'with its own schema' json_out '.control.schema == "docksill.control-status/1" and .control.ready'
rm "$root/run/docksill/control.sock"
doctor
check 'nobody at the control socket' finds control-silent 'not at its control socket'
check 'status tells it' exits 1 "${status[@]}"
check 'as what it is' grep -Eq '^control +nobody answers' out
serve_stop
finish
