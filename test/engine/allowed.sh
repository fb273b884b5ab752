#!/usr/bin/env bash
# What must work in production with docksill in the way: a hardened run and the everyday commands around it.
# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"

engine_begin
engine_with_docksill

# prints EXPECTED COMMAND…: a hardened run of the command prints exactly that.
prints() {
        local expected=$1
        shift
        allowed run --rm "${hardened[@]}" "$image" "$@" || return
        [ "$said" = "$expected" ] && return
        printf 'printed: %s\n' "$said"
        return 1
}

check 'a hardened run runs' prints 10001 id -u
check 'its root file system is read-only' prints 'read-only' sh -c 'echo x 2>/dev/null >/x || echo read-only'

check 'docker ps' allowed ps -a
check 'docker images' allowed images
check 'docker info' allowed info
check 'docker version' allowed version
check 'docker create' allowed create --name one "${hardened[@]}" "$image" sleep 60
check 'docker start' allowed start one
check 'docker inspect' allowed inspect one
check 'docker logs' allowed logs one
check 'docker pause' allowed pause one
check 'docker unpause' allowed unpause one
check 'docker rename' allowed rename one two
check 'docker restart' allowed restart -t 0 two
check 'docker stop' allowed stop -t 0 two
check 'docker rm' allowed rm two

# What a refusal says to add is enough to pass (DESIGN 1.2).
client run --rm "$image" id -u
add=$(sed -n 's/^Add: *//p' <<<"$said")
check 'a refusal says what to add' test -n "$add"
# shellcheck disable=SC2086 # several flags
check "with that added, it passes: $add" allowed run --rm $add "$image" id -u

finish
