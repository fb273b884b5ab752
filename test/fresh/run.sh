#!/usr/bin/env bash
# README's word held on machines that nobody has used: minimal Debians 12, made here a minute before, with nothing on them but a clone
# of this tree. Prints last "N passed, N failed".
#
#     test/fresh/run.sh
#
# Two machines, so that what one command installs does not help the other: one for the section Install (installed.sh), one for
# "two commands", of which test/run.sh is told which suites to run by FRESH_SUITES; unset they are the usual ones, some 20 minutes.
#
# The clone is of HEAD and of what is changed in files that git knows. A new file that was never added is not in it: nobody who
# clones would have it. Machines are in build-fresh; when all went well they are removed, else they stay for a look with
# test/fresh/machine.sh build-fresh/install bash.

cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=test/check.sh
source test/check.sh

set -o pipefail
folder=$PWD/build-fresh tree=/root/docksill
suites=()
[ -z "${FRESH_SUITES:-}" ] || read -ra suites <<<"$FRESH_SUITES"

# As lazy as a machine can be: apt's lists are not there. Whoever asks apt for something says yes. And no package starts a service: it
# would do so on this machine's network.
bare() {
        rm -rf --one-file-system "$folder" && mkdir "$folder" && test/engine/debian.sh base bookworm "$folder/install" || return
        rm -rf "$folder"/install/var/lib/apt/lists/*
        printf 'APT::Get::Assume-Yes "true";\n' >"$folder/install/etc/apt/apt.conf.d/99fresh"
        printf '#!/bin/sh\nexit 101\n' >"$folder/install/usr/sbin/policy-rc.d"
        chmod +x "$folder/install/usr/sbin/policy-rc.d"
        cp -a --reflink=auto "$folder/install" "$folder/commands"
}

# clone MACHINE
clone() {
        local commit to=$folder/$1$tree

        commit=$(git -c user.name=fresh -c user.email= stash create) || return
        git clone -q --no-hardlinks . "$to" && git push -q "$to" "${commit:-HEAD}:refs/heads/fresh" && git -C "$to" checkout -q fresh
}

# on MACHINE COMMAND…: in the clone.
on() {
        # shellcheck disable=SC2016 # that shell's own $@
        test/fresh/machine.sh "$folder/$1" bash -c 'cd "$1" && shift && "$@"' - "$tree" "${@:2}" 2>&1 </dev/null
}

installed() {
        on install test/fresh/installed.sh | tee "$folder/said" >&3
}

# typed LINE: as README says, without sudo where somebody is root.
typed() {
        local words

        read -ra words <<<"${1%%#*}"
        [ "${words[0]}" != sudo ] || words=("${words[@]:1}")
        [ "${words[0]}" != test/run.sh ] || words+=("${suites[@]}")
        printf -- '-- %s\n' "${words[*]}" >&3
        on commands "${words[@]}" | tee "$folder/said" >&3
}

# all_ran: by the last line of what was said nothing failed, and it was not nothing; and no suite was left out. A client of the
# suite clients may be: some are in no package of Debian 12.
all_ran() {
        ! grep -E '^[a-z-]+ +SKIPPED' "$folder/said" && tail -n 1 "$folder/said" | grep -E '^[1-9][0-9]* passed, 0 failed$'
}

exec 3>&1 # check keeps what a command prints for when it fails
check 'two machines are made' bare
check 'one gets a clone' clone install
check 'and the other' clone commands
check "README's section Install" installed
check 'all of it' all_ran
readarray -t lines < <(test/fresh/readme.sh block 'Try it: two commands')
check 'README has two commands' test ${#lines[@]} -eq 2
for line in "${lines[@]}"; do
        check "README: ${line%%  *}" typed "$line"
done
check 'nothing failed, and nothing was left out' all_ran
[ "$failed" -gt 0 ] || rm -rf --one-file-system "$folder"
finish
