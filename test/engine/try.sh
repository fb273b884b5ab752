#!/usr/bin/env bash
# docksill suggest --try: copies of images made for it, on a real engine, until the least that each needs is found; and
# nothing is left behind, however it ends.
# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"

# image_of NAME [IMPORT-OPTION…] < SCRIPT: an image that runs the script.
image_of() {
        local name=$1 root=$engine_dir/image
        shift

        cat >"$root/start"
        chmod +x "$root/start"
        tar -C "$root" -c . | "$docker" -H "unix://$engine_socket" import -c 'CMD ["/start"]' "$@" - "try/$name:1" >/dev/null
}

# shellcheck disable=SC2016 # the images have shells of their own
images_make() {
        local root=$engine_dir/image applet

        mkdir -p "$root"/{bin,etc,proc,sys,dev,data,run,var/cache,var/lib/full}
        mkdir -m 1777 "$root/tmp"
        cp "$(command -v busybox)" "$root/bin/busybox" || return
        for applet in sh sleep cat chown dd ip mkdir ping su test touch; do
                ln -s busybox "$root/bin/$applet"
        done
        printf 'root:x:0:0::/:/bin/sh\napp:x:1000:1000::/:/bin/sh\n' >"$root/etc/passwd"
        printf 'root:x:0:\napp:x:1000:\n' >"$root/etc/group"
        echo here >"$root/var/lib/full/file"

        printf '#!/bin/sh\nexec sleep 1000\n' | image_of nothing
        printf '#!/bin/sh\nset -e\nchown 1000:1000 /data\nexec sleep 1000\n' | image_of chown
        printf '#!/bin/sh\nexec su app -s /bin/sh -c "exec sleep 1000"\n' | image_of drop
        printf '#!/bin/sh\nset -e\necho x >/var/cache/index\nexec sleep 1000\n' | image_of cache
        printf '#!/bin/sh\nping -c 1 127.0.0.1 >/dev/null || exit 1\nexec sleep 1000\n' | image_of raw
        printf '#!/bin/sh\necho starting\necho "fatal: no \033[31mdatabase" >&2\nexit 3\n' | image_of never
        printf '#!/bin/sh\nset -e\ncat /var/lib/full/file\necho x >/var/lib/full/more\n' | image_of job
        printf '#!/bin/sh\nset -e\ni=0\nwhile [ $i -lt 150 ]; do sleep 1000 & i=$((i + 1)); done\nwait\n' | image_of many
        printf '#!/bin/sh\nip link show eth0 >/dev/null || exit 1\nexec sleep 1000\n' | image_of network
        chown 1000:1000 "$root/var/cache"
        printf '#!/bin/sh\nset -e\necho x >/var/cache/index\nexec sleep 1000\n' | image_of user -c 'USER app'
        printf '#!/bin/sh\nset -e\ndd if=/dev/zero of=/dev/null bs=700M count=1\nexec sleep 1000\n' | image_of memory
        printf '#!/bin/sh\ntouch /run/ready\nexec sleep 1000\n' |
                image_of health -c 'HEALTHCHECK --interval=30s CMD test -e /run/ready' -c 'EXPOSE 80'
}

# begin KEY NAME [OPTION…]: a search in the background; take KEY waits for it, and leaves what it found in $found, as JSON,
# its exit code in $code, and what it said in $engine_dir/said.
begin() {
        local key=$1 name=$2
        shift 2

        while [ "$(jobs -rp | wc -l)" -ge 5 ]; do # dockerd and the shell's own are two
                sleep 0.1
        done
        {
                "$DOCKSILL" suggest --rules "$engine_top/rules" --host "$engine_socket" --format json --try "$name" --seconds 1 "$@" \
                        >"$engine_dir/$key.found" 2>"$engine_dir/$key.said" </dev/null
                echo $? >"$engine_dir/$key.code"
        } &
        running[$key]=$!
}

declare -A running
take() {
        wait "${running[$1]}"
        found=$(<"$engine_dir/$1.found")
        code=$(<"$engine_dir/$1.code")
        cp "$engine_dir/$1.said" "$engine_dir/said"
}

# try_it NAME [OPTION…]: both.
try_it() {
        begin one "$@"
        take one
}

# finds JQ-CONDITION: it holds of what was found.
finds() {
        jq -e "$1" <<<"$found" >/dev/null && return
        printf 'not so: %s\nexit code %s; what was found:\n%s\nsaid:\n' "$1" "$code" "$(jq -c 'del(.before, .after, .attempts)' <<<"$found")"
        cat "$engine_dir/said"
        return 1
}

