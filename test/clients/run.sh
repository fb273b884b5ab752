#!/usr/bin/env bash
# Real clients play a working day on a dockerd, and on another with docksill in front, in development and enforce. What works
# without docksill must work with it, but for the calls that refused.txt names; and those must be refused, for that rule.
#
#     test/clients/run.sh [FOLDER]    FOLDER: where npm packages are put; build-clients unless told
#
# A client that can't be had here is skipped, and that is said.

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=../check.sh
source "$here/../check.sh"

packages=$(realpath -m "${1:-$here/../../build-clients}")
work=$(mktemp -d "${TMPDIR:-/tmp}/docksill-clients.XXXXXX") || exit 1
least=60 # calls
pids=()
declare -A rules reasons went

end() {
        local status=$?

        trap - EXIT INT TERM
        [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null
        wait
        rm -rf "$work"
        exit "$status"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# --- playing ----------------------------------------------------------------------------------------------------------

# play PHASE DAY [ENVIRONMENT [lookups]]: in the background; play.sh says what it leaves.
play() {
        mkdir "$work/$1"
        "$here/play.sh" "$work/$1" "$packages" "${@:2}" >"$work/$1/said" 2>&1 &
        pids+=($!)
}

# --- judging ----------------------------------------------------------------------------------------------------------

read_refused() {
        local id rule reason

        while read -r id rule reason; do
                case $id in '' | '#'*) continue ;; esac
                rules[$id]=$rule
                reasons[$id]=${reason#\# }
        done <"$here/refused.txt"
}

# read_calls PHASE: went[LABEL ID] is "ok" or what was said.
read_calls() {
        local label id how said

        went=()
        while IFS=$'\t' read -r label id _ how said; do
                [ "$how" = ok ] || how="failed: $said"
                went["$label $id"]=$how
        done <"$work/$1/calls"
}

is_refused() {
        [[ $1 == *'authorization denied by plugin docksill'* ]]
}

# as_without LABEL ID WANTED: what became of a call that worked without docksill, or is beyond every engine here, is no fault of
# docksill's.
as_without() {
        local what=${went["$1 $2"]:-the client did not come so far}

        if [ -n "${rules[$2]:-}" ]; then
                is_refused "$what" && [[ $what == *"${rules[$2]}"* ]] && return
                printf 'refused.txt says that it is refused for %s; now: %s\n' "${rules[$2]}" "$what"
                return 1
        fi
        [ "$what" != ok ] || return 0
        [ "$3" = beyond ] && [[ $what == failed:* ]] && ! is_refused "$what" && return
        printf '%s\n' "$what"
        return 1
}

# judge PHASE: each call that was played without docksill.
judge() {
        local label id wanted how said works=0 named=0

        read_calls "$1"
        while IFS=$'\t' read -r label id wanted how said; do
                if [ "$wanted $how" = 'works failed' ]; then
                        not_ok "$label, ${id#*.}: works without docksill" "$said"
                        continue
                fi
                check "$1: $label, ${id#*.}" as_without "$label" "$id" "$wanted"
                if [ -n "${rules[$id]:-}" ]; then
                        named=$((named + 1))
                elif [ "$wanted" = works ]; then
                        works=$((works + 1))
                fi
        done <"$work/without/calls"
        check "$1: nobody is refused without being told" none_untold "$1"
        printf '  note    %s: %d calls that work without docksill, and %d that refused.txt names\n' "$1" "$works" "$named"
        check "$1: that is a working day, $least calls or more" test "$works" -ge "$least"
}

# none_untold PHASE: each refusal in the records is of a call that refused.txt names; a client may swallow one.
none_untold() {
        local decision untold=0

        [ -s "$work/$1/records.jsonl" ] || return
        while read -r decision; do
                grep -F "$decision" "$work/$1/calls" | cut -f 2 | grep -qxF -f <(printf '%s\n' "${!rules[@]}") && continue
                jq -c --arg id "$decision" 'select(.decision_id == $id)' "$work/$1/records.jsonl"
                untold=$((untold + 1))
        done < <(jq -r 'select(.verdict == "deny") | .decision_id' "$work/$1/records.jsonl")
        [ "$untold" -eq 0 ]
}

# Names that no client plays would hide what is refused later; those of clients that are not here may stand.
none_unplayed() {
        local id unplayed=0

        for id in "${!rules[@]}"; do
                cut -f 2 "$work/without/calls" | grep -q "^${id%%.*}\\." || continue
                cut -f 2 "$work/without/calls" | grep -qxF "$id" && continue
                printf 'nobody plays %s\n' "$id"
                unplayed=$((unplayed + 1))
        done
        [ "$unplayed" -eq 0 ]
}

# hindered PHASE: how many of the calls that were played as_without finds fault with.
hindered() {
        local label id wanted hindered=0

        read_calls "$1"
        while IFS=$'\t' read -r label id wanted _; do
                [ -z "${went["$label $id"]:-}" ] || as_without "$label" "$id" "$wanted" >/dev/null || hindered=$((hindered + 1))
        done <"$work/without/calls"
        printf '%d' "$hindered"
}

"$here/npm.sh" "$packages" >"$work/npm" 2>&1 || packages=''
read_refused
play without all
play development all development
# A test that can't fail shows nothing.
play production curl production
wait

for phase in without development production; do
        sed "s/^/          $phase: /" "$work/$phase/said"
done
while read -r client; do
        printf '  SKIPPED, NOT PASSED: %s\n' "$client"
done <"$work/without/skipped"
judge development
check 'refused.txt names calls that are played' none_unplayed
for id in "${!rules[@]}"; do
        cut -f 2 "$work/without/calls" | grep -qxF "$id" || continue
        printf '  note    refused, %s (%s): %s\n' "$id" "${rules[$id]}" "${reasons[$id]}"
done | sort
found=$(hindered production)
check "in production as shipped this would fail: $found of curl's calls are hindered" test "$found" -ge 5

finish
