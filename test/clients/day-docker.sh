#!/usr/bin/env bash
# A day with a docker client: what people type.
#
#     DOCKER=PATH WHOLE=yes|no test/clients/day-docker.sh SOCKET IMAGE FOLDER
#
# With WHOLE=no, for a further client, all is left out but what differs most from version to version.
# shellcheck source=call.sh
source "$(dirname "$0")/call.sh"

docker=${DOCKER:-docker} image=$2 folder=$3
client=docker
export DOCKER_HOST=unix://$1 DOCKER_CLI_HINTS=false

d() {
        timeout -k 5 60 "$docker" "$@"
}

# from FILE COMMAND…
from() {
        "${@:2}" <"$1"
}

build() {
        DOCKER_BUILDKIT=$1 d build "${@:2}" "$folder/site"
}

# From 23 on the client has BuildKit as a plugin alone.
has_buildkit() {
        [ "$(d version --format '{{.Client.Version}}' | cut -d . -f 1)" -lt 23 ] || d buildx version >/dev/null 2>&1
}

label_node() {
        d node update --label-add a=b "$(d node ls -q)"
}

start_attached() {
        d start -a "$(d create "$image" echo hello 2>/dev/null)"
}

# whole NAME COMMAND…: a call of a whole day.
whole() {
        [ "${WHOLE:-yes}" != yes ] || call "$@"
}

whole version d version
whole info d info
call run d run --rm "$image" id
call run-detached d run -d --name web --stop-signal KILL -p 127.0.0.1:8080:80 --restart unless-stopped "$image" sleep 600
call run-input from "$folder/site/index.html" d run --rm -i "$image" cat
call run-terminal d run -d -t --name terminal --init "$image" sleep 600
call run-volume d run --rm -v data:/data --mount type=volume,src=more,dst=/more --tmpfs /scratch:size=16m "$image" true
call run-folder d run --rm -v "$folder/site:/site:ro" -w /site -e COLOUR=blue --env-file "$folder/site/env" "$image" cat index.html
call run-limits d run --rm -m 64m --memory-swap 128m --cpus 0.5 --pids-limit 100 --ulimit nofile=1024:2048 --shm-size 16m \
        --oom-score-adj 100 "$image" true
whole run-names d run --rm --hostname shop --add-host db:10.1.2.3 --dns 192.0.2.1 --dns-search example.com --label a=b \
        --log-opt max-size=1m --entrypoint echo "$image" hello
call run-health d run -d --name healthy --health-cmd true --health-interval 5s --stop-timeout 1 "$image" sleep 600
whole run-hardened d run --rm --user 10001:10001 --cap-drop ALL --cap-add CHOWN --security-opt no-new-privileges --read-only \
        --network none "$image" id
[ ! -e /dev/net/tun ] || call run-tun d run --rm --cap-add NET_ADMIN --device /dev/net/tun "$image" true
call run-beside d run --rm --volumes-from web --network container:web "$image" true
whole run-host-network d run --rm --network host "$image" true
whole ps d ps
whole ps-all d ps -a --size --filter status=running --format '{{.Names}}'
call exec d exec web id
call exec-input from "$folder/site/index.html" d exec -i web cat
whole exec-user d exec -u 10001 -w /tmp -e A=b web sh -c env
whole exec-detached d exec -d web true
call cp-in d cp "$folder/site/index.html" web:/tmp/
call cp-out d cp web:/etc/passwd "$folder/passwd"
whole cp-stream from "$folder/site.tar" d cp - web:/tmp
whole logs d logs --tail 10 -t web
whole logs-since d logs --since 10m web
whole top d top web
whole stats d stats --no-stream web
whole port d port web
whole diff d diff web
whole inspect d inspect web
whole inspect-size d inspect -s --type container web
call update d update --memory 128m --memory-swap -1 --restart no web
whole rename d rename web shop
whole rename-back d rename shop web
whole pause d pause web
whole unpause d unpause web
whole kill d kill -s KILL web
whole wait d wait web
whole start d start web
whole restart d restart -t 0 web
whole stop d stop -t 0 web healthy
call start-attached start_attached
whole events d events --since 1m --until 0s

call commit d commit -m 'a shot' -a somebody -c 'CMD ["true"]' web shot:1
call tag d tag shot:1 shot:latest
whole images d images --digests
whole image-inspect d image inspect shot:1
whole history d history shot:1
call save d save -o "$folder/shot.tar" shot:1
call load d load -i "$folder/shot.tar"
whole load-input from "$folder/shot.tar" d load
call export d export -o "$folder/export.tar" web
call import d import "$folder/site.tar" shot:2
call build build 0 -t shot:3 --build-arg COLOUR=blue --label a=b
! has_buildkit || call build-buildkit build 1 -t built:1 --progress plain
whole run-built d run --rm shot:3 cat /index.html
beyond pull d pull busybox:9.9
beyond run-pull d run --rm busybox:9.9 true
beyond push d push shot:1
beyond search d search busybox
beyond login d login -u u -p p registry.example
beyond manifest d manifest inspect registry.example/busybox:1
if d buildx version >/dev/null 2>&1; then
        client=buildx
        call build d buildx build --load -t built:2 "$folder/site"
        # Its builder is a container of its own, for which there is no image here.
        beyond create timeout 8 "$docker" buildx create --name other --driver-opt "image=$image" --bootstrap
        client=docker
fi
call image-remove d rmi shot:1 shot:2 shot:3 shot:latest

whole volume-create d volume create --label a=b plain
whole volume-tmpfs d volume create -o type=tmpfs -o device=tmpfs -o o=size=1m memory
whole volume-list d volume ls
whole volume-inspect d volume inspect plain
whole volume-remove d volume rm plain memory data more
whole volume-prune d volume prune -f
whole network-create d network create --subnet 10.99.1.0/24 front
whole network-internal d network create --internal --label a=b back
whole network-list d network ls
whole network-inspect d network inspect front
whole network-connect d network connect --alias shop front terminal
whole run-network d run --rm --network front --network-alias two "$image" true
whole network-disconnect d network disconnect front terminal
whole network-remove d network rm front back
whole network-prune d network prune -f
whole context d context ls
whole df d system df -v
whole builder-prune d builder prune -f
call remove d rm -f -v web terminal healthy
call container-prune d container prune -f
call image-prune d image prune -f
call system-prune d system prune -f --volumes

whole swarm-init d swarm init --listen-addr 127.0.0.1:2377 --advertise-addr 127.0.0.1
whole secret-create from "$folder/site/env" d secret create secret -
whole config-create d config create config "$folder/site/index.html"
whole service-create d service create -d --name web --secret secret --config config --replicas 1 --limit-memory 64m --no-resolve-image \
        "$image" sleep 600
whole service-list d service ls
whole service-inspect d service inspect web
whole service-scale d service scale -d web=2
whole service-update d service update -d --env-add A=b --no-resolve-image web
whole service-ps d service ps web
whole stack d stack deploy -c "$folder/stack.yaml" --resolve-image never shop
whole stack-remove d stack rm shop
whole service-remove d service rm web
whole node-list d node ls
whole node-update label_node
whole swarm-update d swarm update --task-history-limit 2
whole secret-remove d secret rm secret
whole config-remove d config rm config
whole swarm-leave d swarm leave -f
