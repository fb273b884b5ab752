#!/usr/bin/env bash
# The JSON Schemas: what the program prints, what the shipped files are valid by, and broken ones are not.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"
top=$(realpath "$rules/..")

for kind in rules environment exemptions configuration profile framework; do
        check "the schema of $kind" exits 0 rules schema "$kind"
        check 'is the one in the tree: docksill rules schema KIND >rules/schema/KIND.json' diff -q "$rules/schema/$kind.json" out
done
check 'a kind that is none' exits 2 rules schema rule
check 'has a suggestion' says err 'did you mean rules?'
check 'no kind' exits 2 rules schema
check 'names them all' says err 'environment, exemptions, configuration'

printf 'docksill: v1\nkind: configuration\nenvironment: production\nlookups: {docker: off, paths: on}\n' >settings.yaml
readarray -t shipped < <(find "$rules" "$top/examples" -name '*.yaml' ! -name compose.yaml | sort)
check 'shipped files and settings are valid' "$top/test/schema/validate.py" "$rules/schema" "${shipped[@]}" settings.yaml
check 'broken ones are not' "$top/test/schema/validate.py" --broken "$rules/schema" "$top/test/schema/broken.yaml"

# modeline FILE: the line names the schema of its kind, by a path that leads there.
modeline() {
        local path kind

        kind=$(sed -n 's/^kind: \([a-z]*\).*/\1/p' "$1" | head -n 1)
        # shellcheck disable=SC2016 # the $ is meant
        path=$(sed -n 's/^# yaml-language-server: \$schema=//p' "$1")
        case $path in
        /usr/share/docksill/rules/*) path=$rules/${path#/usr/share/docksill/rules/} ;;
        *) path=$(dirname "$1")/$path ;;
        esac
        [ "$(realpath "$path")" = "$(realpath "$rules/schema/$kind.json")" ] && return
        printf '%s: its modeline leads to "%s"\n' "$1" "$path"
        return 1
}

modelines() {
        local file

        for file in "${shipped[@]}"; do
                modeline "$file" || return
        done
}
check 'each shipped file names its schema' modelines
finish
