#!/usr/bin/env bash
# Puts the clients that are npm packages into a folder, in the versions of package-lock.json, unless they are there and complete.
# Fails when npm or its registry does. No script of a package is run.
#
#     test/clients/npm.sh FOLDER

set -u
here=$(cd "$(dirname "$0")" && pwd)
folder=$1

complete() {
        cmp -s "$here/package-lock.json" "$folder/complete"
}

install() {
        rm -rf "$folder" && mkdir -p "$folder" && cp "$here"/package{,-lock}.json "$folder" && cd "$folder" &&
                timeout -k 10 180 npm ci --ignore-scripts --no-bin-links --no-audit --no-fund --fetch-retries=1 &&
                cp package-lock.json complete
}

complete || install
