#!/usr/bin/env bash
# A day with docker compose: version 1 is a program of its own, version 2 a plugin of the docker client.
#
#     COMPOSE='docker compose' test/clients/day-compose.sh SOCKET IMAGE FOLDER
# shellcheck source=call.sh
source "$(dirname "$0")/call.sh"

read -ra compose <<<"${COMPOSE:-docker-compose}"
client=compose folder=$3 file=compose.yaml
export DOCKER_HOST=unix://$1 IMAGE=$2 DOCKER_BUILDKIT=0 COMPOSE_DOCKER_CLI_BUILD=0 COMPOSE_INTERACTIVE_NO_CLI=1

c() {
        timeout -k 5 60 "${compose[@]}" --project-directory "$folder/shop" -f "$folder/shop/$file" -p shop "$@"
}

call build c build
call up c up -d
call up-again c up -d --no-build
call ps c ps
call logs c logs --tail 5
call exec c exec -T web id
call run c run --rm -T web echo hello
call top c top
call restart c restart -t 0 web
call pause c pause web
call unpause c unpause web
call kill c kill web
call start c start web
call scale c up -d --no-build --scale worker=2
call recreate c up -d --no-build --force-recreate -t 0 worker
call stop c stop -t 0
call rm c rm -f worker
beyond pull c pull
beyond push c push built
call down c down -v -t 0 --remove-orphans

# Written into the container between create and start: version 2 alone has these.
if [[ $(c version --short) == 2.* ]]; then
        export TOKEN=hidden
        file="compose-secrets.yaml"
        call secrets c up -d
        call secrets-read c exec -T web cat /run/secrets/token /settings
        call secrets-down c down -t 0
fi
