#!/usr/bin/env bash
# Builds docksill's package for Debian: docksill_VERSION_ARCHITECTURE.deb, with what dpkg-buildpackage says of it.
#
#     packaging/debian/build.sh [FOLDER]        FOLDER: where it is left; default build-deb
#
# The tree is copied, so nothing in it changes. The same tree gives the same bytes, in whatever folder. What has to be there:
#     apt-get install dpkg-dev debhelper meson pkg-config python3 scdoc, and the libraries that README names
set -eu
cd "$(dirname "$0")/../.."
mkdir -p "${1:-build-deb}"
out=$(cd "${1:-build-deb}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

packaging/copy-tree.sh "$work/docksill"
cp -r packaging/debian "$work/docksill/debian"
(cd "$work/docksill" && dpkg-buildpackage --build=binary --no-sign)
cp "$work"/*.deb "$work"/*.buildinfo "$work"/*.changes "$out"
