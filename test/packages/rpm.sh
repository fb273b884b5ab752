#!/usr/bin/env bash
# The package for Fedora and its like, as far as a Debian can tell: it is built, rpmlint finds nothing, and it has what the other has.
#
#     test/packages/rpm.sh [FOLDER]         FOLDER: has a package that was built before
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=test/check.sh
source test/check.sh

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
folder=${1:-build-rpm}

lints() {
        rpmlint -c packaging/rpm/rpmlint.toml "$@" >"$work/lint" 2>&1 || { cat "$work/lint"; return 1; }
        ! grep -E ': [EW]: ' "$work/lint"
}

if [ $# -eq 0 ]; then
        rm -rf "$folder"
        check 'the package is built' packaging/rpm/build.sh "$folder"
fi
readarray -t packages < <(find "$folder" -name 'docksill-[0-9]*.rpm' ! -name '*.src.rpm')
check 'it is there' test "${#packages[@]}" -eq 1
rpm=${packages[0]}
version=$(sed -n "s/^ *version: '\(.*\)',/\1/p" meson.build)
check 'it has the version of the build' test "$(rpm -qp --qf '%{VERSION}' "$rpm")" = "$version"
check 'rpmlint finds nothing in the spec' lints packaging/rpm/docksill.spec
check 'nor in the package' lints "$rpm"
for file in /usr/bin/docksill /usr/lib/systemd/system/docksill.socket /usr/lib/systemd/system/docksill-audit.service \
        /usr/lib/systemd/system/docksill-audit.timer /usr/lib/tmpfiles.d/docksill-audit.conf /usr/share/docksill/systemd/keep-audit /usr/lib/sysusers.d/docksill.conf /usr/lib/systemd/catalog/docksill.catalog /usr/share/man/man1/docksill.1 \
        /usr/share/docksill/rules/environments/production.yaml /usr/share/bash-completion/completions/docksill; do
        check "$file is in it" grep -Eqx "$file(\.gz)?" <(rpm -qpl "$rpm")
done
check 'before a removal it takes itself out of Docker' grep -q 'docksill disable' <(rpm -qp --scripts "$rpm")
check 'an upgrade restarts no socket' test -z "$(rpm -qp --scripts "$rpm" | grep -E 'restart.*socket')"
finish
