#!/usr/bin/env bash
# What scripts do with curl: health watchers, hooks after a renewed certificate, back-ups, dashboards.
#
#     test/clients/day-curl.sh SOCKET IMAGE FOLDER
# shellcheck source=call.sh
source "$(dirname "$0")/call.sh"

client=curl socket=$1 image=$2 folder=$3
json=(-H 'Content-Type: application/json')
tar=(-H 'Content-Type: application/x-tar')

# http METHOD PATH [CURL-OPTION…]
http() {
        local method=$1 path=$2
        shift 2
        curl -sS -g --fail-with-body --max-time 30 --unix-socket "$socket" -X "$method" "http://localhost$path" "$@"
}

# a run of an exec, as scripts spell it: two calls.
exec_in() {
        local id

        id=$(http POST "/containers/$1/exec" "${json[@]}" -d "$2") || { printf '%s\n' "$id"; return 1; }
        http POST "/exec/$(jq -r .Id <<<"$id")/start" "${@:3}" --output - && http GET "/exec/$(jq -r .Id <<<"$id")/json"
}

piped() {
        tar -C "$folder/site" -c . | "$@"
}

sleeper=$(jq -cn --arg image "$image" '{Image: $image, Cmd: ["sleep", "600"], StopSignal: "KILL"}')
now=$(date +%s)

call ping http GET /_ping
call ping-head curl -sS --fail --unix-socket "$socket" -I http://localhost/_ping
call version http GET /version
call info http GET /v1.41/info
call list http GET '/containers/json?all=1&filters={"status":["running"]}'
call create http POST '/containers/create?name=web' "${json[@]}" -d "$sleeper"
call create-charset http POST '/v1.41/containers/create?name=worker' -H 'Content-Type: application/json; charset=utf-8' \
        -d "$(jq -c '. + {HostConfig: {Memory: 67108864, RestartPolicy: {Name: "unless-stopped"}, Binds: null}}' <<<"$sleeper")"

# A POST of which curl is told nothing has neither Content-Type nor Content-Length.
call start http POST /containers/web/start
call start-worker http POST /v1.41/containers/worker/start
call start-started http POST /containers/web/start
call restart http POST '/containers/web/restart?t=0'
call pause http POST /containers/web/pause
call unpause http POST /v1.41/containers/web/unpause
call kill http POST '/containers/web/kill?signal=KILL'
call wait http POST /containers/web/wait
call start-empty http POST /containers/web/start -d ''
call stop-empty http POST '/containers/web/stop?t=0' -d ''
call start-object http POST /containers/web/start "${json[@]}" -d '{}'
call stop http POST '/v1.41/containers/web/stop?t=0'
call start-length http POST /containers/web/start -H 'Content-Length: 0'
call rename http POST '/containers/web/rename?name=shop'
call rename-empty http POST '/containers/shop/rename?name=web' -d ''
call restart-json http POST '/containers/web/restart?t=0' "${json[@]}"
call start-json http POST /containers/worker/start "${json[@]}"
call stop-json http POST '/containers/worker/stop?t=0' "${json[@]}"
call wait-json http POST '/containers/worker/wait?condition=not-running' "${json[@]}"
worker=$(http GET /containers/worker/json | jq -r .Id)
call rename-json http POST '/containers/worker/rename?name=renamed' "${json[@]}"
call restart-http10 http POST '/containers/web/restart?t=0' -0
call update http POST /containers/web/update "${json[@]}" -d '{"Memory": 134217728, "MemorySwap": -1}'

