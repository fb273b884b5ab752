#!/usr/bin/env bash
# Holds docksill's reading of bodies and targets against dockerd's own decoder and router: what it allows it must have read as
# dockerd does (DESIGN 1.1). Prints the disagreements, and last "N passed, N failed".
#
#     test/diff/run.sh [SEED [COUNT]]     a third of the frames are targets; 300000 take about a minute on two cores
#     test/diff/run.sh frames SEED COUNT  the frames alone
#     test/diff/run.sh show SEED NUMBER   one frame, and what either side makes of it
#
# dockerd's side is Debian's golang-github-docker-docker-dev, the source of its docker.io: 20.10, or 26.1.5 or 28.5.2 if ENGINE_ROOT
# names a folder of test/engine/debian.sh. docksill's is diff-read, which test/run.sh builds with sanitizers; DIFF_READ names another.
# The frames of test/corpus/diff.jsonl come last, whatever the seed.

set -u
cd "$(dirname "$0")/../.." || exit 1

read=${DIFF_READ:-build-test/test/diff-read}
folder=build-diff
cases=test/corpus/diff.jsonl
limit=300 # seconds; more is a failure
inside=() tags=()
sources=${ENGINE_ROOT:-}/usr/share/gocode/src/github.com/docker/docker
if [ -n "${ENGINE_ROOT:-}" ]; then
        name=$(basename "$ENGINE_ROOT")
        inside=(test/engine/inside.sh "$ENGINE_ROOT") folder+=-${name#build-}
fi
api=$(sed -n 's/.*DefaultVersion *= "1\.\([0-9]*\)".*/\1/p' "$sources"/api/common.go)
# Some of what decode needs has moved.
[ -e "$sources/profiles/seccomp/seccomp.go" ] || tags=(-tags since285)

# Outside of modules, against Debian's sources; nothing is fetched.
export GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$PWD/$folder/cache GOFLAGS=

build() {
        [ -n "$api" ] && mkdir -p "$folder" && "${inside[@]}" go build -o "$folder/generate" ./test/diff/generate &&
                "${inside[@]}" go build "${tags[@]}" -o "$folder/decode" ./test/diff/decode
}

frames() {
        "${inside[@]}" "$folder/generate" "$@"
}

# dockerd's side; it looks for routes in the sources.
dockerd() {
        "${inside[@]}" "$folder/decode"
}

docksill() {
        "$read" "$api" "$api"
}

build || {
        echo '0 passed, 1 failed'
        exit 1
}

if [ "${1:-}" = frames ]; then
        frames "$2" 0 "$3" "$cases"
        exit
fi

if [ "${1:-}" = show ]; then
        frames "$2" "$3" 1 | tail -c +6
        for side in dockerd docksill; do
                printf '\n\n-- %s\n' "$side"
                frames "$2" "$3" 1 | "$side" | tr '\t' '\n'
        done
        exit
fi

seed=${1:-1} count=${2:-300000}
printf 'seed %s, %s frames, API 1.%s\n' "$seed" "$count" "$api"
# Each side makes its own frames: they are the same, and cheaper made twice than kept.
timeout "$limit" test/diff/compare.py \
        <(frames "$seed" 0 "$count" "$cases" | dockerd) \
        <(frames "$seed" 0 "$count" "$cases" | docksill)
code=$?
[ "$code" -ne 124 ] || printf 'not done in %s seconds\n0 passed, 1 failed\n' "$limit"
exit "$code"
