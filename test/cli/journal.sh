#!/usr/bin/env bash
# Records in the journal: the real systemd-journald, in a mount namespace of its own with its own /run; what it got, by journalctl; the
# catalogue, and what is left out while it is away.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

journald=/lib/systemd/systemd-journald
if [ -z "${JOURNAL_ALONE:-}" ]; then
        if [ "$(id -u)" -ne 0 ] || [ ! -x "$journald" ] || ! command -v journalctl >/dev/null || ! unshare -m true 2>/dev/null; then
                ok 'skipped: systemd-journald is not here, or only root could start it'
                finish
                exit
        fi
        scenario_end
        trap - EXIT
        JOURNAL_ALONE=yes exec unshare -m --propagation private bash "$(realpath "$scenario_here/journal.sh")"
fi

# --- the journal ------------------------------------------------------------------------------------------------------

shipped=$scenario_here/../../packaging/systemd/docksill.catalog
journald_pid=''
trap '[ -z "$journald_pid" ] || kill "$journald_pid" 2>/dev/null; scenario_end' EXIT
mount -t tmpfs none /run
mkdir -p /run/systemd/journald.conf.d /run/log/journal
printf '%s\n' '[Journal]' Storage=volatile RateLimitIntervalSec=0 ReadKMsg=no Audit=no ForwardToSyslog=no ForwardToWall=no \
        >/run/systemd/journald.conf.d/test.conf

journal_start() {
        "$journald" >"$folder/journald-said" 2>&1 &
        journald_pid=$!
        wait_for test -S /run/systemd/journal/socket
}

journal_end() {
        kill "$journald_pid"
        wait "$journald_pid" 2>/dev/null
        journald_pid=''
        rm -f /run/systemd/journal/socket
}

# entries MATCH…: as objects of JSON.
entries() {
        journalctl -D /run/log/journal --no-pager -q -o json SYSLOG_IDENTIFIER=docksill _TRANSPORT=journal "$@"
}

# entry FILTER MATCH…: the jq filter holds of the last that matches.
entry() {
        local filter=$1

        shift
        entries "$@" >found
        test -s found && json "$(tail -n 1 found)" "$filter"
}

# the id of a kind of entry, by its name in the program
id_of() {
        sed -n "s/.*= { \"\([0-9a-f]*\)\", \"$1\", .*/\1/p" "$scenario_here/../../plugin/record/journal-kind.c"
}

counted() {
        [ "$(entries | wc -l)" -eq "$1" ]
}

configure() {
        printf '%s\n' 'docksill: v1' 'kind: configuration' "rules: $rules" "records: {file: decisions.jsonl, journal: $1}" 'state: state' \
                >docksill.yaml
}

decide() {
        call AuthZPlugin.AuthZReq "$(create "$1" | jq -c '.User = "al\nPRIORITY=0"')" >/dev/null
}

# --- the catalogue ----------------------------------------------------------------------------------------------------

mkdir -p root/usr/lib/systemd/catalog root/var/lib/systemd/catalog
cp "$shipped" root/usr/lib/systemd/catalog
check 'the catalogue is one' journalctl --update-catalog --root="$folder/root"
mount -t tmpfs none /var/lib/systemd/catalog
cp root/var/lib/systemd/catalog/database /var/lib/systemd/catalog
check 'it explains each kind' test "$(journalctl --list-catalog | wc -l)" -eq "$(grep -c '^        \[KIND_' "$scenario_here/../../plugin/record/journal-kind.c")"

# --- all of it --------------------------------------------------------------------------------------------------------

check 'a journald' journal_start
configure all
check 'docksill serves' serve_start --config docksill.yaml --mode enforce
decide "$privileged"
decide "$hardened"
call AuthZPlugin.AuthZReq "$(envelope POST /v1.41/containers/web/start)" >/dev/null
check 'a start and three decisions are there' wait_for counted 4
check 'a refusal is a warning' entry '.PRIORITY == "4" and .DOCKSILL_ANSWER == "deny" and (.DOCKSILL_RULE | index("privileged-container"))' \
        "MESSAGE_ID=$(id_of refused)"
check 'its words are one line' entry '.MESSAGE | test("^refused: container.create of busybox:1.0 by al.x0aPRIORITY=0, [0-9]+ points in production, gate hard: privileged-container, [^\n]*; decision [0-9a-f]{16}$")' \
        "MESSAGE_ID=$(id_of refused)"
check 'it is found by a rule' entry '.DOCKSILL_SEQ == "1"' DOCKSILL_RULE=privileged-container
check 'a warning is a notice' entry '.PRIORITY == "5" and .DOCKSILL_SEQ == "2" and .DOCKSILL_IMAGE == "busybox:1.0"' \
        "MESSAGE_ID=$(id_of 'let in with warnings')"
