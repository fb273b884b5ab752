#!/usr/bin/env bash
# examples/ci/audit.sh: compose files and the images that they name are audited, and the reports are what a pipeline takes.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"
top=$(realpath "$rules/..")
export DOCKSILL

compose=''
! command -v docker-compose >/dev/null || compose=yes

# audits CODE [VARIABLE=VALUE…]: audit.sh exits so; what it says is in out. There is no engine but the docker beside it.
audits() {
        env PATH="$folder/bin:$PATH" "${@:2}" site/audit.sh "$folder/reports" >out 2>&1
        code=$?
        [ "$code" -eq "$1" ] && return
        printf 'exit code %s, not %s\n' "$code" "$1"
        cat out
        return 1
}

sarif() {
        jq -e "$2" "reports/$1.sarif" >/dev/null && return
        cat "reports/$1.sarif"
        return 1
}

mkdir bin
printf '#!/bin/sh\nexit 1\n' >bin/docker
chmod +x bin/docker
cp -r "$top/examples/ci" site
sed -i "\$a rules: $(realpath "$rules")" site/production.yaml
sed -i "s/expires: .*/expires: $(($(date +%Y) + 1))-12-31/" site/exemptions/*/*.yaml

[ -n "$compose" ] || rm site/compose/*

check 'no engine and no files of images' audits 1
check 'is said, for it is no pass' says out 'NOT OK  images: no engine answers'
[ -z "$compose" ] || check 'it goes on all the same' says out 'ok      compose file compose/shop.yaml'
check 'unless images are left out' audits 0 IMAGES=skip

# What the engine of another machine printed.
mkdir site/images
cat >site/images/shop.json <<JSON
[{"Id": "sha256:$(printf '%064d' 1)", "RepoTags": ["registry.example.com/shop/web:4"], "RepoDigests": [], "Created": "$(date -u +%FT%TZ)",
  "Config": {"User": "10001", "Env": ["PATH=/bin"], "ExposedPorts": {"22/tcp": {}}, "Labels": null},
  "Architecture": "amd64", "Os": "linux", "Size": 1, "RootFS": {"Type": "layers", "Layers": ["sha256:aa"]}}]
JSON
check 'files of images' audits 0
check 'are audited' sarif images 'any(.runs[0].results[]; .ruleId == "image-exposed-admin-port")'
check 'and count from FAIL_ON on' audits 1 FAIL_ON=low
check 'which it says' says out 'NOT OK  images (exit code 1)'
check 'for people, too' grep -q 'image-exposed-admin-port' reports/images.txt

check 'its reports are read back' "$top/test/schema/reports.py" reports
[ -n "$compose" ] || { finish; exit; }

# An engine that has the image: it is asked for what the compose files name.
cat >bin/docker <<'SH'
#!/bin/sh
echo "$*" >>asked
case "$1 $2" in
"image inspect") cat site.json ;;
"compose version") exit 1 ;;
esac
SH
sed -i "s|asked|$folder/asked|; s|site.json|$folder/site/images/shop.json|" bin/docker
check 'an engine' audits 0
check 'pulls what is named' grep -qx 'pull --quiet registry.example.com/shop/web:4' asked
check 'and is asked for it' grep -qx 'image inspect registry.example.com/shop/web:4' asked

sed -i 's/read_only: true/privileged: true/' site/compose/shop.yaml
check 'a service that would be refused' audits 1
check 'is named' says out 'NOT OK  compose file compose/shop.yaml (exit code 1)'
check 'with the reason' says out 'refused by hard rule privileged-container'
check 'at its line of the file' sarif compose-shop '.runs[0].results[] | select(.ruleId == "privileged-container")
        | .level == "error" and .locations[0].physicalLocation == {artifactLocation: {uri: "compose/shop.yaml"}, region: {startLine: 2}}'
check 'what is of no service is at the first' sarif compose-shop '.runs[0].results[] | select(.ruleId == "network-not-internal")
        | .locations[0].physicalLocation.region.startLine == 1'
check 'all reports are read back' "$top/test/schema/reports.py" reports

echo 'services: [' >site/compose/broken.yaml
check 'a file that compose does not take' audits 1
check 'is no pass' grep -Eq '^NOT OK  compose file compose/broken.yaml \(exit code [1-9]' out
check 'and leaves no report' test ! -e reports/compose-broken.sarif
finish
