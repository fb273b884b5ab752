#!/usr/bin/env bash
# explain, for a create body that is refused: why, how much of which limit, and how to pass; exit code 1.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

printf %s "$privileged" >body.json
check 'a privileged container is denied in production' exits 1 explain --rules "$rules" body.json
check 'the verdict' says out 'verdict:     deny'
check 'the operation' says out 'operation:   container.create'
check 'the environment' says out 'environment: production, mode enforce'
check 'the finding' says out 'privileged-container'
check 'where' says out 'HostConfig.Privileged'
check 'the limit' says out 'denied from 50'
check 'the line that the user reads' says out 'docksill (production): refused'
check 'no colour in a file' hides out $'\033'
check 'from standard input' exits 1 explain --rules "$rules" - <body.json
check 'in audit mode it is allowed' exits 0 explain --rules "$rules" --mode audit body.json
check 'and says what the verdict is' says out 'verdict:     deny, answered with allow: audit mode'

printf '{"Image":"busybox:1.0"}' >plain.json
check 'a plain run is denied in production' exits 1 explain --rules "$rules" plain.json
check 'its flags are offered' grep -Eq '^All flags: .*--cap-drop' out
check 'those that are not pasted stand apart' grep -Eq '^By hand: .*--ulimit ' out
check 'not among the others' test "$(grep -c '^All flags: .*--ulimit' out)" -eq 0
check 'what may stop it is offered as such' says out 'May stop the program: --cap-drop (start), --read-only (files), --user (start); try with docksill suggest --try'
check 'what root needs to step down is left out beside a user' test "$(grep -c '^All flags: .*--cap-add' out)" -eq 0
check 'a finding tells its fix' grep -Eq '^    fix  ' out
check 'and where it comes from' grep -Eq '^    see  ' out
check 'development lets it through' exits 0 explain --rules "$rules" --environment development plain.json
check 'lockdown does not' exits 1 explain --rules "$rules" --environment lockdown plain.json

check 'no exemption where flags are offered' hides out 'rules: [rootfs-writable]'
check 'but of what no flag lifts' says out 'rules: [healthcheck-missing]'
for image in postgres:16-alpine:70:70 postgres:16:999:999 docker.io/library/postgres:999:999 memcached:11211:11211; do
        user=$(rev <<<"$image" | cut -d: -f1,2 | rev)
        printf '{"Image":"%s"}' "${image%":$user"}" >known.json
        run explain --rules "$rules" --environment lockdown known.json
        check "a known image's own user: $image" says out "--user $user "
done
check 'and where it is known from' grep -Eq '^Fitted to:  memcached, by https://.* \(20[0-9-]+, sure: high\)$' out
run explain --rules "$rules" --environment lockdown --format json known.json
check 'in JSON too' json_out '.profile.name == "memcached" and .profile.sure == "high"'
printf '{"Image":"example.com/postgres:16"}' >unknown.json
run explain --rules "$rules" --environment lockdown unknown.json
check 'another registry has other images' says out '--user 10001:10001 '
printf '{"Image":"caddy:2@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}' >known.json
run explain --rules "$rules" --environment lockdown known.json
check 'what its program can not be started without' says out '--cap-drop ALL --cap-add NET_BIND_SERVICE'
printf '{"Image":"a","HostConfig":{"CapAdd":["-"]}}' >nonsense.json
run explain --rules "$rules" --environment lockdown nonsense.json
check 'no exemption that check would refuse' hides out 'kind: exemptions'

printf '{"HostConfig":' >torn.json
check 'a body that is no JSON is denied, not an error' exits 1 explain --rules "$rules" torn.json
check 'by name' says out 'malformed-json'
printf '{"Image":"x\033[31m\xff","HostConfig":{"Privileged":true}}' >hostile.json
run explain --rules "$rules" hostile.json
check 'text of a requester can not paint the terminal' hides out $'\033'

