# shellcheck shell=bash
# stream.sh: several clients that ask dockerd without a pause, for the scenarios in which docksill goes away and comes back.
#
# Three kinds of request, each with one right answer: a read (200), a create that must be refused (403 in docksill's words) and
# a create that passes (201). Any other answer is a lost call; only its being refused is acceptable.

# shellcheck source=engine.sh
source "$(dirname "${BASH_SOURCE[0]}")/engine.sh"

stream_pids=()

# One line a request: KIND RIGHT|LOST STATUS SECONDS ANSWER.
stream_client() {
        local kind=$1 name=$2 n=0 said code seconds right
        local json='Content-Type: application/json'

        while [ ! -e "$engine_dir/enough" ]; do
                n=$((n + 1))
                right=LOST
                case $kind in
                read)
                        said=$(api GET /v1.41/containers/json -w '\n%{http_code} %{time_total}')
                        ;;
                bad)
                        said=$(api POST /v1.41/containers/create -w '\n%{http_code} %{time_total}' -H "$json" \
                                -d '{"Image": "busybox:1.0", "HostConfig": {"Privileged": true}}')
                        ;;
                good)
                        said=$(api POST "/v1.41/containers/create?name=$name-$n" -w '\n%{http_code} %{time_total}' -H "$json" \
                                --data-binary "@$engine_dir/good.json")
                        ;;
                esac
                read -r code seconds <<<"${said##*$'\n'}"
                case $kind$code in
                read200 | good201) right=RIGHT ;;
                bad403) ! refusal_names privileged-container >/dev/null || right=RIGHT ;;
                esac
                printf '%s %s %s %s %s\n' "$kind" "$right" "$code" "$seconds" "$(head -n 1 <<<"$said" | cut -c 1-200)"
        done >"$engine_dir/stream.$name"
}

stream_start() {
        cat >"$engine_dir/good.json" <<'JSON'
{"Image": "busybox:1.0", "User": "10001:10001", "HostConfig": {"CapDrop": ["ALL"], "ReadonlyRootfs": true, "NetworkMode": "none",
 "SecurityOpt": ["no-new-privileges:true"], "Memory": 67108864, "NanoCpus": 500000000, "PidsLimit": 50}}
JSON
        rm -f "$engine_dir"/enough "$engine_dir"/stream.*
        stream_pids=()
        for kind in read read bad bad good; do
                stream_client "$kind" "$kind${#stream_pids[@]}" &
                stream_pids+=($!)
        done
}

stream_stop() {
        touch "$engine_dir/enough"
        wait "${stream_pids[@]}"
        cat "$engine_dir"/stream.* >"$engine_dir/stream"
}

# stream_count REGEX
stream_count() {
        grep -cE "$1" "$engine_dir/stream"
}

stream_longest_wait() {
        sort -rnk 4 "$engine_dir/stream" | { read -r _ _ _ seconds _ && printf '%s\n' "$seconds"; }
}

# Creates that were answered with a container's id, against the containers there are: a lost answer may hide one container each.
containers_are_accounted_for() {
        local there answered lost

        there=$(api GET '/v1.41/containers/json?all=1' | head -n 1 | jq 'map(select(.Names[0] | startswith("/good"))) | length')
        answered=$(stream_count '^good RIGHT')
        lost=$(stream_count '^good LOST')
        printf '%s containers, %s answered, %s lost\n' "$there" "$answered" "$lost"
        [ "$there" -ge "$answered" ] && [ "$there" -le $((answered + lost)) ]
}
