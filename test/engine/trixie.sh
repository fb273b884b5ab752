#!/usr/bin/env bash
# Makes a folder with Debian trixie and its Docker engine (26.1.5), client, compose, buildx and the source of its decoder, unless
# it is there and complete. As root; fails when debootstrap or the network does.
#
#     test/engine/trixie.sh FOLDER
#
# Nothing of it is started here, and nothing outside of the folder is changed. It takes some 1.5 GB and a few minutes once.

set -u
cd "$(dirname "$0")/../.." || exit 1

# The engine with what it needs to start; then what test/diff builds dockerd's own decoder with.
packages=(docker.io docker-cli docker-compose docker-buildx iptables ca-certificates
        golang-go golang-github-docker-docker-dev golang-gocapability-dev golang-github-containerd-cgroups-dev)
mirror=http://deb.debian.org/debian
folder=$1

complete() {
        [ "$(cat "$folder/docksill-packages" 2>/dev/null)" = "${packages[*]}" ]
}

# Half a folder must not pass for a whole one: made beside it, and moved when it is done.
base() {
        [ ! -e "$folder/etc/debian_version" ] || return 0
        rm -rf --one-file-system "$folder.new" &&
                debootstrap --variant=minbase --include=ca-certificates trixie "$folder.new" "$mirror" &&
                mv "$folder.new" "$folder"
}

# No package may start a service: the machine's own processes are in sight from in there.
install() {
        printf '#!/bin/sh\nexit 101\n' >"$folder/usr/sbin/policy-rc.d" && chmod +x "$folder/usr/sbin/policy-rc.d" &&
                inside apt-get -qq update && inside apt-get -y -qq --no-install-recommends install "${packages[@]}" &&
                inside apt-get clean && name_of_v3 && printf '%s\n' "${packages[*]}" >"$folder/docksill-packages"
}

# Outside of modules "/v3" is a folder like any other.
name_of_v3() {
        ln -sfn . "$folder/usr/share/gocode/src/github.com/containerd/cgroups/v3"
}

inside() {
        DEBIAN_FRONTEND=noninteractive LC_ALL=C test/engine/inside.sh "$folder" "$@" </dev/null
}

complete || { base && install; }
