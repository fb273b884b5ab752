#!/usr/bin/env bash
# What goes wrong around a docksill that serves, done on purpose: of the table in test/faults/README.md those that take a moment. And that
# table names each fault that there is.
# shellcheck source=test/check.sh
source "$(dirname "$0")/../check.sh"
here=$(cd "$(dirname "$0")/../faults" && pwd)

named() {
        diff <("$here/run.py" --list) <(sed -n '/^| fault | calls | lost /,/^$/s/^| \([^|]*\) |.*/\1/p' "$here/README.md" | tail -n +2)
}

check 'README.md lists the faults that there are, in their order' named
check 'those that take a moment' "$here/run.py" --short
finish
