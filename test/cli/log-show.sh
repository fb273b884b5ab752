#!/usr/bin/env bash
# log show and log follow: decisions of the past by what one looks for, as a table and as JSON, and as they come.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

# recorded TIME ANSWER VERDICT USER IMAGE RULE POINTS
recorded() {
        jq -cn '$ARGS.positional | {schema: "docksill.record/1", time: .[0], seq: 1, decision_id: ("00aa" + (.[0] | gsub("[^0-9]"; "") | .[6:18])),
                environment: "production", operation: "container.create", user: .[3], verdict: .[2], answer: .[1], points: (.[6] | tonumber),
                image: .[4], findings: [{rule: "small", points: 1}, {rule: .[5], points: (.[6] | tonumber)}]}' --args "$@"
}

show() {
        run log show "$@"
}

{
        printf '{"schema":"docksill.start/1","time":"2026-01-01T10:00:00.000000Z","event":"start","version":"0.1.0","environment":"production","mode":"audit","rules":7}\n'
        recorded 2026-01-01T10:00:01.000000Z deny deny alice busybox:1.0 privileged-container 40
        recorded 2026-01-01T10:00:02.000000Z allow deny bob registry.example.org/web:2 host-root-mount 100
} >old.jsonl
{
        recorded 2026-01-02T10:00:01.000000Z allow warn alice postgres:16 memory-unlimited 3
        recorded 2026-01-02T10:00:02.000000Z allow allow $'\e[31mmallory' $'x\nfake' none 0
        printf '{"schema":"docksill.loss/1","time":"2026-01-02T10:00:03.000000Z","lost":3,"refused":1}\nno record\n{"schema":"docksill.rec'
} >new.jsonl
gzip old.jsonl

# --- a table ----------------------------------------------------------------------------------------------------------

check 'files in any order' exits 0 log show new.jsonl old.jsonl.gz
check 'titles' grep -q '^TIME  *ANSWER  POINTS  OPERATION  *USER  *IMAGE OR NAME  *RULES$' out
check 'oldest first' test "$(sed -n '2s/ .*//p;6s/ .*//p' out | tr '\n' ' ')" = '2026-01-01 2026-01-02 '
check 'a start' says out '2026-01-01 10:00:00  --      start: 0.1.0, environment production, mode audit, 7 rules'
check 'a refusal, the rule with the most points first' grep -q '10:00:01  deny  *40  container.create  *alice  *busybox:1.0  *privileged-container, small$' out
check 'what enforce mode would refuse' grep -q '10:00:02  audit  *100 .*host-root-mount' out
check 'a warning' grep -q '10:00:01  warn .*postgres:16' out
check 'what was lost' says out 'lost: 3 records, 1 of them refusals'
check 'foreign text paints nothing' says out '\x1b[31mmallory'
check 'and ends no line' test "$(wc -l <out)" -eq 7
check 'what is none is counted' says err '2 lines are none'
check 'no colour in a pipe' lacks "$(cat out)" $'\e'

# --- what one looks for -----------------------------------------------------------------------------------------------

# found N OPTION…: so many lines below the titles.
found() {
        check "${*:2}" exits 0 log show "${@:2}" old.jsonl.gz new.jsonl
        check "finds $1" test "$(wc -l <out)" -eq "$(($1 + 1))"
}
found 1 --answer deny
found 2 --verdict deny
found 1 --verdict deny --answer allow
found 2 --user alice
found 1 --user 'b*'
found 1 --rule host-root-mount
found 4 --rule small
found 1 --image 'registry.example.org/*'
found 0 --image registry
found 1 --user '*mallory'
found 0 --user ''
found 4 --operation 'container.*'
found 0 --environment staging
found 3 --since 2026-01-02
found 3 --until 2026-01-01
found 2 --since 2026-01-01T10:00:02Z --until 2026-01-02T10:00:02+00:00
found 0 --since 3d
found 6 --since 36500d
found 2 --limit 2
check 'the last ones' says out 'lost: 3'
found 1 --limit 1 --user alice
check 'of those that fit' says out postgres
for wrong in '--verdict no' '--answer warn' '--since yesterday' '--until 12' '--since 5' '--limit 0' '--limit x' '--id 7'; do
        # shellcheck disable=SC2086 # two words
        check "$wrong: exit 2" exits 2 log show $wrong new.jsonl
