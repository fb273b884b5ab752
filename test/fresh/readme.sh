#!/usr/bin/env bash
# What README tells people to type.
#
#     test/fresh/readme.sh block SECTION [NUMBER]    the lines of its first, or NUMBERth, block of code
#     test/fresh/readme.sh inline SECTION WORDS      the code in its text that begins with these words, on one line
#
# Fails if there is none.

set -u -o pipefail
readme=$(dirname "$0")/../../README.md

# section NAME: its lines, without those of later headings of whatever level.
section() {
        awk -v name="$1" '/^```/ { code = !code }
                !code && /^#+ / { inside = 0 }
                inside
                !code && /^#+ / { sub(/^#+ /, ""); inside = $0 == name }' "$readme"
}

case $1 in
block)
        section "$2" | awk -v wanted="${3:-1}" '/^```/ { code = !code; n += code; next } code && n == wanted' | grep ''
        ;;
inline)
        # shellcheck disable=SC2016 # README's own backticks
        section "$2" | tr '\n' ' ' | grep -oE '`[^`]*`' | tr -d '`' | grep -F -- "$3"
        ;;
esac
