#!/usr/bin/env bash
# With lookups of the engine on, what a name stands for is judged: an image's user, a volume's folder, a container that
# exists. And the engine that is asked asks us about each question, so nothing may wait for itself. DESIGN 2, 5.
# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"

# settings DOCKER [DEADLINE]: the configuration, with the engine's socket or off.
settings() {
        cat >"$engine_dir/docksill.yaml" <<END
docksill: v1
kind: configuration
environment: $site
mode: enforce
lookups: {docker: "$1", deadline: ${2:-2s}}
END
}

# What there is before anybody asks docksill: things that it would not have let through.
prepare() {
        image_import && daemon_json && engine_start || exit 1
        tar -C "$engine_dir/root" -c . | "$docker" -H "unix://$engine_socket" import -c 'CMD ["sh"]' -c 'USER 10001' - \
                busybox:user >/dev/null &&
                client volume create -o type=none -o o=bind -o device=/etc etc &&
                client volume create plain &&
                client create --name has-etc -v /etc:/h "$image" &&
                client create --name plain-mounts -v plain:/h "$image" &&
                client create --name joins-nobody --network container:nobody "$image" &&
                client create --name privileged --privileged --network none "$image" sleep 600 &&
                client create --name harmless "${hardened[@]}" "$image" sleep 600 || exit 1
        engine_stop
}

docksill_log_has() {
        grep -qE "$1" "$engine_dir/docksill.log"
}

# seconds COMMAND…: how long it takes, in whole seconds; leaves it in $took.
seconds() {
        local begun=$SECONDS
        "$@"
        took=$((SECONDS - begun))
}

# found NAME RULE: the create that asked for that name has a finding of this rule.
found() {
        recorded ".name == \"$1\" and any(.findings[]; .rule == \"$2\")"
}

# without_finding NAME RULE: it was judged, and has none.
without_finding() {
        recorded ".name == \"$1\" and all(.findings[]; .rule != \"$2\")"
}

took_at_most() {
        awk -v most="$1" -v took="$2" 'BEGIN { exit !(took <= most) }' && return
        printf 'took %s s, more than %s\n' "$2" "$1"
        return 1
}

# at_once N COMMAND…: N of them, the number as the last argument; their exit codes and words in $engine_dir/at-once/.
at_once() {
        local n=$1 i pids=()
        shift

        rm -rf "$engine_dir/at-once"
        mkdir "$engine_dir/at-once"
        for ((i = 0; i < n; i++)); do
                { "$@" "$i" >"$engine_dir/at-once/$i" 2>&1; printf '%d\n' $? >>"$engine_dir/at-once/$i"; } &
                pids+=($!)
        done
        wait "${pids[@]}"
}

# Past the client, which would be 64 processes of a few dozen megabytes.
create_number() {
        local bind=plain

        (($1 % 2)) || bind=etc
        api POST "/v1.41/containers/create?name=many-$try-$1" -H 'Content-Type: application/json' -d "$(jq -cn --arg bind "$bind:/h:ro" \
                '{Image: "busybox:user", Cmd: ["true"], HostConfig: {Binds: [$bind], CapDrop: ["ALL"], ReadonlyRootfs: true,
                NetworkMode: "none", SecurityOpt: ["no-new-privileges:true"], Memory: 67108864, NanoCpus: 500000000,
                PidsLimit: 50}}')"
}

# Half of them exist and are plain; the other half is the one that has /etc.
start_number() {
        local name=many-$last-$1

        (($1 % 2)) || name=has-etc
        api POST "/v1.41/containers/$name/start" -H 'Content-Length: 0'
}

