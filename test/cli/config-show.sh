#!/usr/bin/env bash
# config show: every setting in force, and who says so.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

mkdir site
cat >site/site.yaml <<'END'
docksill: v1
kind: environment
name: site
extends: production
deny: {points: 40}
access:
  - {who: {anonymous: true}, deny: [swarm.init, swarm.join]}
override:
  - {list: trusted-images, append: ["registry.example.com/*"]}
  - {rule: healthcheck-missing, mode: audit, reason: "probes elsewhere"}
  - {rule: privileged-container, mode: audit, reason: "a reason that goes on and on, longer than a terminal has room for beside a name"}
END
cat >site/exemptions.yaml <<'END'
docksill: v1
kind: exemptions
exemptions:
  - {id: probes, rules: [healthcheck-missing], match: {user: monitoring}, owner: platform team, reason: probes, expires: 2999-12-31}
END
cat >site/docksill.yaml <<'END'
docksill: v1
kind: configuration
environment: site.yaml
records: {file: decisions.jsonl}
exemptions: exemptions.yaml
lookups: {docker: "unix:///run/engine.sock"}
END

# set NAME VALUE ORIGIN: the setting is so.
set_to() {
        grep -Eq "^$1 +$2 +$3\$" out && return
        grep -E "^$1 " out
        return 1
}

check 'it is shown' exits 0 config show --config site/docksill.yaml --rules "$rules" --mode audit --show-origin
check 'a flag' set_to mode audit 'flag --mode'
check 'without one paths are followed' set_to lookups.paths on default
check 'with one they are not' exits 0 config show --config site/docksill.yaml --rules "$rules" --paths off --show-origin
check 'and it is told' set_to lookups.paths off 'flag --paths'
check 'it is shown again' exits 0 config show --config site/docksill.yaml --rules "$rules" --mode audit --show-origin
check 'the configuration' set_to environment 'site/site.yaml' 'site/docksill.yaml:3'
check 'a key within a key' set_to records.file 'site/decisions.jsonl' 'site/docksill.yaml:4'
check 'a default' set_to socket '[^ ]+' default
check 'the engine that is asked' set_to lookups.docker 'unix:///run/engine.sock' 'site/docksill.yaml:6'
check 'its socket is on the list of those' grep -Eq '^lists.asked-sockets +/run/engine.sock( |$)' out
check 'for so long' set_to lookups.deadline 500ms default
check 'how refusals are written' set_to refusal auto default
check 'a limit of its own' set_to deny.points 40 'site/site.yaml:5'
check 'a limit inherited' set_to deny.severity high '[^ ]*/environments/production.yaml:[0-9]+'
check 'an item appended' set_to lists.trusted-images 'registry.example.com/\*' 'site/site.yaml:9'
check 'beside those that were there' test "$(grep -c '^lists.trusted-images ' out)" -gt 1
check 'an override' set_to override.rules.healthcheck-missing 'mode audit: probes elsewhere' 'site/site.yaml:10'
check 'folders of rules' grep -Eq '^environment.rules +[^ ]*container +' out
check 'who may call what' set_to access 'deny, 2 operations' 'site/site.yaml:[67]'
check 'what is lifted' set_to exemptions.probes 'healthcheck-missing until 2999-12-31: platform team' 'site/exemptions.yaml:4'
check 'no line is padded to the longest' test "$(grep -c ' \{90\}' out)" -eq 0
check 'without origins there are none' exits 0 config show --config site/docksill.yaml --rules "$rules"
check 'none' hides out 'site.yaml:5'
check 'a mode that nobody named is audit' grep -Eq '^mode +audit$' out
create '{"Image": "a", "HostConfig": {"Binds": ["/run/engine.sock:/s"]}}' >asked.json
check 'a mount of it' exits 0 explain --config site/docksill.yaml --rules "$rules" --environment development --format json asked.json
check 'is high there too' json_out '.findings[] | select(.rule == "asked-socket-mount") | .severity == "high"'
check 'a part of it' exits 0 config show --config site/docksill.yaml --rules "$rules" deny
check 'and no more' test "$(wc -l <out)" -eq 3
check 'as JSON' exits 0 config show --config site/docksill.yaml --rules "$rules" --format json
check 'with origins' json_out '.schema == "docksill.config/1"
        and (.settings[] | select(.name == "deny.points") | .value == "40" and .origin == "site/site.yaml:5")'
check 'a part that is none: exit 2' exits 2 config show --rules "$rules" nonsense
check 'a configuration that is wrong: exit 3' exits 3 config show --config nowhere.yaml
check 'rules that are not there: exit 3' exits 3 config show --rules nowhere

printf 'docksill: v1\nkind: configuration\nlookups: {docker: tcp://127.0.0.1:2375}\n' >tcp.yaml
check 'an engine elsewhere than at a Unix socket: exit 3' exits 3 config show --config tcp.yaml --rules "$rules"
check 'with the place' says err 'tcp.yaml:3:19: error: '
check 'and what it is instead' says err 'unix:///run/docker.sock'
finish
