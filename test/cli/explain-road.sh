#!/usr/bin/env bash
# The exemption that explain prints for a tool that is refused: as it stands it loads, and lifts just that.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

digest=sha256:$(printf 'a%.0s' {1..64})

# body BINDS…: of an image by digest that runs as it was built.
body() {
        jq -nc --arg image "registry.example.com/tool@$digest" --args '{Image: $image, HostConfig: {Binds: $ARGS.positional, CapDrop: ["ALL"],
                SecurityOpt: ["no-new-privileges:true"], ReadonlyRootfs: true, Memory: 268435456, NanoCpus: 1000000000, PidsLimit: 100}}' "$@"
}

# printed: the file to paste, into exemption.yaml; with the caller's name where one is to be filled in.
printed() {
        sed -n '/^docksill: v1$/,$p' out | sed "s/{user: NAME}/{user: ${1:-NAME}}/" >exemption.yaml
        [ -s exemption.yaml ]
}

names() { grep -q "^    rules: \[$1\]$" exemption.yaml; }
lifted() { json_out ".findings | any(.rule == \"$1\" and .exempted_by != null)"; }
counts() { json_out ".findings | any(.rule == \"$1\" and .exempted_by == null)"; }

check 'a tool with the socket is refused' exits 1 explain --rules "$rules" - < <(body /run/docker.sock:/s)
check 'there is a road' grep -q '^If you want it anyway' out
check 'a file to paste' printed
check 'of what refuses' names runtime-socket-mount
check 'hung on the content' grep -q "match: {image.digest: \"$digest\", image.as_built: true}" exemption.yaml
check 'pinned to what was found' grep -q 'only: {mount.source: "/run/docker.sock"}' exemption.yaml
exits 0 explain --rules "$rules" --exemptions exemption.yaml --format json - < <(body /run/docker.sock:/s)
check 'with it, it is lifted' lifted runtime-socket-mount
exits 1 explain --rules "$rules" --exemptions exemption.yaml --format json - < <(body /run/containerd/containerd.sock:/s)
check 'another socket is not' counts runtime-socket-mount
exits 1 explain --rules "$rules" --exemptions exemption.yaml --format json - < <(body /run/docker.sock:/s | jq -c '.Cmd = ["sh"]')
check 'nor another command' counts runtime-socket-mount

check 'two that refuse' exits 1 explain --rules "$rules" - < <(body /run/docker.sock:/s '/run/podman/a b:/p')
check 'are one file' printed
check 'with both in it' grep -q 'only: {any: \[{mount.source: "/run/docker.sock"}, {mount.source: "/run/podman/a b"}\]}' exemption.yaml
exits 1 explain --rules "$rules" --exemptions exemption.yaml --format json - < <(body /run/docker.sock:/s '/run/podman/a b:/p')
check 'which lifts both' lifted runtime-socket-mount

# A volume beside it may hold the program: then the image says nothing.
check 'with a volume beside it' exits 1 explain --rules "$rules" - < <(body /run/docker.sock:/s data:/data)
check 'it hangs on the caller' grep -q '^It is for a caller named by a TLS certificate' out
check 'who is to be named' printed portainer
check 'and it loads' exits 1 explain --rules "$rules" --exemptions exemption.yaml - < <(body /run/docker.sock:/s data:/data)

check 'a tag is no content' exits 1 explain --rules "$rules" - <<<'{"Image":"tool:1","HostConfig":{"Binds":["/:/host:ro"]}}'
check 'so on the caller too' grep -q 'match: {user: NAME}' out
check 'read-only root' grep -q 'only: {mount.source: "/"}' out

# A folder of that name: as a pattern it would be any.
check 'a path with a star' exits 1 explain --rules "$rules" - < <(body '/run/docker/*:/d')
check 'gets no exemption' hides out 'kind: exemptions'
check 'a caller with a star' exits 1 explain --rules "$rules" - < <(create '{"Image":"tool:1","HostConfig":{"Binds":["/:/host:ro"]}}' | jq -c '.User = "ci-*"')
check 'is no pattern of callers' grep -q 'match: {user: NAME}' out

check 'for what a list lets in' exits 1 explain --rules "$rules" - < <(body /srv/data:/d)
check 'the list has its line' grep -q 'allowed-host-paths, append' out
check 'and no exemption' hides out 'kind: exemptions'
check 'for what protects docksill' exits 1 explain --rules "$rules" - < <(body /run/docksill:/d /run/docker.sock:/s)
check 'there is none' hides out 'kind: exemptions'
check 'for a request that can not be read' exits 1 explain --rules "$rules" - <<<'{'
check 'none either' hides out 'kind: exemptions'
check 'what passes needs none' exits 0 explain --rules "$rules" - <<<"$hardened"
check 'and gets none' hides out 'kind: exemptions'
finish