# all_right SUCCESS COMMAND: 64 at once, and each is answered for what it is. A machine that is busy with other things may
# miss a deadline, and then it is said that nobody could tell; but not time and again.
all_right() {
        for try in 1 2 3 4; do
                seconds at_once 64 "$2"
                grep -qF 'could not be checked' "$engine_dir"/at-once/* || break
        done
        answered_right "$1"
}

# answered_right SUCCESS: the even ones were refused for /etc, the odd ones had that status.
answered_right() {
        local i wrong=0 file

        for ((i = 0; i < 64; i++)); do
                file=$engine_dir/at-once/$i
                if ((i % 2)); then
                        [ "$(tail -n 2 "$file" | head -n 1)" = "$1" ]
                else
                        grep -q sensitive-host-mount "$file"
                fi && continue
                ((wrong++)) || head -c 600 "$file"
        done
        [ "$wrong" -eq 0 ] || printf 'wrong: %d of 64\n' "$wrong"
        [ "$wrong" -eq 0 ]
}

engine_begin
prepare
site_with "$engine_dir/*"
settings off
daemon_json "$plugin"
docksill_start --config "$engine_dir/docksill.yaml" && engine_start || exit 1

# --- off: what a name stands for is not known --------------------------------------------------------------------------

check 'off, a volume is a name' allowed create --name off-volume "${hardened[@]}" -v etc:/h:ro "$image"
check 'and a container too' allowed start harmless
check 'without lookups nobody is told of the engine' test "$(grep -c 'the engine at' "$engine_dir/docksill.log")" -eq 0

# --- on ----------------------------------------------------------------------------------------------------------------

settings "unix://$engine_socket"
kill -HUP "$docksill_pid"
check 'SIGHUP switches them on' wait_until 5 docksill_log_has "reloaded.*, lookups.docker $engine_socket,"

check 'a volume that is a folder of the host is judged as one' refused 'sensitive-host-mount .*/etc' create "${hardened[@]}" \
        -v etc:/h "$image"
check 'a plain one passes' allowed create --name on-volume "${hardened[@]}" -v plain:/h "$image"
check 'what comes with --volumes-from is judged' refused 'sensitive-host-mount .*/etc' create "${hardened[@]}" \
        --volumes-from has-etc "$image"
check 'unless it is plain' allowed create "${hardened[@]}" --volumes-from plain-mounts "$image"
id_of() {
        "$docker" -H "unix://$engine_socket" inspect -f '{{.Id}}' "$1"
}
harmless=$(id_of harmless) has_etc=$(id_of has-etc)
client rename has-etc "$harmless"
check 'a name that is another container'\''s id hides nobody' refused request-name-slash create "${hardened[@]}" \
        --volumes-from "/$harmless" "$image"
client rename "$has_etc" has-etc

nobody=("${hardened[@]:2}") # without --user
client create --name on-root "${nobody[@]}" "$image"
client create --name on-user "${nobody[@]}" busybox:user
check 'an image without a user runs as root' found on-root user-root
check 'one with a user does not' without_finding on-user user-root

client create --pull never --name on-missing "${hardened[@]}" busybox:missing
check 'an image that is not there is for dockerd to miss' says 'No such image' "$said"

check 'a command in a privileged container is refused' refused target-privileged exec privileged true
check 'in another it is not' allowed exec harmless true
client exec no-such-container true
check 'a container that is not there is for dockerd to miss' says 'No such container' "$said"

mkdir "$engine_dir/swapped"
check 'a folder passes at create' allowed create --name swapped "${hardened[@]}" -v "$engine_dir/swapped:/h:ro" "$image" cat /h/passwd
rmdir "$engine_dir/swapped"
ln -s /etc "$engine_dir/swapped"
check 'swapped for a link to /etc it is refused at start' refused 'sensitive-host-mount .*which leads to /etc' start swapped
check 'what has /etc is refused at start, whenever it was made' refused sensitive-host-mount start has-etc

client start joins-nobody
check 'a peer that is not there at a start is for dockerd to miss' says 'No such container' "$said"
client rename privileged nobody
check 'one that got the name later is judged' refused target-joined-namespace start joins-nobody
client rename nobody privileged
check 'at a create nobody can tell who it will be' refused joined-namespace create "${hardened[@]}" --pid container:nobody "$image"

# A volume's answer is remembered for a moment, and never longer than the volume is there.
changed=0
for ((i = 0; i < 5; i++)); do
        client volume rm -f turns >/dev/null
        client volume create turns >/dev/null
        client create "${hardened[@]}" -v turns:/h "$image" || changed=$((changed + 100))
        "$docker" -H "unix://$engine_socket" rm -f "$said" >/dev/null
        client volume rm turns >/dev/null
        client create "${hardened[@]}" -v turns:/h "$image" && changed=$((changed + 1))
        "$docker" -H "unix://$engine_socket" rm -fv "$said" >/dev/null
done
check 'volumes that come and go are no news' test "$changed" -eq 5

# --- many at once ------------------------------------------------------------------------------------------------------

check '64 creates at once are answered, each for what it is' all_right 201 create_number
last=$try # whose containers are to be started
check 'in bounded time' took_at_most 30 "$took"
printf '  note    64 creates took %d s, at try %d\n' "$took" "$last"
check '64 starts at once, too' all_right 204 start_number
check 'in bounded time as well' took_at_most 60 "$took"
printf '  note    64 starts took %d s, at try %d\n' "$took" "$try"
check 'and docksill is as idle as before' docksill_answers

# --- an engine that does not answer ------------------------------------------------------------------------------------

body='{"Image":"busybox:user","HostConfig":{"CapDrop":["ALL"],"ReadonlyRootfs":true,"NetworkMode":"none","Binds":["/etc:/e:ro"]}}'
plain=${body/,\"Binds\":[\"\/etc:\/e:ro\"]/}
kill -STOP "$engine_pid"
settings "unix://$engine_socket" 400ms
kill -HUP "$docksill_pid"
sleep 1
said=$(ask "$plain")
check 'an engine that hangs is waited for until the deadline' took_at_most 1 "${said##*$'\n'}"
check 'and the user is unknown, which costs in production' says user-root "$said"
check 'what is known without it is judged' says sensitive-host-mount "$(ask "$body")"
check 'it is said once' wait_until 3 docksill_log_has 'the engine at .* does not answer'
kill -CONT "$engine_pid"
wait_until 10 engine_answers
said=$(ask "$plain")
check 'once it goes on it is asked again' test "$(says user-root "$said" >/dev/null && echo unknown)" != unknown
check 'and that is said' wait_until 3 docksill_log_has 'answers again'

engine_stop
said=$(ask "$plain")
check 'an engine that is gone is not waited for' took_at_most 0.3 "${said##*$'\n'}"
check 'and the user is unknown again' says user-root "$said"
engine_start || exit 1
check 'the next one is found' allowed create --name found-again "${nobody[@]}" busybox:user
check 'and answers' without_finding found-again user-root

docksill_signal TERM
settings "unix://$engine_socket"
check 'development skips what is unknown' docksill_start --config "$engine_dir/docksill.yaml" --environment development
engine_stop
check 'so it passes there' says '{"Allow":true}' "$(ask "$plain")"

finish
