#!/usr/bin/env bash
# Three daemons, one as it comes, one hardened and one deliberately bad: what docksill audit says of their settings, number by
# number, and that the worse has the lower score.
[ ! /proc/self/ns/net -ef "/proc/$PPID/ns/net" ] || exec unshare --net -- "$0" "$@"

# shellcheck source=test/audit/scene.bash
source "$(dirname "$0")/scene.bash"

declare -A score points

# root_of POSTURE: a host that is set up well, but for what its dockerd is told.
root_of() {
        local root=$engine_dir/host-$1

        mkdir -p "$root/etc/docker" "$root/usr/lib/systemd/system"
        cp "$scene_folder/postures/$1.json" "$root/etc/docker/daemon.json"
        printf 'root:x:0:0::/root:/bin/sh\n' >"$root/etc/passwd"
        printf 'root:x:0:\ndocker:x:998:\n' >"$root/etc/group"
        printf '[Service]\nExecStart=/usr/bin/dockerd -H fd://%s\n' "${engine_options[*]:+ ${engine_options[*]}}" \
                >"$root/usr/lib/systemd/system/docker.service"
        echo "$root"
}

# audited POSTURE: leaves the report in $engine_dir/POSTURE.
audited() {
        "$DOCKSILL" audit --rules "$engine_top/rules" --only daemon --root "$(root_of "$1")" --engine "$engine_socket" \
                --format bench >"$engine_dir/$1"
        score[$1]=$(sed -n 's/^\[INFO\] Score: \([0-9]*\) of 100.*/\1/p' "$engine_dir/$1")
        points[$1]=$(sed -n 's/^\[INFO\] Score: .* \([0-9]*\) points.*/\1/p' "$engine_dir/$1")
}

# words_of POSTURE: "2.1 WARN", one a line.
words_of() {
        sed -n 's/^\[\([A-Z]*\)\] \(2\.[0-9]*\) - .*/\2 \1/p' "$engine_dir/$1"
}

# as_told POSTURE: the words are those of postures.tsv.
as_told() {
        diff <(awk -F '\t' -v posture="$1" '$2 == posture {print $1, $4}' "$scene_folder/postures.tsv") <(words_of "$1")
}

# told_apart: each number of which the two say different things has its row in the README.
told_apart() {
        local number

        while read -r number; do
                grep -q "^| $number |" "$scene_folder/README.md" || { echo "no row of $number"; return 1; }
        done < <(awk -F '\t' '!/^#/ && $3 != $4 {print $1}' "$scene_folder/postures.tsv" | sort -u)
}

# started POSTURE: dockerd with that daemon.json.
started() {
        daemon_json
        jq -s '.[0] * .[1]' "$engine_dir/daemon.json" "$scene_folder/postures/$1.json" >"$engine_dir/posture.json" &&
                mv "$engine_dir/posture.json" "$engine_dir/daemon.json" && engine_start
}

engine_begin
busybox ip link set lo up
for posture in default hardened bad; do
        engine_options=(--iptables=true)
        [ "$posture" != bad ] || engine_options=(-H tcp://127.0.0.1:2375)
        check "a dockerd with the daemon.json of $posture" started "$posture"
        audited "$posture"
        check "$posture: what is said, number by number" as_told "$posture"
        engine_stop
done
check 'the bad one has a lower score than the hardened' test "${score[bad]}" -lt "${score[hardened]}"
check 'so has the one as it comes' test "${score[default]}" -lt "${score[hardened]}"
# With more than 100 points both have none left.
check 'and fewer points than the bad one' test "${points[default]}" -lt "${points[bad]}"
check 'where the bench says something else, README.md says who is right' told_apart

finish
