#!/usr/bin/env bash
# Host paths are judged as written and as they lead on the host; in `explain` when asked to.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

bind() {
        jq -c --arg bind "$1" '.HostConfig.Binds = [$bind]' <<<"$hardened"
}
refuses() {
        local said
        said=$(call AuthZPlugin.AuthZReq "$(create "$(bind "$1")")")
        has "$said" "$2"
}
allows() {
        local said
        said=$(call AuthZPlugin.AuthZReq "$(create "$(bind "$1")")")
        has "$said" '{"Allow":true}'
}
configure() {
        printf '%s\n' 'docksill: v1' 'kind: configuration' 'environment: site.yaml' 'mode: enforce' "$@" >docksill.yaml
}

printf '%s\n' 'docksill: v1' 'kind: environment' 'name: site' 'extends: production' \
        "override: [{list: allowed-host-paths, append: [$folder]}]" >site.yaml
mkdir plain
ln -s /etc to-etc
ln -s to-etc chain
ln -s loop loop
ln -s ../../../.. upward

configure
check 'it starts' serve_start --config docksill.yaml
check 'a folder passes' allows "$folder/plain:/h:ro"
check 'a missing one passes' allows "$folder/missing:/h:ro"
check 'a link to /etc does not' refuses "$folder/to-etc:/h" 'to-etc writable, which leads to /etc'
check 'nor a chain of them' refuses "$folder/chain:/h" 'which leads to /etc'
check 'nor what is below one' refuses "$folder/to-etc/cron.d/x:/h" 'which leads to /etc/cron.d/x'
check 'nor what is missing below one' refuses "$folder/to-etc/none/x:/h" 'which leads to /etc/none/x'
check 'a way up ends at the root' refuses "$folder/upward/$folder/to-etc:/h" 'which leads to /etc'
check 'a link in a circle leads nobody knows where' refuses "$folder/loop:/h:ro" '(could not be checked)'
check 'a path that is known by its name is refused as ever' refuses /etc:/h 'sensitive-host-mount'
check 'a device behind a link' has "$(call AuthZPlugin.AuthZReq "$(create "$(ln -s /dev/mem memory &&
        jq -c --arg path "$folder/memory" '.HostConfig.Devices = [{PathOnHost: $path}]' <<<"$hardened")")")" 'a device outside /dev'
serve_stop

configure 'lookups: {paths: off}'
check 'it starts without lookups' serve_start --config docksill.yaml
check 'a link is judged as written' allows "$folder/to-etc:/h:ro"
serve_stop

bind "$folder/to-etc:/h" >body
check 'explain judges what is written' exits 0 explain --rules "$rules" --environment "$PWD/site.yaml" body
check 'and with --resolve what it leads to' exits 1 explain --rules "$rules" --resolve body
check 'which it tells' says out 'which leads to /etc'
finish
