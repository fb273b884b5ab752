#!/usr/bin/env bash
# The environment that the others extend requires every rule that refuses everywhere: a file of rules that is gone or cut
# short is then an error, whichever it is. --print writes the list as it belongs into the file.
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=test/check.sh
source test/check.sh

environment=rules/environments/development.yaml

# shellcheck disable=SC2016 # awk's own $3
# Ids of rules with a case that is hard, in the order of the files.
hard() {
        find rules -name '*.yaml' ! -path 'rules/environments/*' | LC_ALL=C sort | xargs awk '
                /^  - id: / { id = $3; told = 0 }
                /^ *#/ { next }
                /(^|[^a-z])hard: true/ && id && !told { print id; told = 1 }'
}

required() {
        sed -n '/^requires:/,/^[^ ]/ s/^  - //p' "$environment"
}

if [ "${1:-}" = --print ]; then
        echo 'requires:'
        hard | sed 's/^/  - /'
        exit
fi
check 'what refuses everywhere is required' diff <(hard | LC_ALL=C sort) <(required | LC_ALL=C sort)
check 'and that is much' test "$(required | wc -l)" -gt 40
finish
