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
        jq -rs '.[-1].rules_digest' <(decisions)
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
check 'and what changed' grep -q 'SIGHUP: changed: environment production → development$' said
check 'development lets it pass' test "$(decides "$plain")" = '{"Allow":true}'
check 'and still refuses a privileged one' has "$(decides "$privileged")" 'docksill (development): refused'
sleep 0.3
check 'records tell the rules apart' test "$(digest)" != "$first"
check 'and the configurations' test "$(jq -rs 'map(.config_digest) | unique | length' <(decisions))" -eq 2

configure 'environment: development' 'mode: audit'
reload
check 'a change of mode alone is said' grep -q 'SIGHUP: changed: mode enforce → audit$' said
reload
check 'and that nothing changed' grep -q 'SIGHUP: nothing differs from before' said
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

# A file that is gone, or is no file at all, takes no rule along: those that refuse everywhere stay until a person has agreed.
configure 'environment: production' 'mode: enforce' "state: $folder/state"
check 'a reload with a folder of its own for what it is told' reload
bound='{"Image":"busybox:1.0","HostConfig":{"Binds":["/run/docker.sock:/s"]}}'
for odd in 'mkfifo mounts.yaml' 'ln -s /dev/zero mounts.yaml' 'mkdir mounts.yaml' 'ln -s nowhere mounts.yaml'; do
        rm -r rules/container/mounts.yaml
        (cd rules/container && $odd)
        check "in the place of a file of rules: $odd" reload
        check 'nothing is changed' last_line_says 'SIGHUP: nothing is changed'
        check 'and it is named' grep -q 'rules/container/\?.*error: DS101' said
        check 'the socket is guarded' has "$(decides "$bound")" 'runtime-socket-mount'
done
rm -r rules/container/mounts.yaml
check 'a file of rules that is gone' reload
check 'leaves the old ones in force too' last_line_says 'SIGHUP: nothing is changed'
check 'the environment misses it' grep -q 'error: DS315: rule "runtime-socket-mount" is missing' said

# A site's own rules are in nobody's list of what must be there.
cp "$rules/container/mounts.yaml" rules/container/mounts.yaml
cat >rules/container/own.yaml <<'END'
docksill: v1
kind: rules
rules:
  - {id: own-hard, title: Own and hard, when: {container.network: dmz}, severity: critical, hard: true, message: m}
  - {id: own-soft, title: Own and soft, when: {container.network: lan}, severity: low, message: m}
END
reload
check 'new rules are named' grep -q 'SIGHUP: changed: new rules: own-hard, own-soft$' said
sed -i '/own-soft/d' rules/container/own.yaml
check 'a rule that is gone' reload
check 'is named' grep -q 'SIGHUP: gone: rule own-soft, .*own.yaml:5: Own and soft' said
check 'and is gone' last_line_says 'SIGHUP: reloaded'
rm rules/container/own.yaml
check 'one that refuses everywhere' reload
check 'is named as such' grep -q 'SIGHUP: gone, and it refused everywhere: rule own-hard' said
check 'it stays' last_line_says 'SIGHUP: nothing is changed'
check 'and refuses' has "$(decides '{"Image":"busybox:1.0","HostConfig":{"NetworkMode":"dmz"}}')" 'own-hard'
check 'what to do is said' grep -q 'docksill check --accept-fewer' said
check 'a person agrees' exits 0 check --accept-fewer --config docksill.yaml --rules rules
check 'and is told to what' grep -Eq 'accepted: [0-9]+ rules, [0-9]+ of which refuse everywhere, digest [0-9a-f]{16}' out
check 'then it goes' reload
check 'without more ado' last_line_says 'SIGHUP: reloaded'
check 'it takes no path' exits 2 check --accept-fewer rules
mkdir rules/site
cp "$rules/container/network.yaml" rules/site/other.yaml
check 'nothing unsound is accepted' exits 3 check --accept-fewer --config docksill.yaml --rules nowhere
rm -r rules/site

# What opens a door is said at the reload, and stands in the records.
cat >rules/environments/open.yaml <<'END'
docksill: v1
kind: environment
name: open
extends: production
override:
  - {rule: privileged-container, severity: none}
END
configure 'environment: open' 'mode: enforce'
check 'an environment that opens a door' reload
check 'is a warning' grep -q 'open.yaml:6:.*warning: DS313: rules.privileged-container' said
check 'and is counted' last_line_says ', 1 warning,'
opened() { jq -es 'map(select(.event)) | last | .event == "reload" and .opened[0].name == "rules.privileged-container"' "$records"; }
check 'and stands before the decisions that it brings' wait_for opened
check 'and in what is in force' exits 0 config show --config docksill.yaml --rules rules --show-origin opened
check 'with its place' grep -Eq '^opened.rules.privileged-container .*open.yaml:6' out
configure 'environment: staging' 'mode: enforce'
reload

# Neither a rule that is switched off nor one that is recorded alone refuses everywhere; one that costs less does.
accepts() {
        configure "environment: $1" "state: $folder/state"
        exits 0 check --accept-fewer --config docksill.yaml --rules rules &&
                counted=$(sed -En 's/^accepted: [0-9]+ rules, ([0-9]+) of which.*/\1/p' out)
}
check 'how many refuse everywhere is said' accepts production
all=$counted
cat >>rules/environments/open.yaml <<'END'
  - {rule: host-root-mount, mode: audit}
  - {rule: runtime-socket-mount, severity: low}
END
check 'of another environment too' accepts open
check 'and is so' test "$counted" -eq $((all - 2))
configure 'environment: staging' 'mode: enforce'

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