# needs WORD…: exactly these, each as "kind name", and each proven.
needs() {
        # shellcheck disable=SC2016 # jq's
        found_needs=$(jq -r '[.needs[] | .kind + (if .name then " " + .name else "" end)] | sort | join(",")' <<<"$found")
        [ "$found_needs" = "$(IFS=,; echo "$*")" ] && finds '.minimal and all(.needs[]; .proof.try > 0)' && return
        printf 'needs: %s\n' "$found_needs"
        return 1
}

# proves KIND [NAME] REGEX: without that one it failed, with this line of its own.
proves() {
        finds "any(.needs[]; .kind == \"$1\" and (\"$2\" == \"\" or .name == \"$2\") and ((.proof.line // \"\") | test(\"$3\")))"
}

# flag FLAG: it is among those found.
flag() {
        finds "any(.flags[]; . == \"$1\")"
}

# works_with_flags IMAGE: docker's own client starts it with the flags that were found, and there it runs, or has ended well.
works_with_flags() {
        local id line words flags=()

        while read -r line; do
                read -ra words <<<"$line"
                flags+=("${words[@]}")
        done < <(jq -r '.flags[]' <<<"$found")
        allowed run -d "${flags[@]}" "$1" || return
        id=$said
        sleep 1
        client inspect -f '{{.State.Running}} {{.State.ExitCode}}' "$id"
        "$docker" -H "unix://$engine_socket" rm -fv "$id" >/dev/null
        [[ $said =~ ^(true|false)\ 0$ ]] && return
        printf 'with %s: %s\n' "${flags[*]}" "$said"
        return 1
}

# All that an engine keeps; the volumes and networks of copies too.
there() {
        "$docker" -H "unix://$engine_socket" ps -aq --no-trunc
        "$docker" -H "unix://$engine_socket" volume ls -q
        "$docker" -H "unix://$engine_socket" network ls -q --no-trunc
}

nothing_is_left() {
        [ "$(there)" = "$before" ] && return
        printf 'before:\n%s\nnow:\n%s\n' "$before" "$(there)"
        return 1
}

