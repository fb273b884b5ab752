#!/usr/bin/env bash
# What the documents show loads as it stands, without a warning; their rules pass their own tests.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"
top=$(realpath "$rules/..")

# Each block of YAML in a file of its own, number.yaml; of one within a list without the list's indentation.
blocks() {
        awk '/^ *```yaml$/ { indent = index($0, "`") - 1; file = sprintf("%s/%d.yaml", folder, ++n); next }
             /^ *```$/ { file = ""; next }
             file { print substr($0, indent + 1) >file }' folder="$2" "$1"
}

# Parts of a file are made whole: settings, or rules.
whole() {
        grep -q '^kind:' "$1" && return
        if grep -q '^- id:' "$1"; then
                sed -i '1i docksill: v1\nkind: rules\nrules:' "$1"
        else
                sed -i '1i docksill: v1\nkind: configuration' "$1"
        fi
}

# quiet ARGUMENT…: check finds nothing to say, but of an engine that does not run here.
quiet() {
        run check --format json --rules "$rules" "$@"
        [ "$code" -eq 0 ] && json_out 'all(.problems[]; .code == "DS318")' && return
        cat out err
        return 1
}

mkdir -p site/rules site/exemptions
for document in README.md rules/README.md packaging/README.md CONTRIBUTING.md; do
        name=${document//\//-}
        mkdir "$name"
        blocks "$top/$document" "$name"
        check "$document has examples" test -f "$name/1.yaml"
        for file in "$name"/*.yaml; do
                whole "$file"
                # What a site has lies elsewhere here, and days pass.
                sed -i "s|/etc/docksill/rules|$PWD/site/rules|; s|/etc/docksill/exemptions|$PWD/site/exemptions|
                        s|expires: [0-9]*|expires: $(($(date +%Y) + 1))|" "$file"
        done
done

rule=$(grep -l '^kind: rules' rules-README.md/*.yaml)
check 'the language on one page is one file of rules' test "$(wc -w <<<"$rule")" -eq 1
cp "$rule" site/rules
cp "$(grep -l '^kind: exemptions' rules-README.md/*.yaml)" site/exemptions
for file in {README.md,rules-README.md,packaging-README.md,CONTRIBUTING.md}/*.yaml; do
        check "$file loads without a warning: $(sed -n 's/^kind: \([a-z]*\).*/\1/p' "$file")" quiet "$PWD/$file"
        grep -q '^kind: rules' "$file" || continue
        check 'and passes its own tests' exits 0 test "$file"
        check 'of which there are some' grep -Eq '^[1-9][0-9]* passed, 0 failed' out
done

# The exemption lets its user do what it says.
create '{"Image":"busybox:1.0","User":"10001:10001","Cmd":["true"],"HostConfig":{"CapDrop":["ALL"],"Binds":["/var/log:/l:ro"],
        "SecurityOpt":["no-new-privileges:true"],"ReadonlyRootfs":true,"Memory":67108864,"PidsLimit":50,
        "NanoCpus":500000000,"NetworkMode":"none"}}' >anybody.json
jq -c '. + {User: "shipper-7", UserAuthNMethod: "TLS"}' anybody.json >shipper.json
check 'who has the exemption may mount it' exits 0 explain --rules "$rules" --exemptions site/exemptions shipper.json
check 'and nobody else' exits 1 explain --rules "$rules" --exemptions site/exemptions anybody.json
finish