done

# --- as JSON, and in full ---------------------------------------------------------------------------------------------

check 'as JSON' exits 0 log show --format json --user alice old.jsonl.gz new.jsonl
check 'the records as they are' cmp out <(zcat -f old.jsonl.gz new.jsonl | grep alice)
printf '{"schema":"docksill.record/1","time":"2026-01-02T10:00:01.000000Z","name":"\xe2\x80\xae\xc2\x9b"}\n' >hostile.jsonl
check 'of what docksill can not have written' exits 0 log show --format json hostile.jsonl
check 'the meaning' test "$(grep -ic '\\u202e\\u009b' out)" -eq 1
check 'the id of a decision' exits 0 log show --rules "$rules" --id 00AA01100001 old.jsonl.gz new.jsonl
check 'where it is' says out 'at:          old.jsonl.gz:2'
check 'at length' says out 'decision:    00aa011000010000'
check 'and what its rules say' says out '    why '
check 'as JSON' exits 0 log show --id 00aa011000010000 --format json old.jsonl.gz
check 'that one' json_out '.user == "alice"'
check 'none of this id: exit 4' exits 4 log show --rules "$rules" --id 123456 new.jsonl
check 'that is said' says err 'no decision 123456 in 1 file'
check 'an id with a filter: exit 2' exits 2 log show --id 123456 --user x new.jsonl
check 'no such file: exit 4' exits 4 log show nowhere
check 'an empty one is fine' exits 0 log show /dev/null
printf 'no record\n\nnor this\n' >'letter?.txt'
check 'a file without a record: exit 4' exits 4 log show old.jsonl.gz 'letter?.txt'
check 'is named' says err 'letter?.txt: 2 lines are none of docksill'
check 'the others are shown' says out alice

if script -qec true /dev/null >/dev/null 2>&1; then
        TERM=xterm script -qec "stty cols 80; $DOCKSILL log show old.jsonl.gz new.jsonl" /dev/null | tr -d '\r' >out
        check 'on a terminal there is colour' says out $'\e[1;31mdeny'
        sed -i 's/\x1b\[[0-9;]*m//g' out
        check 'and no line is longer than it' test -z "$(LC_ALL=C.UTF-8 grep -E '^.{81}' out)"
        check 'what is cut off is marked' says out …
else
        ok 'skipped: script is not here'
fi

# --- as they come -----------------------------------------------------------------------------------------------------

: >live.jsonl
recorded 2026-01-01T10:00:01.000000Z deny deny early busybox:1 a 1 >>live.jsonl
"$DOCKSILL" log follow --limit 1 --answer deny live.jsonl >followed 2>said &
following=$!
check 'follows, the last ones first' wait_for grep -q early followed
recorded 2026-01-01T10:00:02.000000Z deny deny second busybox:1 a 1 >line
head -c 30 line >>live.jsonl
sleep 0.3
tail -c +31 line >>live.jsonl
check 'a line that comes in pieces' wait_for grep -q second followed
mv live.jsonl live.jsonl.1
recorded 2026-01-01T10:00:03.000000Z deny deny third busybox:1 a 1 >>live.jsonl.1
recorded 2026-01-01T10:00:04.000000Z allow allow unwanted busybox:1 a 1 >next.jsonl
recorded 2026-01-01T10:00:04.000000Z deny deny fourth busybox:1 a 1 >>next.jsonl
mv next.jsonl live.jsonl
check 'goes on after a rotation' wait_for grep -q fourth followed
check 'with nothing left out' test "$(grep -oE 'early|second|third|fourth|unwanted' followed | tr '\n' ' ')" = 'early second third fourth '
kill "$following"
check 'nothing is wrong with it' test ! -s said
check 'what is compressed: exit 2' exits 2 log follow old.jsonl.gz
check 'no file: exit 4' exits 4 log follow nowhere
finish