# copies_are_there N: so many copies, running or not.
copies_are_there() {
        [ "$("$docker" -H "unix://$engine_socket" ps -aq --filter label=io.docksill.try | wc -l)" -ge "$1" ]
}

# interrupted SIGNAL CODE: a search that is under way ends by the signal, and leaves nothing.
interrupted() {
        # Started by timeout, so that the shell does not have it ignore SIGINT.
        timeout --foreground -s "$1" 5 "$DOCKSILL" suggest --rules "$engine_top/rules" --host "$engine_socket" --seconds 20 \
                --try try/chown:1 >"$engine_dir/said" 2>&1 </dev/null
        [ $? -eq 124 ] && grep -q 'interrupted; all copies are removed' "$engine_dir/said" && nothing_is_left
}

killed() {
        local pid

        "$DOCKSILL" suggest --rules "$engine_top/rules" --host "$engine_socket" --seconds 20 --try web >/dev/null 2>&1 </dev/null &
        pid=$!
        wait_until 10 copies_are_there 1 || return
        kill -9 "$pid"
        wait "$pid" 2>/dev/null
        copies_are_there 1
}

engine_begin
daemon_json
engine_start || exit 1
images_make || exit 1
mkdir "$engine_dir/host"
chmod 777 "$engine_dir/host"
client run -d --name web --restart always --network none -v named:/data -v "$engine_dir/host:/host" \
        -v "$engine_socket:/run/docker.sock" --label com.docker.compose.project=x --cap-add SYS_ADMIN try/chown:1
check 'a container runs' test "$code" -eq 0
before=$(there)

# Where memory can be swapped out, less of it is enough.
memory=memory
[ "$(sed -n 's/^SwapTotal: *\([0-9]*\).*/\1/p' /proc/meminfo)" -eq 0 ] || memory=
# An internal network takes a bridge, which not every machine that runs this has.
network=network
client network create --internal probe && client network rm probe
[ "$code" -eq 0 ] || network=
for name in many $memory; do # these take a while until they fail
        begin "$name" "try/$name:1" --seconds 3
done
for name in chown health raw drop $network cache user job nothing never; do
        begin "$name" "try/$name:1"
done
begin check try/nothing:1 --check 'test -w /data'
begin no-check try/nothing:1 --check 'exit 1' --attempts 1
begin command try/never:1 -- sleep 1000
begin few try/chown:1 --attempts 5
begin missing try/missing:1
begin path 'x/../../../_ping'
begin web web
begin writes web -- sh -c 'touch /host/x && exec sleep 1000'

# --- what needs nothing, and what needs one thing -----------------------------------------------------------------------

take nothing
check 'nothing: the hardest form works' needs
check 'nothing: after three copies, as it is, hard and once more' finds '.copies == 3 and .confirmed'
check 'nothing: it passes production' test "$code" -eq 0
for words in '--user 10001:10001' --cap-drop=ALL '--security-opt no-new-privileges:true' --read-only '--tmpfs /tmp' '-m 512m' \
        '--pids-limit 100' '--cpus 1' '--network none'; do
        check "nothing: $words" flag "$words"
done
check 'nothing: and the same for compose' finds '.compose | test("^user: \"10001:10001\"\ncap_drop: \\[\"ALL\"\\]\n(.*\n)+network_mode: \"none\"$")'
check 'nothing: it was refused before' finds '.before.verdict == "deny" and .after.verdict == "warn" and .after.points < .before.points'
check 'nothing: its flags work' works_with_flags try/nothing:1

take chown
check 'chown: root, CHOWN and the folder' needs 'capability CHOWN' 'folder /data' user
check 'chown: the copy without CHOWN said so' proves capability CHOWN '^chown: /data: Operation not permitted'
check 'chown: and the one that could not write' proves folder /data '^chown: /data: Read-only file system'
check 'chown: its flags' flag --cap-add=CHOWN
check 'chown: its folder' flag '--tmpfs /data'
check 'chown: no user' finds '[.flags[] | select(startswith("--user"))] == []'
check 'chown: its flags work' works_with_flags try/chown:1

take drop
check 'drop: root, SETGID and SETUID' needs 'capability SETGID' 'capability SETUID' user
check 'drop: the copy without SETGID said so' proves capability SETGID "^su: can't set groups"
check 'drop: and the one without SETUID' proves capability SETUID '^su: setuid'
check 'drop: its flags work' works_with_flags try/drop:1

take cache
check 'cache: one folder' needs 'folder /var/cache'
check 'cache: it said so' proves folder /var/cache 'Read-only file system'
check 'cache: whose owner is who writes' flag '--tmpfs /var/cache:uid=10001,gid=10001'
check 'cache: no root' flag '--user 10001:10001'
check 'cache: its flags work' works_with_flags try/cache:1

take raw
check 'raw: root and NET_RAW' needs 'capability NET_RAW' user
check 'raw: the copy without NET_RAW said so' proves capability NET_RAW '^ping: permission denied'
check 'raw: its flags work' works_with_flags try/raw:1

take many
check 'many: more processes' needs processes
check 'many: the copy with 100 could not fork' proves processes '' "can't fork"
check 'many: and 200 are enough' flag '--pids-limit 200'
check 'many: its flags work' works_with_flags try/many:1

if [ -n "$memory" ]; then
        take memory
        check 'memory: more of it' needs memory
        check 'memory: with less it was killed' finds 'any(.needs[]; .proof.reason | test("needs more memory"))'
        check 'memory: 1g is enough' flag '-m 1g'
        check 'memory: its flags work' works_with_flags try/memory:1
fi

if [ -n "$network" ]; then
        take network
        check 'network: one of its own' needs network
        check 'network: as it is without one it failed too' finds '.attempts[0].works == false and .attempts[1].works and .network'
        check 'network: the copy without one said so' proves network '' "can.t find device"
        check 'network: so none of its flags takes it away' finds '[.flags[] | select(startswith("--network"))] == []'
fi

take user
check 'user: it is one already, so a folder is all' needs 'folder /var/cache'
check 'user: by its number, which others can read' flag '--user 1000:1000'
check 'user: its flags work' works_with_flags try/user:1

take job
check 'job: a command that ends' finds '.ending == "done"'
check 'job: a volume, since the image has files there' flag '--volume /var/lib/full'
check 'job: root, who owns them' needs 'folder /var/lib/full' user
check 'job: its flags work' works_with_flags try/job:1

take health
check 'health: watched until its check succeeds' needs 'folder /run'
check 'health: the copy that was not healthy' finds 'any(.needs[]; .proof.reason | test("health check"))'
check 'health: others reach it, so a network is left to it' finds '[.flags[] | select(startswith("--network"))] == []'

take check
check '--check decides: the folder is not written to, but it has to be' needs user
take no-check
check '--check that never succeeds: exit 1' test "$code" -eq 1
check 'and what it was' finds '.found == false and (.attempts[0].reason | test("the check had not succeeded"))'

# --- what does not work ------------------------------------------------------------------------------------------------

take never
check 'never: exit 1' test "$code" -eq 1
check 'never: not even as it is' finds '.found == false and .attempts[0].what == "as it is" and .attempts[0].reason == "ended with exit code 3"'
check 'never: in its own words, made visible' finds '.attempts[0].line == "fatal: no \\x1b[31mdatabase"'
take command
check 'never, with another command' needs
take few
check 'few attempts: what was found until then works, and is not the least' finds '.copies <= 5 and .found and (.minimal | not)'
take missing
check 'no such image: exit 4' test "$code" -eq 4
check 'and none is pulled' grep -q 'no image of this name, and --try pulls none' "$engine_dir/said"
take path
check 'a name that is a path: exit 4' test "$code" -eq 4

# --- a container -------------------------------------------------------------------------------------------------------

take web
check 'a container: what it needs' needs 'capability CHOWN' user
check 'a container: what it need not have' finds '.without == ["--cap-add SYS_ADMIN"]'
check 'a container: its volume is left alone' finds '.notes | any(test("fresh volume in place of named"))'
check "a container: the host's folder is read-only" finds '.notes | any(test("/host is read-only"))'
check "a container: the engine's socket is not given" finds '.notes | any(test("docker.sock is left out"))'
check 'a container: with the socket it is refused still, so exit 1' test "$code" -eq 1
take writes
check "a container that writes to the host's folder gets a fresh volume" finds '.found and .fresh'
check "and the host's folder is empty" test -z "$(ls -A "$engine_dir/host")"
check 'nothing of all that is left' nothing_is_left

# --- ended half-way ----------------------------------------------------------------------------------------------------

for signal in INT TERM HUP; do
        check "SIG$signal: nothing is left" interrupted "$signal"
done
check 'kill -9 leaves a copy' killed
try_it try/nothing:1
check 'which the next run removes' grep -q 'removed what an earlier run left: 1 containers' "$engine_dir/said"
check 'with all that it had' nothing_is_left
# Of a run whose process lives, here this shell's: its label has our namespace, number and start.
ours=$(cat /proc/sys/kernel/random/boot_id)/$(stat -Lc %i /proc/self/ns/pid)/$$/$(sed 's/.*) //' /proc/$$/stat | cut -d' ' -f20)/0/x
client create --label "io.docksill.try=$ours" try/nothing:1
try_it try/nothing:1
check 'the copies of a run that is under way stay' copies_are_there 1
client rm "$(there | head -n 1)"

# --- text --------------------------------------------------------------------------------------------------------------

said=$("$DOCKSILL" suggest --rules "$engine_top/rules" --host "unix://$engine_socket" --seconds 1 --try try/cache:1 2>"$engine_dir/said")
for words in '^flags:$' '^    --user 10001:10001 --cap-drop=ALL' '^compose, below the service:$' '^    tmpfs: \["/tmp", "/var/cache:uid=10001,gid=10001"\]$' \
        '^    write to /var/cache (a tmpfs)$' '^        without it (try [0-9]*): ended with exit code 1: ".*Read-only file system"$' \
        '^with these:  warn in production, [0-9]* points, limit 50$'; do
        check "text: $words" grep -q -- "$words" <<<"$said"
done
check 'progress, a line for each copy' grep -q '^try 2: the hardest form: ended with exit code 1: ' "$engine_dir/said"
client rm -fv web
client volume rm named

# --- an engine that refuses ----------------------------------------------------------------------------------------------

engine_stop
docksill_start && daemon_json "$plugin" && engine_start || exit 1
try_it try/nothing:1
check 'refused by docksill itself: exit 4' test "$code" -eq 4
check 'with its words' grep -q "a plugin of the engine does not let a copy be made: authorization denied by plugin $plugin: docksill (production): refused" "$engine_dir/said"
docksill_signal TERM
docksill_start --environment production --mode audit || exit 1
try_it try/nothing:1
check 'in audit mode it works' needs
engine_stop
try_it try/nothing:1
check 'no engine: exit 4' test "$code" -eq 4
check 'and who does not answer' grep -q "the engine at $engine_socket does not answer" "$engine_dir/said"

finish
