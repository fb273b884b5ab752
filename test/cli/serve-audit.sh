#!/usr/bin/env bash
# Audit mode changes the answer and nothing else; it is what a bare `serve` does.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

printf 'docksill: v1\nkind: configuration\nmode: audit\n' >site.yaml
check 'it starts' serve_start --config site.yaml
check 'in audit mode' grep -q 'environment production, mode audit' said
check 'a privileged container is allowed' test "$(call AuthZPlugin.AuthZReq "$(create "$privileged")")" = '{"Allow":true}'
check 'what is no request is refused all the same' json "$(call AuthZPlugin.AuthZReq '')" '.Allow == false'
serve_stop
check 'the record says what would have been' json "$(decisions)" \
        '.verdict == "deny" and .would == "deny" and .answer == "allow" and .mode == "audit"'

rm "$records"
check 'a flag wins over the file' serve_start --config site.yaml --mode enforce
check 'in enforce mode' grep -q 'mode enforce' said
check 'a privileged container is refused' json "$(call AuthZPlugin.AuthZReq "$(create "$privileged")")" '.Allow == false'
serve_stop

printf 'docksill: v1\nkind: configuration\nenvironment: lockdown\n' >site.yaml
check 'without a mode anywhere' serve_start --config site.yaml
check 'in audit mode' grep -q 'environment lockdown, mode audit' said
serve_stop
printf 'docksill: v1\nkind: environment\nname: strict\nextends: lockdown\nmode: enforce\n' >strict.yaml
printf 'docksill: v1\nkind: configuration\nenvironment: ./strict.yaml\n' >site.yaml
check "without a mode in the file, the environment's" serve_start --config site.yaml
check 'in enforce mode' grep -q 'environment strict, mode enforce' said
serve_stop
if [ ! -e /etc/docksill/docksill.yaml ]; then
        check 'without a file and flags, audit' serve_start
        check 'says so' grep -q 'environment production, mode audit' said
        serve_stop
        check "without a file, the environment's" serve_start --environment ./strict.yaml
        check 'says so' grep -q 'environment strict, mode enforce' said
        check 'and a privileged container is refused' \
                json "$(call AuthZPlugin.AuthZReq "$(create "$privileged")")" '.Allow == false'
        serve_stop
fi
finish
