#!/usr/bin/env bash
# docksill audit beside docker-bench-security: the same containers, and what each of the two names (README.md).
[ ! /proc/self/ns/net -ef "/proc/$PPID/ns/net" ] || exec unshare --net -- "$0" "$@"

# shellcheck source=test/audit/scene.bash
source "$(dirname "$0")/scene.bash"

# compared REPORT: a check for each line of compare.py.
compared() {
        local word title wrong

        while IFS=$'\t' read -r word title wrong; do
                if [ "$word" = ok ]; then ok "$title"; else not_ok "$title" "$wrong"; fi
        done < <(python3 "$scene_folder/compare.py" "$scene_folder" "$1" "$scene_folder/README.md" 2>&1)
}

engine_begin
image_import && daemon_json && engine_start && scene_build || exit 1

"$DOCKSILL" audit --rules "$engine_top/rules" --engine "$engine_socket" --framework cis-docker --format bench >"$engine_dir/report"
check 'findings exit 1' test $? -eq 1
compared "$engine_dir/report"
check 'too many containers that do not run' grep -q '^\[WARN\] 6\.2 - ' "$engine_dir/report"
check 'not too many images' grep -q '^\[PASS\] 6\.1 - ' "$engine_dir/report"
scene_end

finish