call inspect http GET /containers/web/json
call inspect-size http GET '/containers/web/json?size=1'
call logs http GET '/containers/web/logs?stdout=1&stderr=1&tail=50' --output -
call stats http GET '/containers/web/stats?stream=0&one-shot=1'
call top http GET /containers/web/top
call changes http GET /containers/web/changes
call events http GET "/events?since=$((now - 60))&until=$now"
call exec exec_in web '{"AttachStdout": true, "AttachStderr": true, "Cmd": ["id", "-u"]}' "${json[@]}" -d '{"Detach": false, "Tty": false}'
call exec-detached exec_in web '{"Cmd": ["true"]}' "${json[@]}" -d '{"Detach": true}'
call archive-put piped http PUT '/containers/web/archive?path=/tmp' "${tar[@]}" --data-binary @-
call archive-upload http PUT '/containers/web/archive?path=/tmp' -T "$folder/site.tar"
call archive-get http GET '/containers/web/archive?path=/etc/passwd' --output /dev/null
call archive-head curl -sS --fail --unix-socket "$socket" -I 'http://localhost/containers/web/archive?path=/etc/passwd'
call export http GET /containers/web/export --output /dev/null

call commit http POST '/commit?container=web&repo=shot&tag=1'
call commit-object http POST '/commit?container=web&repo=shot&tag=2' "${json[@]}" -d '{}'
call commit-null http POST '/commit?container=web&repo=shot&tag=3' "${json[@]}" -d null
call commit-json http POST '/commit?container=web&repo=shot&tag=6' "${json[@]}"
call images http GET '/images/json?digests=1'
call image-inspect http GET /images/shot:1/json
call history http GET /images/shot:1/history
call tag http POST '/images/shot:1/tag?repo=shot&tag=latest'
call tag-json http POST '/images/shot:1/tag?repo=shot&tag=7' "${json[@]}"
call save http GET /images/shot:1/get --output "$folder/shot.tar"
call load http POST '/images/load?quiet=1' "${tar[@]}" --data-binary "@$folder/shot.tar"
call load-chunked http POST /images/load "${tar[@]}" -T "$folder/shot.tar"
call import piped http POST '/images/create?fromSrc=-&repo=shot&tag=4' "${tar[@]}" --data-binary @-
call build http POST '/build?t=shot:5&dockerfile=Dockerfile' "${tar[@]}" --data-binary "@$folder/site.tar"
beyond pull http POST '/images/create?fromImage=busybox&tag=9.9' --max-time 20
beyond pull-empty http POST '/images/create?fromImage=busybox&tag=9.9' -d '' --max-time 20
beyond pull-json http POST '/images/create?fromImage=busybox&tag=9.9' "${json[@]}" --max-time 20
beyond push http POST /images/shot:1/push -H 'X-Registry-Auth: e30=' --max-time 20
beyond search http GET '/images/search?term=busybox' --max-time 20
beyond login http POST /auth "${json[@]}" -d '{"username": "u", "password": "p", "serveraddress": "registry.example"}'
http DELETE /images/shot:6 >/dev/null
http DELETE /images/shot:7 >/dev/null
for tag in 1 2 3 4 5 latest; do
        call "image-remove-$tag" http DELETE "/images/shot:$tag"
done

call volume-create http POST /volumes/create "${json[@]}" -d '{"Name": "data"}'
call volume-create-empty http POST /volumes/create "${json[@]}" -d '{}'
call volume-list http GET /volumes
call volume-inspect http GET /volumes/data
call volume-remove http DELETE /volumes/data
call volume-prune http POST /volumes/prune
call network-create http POST /networks/create "${json[@]}" -d '{"Name": "front", "CheckDuplicate": true}'
call network-list http GET /networks
call network-inspect http GET /networks/front
call network-connect http POST /networks/front/connect "${json[@]}" -d '{"Container": "web"}'
call network-disconnect http POST /networks/front/disconnect "${json[@]}" -d '{"Container": "web", "Force": true}'
call network-remove http DELETE /networks/front
call network-prune http POST /networks/prune
call remove http DELETE '/containers/web?force=1&v=1'
call remove-id http DELETE "/containers/$worker?force=true" -d ''
call container-prune http POST /containers/prune
call container-prune-json http POST /containers/prune "${json[@]}"
call image-prune http POST /images/prune
call volume-prune-json http POST /volumes/prune "${json[@]}"
call network-prune-json http POST '/networks/prune?filters={"until":["24h"]}' "${json[@]}"
call image-prune-all http POST '/images/prune?filters={"dangling":["true"]}' -d ''
call build-prune http POST /build/prune
call df http GET /system/df