check 'what is let in is information' entry '.PRIORITY == "6" and .DOCKSILL_SEQ == "3" and .DOCKSILL_OPERATION == "container.start"' \
        "MESSAGE_ID=$(id_of 'let in')"
check 'the start says what is in force' entry '.DOCKSILL_MODE == "enforce" and .PRIORITY == "5"' "MESSAGE_ID=$(id_of start)"
echo '# changed' >>docksill.yaml
kill -HUP "$serve_pid"
check 'a reload' wait_for entry '.PRIORITY == "5"' "MESSAGE_ID=$(id_of reload)"
echo 'key: wrong' >>docksill.yaml
kill -HUP "$serve_pid"
check 'one of bad files is an error' wait_for entry '.PRIORITY == "3"' "MESSAGE_ID=$(id_of 'reload that changed nothing')"
check 'and in the records' wait_for jq -es 'last | .event == "reload-failed" and .environment == "production"' "$records"
serve_stop
check 'it ends' wait_for entry '.DOCKSILL_LOST == "0"' "MESSAGE_ID=$(id_of stop)"
entries | jq -r .DOCKSILL_RECORD >from-journal
check 'the journal has the lines of the file, byte for byte' cmp from-journal "$records"
if run log --help && [ "$code" -eq 0 ]; then
        check 'so their chain holds there' exits 0 log verify from-journal
fi
journalctl -D /run/log/journal --no-pager -q -x SYSLOG_IDENTIFIER=docksill "MESSAGE_ID=$(id_of refused)" >explained
check 'and explains a refusal' says explained 'Subject: A request to the Docker engine was refused'
check 'with what it was' says explained 'container.create was refused in the environment production'

# --- a start with bad files -------------------------------------------------------------------------------------------

export STATE_DIRECTORY=$folder/state # the file does not say where
check 'it starts with the last good set' serve_start --config docksill.yaml
check 'which is an error' wait_for entry '.PRIORITY == "3"' "MESSAGE_ID=$(id_of 'start with the last good set')"
serve_stop

# --- refusals alone; a journal that goes and comes back ---------------------------------------------------------------

configure refusals
check 'with refusals alone' serve_start --config docksill.yaml --mode audit
decide "$hardened"
decide "$privileged"
check 'what would be refused is there, as a notice' wait_for entry '.PRIORITY == "5" and (.MESSAGE | startswith("would be refused, but the mode is audit: "))' \
        "MESSAGE_ID=$(id_of 'would be refused')"
check 'what is let in with warnings is not' test "$(entries "MESSAGE_ID=$(id_of 'let in with warnings')" | wc -l)" -eq 1
journal_end
decide "$privileged"
decide "$privileged"
check 'one that is away is told of' wait_for says said 'the journal does not take what it is to have too: No such file or directory'
check 'and does not hold up the records' wait_for test "$(decisions | wc -l)" -ge 6
check 'it comes back' journal_start
decide "$privileged"
check 'what is missing in it is told there' wait_for entry '.PRIORITY == "4" and (.DOCKSILL_MISSED | tonumber) >= 1' "MESSAGE_ID=$(id_of 'entries missing')"
check 'and that it takes entries again' wait_for says said 'the journal takes entries again'
configure off
kill -HUP "$serve_pid"
check 'it can be switched off' wait_for says said 'records.journal refusals → off'
serve_stop

# --- what docksill says itself, where stderr is the journal -----------------------------------------------------------

# serve_marked OPTION…: as serve_start, but that systemd has said that stderr is the journal.
serve_marked() {
        bash -c 'JOURNAL_STREAM=$(stat -L -c %d:%i /dev/stderr) exec "$@"' serve "$DOCKSILL" serve --rules "$rules" --socket "$socket" \
                --records "$records" "$@" >serve-out 2>said &
        serve_pid=$!
        wait_for answers
}

check 'where stderr is the journal' serve_marked --config docksill.yaml --mode enforce
call AuthZPlugin.AuthZReq '{' >/dev/null
kill -HUP "$serve_pid"
wait_for says said 'SIGHUP: nothing differs'
echo 'key: wrong' >>docksill.yaml
kill -HUP "$serve_pid"
wait_for says said 'nothing is changed'
serve_stop
check 'each line has its severity' test -z "$(grep -v '^<[3-6]>' said)"
check 'what is in force is a notice' grep -q '^<5>docksill: [0-9.]* serving' said
check 'a socket that dockerd does not find is a warning' grep -q '^<4>docksill: dockerd looks for' said
check 'so is a call that is none' grep -q '^<4>docksill: refused calls' said
check 'a reload is a notice' grep -q '^<5>docksill: SIGHUP: reloaded' said
check 'what is wrong with a file is an error' grep -q '^<3>docksill.yaml:[0-9]*:1: error: DS202' said
check 'in all its lines' grep -q '^<3>key: wrong' said
check 'so is a reload of it' grep -q '^<3>docksill: SIGHUP: nothing is changed' said
finish
