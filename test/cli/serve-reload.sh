#!/usr/bin/env bash
# SIGHUP: configuration and rules are read anew; bad ones change nothing and are reported whole; good ones take effect at once.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

# configure LINE…: the configuration, whose rules are a copy of the shipped ones.
configure() {
        printf '%s\n' 'docksill: v1' 'kind: configuration' "rules: $folder/rules" "$@" >"$folder/docksill.yaml"
}

# reload: sends the signal and waits for the line that tells what came of it.
reload() {
        local before
        before=$(grep -c 'SIGHUP: \(reloaded\|nothing is changed\)' said)
        kill -HUP "$serve_pid"
        wait_for reloads_beyond "$before"
}

reloads_beyond() {
        [ "$(grep -c 'SIGHUP: \(reloaded\|nothing is changed\)' said)" -gt "$1" ]
}

last_line_says() {
        tail -n 1 said | grep -qE "$1" && return
        cat said
        return 1
}

decides() {
        call AuthZPlugin.AuthZReq "$(create "$1")"
}

digest() {
        jq -rs '.[-1].rules_digest' "$records"
}
plain='{"Image":"busybox:1.0"}'
# The default of serve_start would win over the configuration.
options=(--config docksill.yaml --rules rules)

cp -r "$rules" rules
configure 'environment: production' 'mode: enforce'
check 'it starts' serve_start "${options[@]}"
check 'production refuses a plain container' has "$(decides "$plain")" 'docksill (production): refused'
wait_for test -s "$records"
first=$(digest)

configure 'environment: development' 'mode: enforce'
check 'it reloads' reload
check 'and says so, with both digests' last_line_says \
        'reloaded: environment development, mode enforce, [1-9][0-9]* rules, lookups.docker off, 0 warnings, digest [0-9a-f]{16} → [0-9a-f]{16}$'
check 'development lets it pass' test "$(decides "$plain")" = '{"Allow":true}'
check 'and still refuses a privileged one' has "$(decides "$privileged")" 'docksill (development): refused'
sleep 0.3
check 'records tell the rules apart' test "$(digest)" != "$first"
check 'and the configurations' test "$(jq -rs 'map(.config_digest) | unique | length' "$records")" -eq 2

configure 'environment: development' 'mode: audit'
reload
check 'the mode follows' test "$(decides "$privileged")" = '{"Allow":true}'
configure 'environment: production' 'mode: enforce'
reload

# A rule with two mistakes, and a configuration with one: all are reported, at their places, and nothing changes.
printf '\n  - id: broken\n    whem: {container.privilaged: true}\n    severity: hihg\n' >>rules/container/mounts.yaml
lines=$(wc -l <rules/container/mounts.yaml)
check 'a broken rule file' reload
check 'is reported' grep -q "rules/container/mounts.yaml:$((lines - 1)):.*error: .*whem" said
check 'with all its mistakes' grep -q "rules/container/mounts.yaml:$lines:.*error: .*hihg" said
check 'and changes nothing' last_line_says 'SIGHUP: nothing is changed'
check 'the old rules decide' has "$(decides "$plain")" 'docksill (production): refused'
configure 'environmemt: development'
reload
check 'a broken configuration changes nothing either' last_line_says 'SIGHUP: nothing is changed'
check 'and is reported' grep -q 'docksill.yaml:4:1: error: .*environmemt' said
rm docksill.yaml
reload
check 'nor does one that is gone' last_line_says 'SIGHUP: nothing is changed'
check 'the old rules still decide' has "$(decides "$plain")" 'docksill (production): refused'

cp "$rules/container/mounts.yaml" rules/container/mounts.yaml
sed -i 's/title: Mounts a sensitive host path/title: Mounts one/' rules/container/mounts.yaml
configure 'environment: staging' 'mode: enforce'
check 'mended' reload
check 'it takes effect' last_line_says 'reloaded: environment staging'
check 'a privileged container is refused' has "$(decides "$privileged")" 'docksill (staging): refused'

# Asked many times at once, it reads at most once more than it has to.
before=$(grep -c 'SIGHUP: reloaded' said)
for ((i = 0; i < 50; i++)); do
        kill -HUP "$serve_pid"
done
check 'fifty at once' wait_for reloads_beyond "$before"
sleep 1
check 'are few' test "$(($(grep -c 'SIGHUP: reloaded' said) - before))" -le 10
kill -HUP "$serve_pid"
serve_stop
check 'one that is under way does not hold up the end' test "$code" -eq 0

# Without flags for them, so that the configuration could change them.
configure "socket: $socket" "records: {file: $records}"
"$DOCKSILL" serve --config docksill.yaml 2>said &
serve_pid=$!
wait_for answers
configure 'socket: elsewhere.sock' 'records: {file: elsewhere.jsonl}'
check 'it reloads with another socket and another file' reload
check 'the socket stays' grep -q "SIGHUP: the socket stays $socket until a restart" said
check 'the file too' grep -q "SIGHUP: records stay in $records until a restart" said
check 'it answers where it did' answers
serve_stop
finish
