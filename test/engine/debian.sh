#!/usr/bin/env bash
# Makes a folder with another release of Debian and its Docker engine, client, compose, buildx and the source of its decoder, unless it
# is there and complete. As root; fails when debootstrap or the network does.
#
#     test/engine/debian.sh SUITE FOLDER         trixie: engine 26.1.5; forky: 28.5.2
#     test/engine/debian.sh base SUITE FOLDER    a minimal Debian of that release, and nothing more
#
# Nothing of it is started here, and nothing outside of the folder is changed. It takes some 1.5 GB and a few minutes once.

set -u
cd "$(dirname "$0")/../.." || exit 1

# The engine with what it needs to start; then what test/diff builds dockerd's own decoder with.
packages=(docker.io docker-cli docker-compose docker-buildx iptables ca-certificates procps
        golang-go golang-github-docker-docker-dev golang-gocapability-dev golang-github-containerd-cgroups-dev)
only=false
if [ "${1:-}" = base ]; then
        only=true
        shift
fi
suite=$1 folder=$2

complete() {
        [ "$(cat "$folder/docksill-packages" 2>/dev/null)" = "$suite ${packages[*]}" ]
}

# Where this machine's own apt gets Debian from; nothing where it gets none, and debootstrap then takes its default. Third parties
# have suites of these names too, but another origin; before apt's first update none is told.
mirror() {
        local release

        release=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
        # shellcheck disable=SC2016 # apt's own $(SITE)
        apt-get indextargets --format '$(SITE) $(RELEASE) $(ORIGIN)' 'Created-By: Packages' 'Component: main' 2>/dev/null |
                awk -v release="$release" '/^(https?|file):/ && ($2 == release || $2 == "stable") && ($3 == "" || $3 == "Debian") {
                        print $1
                        exit
                }'
}

# apt's proxy is debootstrap's, too, and the folder's.
proxy() {
        local shell

        shell=$(apt-config shell http_proxy Acquire::http::Proxy https_proxy Acquire::https::Proxy 2>/dev/null) && eval "$shell"
        [ -z "${http_proxy:-}" ] || export http_proxy
        [ -z "${https_proxy:-}" ] || export https_proxy
}

proxy_inside() {
        apt-config dump --format '%f "%v";%n' Acquire::http::Proxy Acquire::https::Proxy >"$folder.new/etc/apt/apt.conf.d/98docksill"
}

# Half a folder must not pass for a whole one: made beside it, and moved when it is done. debootstrap has no script yet for a release
# that came after it; since etch all are made alike.
base() {
        local script=/usr/share/debootstrap/scripts/$suite

        ! grep -qs " $suite " "$folder/etc/apt/sources.list" || return 0 # another release's folder is made anew
        [ -e "$script" ] || script=${script%/*}/sid
        rm -rf --one-file-system "$folder" "$folder.new" &&
                debootstrap --variant=minbase "$suite" "$folder.new" "$(mirror)" "$script" && proxy_inside &&
                mv "$folder.new" "$folder"
}

# No package may start a service: the machine's own processes are in sight from in there. Lists of a release that still changes are
# valid for a week, and a mirror that keeps an older state is good enough here; they are signed all the same.
install() {
        printf '#!/bin/sh\nexit 101\n' >"$folder/usr/sbin/policy-rc.d" && chmod +x "$folder/usr/sbin/policy-rc.d" &&
                printf 'Acquire::Check-Valid-Until "false";\n' >"$folder/etc/apt/apt.conf.d/99docksill" &&
                inside apt-get -qq update && inside apt-get -y -qq --no-install-recommends install "${packages[@]}" &&
                inside apt-get clean && name_of_v3 && printf '%s\n' "$suite ${packages[*]}" >"$folder/docksill-packages"
}

# Outside of modules "/v3" is a folder like any other; newer packages have it as one.
name_of_v3() {
        local v3=$folder/usr/share/gocode/src/github.com/containerd/cgroups/v3

        [ -e "$v3" ] || ln -sfn . "$v3"
}

inside() {
        DEBIAN_FRONTEND=noninteractive LC_ALL=C test/engine/inside.sh "$folder" "$@" </dev/null
}

proxy
if $only; then
        base
else
        complete || { base && install; }
fi
