#!/usr/bin/env bash
# Rules are read side by side with other files: no line of them has more than 140 columns.
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=test/check.sh
source test/check.sh

# The places of longer lines.
wide() {
        find rules -name '*.yaml' | sort | LC_ALL=C.UTF-8 xargs grep -nE '^.{141}' | cut -d: -f1,2
}

check 'a line of rules has at most 140 columns' diff <(wide) /dev/null
finish
