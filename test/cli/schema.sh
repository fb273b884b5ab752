#!/usr/bin/env bash
# The JSON Schemas: what the program prints, what the shipped files are valid by, and broken ones are not.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"
top=$(realpath "$rules/..")

for kind in rules environment exemptions configuration profile framework scan-ignore; do
        check "the schema of $kind" exits 0 rules schema "$kind"
        check 'is the one in the tree: docksill rules schema KIND >rules/schema/KIND.json' diff -q "$rules/schema/$kind.json" out
done
check 'a kind that is none' exits 2 rules schema rule
check 'has a suggestion' says err 'did you mean rules?'
check 'a kind that is like none' exits 2 rules schema foo
check 'is told what there are' says err 'there are rules, environment, exemptions,'
check 'no kind' exits 2 rules schema
check 'names them all' says err 'environment, exemptions, configuration'

printf 'docksill: v1\nkind: configuration\nenvironment: production\nlookups: {docker: off, paths: on}\n' >settings.yaml
readarray -t shipped < <(find "$rules" "$top/examples" -name '*.yaml' -exec grep -l '^docksill: v1' {} + | sort)
check 'shipped files and settings are valid' "$top/test/schema/validate.py" "$rules/schema" "${shipped[@]}" settings.yaml
check 'broken ones are not' "$top/test/schema/validate.py" --broken "$rules/schema" "$top/test/schema/broken.yaml"
finish