# Nor stand in what somebody pastes: in words for docker, for compose, or for an admin.
# shellcheck disable=SC2016 # it is to stand there
printf '%s' '{"Image":"a","HostConfig":{"Tmpfs":{"/a$(touch x)b":"bind","/c\", \"/etc":"bind"},"PortBindings":{"22/tcp;id":[{}]}}}' >words.json
for agent in 'Docker-Client/28.2.2 (linux)' 'compose/2.40.3' 'curl/8'; do
        jq -n --arg agent "$agent" --rawfile body words.json '{RequestMethod: "POST", RequestUri: "/v1.44/containers/create",
                RequestHeaders: {"User-Agent": $agent, "Content-Type": "application/json", "Content-Length": ($body | utf8bytelength | tostring)},
                RequestBody: ($body | @base64)}' >call.json
        run explain --rules "$rules" call.json
        check "$agent: no command in a remedy" test "$(grep -cE '(Fix:|Add|Allow:|^    fix|compose) .*(touch x|;id|"/etc)' out)" -eq 0
done

# What an admin may add, as a line that says exactly what was asked for.
printf '%s' '{"Image":"a","HostConfig":{"Binds":["/etc/foo:/a","/srv/x, /root:/b","/srv/*:/c","/srv/ro:/d:ro"]}}' >binds.json
run explain --rules "$rules" binds.json
check 'what lists would let in is one line a list' says out '             - {list: allowed-host-paths, append: ["/etc/foo", "/srv/x, /root"]}'
check 'of what is only read too' says out '             - {list: allowed-host-paths-read-only, append: ["/srv/ro"]}'
check 'with what else it takes' says out '             and exempts it from sensitive-host-mount'
check 'and what can not be listed' says out '"/srv/*" can'"'"'t be listed: in a list * stands for any name'
check 'the user reads it as well' says out 'To allow it, an admin adds under override: - {list: allowed-host-paths, append: ["/etc/foo", "/srv/x, /root"]} and - {list: '
printf 'docksill: v1\nkind: environment\nname: site\nextends: production\noverride:\n' >site.yaml
sed -n 's/^ *\(- {list: .*\)/  \1/p' out >>site.yaml
check 'the lines are entries of an environment' exits 1 explain --rules "$rules" --environment "$PWD/site.yaml" binds.json
check 'they let in what they name' hides out 'HostConfig.Binds[1]: no list'
check 'and what can not be listed is still refused' says out 'HostConfig.Binds[2]: no list'
run explain --rules "$rules" --format json binds.json
check 'as JSON' json_out '.findings[] | select(.rule == "host-path-unlisted").fix.let_in
        | .lists[0] == {name: "allowed-host-paths", append: ["/etc/foo", "/srv/x, /root"],
                line: "- {list: allowed-host-paths, append: [\"/etc/foo\", \"/srv/x, /root\"]}"}
        and .exempt == ["sensitive-host-mount"] and .unfit[0].value == "/srv/*"'
for server in 'udp://192.0.2.7:514 192.0.2.7:514' 'unix:///dev/log unix:///dev/log' 'tcp://127.0.0.1:6379 127.0.0.1:6379'; do
        printf '{"HostConfig":{"LogConfig":{"Type":"syslog","Config":{"syslog-address":"%s"}}}}' "${server% *}" >log.json
        run explain --rules "$rules" log.json
        check "the server of ${server% *}" says out "- {list: log-servers, append: [\"${server#* }\"]}"
done
for server in udp://169.254.169.254:80 'unix:///run/a b' tcp:192.0.2.7:514; do
        printf '{"HostConfig":{"LogConfig":{"Type":"syslog","Config":{"syslog-address":"%s"}}}}' "$server" >log.json
        run explain --rules "$rules" log.json
        check "no list lets in $server" hides out '{list:'
done
check 'a file that is not there: exit 4' exits 4 explain --rules "$rules" nowhere.json
check 'rules that are not there: exit 3' exits 3 explain --rules nowhere body.json
finish
