#!/usr/bin/env bash
# What the real client asks for and must not get: refused in production, with the rule's name, in the words that the user sees.
# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"

engine_begin
engine_with_docksill

readarray -t clients < <(docker_clients)
for docker in "${clients[@]}"; do
        version=$("$docker" --version | sed 's/^Docker version \([^,]*\).*/client \1/')

        # rule, then what to ask for. Hardened otherwise: the one flag is what is refused.
        while read -r rule flags; do
                # shellcheck disable=SC2086 # several flags
                check "$version: $flags: $rule" refused "$rule" run --rm "${hardened[@]}" $flags "$image" echo ran
        done <<'ROWS'
privileged-container --privileged
runtime-socket-mount -v /var/run/docker.sock:/var/run/docker.sock
runtime-socket-mount -v /run/docker.sock:/docker.sock:ro
runtime-socket-mount --mount type=bind,source=/run,target=/r
host-root-mount -v /:/host
host-root-mount -v /:/host:ro
host-root-mount --mount type=bind,source=//./,target=/host
sensitive-host-mount -v /etc:/e
host-pid --pid=host
host-ipc --ipc=host
dangerous-capability --cap-add SYS_ADMIN
dangerous-capability --cap-add all
device-exposed --device /dev/mem
seccomp-unconfined --security-opt seccomp=unconfined
unmasked-system-paths --security-opt systempaths=unconfined
ROWS
        # A network mode can be given only once, so not beside --network none.
        check "$version: --net=host: host-network" refused host-network run --rm "${hardened[@]/none/host}" "$image" echo ran
        check "$version: a plain run: points" refused 'points, limit 50\..*user-root' run --rm "$image" echo ran
        check "$version: create is refused like run" refused privileged-container create --privileged "$image"
done

client run --rm --privileged "$image" echo ran
check 'a refused run has exit code 125 or 126 and prints nothing of the container' test "$code" -ge 125 -a "${said/ran/}" = "$said"
check 'nothing was created' allowed ps -aq
client ps -aq
check 'no container exists' test -z "$said"
check 'the refusal is recorded' recorded '.verdict == "deny" and .answer == "deny" and .environment == "production"
        and .operation == "container.create" and any(.findings[]?; .rule == "privileged-container")'
check 'points are the sum over the findings' jq -es 'all(.[]; .points == ([.findings[]?.points] | add // 0))' <(decisions)

finish
