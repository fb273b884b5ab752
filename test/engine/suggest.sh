#!/usr/bin/env bash
# What `docksill suggest` sees of containers that run, and that the flags it prints are enough: pasted, each starts again,
# still does what it did, and passes in production. Looking changes nothing.
# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"

# The image with what the shapes below run: more applets, a user, a folder for caches, and a set-user-ID program.
import_more() {
        local root=$engine_dir/root applet

        for applet in nc ping su mkdir chown; do
                ln -s busybox "$root/bin/$applet"
        done
        mkdir "$root/bin/suid"
        cp "$root/bin/busybox" "$root/bin/suid/busybox"
        chmod 4755 "$root/bin/suid/busybox"
        mkdir -p "$root"/var/{cache,lib}
        chmod 1777 "$root/tmp"
        echo 'app:x:10001:10001::/:/bin/sh' >>"$root/etc/passwd"
        echo hello >"$root/etc/motd"
        tar -C "$root" -c . | "$docker" -H "unix://$engine_socket" import -c 'CMD ["sh"]' - "$image" >/dev/null
}

# --- shapes: what each container is run with, and as --------------------------------------------------------------------

declare -A options=(
        [user]='--user 10001:10001'
        [cache]='' [listen]='-p 8080:80 -p 9090:9090' [drop]='' [raw]='' [etc]='' [both]=''
        [gained]='--user 10001:10001'
        [added]='--user 10001:10001 --cap-add NET_ADMIN'
        [limited]='--user 10001:10001 -m 64m --pids-limit 20 --cpus 0.5 --read-only --cap-drop ALL --security-opt no-new-privileges'
)
declare -A commands=(
        [user]='exec sleep 600'
        [cache]='mkdir -p /var/cache/app && echo x >/var/cache/app/x && exec sleep 600'
        [listen]='exec nc -ll -p 80 -e cat'
        [drop]='mkdir -p /var/lib/app && chown app /var/lib/app && exec su app -s /bin/sh -c "echo x >/var/lib/app/x && exec sleep 600"'
        [raw]='exec ping -i 5 127.0.0.1'
        [etc]='echo more >>/etc/motd && exec sleep 600'
        [both]='su app -s /bin/sh -c "exec sleep 600" & exec sleep 600'
        [gained]='exec /bin/suid/busybox ping -i 5 127.0.0.1'
        [added]='exec sleep 600'
        [limited]='exec sleep 600'
        [bind]='exec 5>/w/log; cat /r/conf && exec sleep 600'
)
pasted=(user cache listen drop raw both gained added limited bind)

# start NAME [OPTION…]: the shape of that name, and more.
start() {
        local name=$1 own=()
        shift
        read -ra own <<<"${options[$name]}"
        client run -d --name "$name" --network none "${own[@]}" "$@" "$image" sh -c "${commands[$name]}"
        [ "$code" -eq 0 ] && return
        printf '%s does not start: %s\n' "$name" "$said"
        return 1
}

