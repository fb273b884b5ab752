#!/usr/bin/env bash
# The product's sources are as .clang-format has them. Tables that read better by hand stand between `clang-format off` and
# `on`. Versions of clang-format differ: it is Debian 12's that is asked.
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=../check.sh
source test/check.sh

format=clang-format-14

as_formatted() {
        local file wrong=0

        for file in plugin/*.c plugin/*/*.[ch] plugin/*/*/*.[ch] include/docksill/*/*.h; do
                [ -f "$file" ] || continue
                "$format" "$file" | diff -q "$file" - >/dev/null && continue
                echo "$file: run $format -i on it"
                wrong=1
        done
        return "$wrong"
}

check 'sources are as .clang-format has them' as_formatted
finish
