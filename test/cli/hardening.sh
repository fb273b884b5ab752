#!/usr/bin/env bash
# What the binary and its unit promise: how it is compiled, what systemd lets it do, and that it is always started again.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

units=$scenario_here/../../packaging/systemd

# --- the binary -------------------------------------------------------------------------------------------------------

# shellcheck source=test/support/hardened.bash
source "$scenario_here/../support/hardened.bash"
hardened "$DOCKSILL"

# --- the unit ---------------------------------------------------------------------------------------------------------

# built NAME FILE: as meson makes it, with this docksill; from the template where it was built without systemd.
built() {
        local from

        from=$(dirname "$DOCKSILL")/packaging/$1
        if [ -f "$from" ]; then
                sed -E "s#=[^ ]*/docksill #=$DOCKSILL #" "$from" >"$2"
        else
                sed -e "s#@bindir@/docksill#$DOCKSILL#; s#@type@#Type=notify#" \
                        -e "s#@reload@#ExecReload=/bin/sh -c 'kill -HUP \${MAINPID}'#" "$units/$1.in" >"$2"
        fi
}

built docksill.service docksill.service
cp "$units/docksill.socket" .

# set_to SECTION KEY VALUE
set_to() {
        awk -v section="[$1]" -v line="$2=$3" '/^\[/ { here = $0 == section } here && $0 == line { found = 1 } END { exit !found }' \
                docksill.service
}

check 'it is started again however often it fails' set_to Unit StartLimitIntervalSec 0
check 'whatever it ended with' set_to Service Restart always
check 'soon' set_to Service RestartSec 200ms
check 'and when it hangs' grep -q '^WatchdogSec=' docksill.service
check 'a reload of bad files fails' set_to Service ExecReload "$DOCKSILL check --quiet"
check 'and takes no /bin/kill' lacks "$(cat docksill.service)" '/bin/kill'
check 'it is nobody else' set_to Service User docksill
check 'who is made' grep -q '^u docksill ' "$units/docksill.sysusers"
check 'it may look, and nothing else' set_to Service CapabilityBoundingSet CAP_DAC_READ_SEARCH
# Where a bind source leads is found by looking: nothing of the host may be hidden, nor dockerd's command line.
for key in ProtectHome PrivateTmp PrivateDevices PrivateUsers InaccessiblePaths TemporaryFileSystem RootDirectory ProtectProc ProcSubset; do
        check "nothing is hidden by $key" lacks "$(cat docksill.service)" "
$key="
done

# with DROP-IN…: the unit with these.
with() {
        rm -rf docksill.service.d && mkdir docksill.service.d
        for conf in "$@"; do
                if [ -f "$units/$conf" ]; then
                        cp "$units/$conf" docksill.service.d
                else
                        built "$conf" "docksill.service.d/$conf"
                fi
        done
}

exposed() {
        systemd-analyze security --offline=true --no-pager --threshold="$1" ./docksill.service
}

# Those of this docksill: a reload by a shell that is elsewhere is systemd's own affair.
understood() {
        local said

        said=$(systemd-analyze verify ./docksill.service ./docksill.socket 2>&1)
        ! grep -i docksill <<<"$said"
}

if command -v systemd-analyze >/dev/null && systemd-analyze security --help | grep -q -e --offline; then
        check 'systemd understands all of it' understood
        check 'and calls the exposure 1.3 or less' exposed 13
        with lookups.conf
        check 'it understands the drop-in for lookups' understood
        with no-paths.conf
        check 'and the one that hides the host' understood
        check 'with which the exposure is 0.5 or less' exposed 5
        check 'and paths are not followed' grep -q '^ExecStart=.* --paths off$' docksill.service.d/no-paths.conf
        sed -i '/^ProtectHome=/d; /^PrivateUsers=/d; /^ProtectProc=/d; /^PrivateDevices=/d' docksill.service.d/no-paths.conf
        check 'with less it would be more' bash -c '! systemd-analyze security --offline=true --no-pager --threshold=5 ./docksill.service'
        with
        sed -i '/^ProtectKernelLogs=/d; /^DevicePolicy=/d' docksill.service
        check 'as would be that of the unit' bash -c '! systemd-analyze security --offline=true --no-pager --threshold=13 ./docksill.service'
        printf '[Service]\nProtect=no\n' >docksill.service.d/wrong.conf
        check 'what it does not understand would be found' eval '! understood'
else
        ok 'skipped: systemd-analyze is not here, or is too old'
fi

# --- the user, folders, rotation --------------------------------------------------------------------------------------

if command -v systemd-sysusers >/dev/null && [ "$(id -u)" -eq 0 ]; then
        mkdir -p root/etc root/usr/lib
        check 'the user can be made' systemd-sysusers --root="$folder/root" "$units/docksill.sysusers"
        check 'and is there' grep -q '^docksill:' root/etc/passwd
        check 'so can the folders' systemd-tmpfiles --root="$folder/root" --create "$units/docksill.tmpfiles"
        check 'as whose they are' test "$(stat -c %u:%a root/var/lib/docksill)" = "$(sed -n 's/^docksill:[^:]*:\([0-9]*\):.*/\1/p' root/etc/passwd):750"
else
        ok 'skipped: systemd-sysusers is not here, or we are not root'
fi
finish