runs() {
        [ "$("$docker" -H "unix://$engine_socket" inspect -f '{{.State.Running}}' "$1" 2>&1)" = true ] && return
        printf '%s does not run:\n' "$1"
        "$docker" -H "unix://$engine_socket" logs "$1" 2>&1 | tail -n 5
        return 1
}

# --- what is suggested --------------------------------------------------------------------------------------------------

# suggest ARGUMENT…: leaves stdout in $out, stderr in $err and the exit code in $code.
suggest() {
        out=$("$DOCKSILL" suggest --rules "$engine_top/rules" --environment "$site" --host "$engine_socket" "$@" 2>"$engine_dir/err")
        code=$?
        err=$(<"$engine_dir/err")
}

# of NAME FILTER: the jq filter holds of what is suggested for it.
of() {
        jq -e --arg name "$1" ".containers[] | select(.name == \$name) | $2" <<<"$all" >/dev/null && return
        printf 'not so of %s: %s\n' "$1" "$2"
        jq -c --arg name "$1" '.containers[] | select(.name == $name) | {flags, unseen, suggestions, verdicts}' <<<"$all"
        return 1
}

# gives NAME FLAG…: those are among the flags. spares: none of them is.
gives() {
        local name=$1 flag
        shift
        for flag in "$@"; do of "$name" "any(.flags[]; . == \"$flag\")" || return; done
}

spares() {
        local name=$1 flag
        shift
        for flag in "$@"; do of "$name" "all(.flags[]; . != \"$flag\")" || return; done
}

# flags_of NAME: the line to be pasted, as a shell reads it, into the array flags.
flags_of() {
        suggest "$1"
        eval "flags=($(sed -n '/^  docker run:$/{n;p}' <<<"$out"))"
}

# What there is: containers and all about them, images, files of the folders that are mounted.
state_of_host() {
        local id

        "$docker" -H "unix://$engine_socket" ps -aq --no-trunc | sort | while read -r id; do
                "$docker" -H "unix://$engine_socket" inspect "$id" | jq -c 'map(.Mounts |= sort_by(.Destination))'
                "$docker" -H "unix://$engine_socket" diff "$id" | sort
        done
        "$docker" -H "unix://$engine_socket" images -q --no-trunc
        "$docker" -H "unix://$engine_socket" network ls -q --no-trunc
        "$docker" -H "unix://$engine_socket" volume ls -q
        find "$engine_dir/mounted" -printf '%p %s %T@ %C@\n' | sort
}

looked_at() {
        all=$(suggest --all --format json && printf '%s' "$out" || printf '%s' "$out")
        jq -e '.schema == "docksill.suggest/1"' <<<"$all" >/dev/null && return
        printf '%s\n' "$all" "$err"
        return 1
}

same_host() {
        diff <(printf '%s\n' "$before") <(state_of_host)
}

# --- the scenario -------------------------------------------------------------------------------------------------------

engine_begin
image_import && daemon_json && engine_start && import_more || exit 1
mkdir -p "$engine_dir/mounted"/{r,w}
echo configuration >"$engine_dir/mounted/r/conf"
touch -d '2 days ago' "$engine_dir/mounted/r/conf" "$engine_dir/mounted/r"
options[bind]="-v $engine_dir/mounted/r:/r -v $engine_dir/mounted/w:/w"
site_with "$engine_dir/mounted"

for name in "${!commands[@]}"; do
        check "$name starts" start "$name"
done
client create --name stopped --network none "$image" sleep 600
sleep 2 # for what they do at their start

before=$(state_of_host)
check 'all are looked at' looked_at
check 'looking changes nothing' same_host

check 'a user: no capability at all' gives user --cap-drop=ALL --read-only '--security-opt no-new-privileges:true' '-m 32m' '--pids-limit 100'
check '  none is given back' of user 'all(.flags[]; startswith("--cap-add") | not)'
check '  the evidence of a limit is what was counted' of user 'any(.suggestions[]; .topic == "memory" and (.evidence | test("at most in the .* since its start")))'
check '  and is said to be of a moment' of user 'any(.suggestions[]; .topic == "memory" and .sure == "over-time")'
check '  its processes were seen' of user '.observed.processes[0].user == 10001 and .observed.processes[0].effective == []'
check '  it passes, and did not' of user '.verdicts[] | select(.chosen) | .before.verdict == "deny" and .after.verdict != "deny"'
check '  four environments and the own one' of user '[.verdicts[].environment] == ["development", "staging", "production", "lockdown", "site"]'
check 'a cache: its folder in memory' of cache 'any(.flags[]; test("^--tmpfs /var/cache/app:.*mode=0755"))'
check '  it keeps what programs of root use' gives cache --cap-drop=ALL --cap-add=CHOWN --cap-add=SETUID
check 'a server: the port is seen' of listen 'any(.observed.listens[]; .port == 80 and .protocol == "tcp" and (.loopback | not))'
check '  one that nobody listens on is told, and kept' of listen 'any(.suggestions[]; .topic == "ports" and (.change | test("9090/tcp")) and (.applied | not))'
check '  the other is not' of listen 'all(.suggestions[]; .topic != "ports" or (.change | test("80/tcp") | not))'
check 'from root to a user: what it takes' gives drop --cap-drop=ALL --cap-add=CHOWN --cap-add=DAC_OVERRIDE --cap-add=FOWNER --cap-add=SETGID --cap-add=SETUID
check '  and no more' spares drop --cap-add=KILL --cap-add=NET_RAW
check '  the user is advice' of drop 'any(.suggestions[]; .topic == "user" and (.change | test("--user 10001:10001")) and (.applied | not))'
check '  its folder is a volume' gives drop '--volume /var/lib/app'
check 'raw sockets: NET_RAW' gives raw --cap-add=NET_RAW
check 'settings written: no read-only root' spares etc --read-only
check '  says what was written' of etc 'any(.suggestions[]; .topic == "read-only" and (.evidence | test("/etc/motd")))'
check 'root beside a user: KILL' gives both --cap-add=KILL
check 'set-user-ID: no-new-privileges is left out' spares gained '--security-opt no-new-privileges:true'
check '  says who' of gained 'any(.suggestions[]; .topic == "no-new-privileges" and (.evidence | test("set-user-ID")))'
check 'a capability that nobody holds is left out' of added 'any(.suggestions[]; .applied and (.change // "" | test("--cap-add NET_ADMIN")))'
check '  which lifts a finding' of added 'all(.left[]; .rule != "dangerous-capability")'
check 'limits that are there stay' of limited '.flags == []'
check 'a mount that is written stays so' of bind 'any(.suggestions[]; .topic == "mounts" and .sure == "sure" and (.change | test("/w stays writable")))'
check '  one that is not is told' of bind 'any(.suggestions[]; .topic == "mounts" and .sure == "over-time" and (.change | test("/r read-only")))'
check 'one that does not run: what rules offer' of stopped '.observed == null and any(.flags[]; startswith("-m "))'

suggest user --environment lockdown
check 'what would still be refused: exit 1' test "$code" -eq 1
suggest user
check 'what passes: exit 0' test "$code" -eq 0
check 'a compose snippet' says 'cap_drop: ["ALL"]' "$out"
suggest added
check 'what flags can not add is said' says '    and leave out --cap-add NET_ADMIN' "$out"
check '  in a comment of the snippet' says '        # leave out --cap-add NET_ADMIN' "$out"
suggest nobody
check 'no such container: exit 4' test "$code" -eq 4
check 'the engine says so' says 'o such container: nobody' "$err"

# As somebody who may ask the engine, but sees nothing of other users' processes.
others=$(mktemp -d) && chmod 755 "$others"
cp "$DOCKSILL" "$others/docksill" && cp -r "$engine_top/rules" "$others/rules"
chmod -R go+rX "$others"
ln "$engine_socket" "$others/docker.sock"
chmod 666 "$engine_socket"
out=$(cd / && setpriv --reuid 65534 --regid 65534 --clear-groups env ASAN_OPTIONS=detect_leaks=0 "$others/docksill" suggest --rules "$others/rules" \
        --host "$others/docker.sock" cache 2>&1)
check 'without permission: says what it could not see' says 'no permission to read /proc' "$out"
check '  and suggests what the engine tells' says '-m 32m' "$out"
rm -rf "$others"

# --- pasted -------------------------------------------------------------------------------------------------------------

declare -A lines=()
declare -a flags=()
for name in "${pasted[@]}"; do
        flags_of "$name"
        [ "${#flags[@]}" -eq 0 ] || lines[$name]=$(printf '%q ' "${flags[@]}")
done
for name in "${!commands[@]}" stopped; do client rm -f "$name"; done
engine_stop
docksill_start --environment "$site" --mode enforce && daemon_json "$plugin" && engine_start || exit 1
for name in "${pasted[@]}"; do
        eval "flags=(${lines[$name]:-})"
        # What is advised to be left out is.
        [ "$name" != added ] || options[added]='--user 10001:10001'
        [ "$name" != listen ] || options[listen]='-p 127.0.0.1:8080:80'
        check "$name, with what is suggested: starts, and passes" start "$name" "${flags[@]}"
done
sleep 2
for name in "${pasted[@]}"; do
        check "$name still runs" runs "$name"
done

engine_stop
suggest user
check 'no engine: exit 4' test "$code" -eq 4
check 'says so' says 'does not answer' "$err"

finish
