#!/usr/bin/env bash
# Host paths are judged where they lead, also when that takes for ever. DESIGN 1.6, 5.
# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"

here=$(cd "$(dirname "$0")" && pwd)
dead_pid=''

# The mount that never answers goes first: nothing else here could end before it.
end() {
        [ -z "$dead_pid" ] || kill "$dead_pid"
        engine_end
}

bind() {
        jq -cn --arg bind "$1" '{Image: "busybox:1.0", User: "10001:10001", HostConfig: {Binds: [$bind], CapDrop: ["ALL"],
                ReadonlyRootfs: true, NetworkMode: "none", SecurityOpt: ["no-new-privileges:true"], Memory: 67108864,
                NanoCpus: 500000000, PidsLimit: 50}}'
}

# took LEAST MOST SECONDS
took() {
        awk -v least="$1" -v most="$2" -v took="$3" 'BEGIN { exit !(took >= least && took <= most) }' && return
        printf 'took %s s, not %s to %s\n' "$3" "$1" "$2"
        return 1
}

create() {
        client create "${hardened[@]}" "$@"
        printf '%s\n' "$said"
        return "$code"
}

engine_begin
trap end EXIT
site_with "$engine_dir/*"
engine_with_docksill --environment "$site" --mode enforce
mkdir "$engine_dir"/{plain,other,dead}
ln -s /etc "$engine_dir/to-etc"
ln -s to-etc "$engine_dir/chain"

check 'a folder passes' allowed create "${hardened[@]}" -v "$engine_dir/plain:/h:ro" "$image"
check 'a link to /etc does not' refused "sensitive-host-mount .*which leads to /etc" create "${hardened[@]}" \
        -v "$engine_dir/to-etc:/h" "$image"
check 'nor a chain of links' refused sensitive-host-mount create "${hardened[@]}" -v "$engine_dir/chain:/h" "$image"
check 'nor in the long form' refused sensitive-host-mount create "${hardened[@]}" \
        --mount "type=bind,source=$engine_dir/to-etc,target=/h" "$image"
check 'nor what is missing below a link' refused "which leads to /etc/none/x" create "${hardened[@]}" \
        -v "$engine_dir/to-etc/none/x:/h" "$image"
check '/bin is what it was' refused sensitive-host-mount create "${hardened[@]}" -v /bin:/h "$image"
check 'a volume that is a bind: the kernel follows a link before ".."' refused 'sensitive-host-mount .*which leads to /' create \
        "${hardened[@]}" --mount "type=volume,target=/h,volume-driver=local,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=$engine_dir/to-etc/../etc/cron.d" \
        "$image"

# A limit, as dockerd resolves binds again at every start: what was a folder when it was judged may be a link by then.
mkdir "$engine_dir/swapped"
check 'a folder passes at create' allowed create --name swapped "${hardened[@]}" -v "$engine_dir/swapped:/h:ro" "$image" cat /h/passwd
rmdir "$engine_dir/swapped"
ln -s /etc "$engine_dir/swapped"
client start -a swapped
check 'swapped for a link it leads elsewhere at start: only create is judged' says 'root:' "$said"
check 'with the link in place a create is refused' refused sensitive-host-mount create "${hardened[@]}" \
        -v "$engine_dir/swapped:/h:ro" "$image"

python3 "$here/dead-mount.py" "$engine_dir/dead" >"$engine_dir/dead.said" 2>&1 &
dead_pid=$!
if ! wait_until 5 grep -q mounted "$engine_dir/dead.said"; then
        # Without FUSE there is nothing to wait for.
        printf '  note    no dead mount here: %s\n' "$(tail -n 1 "$engine_dir/dead.said")"
        dead_pid=''
        finish
        exit
fi

unresolved='docksill could not find out where'

said=$(ask "$(bind "$engine_dir/dead/x:/h:ro")")
check 'a path on a dead mount may lead anywhere' says "$unresolved" "$said"
check 'which is told after the deadline' took 0.1 1 "${said##*$'\n'}"
said=$(ask "$(jq -c '.HostConfig.Binds += ["/etc:/e"]' <<<"$(bind "$engine_dir/dead/x:/h:ro")")")
check 'what is known by its name is refused all the same' says 'sensitive-host-mount +100' "$said"
check 'the client is told' refused "$unresolved" create "${hardened[@]}" -v "$engine_dir/dead/x:/h:ro" "$image"
check 'and so is the admin' grep -q "helpers that follow host paths .* stuck, one at $engine_dir/dead/x" "$engine_dir/docksill.log"

# Many more that hang: they cost two helpers, and meanwhile nobody else waits or goes unjudged.
hang() {
        local i

        for ((i = 0; i < 40; i++)); do
                ask "$(bind "$engine_dir/dead/$i/x:/h:ro")" >"$engine_dir/hangs.$i" &
                hanging[i]=$!
        done
}
hang
sleep 0.05
for ((i = 0; i < 11; i++)); do
        curl -sS --unix-socket "$plugin_socket" -X POST -o /dev/null -w '%{time_total}\n' \
                --data-binary '{"RequestMethod":"GET","RequestUri":"/v1.41/containers/json"}' http://docksill/AuthZPlugin.AuthZReq
done >"$engine_dir/reads"
wait "${hanging[@]}"
# The middle one: on a busy machine some may be late for other reasons.
check 'reads are answered at once while some hang' took 0 0.05 "$(sort -n "$engine_dir/reads" | sed -n 6p)"
check 'and those that hang are refused' says "$unresolved" "$(cat "$engine_dir/hangs.39")"
said=$(ask "$(bind "$engine_dir/dead/y:/h:ro")")
check 'with two helpers stuck there nobody is sent after them' says "$unresolved" "$said"
check 'and a link to /etc is followed as ever' says 'which leads to /etc' "$(ask "$(bind "$engine_dir/to-etc:/h")")"
check 'a folder passes as ever' allowed create "${hardened[@]}" -v "$engine_dir/plain:/h:ro" "$image"
docksill_signal TERM
check 'docksill ends, helpers stuck or not' test "$docksill_code" -eq 0

ln -s / "$engine_dir/to-root"
check 'development too' docksill_start --environment development --mode enforce
hang
wait "${hanging[@]}"
check 'refuses what may be anything' says "$unresolved" "$(cat "$engine_dir/hangs.0" "$engine_dir/hangs.39")"
check 'and follows a link to the root' says 'host-root-mount' "$(ask "$(bind "$engine_dir/to-root:/h")")"
check 'while a folder passes' says '{"Allow":true}' "$(ask "$(bind "$engine_dir/plain:/h")")"
check 'and no more than two helpers were ever stuck' test "$(grep -Eo '[0-9]+ of 32 helpers' "$engine_dir/docksill.log" | sort -n | tail -n 1 | cut -d ' ' -f 1)" -le 2

# The mount comes to life, so to say: what hung fails, and the helpers are free.
hang
wait "${hanging[@]}"
kill "$dead_pid"
wait "$dead_pid"
dead_pid=''
sleep 0.5
check 'the helpers come back' grep -q 'no helper that follows host paths is stuck any more' "$engine_dir/docksill.log"
check 'once the mount is gone paths are told again' says 'which leads to /etc' "$(ask "$(bind "$engine_dir/to-etc:/h")")"
finish
