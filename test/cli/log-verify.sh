#!/usr/bin/env bash
# log verify: the chain of the records holds over kills, rotations under load, restarts and gzip, and shows what was done to them.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

verify() {
        run log verify "$@"
}

load() {
        for ((i = 0; i < ${1:-40}; i++)); do
                call AuthZPlugin.AuthZReq "$(create "$privileged")"
        done >/dev/null
}

# More so many lines in the file.
more_than() {
        [ "$(wc -l <"$records")" -gt "$1" ]
}

printf 'docksill: v1\nkind: configuration\nrecords: {file: %s}\n' "$records" >site.yaml

# --- kills, rotations, restarts ---------------------------------------------------------------------------------------

check 'it starts' serve_start --mode enforce
load &
loading=$!
wait_for more_than 5
mv "$records" "$records-20260101" && kill -USR1 "$serve_pid"
wait "$loading"
wait_for test -s "$records"
gzip "$records-20260101"
lines=$(wc -l <"$records")
load 10 &
loading=$!
wait_for more_than $((lines + 2))
serve_stop KILL
wait "$loading"
printf '{"schema":"docksill.record/1","time":"2026' >>"$records"
check 'it starts again' serve_start --mode audit
check 'a torn line is told' says said 'the last line was torn: 42 bytes'
check 'in the records too' wait_for grep -q '^{"schema":"docksill.mend/1",.*"torn":42,' "$records"
check 'with what the line before it was' grep -q '^{"schema":"docksill.mend/1",.*"before":"[0-9a-f]\{64\}"' "$records"
load 3
serve_stop
mv "$records" "$records-20260102"
check 'and again after a rotation while it was down' serve_start --mode audit
load 3
serve_stop

check 'all of it holds' exits 0 log verify --config site.yaml
check 'it says how much' grep -Eq '^[0-9]+ lines in 3 files, links 1 to [0-9]+, 20.*Z to 20.*Z$' out
check 'and notes the torn line' says out 'note: torn: 42 bytes of a line, left by a docksill that was killed, and told'
check 'no line is missing' test "$(zcat -f "$records"* | wc -l)" -eq "$(sed -n 's/.*links 1 to \([0-9]*\),.*/\1/p' out)"
head=$(sed -n 's/^head //p' out)
check 'with its own head as an anchor too' exits 0 log verify --config site.yaml --anchor "$head"
check 'as JSON' exits 0 log verify --config site.yaml --format json
check 'that says the same' json_out \
        ".schema == \"docksill.log-verify/1\" and .holds and (.head | \"\\(.link):\\(.digest)\") == \"$head\" and (.files | length) == 3"
check 'files that are named, in any order' exits 0 log verify "$records" "$records-20260101.gz" "$records-20260102"
check 'as one, from standard input' exits 0 log verify - < <(zcat "$records-20260101.gz" | cat - "$records-20260102" "$records")
check 'or compressed from there' exits 0 log verify - <"$records-20260101.gz"

# The recipe of packaging/README.md, word by word.
cat "$records" >decisions.jsonl.copy
sed -n '/^previous=$/,/^done /p' "$scenario_here/../../packaging/README.md" | sed 's/decisions.jsonl/decisions.jsonl.copy/' >recipe
check 'what the manual says of sha256sum holds' test -z "$(bash recipe 2>&1)"
check 'and is a test' test -s recipe
sed -i '2s/"seq"/"seg"/' decisions.jsonl.copy
check 'that finds what was changed' test "$(bash recipe | wc -l)" -eq 1

# --- what was done to them --------------------------------------------------------------------------------------------

# altered WHAT KIND SED…: the last file, changed so, is found to be that.
altered() {
        sed -E "${@:3}" "$records" >altered.jsonl
        check "$1: exit 1" exits 1 log verify --format json "$records-20260101.gz" "$records-20260102" altered.jsonl
        check "$2" json_out "(.holds | not) and ([.faults[] | select(.finding) | .kind] | unique | join(\" \")) == \"$2\""
}
altered 'a verdict changed' changed '2s/"answer":"allow"/"answer":"deny"/'
check 'says where' json_out '.faults[] | select(.finding) | .file == "altered.jsonl" and .line == 2 and (.time | startswith("20"))'
altered 'a line taken out' missing '2d'
altered 'a line put in' foreign '2a {"schema":"docksill.record/1"}'
altered 'lines that change places' 'missing out-of-order' '2{h;d};3G'
altered 'a line doubled' out-of-order 3p
check 'all of a file taken out: exit 1' exits 1 log verify "$records-20260101.gz" "$records"
check 'it says how many lines' says out ' missing before this one (link '
sed '$d' "$records" >altered.jsonl
check 'the end cut off shows not in itself' exits 0 log verify altered.jsonl
check 'but for a note' says out 'note: the last line is not that of an end'
check 'an anchor shows it: exit 1' exits 1 log verify --anchor "$head" altered.jsonl
check 'and says so' says out "no line has the anchor's number (link ${head%:*})"
sed '$s/"lost":0/"lost":1/' "$records" >altered.jsonl
check 'nor does a change of the last line' exits 0 log verify altered.jsonl
check 'an anchor shows that too' exits 1 log verify --anchor "$head" altered.jsonl
check 'as what it is' says out 'not the line that the anchor is of'
check 'without a chain: exit 1' exits 1 log verify - < <(sed -E 's/,"link":.*/}/' "$records")
check 'that is said' says out 'no chain: none of '
check 'and that it shows nothing' says out 'nothing here shows whether it is as it was written'
check 'lines from before it are none of it' exits 0 log verify - \
        < <(printf '{"old":1}\n' >old && { cat old && printf '{"link":1,"prev":"%s"}\n' "$(sha256sum <old | cut -c-64)"; })
check 'but noted' says out 'note: 1 line from before there was a chain'

# --- what can't be read -----------------------------------------------------------------------------------------------

check 'no such file: exit 4' exits 4 log verify nowhere.jsonl
check 'a folder: exit 4' exits 4 log verify "$folder"
head -c 400 "$records-20260101.gz" >cut.gz
check 'gzip that is cut off: exit 4' exits 4 log verify cut.gz
check 'that is said' says err 'damaged or cut off'
printf '\3757zXZ\0' >packed.xz
check 'what is compressed otherwise: exit 4' exits 4 log verify packed.xz
check 'says how to read it' says err 'zcat -f packed.xz | docksill log verify -'
printf 'docksill: v1\nkind: configuration\nrecords: {file: %s/none/x}\n' "$PWD" >site.yaml
check 'no folder: exit 4' exits 4 log verify --config site.yaml
sed -i 's#/none/x#/none#' site.yaml
check 'no records there: exit 4' exits 4 log verify --config site.yaml
sed -i 's#file: .*}#file: "-"}#' site.yaml
check 'standard output: exit 2' exits 2 log verify --config site.yaml
check 'no anchor: exit 2' exits 2 log verify --anchor 7 "$records"
check 'anything is only a finding' exits 1 log verify - < <(head -c 3000000 /dev/urandom)
check 'an endless line too' exits 1 log verify - < <(head -c 9000000 /dev/zero)
printf 'x\n' >$'\e[31mred.jsonl'
check 'names are shown for what they are' exits 1 log verify $'\e[31mred.jsonl' "$records"
check 'that is' says out '\x1b[31mred.jsonl:1: '
finish
