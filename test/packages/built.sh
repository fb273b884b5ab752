#!/usr/bin/env bash
# The package for Debian is built, twice, in folders of other names, and gives the same bytes; lintian finds nothing; the program is
# hardened. Leaves it in build-deb.
#
#     test/packages/built.sh [FOLDER]       FOLDER: has a package that was built before, to look at it alone
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=test/check.sh
source test/check.sh
# shellcheck source=test/support/hardened.bash
source test/support/hardened.bash

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
folder=${1:-build-deb}

build() {
        mkdir -p "$2" || return
        TMPDIR=$2 packaging/debian/build.sh "$1" >"$2.log" 2>&1 && return
        tail -n 40 "$2.log"
        return 1
}

same_bytes() {
        local deb

        for deb in "$folder"/*.deb; do
                cmp "$deb" "$work/again/${deb##*/}" || return
        done
}

if [ $# -eq 0 ]; then
        rm -rf "$folder"
        check 'the package is built' build "$folder" "$work/first"
        check 'and once more' build "$work/again" "$work/a-folder-of-another-name"
        check 'the bytes are the same' same_bytes
        check 'each file is compiled and linked with the flags of the distribution' blhc --all "$work/first.log"
fi
deb=$(echo "$folder"/docksill_*.deb)
check 'it is there' test -f "$deb"
check 'it has the version of the build' test "$(dpkg-deb -f "$deb" Version)" = "$(sed -n "s/^ *version: '\(.*\)',/\1/p" meson.build)"
check 'lintian finds nothing' test -z "$(lintian --allow-root "$folder"/docksill_*.changes 2>&1 | grep -v '^running with root' | tee "$work/lintian")"
cat "$work/lintian"

dpkg-deb -x "$deb" "$work/root"
program=$work/root/usr/bin/docksill
hardened "$program"
check 'no folder of the build is in it' test -z "$(grep -aoF -e "$PWD" -e "${TMPDIR:-/tmp}/" "$program" | sort -u)"
finish
