#!/usr/bin/env bash
# Builds docksill's package for Fedora and its like: docksill-VERSION-RELEASE.ARCHITECTURE.rpm.
#
#     packaging/rpm/build.sh [FOLDER]        FOLDER: where it is left; default build-rpm
#
# On Debian, which has rpmbuild too, the package is for looking at: its dependencies have Debian's versions of libraries.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p "${1:-build-rpm}"
out=$(cd "${1:-build-rpm}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(sed -n 's/^Version: *//p' packaging/rpm/docksill.spec)
options=()
! command -v dpkg >/dev/null || options+=(--nodeps) # what is installed is not in rpm's own database

# Macros of Fedora's systemd, where they are not there.
for macro in _unitdir=systemd/system _sysusersdir=sysusers.d _tmpfilesdir=tmpfiles.d; do
        [ "$(rpm --eval "%{?${macro%%=*}}")" != '' ] || options+=(--define "${macro%%=*} /usr/lib/${macro#*=}")
done

packaging/copy-tree.sh "$work/docksill-$version"
mkdir "$work/SOURCES"
tar -C "$work" -czf "$work/SOURCES/docksill-$version.tar.gz" "docksill-$version"
rpmbuild -bb "${options[@]}" --define "_topdir $work" packaging/rpm/docksill.spec
cp "$work"/RPMS/*/*.rpm "$out"
