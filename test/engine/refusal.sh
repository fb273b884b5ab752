#!/usr/bin/env bash
# A refusal as people see it: lines on the terminal of docker's own client, one line for others, and flags that pass when
# they are pasted.
# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"

# lines_say REGEX: some line of what the client said matches.
lines_say() {
        grep -Eq -- "$1" <<<"$said" && return
        printf 'no line like %s in:\n%s\n' "$1" "$said"
        return 1
}

# add_line: the flags behind "Add:".
add_line() {
        sed -n 's/^\(Add\|Then\): *//p' <<<"$said"
}

one_line() {
        [ "$(wc -l <<<"$said")" -eq 1 ] && return
        printf 'several lines:\n%s\n' "$said"
        return 1
}

engine_begin
printf 'docksill: v1\nkind: configuration\nmode: enforce\ncontact: the platform team\n' >"$engine_dir/site.yaml"
engine_with_docksill --config "$engine_dir/site.yaml"

readarray -t clients < <(docker_clients)
for docker in "${clients[@]}"; do
        version=$("$docker" --version | sed 's/^Docker version \([^,]*\).*/client \1/')

        client create "$image" echo
        check "$version: the first line says what decided" lines_say 'docksill \(production\): refused, [0-9]+ points, limit 50\.$'
        check "$version: a line a finding" lines_say '^ +\+10  memory-unlimited +no memory limit'
        check "$version: the others by name" lines_say '^ +[0-9]+ more, \+[0-9]+: '
        check "$version: whom to ask, and where to read more" lines_say '^More: +docksill explain [0-9a-f]{16}; ask the platform team'
        check "$version: at most 14 lines with the client's own" test "$(wc -l <<<"$said")" -le 14
        read -ra flags < <(add_line)
        check "$version: some flags are offered" test "${#flags[@]}" -gt 0
        check "$version: none that may stop a program" lines_say '^Add: +-m 512m --security-opt no-new-privileges:true'
        check "$version: and says so of none" test "$(grep -c 'May stop' <<<"$said")" -eq 0
        check "$version: pasted, they pass" allowed create "${flags[@]}" "$image" echo

        client create --privileged --pid host "$image" echo
        check "$version: what no flag lifts is said first" lines_say '^No flag lifts .*privileged-container'
        check "$version: and what to do" lines_say '^Fix: +.*drop --privileged'

        # Each port that must change.
        client create "${hardened[@]/none/bridge}" -p 6379:6379 -p 5432:5432 -p 9200:9200 "$image" echo
        for port in 6379 5432 9200; do
                check "$version: port $port is named" lines_say "^( |Fix: ).*127\.0\.0\.1:$port:$port"
        done
done

said=$(curl -s --unix-socket "$engine_socket" -H 'Content-Type: application/json' -d "{\"Image\":\"$image\"}" \
        http://docker/v1.41/containers/create | jq -r .message)
check 'curl reads one line' one_line
check 'in members of the body' lines_say 'Add to the body: .*HostConfig\.Memory: 536870912; '

# What is offered for a start as root lets it hand files over and become somebody else; without it neither goes.
readarray -t stepping < <("$DOCKSILL" rules show --rules "$engine_top/rules" --format json capabilities-not-dropped |
        jq -r '.fix.flags[]' | tr ' ' '\n')
# shellcheck disable=SC2016 # of the container's shell
step_down='echo app:x:1000:1000::/:/bin/sh >>/etc/passwd && busybox touch /mine && busybox chown 1000:1000 /mine && busybox chmod 600 /mine && busybox cat /mine &&
        busybox start-stop-daemon -S -c 1000:1000 -x /bin/sh -- -c "id -u; cat /mine && echo mine"'
limits=(--rm --network none --memory 64m --pids-limit 50 --cpus 0.5)
client run "${limits[@]}" "${stepping[@]}" "$image" sh -c "$step_down"
check 'with the flags that are offered root steps down' test "$said" = $'1000\nmine'
client run "${limits[@]}" --cap-drop ALL --security-opt no-new-privileges:true "$image" sh -c "$step_down"
check 'without the five it can not' test "$code" -ne 0
check 'and root at start is milder then' recorded '.findings[]? | select(.rule == "user-root" and .severity == "low")'

# A known image by its name, whatever lies below it here: what is offered is its own.
"$docker" -H "unix://$engine_socket" tag "$image" mariadb:11 >/dev/null
client create mariadb:11
check 'limits of a known image' lines_say '^Add: .*-m 1g .*--pids-limit 1024'
read -ra flags < <(add_line)
check 'they pass when they are pasted' allowed create "${flags[@]}" mariadb:11 echo

finish
