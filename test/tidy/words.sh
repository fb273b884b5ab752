#!/usr/bin/env bash
# What no file of ours may hold, and how headers, scripts and the list of tests look. Copied cases are left as they came.
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=../check.sh
source test/check.sh

# Files under version control and new ones; outside of a clone (a release's tarball) all that no build made.
ours() {
        {
                git ls-files -co --exclude-standard 2>/dev/null || find . -type f -not -path './build*' -not -path './.git/*' -printf '%P\n'
        } | grep -vE '^test/corpus/.*\.jsonl$|^test/fuzz/.*/corpus/' | sort -u | while read -r file; do
                [ ! -f "$file" ] || printf '%s\n' "$file" # one that was removed may still be listed
        done
}

readarray -t files < <(ours)

# none REGEX [FILE…]: no line of these files matches.
none() {
        local regex=$1
        shift
        ! grep -nIE -- "$regex" "$@" /dev/null
}

ours_like() {
        printf '%s\n' "${files[@]}" | grep -E "$1"
}

# The marks are spelt with a bracket, or this file would find itself.
check 'no trailing blanks' none '[[:blank:]]+$' "${files[@]}"
check 'no marks of unfinished work' none '\b(TO[D]O|FIX[M]E|XX[X]|HAC[K])\b' "${files[@]}"
check 'no path of the machine it was written on' none "$PWD/" "${files[@]}"

# Each machine has its own source of packages: whoever needs it asks apt (test/engine/debian.sh).
mirrors='([a-z0-9-]+\.)+(debia[n]|ubunt[u])\.(org|net|com)|/(debia[n]|ubunt[u])/(dists|pool)/|(npmj[s]|pyp[i]|fastl[y]|nodesourc[e])\.|proxy\.golan[g]|download\.docke[r]'
check 'no host of a package mirror' none "$mirrors" "${files[@]}"
mirrors_are_found() {
        local host

        # shellcheck disable=SC2043 # in pieces, or it would be found here
        for host in deb.deb{}ian.org/x ftp.de.deb{}ian.org archive.ubu{}ntu.com registry.npm{}js.org mirror.example/deb{}ian/dists/sid; do
                ! printf '%s\n' "${host/\{\}/}" | none "$mirrors" - || { echo "not found: $host"; return 1; }
        done
}
check 'and one would be found' mirrors_are_found

no_mail_addresses() {
        ! printf '%s\n' "${files[@]}" | xargs grep -nIoE '[[:alnum:]._+-]+@[[:alnum:]-]+(\.[[:alnum:]-]+)*\.(com|org|net|dev|io|[a-z]{2})\b' |
                grep -vE '@([a-z0-9-]+\.)*example\.'
}
check 'no mail addresses but examples' no_mail_addresses

readarray -t sources < <(ours_like '\.[ch]$')
check 'no tabs in C' none $'\t' "${sources[@]}"

# A header is a contract: once, and with a comment that says what it is.
headers_begin_well() {
        local header wrong=0

        for header in $(ours_like '\.h$'); do
                if [ "$(sed -n 1p "$header")" != '#pragma once' ] || [[ $(sed -n 2p "$header") != /\** ]]; then
                        echo "$header: begins with \"#pragma once\" and a comment"
                        wrong=1
                fi
        done
        return "$wrong"
}
check 'headers begin with "#pragma once" and a comment' headers_begin_well

# A unit test that meson does not know never runs.
unit_tests_are_listed() {
        local file module wrong=0

        for file in $(ours_like '^test/unit/[a-z]+/test-.*\.c$'); do
                module=${file##*/test-}
                if ! sed -n "/^ *'$(basename "$(dirname "$file")")': \[/,/\]/p" test/meson.build | grep -q "'${module%.c}'"; then
                        echo "$file: not in test/meson.build"
                        wrong=1
                fi
        done
        return "$wrong"
}
check 'unit tests are listed in test/meson.build' unit_tests_are_listed

scripts_parse() {
        local script wrong=0

        for script in $(ours_like '' | xargs grep -lE '^#!.*\b(ba)?sh$|^# shellcheck shell=bash' 2>/dev/null); do
                bash -n "$script" || wrong=1
        done
        return "$wrong"
}
check 'shell scripts parse' scripts_parse
readarray -t scripts < <(printf '%s\n' "${files[@]}" | xargs grep -lE '^#!.*\b(ba)?sh$|^# shellcheck shell=bash')
check 'shell scripts pass shellcheck' shellcheck "${scripts[@]}"
finish
