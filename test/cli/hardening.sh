#!/usr/bin/env bash
# What the binary and its unit promise: how it is compiled, what systemd lets it do, and that it is always started again.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

units=$scenario_here/../../packaging/systemd

# --- the binary -------------------------------------------------------------------------------------------------------

headers=$(readelf -Wlhdn "$DOCKSILL" 2>/dev/null)
check 'its place in memory is not foreseeable' has "$headers" 'DYN ('
check 'its stack holds no code' lacks "$(grep GNU_STACK <<<"$headers")" 'RWE'
check 'what is linked is read-only' has "$headers" 'GNU_RELRO'
check 'and linked at the start' has "$headers" 'NOW'
# Not by the binary's note: Debian's own start files have none, so that it has none either.
if [ "$(uname -m)" = x86_64 ]; then
        check 'jumps lead where code means them to (CET)' has "$(objdump -d --disassemble=main "$DOCKSILL" | grep -A 1 '<main>:')" endbr64
fi

# --- the unit ---------------------------------------------------------------------------------------------------------

sed "s#@bindir@/docksill#$DOCKSILL#" "$units/docksill.service.in" >docksill.service
cp "$units/docksill.socket" .

# set_to SECTION KEY VALUE
set_to() {
        awk -v section="[$1]" -v line="$2=$3" '/^\[/ { here = $0 == section } here && $0 == line { found = 1 } END { exit !found }' \
                docksill.service
}

check 'it is started again however often it fails' set_to Unit StartLimitIntervalSec 0
check 'and when it hangs' grep -q '^WatchdogSec=' docksill.service
if command -v systemd-analyze >/dev/null && systemd-analyze security --help | grep -q -e --offline; then
        check 'systemd understands all of it' test -z "$(systemd-analyze verify ./docksill.service 2>&1 | grep -F docksill.)"
        check 'and calls the exposure 1.6 or less' systemd-analyze security --offline=yes --no-pager --threshold=16 ./docksill.service
        sed -i '/^ProtectKernelLogs=/d; /^DevicePolicy=/d' docksill.service
        check 'with less it would be more' bash -c '! systemd-analyze security --offline=yes --no-pager --threshold=16 ./docksill.service'
else
        ok 'skipped: systemd-analyze is not here, or is too old'
fi
# Where a bind source leads is found by looking: nothing of the host may be hidden, nor dockerd's command line.
for key in ProtectHome PrivateTmp PrivateDevices InaccessiblePaths TemporaryFileSystem RootDirectory ProtectProc ProcSubset; do
        check "nothing is hidden by $key" bash -c "! grep -q '^$key=' '$units/docksill.service.in'"
done
finish
