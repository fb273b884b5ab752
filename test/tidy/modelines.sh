#!/usr/bin/env bash
# The line by which an editor finds the schema of a file: each of docksill's files has one, and it names the schema of its kind.
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=test/check.sh
source test/check.sh

# Of every file that begins with it, but those of tests.
files() {
        {
                git ls-files -co --exclude-standard 2>/dev/null || find . -type f -not -path './build*' -not -path './.git/*' -printf '%P\n'
        } | grep -E '\.(ya?ml|j2)$' | grep -v '^test/' | sort -u | while read -r file; do
                [ ! -f "$file" ] || ! grep -q '^docksill: v1$' "$file" || printf '%s\n' "$file"
        done
}

# names_schema FILE KIND: beside the rules by a path that leads there, elsewhere where the package puts it.
names_schema() {
        local schema

        # shellcheck disable=SC2016 # the $ is meant
        schema=$(sed '/^docksill:/q' "$1" | sed -n 's/^# yaml-language-server: \$schema=//p')
        case $schema in
        /*) [ "$schema" = "/usr/share/docksill/rules/schema/$2.json" ] && [ -f "rules/schema/$2.json" ] ;;
        ?*) [ "$(realpath -m --relative-to=. "${1%/*}/$schema")" = "rules/schema/$2.json" ] && [ -f "rules/schema/$2.json" ] ;;
        *) false ;;
        esac
}

each_names_its_schema() {
        local file kind wrong=0

        for file in "${files[@]}"; do
                kind=$(sed -n 's/^kind: *\([a-z-]*\).*/\1/p' "$file" | head -n 1)
                names_schema "$file" "$kind" || {
                        echo "$file: no # yaml-language-server: \$schema=…/schema/$kind.json before docksill: v1"
                        wrong=1
                }
        done
        return "$wrong"
}

readarray -t files < <(files)
check 'there are many' test "${#files[@]}" -gt 70
check 'each names the schema of its kind' each_names_its_schema
finish
