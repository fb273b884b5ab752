#!/usr/bin/env bash
# Every example runs, or it is no example.
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=check.sh
source test/check.sh

# What is there before and must be all that is there after.
traces() {
        ls -d /run/docker /run/docker/plugins/docksill-* /etc/docker /opt/containerd "${TMPDIR:-/tmp}"/docksill-engine.* 2>/dev/null
        grep -o '[^ ]*docksill[^ ]*' /proc/self/mounts
        true
}

said=''
quickstart() {
        said=$(timeout 300 examples/quickstart.sh 2>&1 </dev/null)
        local code=$?
        printf '%s\n' "$said"
        return "$code"
}

shows() {
        [[ $said =~ $1 ]] && return
        printf 'not in what it printed: %s\n' "$1"
        return 1
}

before=$(traces)
since=$SECONDS
check 'examples/quickstart.sh runs' quickstart
check 'in less than three minutes' test $((SECONDS - since)) -lt 180
check 'it leaves nothing behind' test "$(traces)" = "$before"
refused='Error response from daemon: authorization denied by plugin docksill-quickstart-[0-9]+: docksill \(production\): refused[ ,]'
for flags in '' '--privileged ' '-v /var/run/docker.sock:/var/run/docker.sock ' '-v /:/host ' '--net=host '; do
        check "it shows the refusal of: docker run ${flags:-without a flag}" \
                shows "[$] docker run --rm ${flags//./\\.}busybox[^"$'\n'"]*"$'\n'"[^"$'\n'"]*$refused"
done
check 'it shows a hardened run that ran' shows 'uid=10001 gid=10001'
check 'it shows a score' shows 'score  [0-9]+ of 100'
check 'it shows a record' shows 'record  \{"time":".*"gate":".*"findings":\['
check 'it shows audit-only' shows '"would":"deny", "answer":"allow"'
finish
