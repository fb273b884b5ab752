#!/bin/bash
# Checks this folder before it goes to hosts: what CI runs, and `make check`.
#
#     ./check.sh [BEFORE]       BEFORE: the branch or commit that the hosts have now; without it nothing is compared
#
# It shows all that is wrong, and exits with 1 if something is. A change that refuses or allows other calls than before is wrong too,
# unless it is meant: ACCEPT=refused, ACCEPT=allowed or ACCEPT="refused allowed".
set -uo pipefail
cd "$(dirname "$0")" || exit 1

environments=(production staging)
DOCKSILL=${DOCKSILL:-docksill}
before=${1:-}
failed=0
shopt -s nullglob
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# step TITLE CODES COMMAND…: it has to exit with one of these codes. What it says is shown if it does not.
step() {
        local title=$1 codes=$2 code
        shift 2

        "$@" >"$work/said" 2>&1 </dev/null
        code=$?
        if [[ " $codes " == *" $code "* ]]; then
                printf 'ok      %s\n' "$title"
                return 0
        fi
        printf 'NOT OK  %s (exit code %d)\n' "$title" "$code"
        sed 's/^/        /' "$work/said"
        failed=1
        return 1
}

# Rules, settings and exemptions: are they right? Its warnings, such as of an exemption that has ended, are shown all the same.
check_files() {
        step "$1: rules, settings and exemptions are right" 0 "$DOCKSILL" check --quiet --config "$1.yaml" && sed 's/^/        /' "$work/said"
}

# What has to pass and what must not.
judge_calls() {
        local call

        for call in calls/"$1"/allowed/*; do
                step "$1: passes: $call" 0 "$DOCKSILL" explain --config "$1.yaml" "$call"
        done
        for call in calls/"$1"/refused/*; do
                step "$1: is refused: $call" 1 "$DOCKSILL" explain --config "$1.yaml" "$call"
        done
}

# What is to be deployed: would it be?
judge_compose() {
        local file

        for file in compose/*; do
                step "$1: passes: $file" 0 "$DOCKSILL" explain --config "$1.yaml" "$file"
        done
}

# is_meant WORD: newly refused or newly allowed calls, if there are any, are meant.
is_meant() {
        ! grep -Eq "\\b[1-9][0-9,]* newly $1" "$work/said" || [[ " ${ACCEPT:-} " == *" $1 "* ]]
}

# compare ENVIRONMENT WHAT OPTION…: what would be decided otherwise than before.
compare() {
        local word what=$2

        [ -f "$work/before/$1.yaml" ] || return 0
        step "$1: before and now are compared by $what" '0 1' "$DOCKSILL" diff "$work/before/$1.yaml" "$1.yaml" "${@:3}" || return
        sed 's/^/        /' "$work/said"
        for word in refused allowed; do
                is_meant "$word" && continue
                printf 'NOT OK  %s: some are newly %s; if that is meant, set ACCEPT=%s\n' "$1" "$word" "$word"
                failed=1
        done
}

compare_all() {
        local calls=(calls/"$1"/*/*) records

        [ ${#calls[@]} -eq 0 ] || compare "$1" 'calls' "${calls[@]}"
        for records in records/"$1"*.jsonl; do
                compare "$1" "$records" --records "$records"
        done
}

# shellcheck disable=SC2317 # step calls it
before_comes() {
        mkdir "$work/before" && git archive "$before" . | tar -x -C "$work/before"
}

step 'the tests of our rules pass' 0 "$DOCKSILL" test site
step 'our rules say what readers need' 0 "$DOCKSILL" rules lint site
[ -z "$before" ] || step "there is $before to compare with" 0 before_comes
for environment in "${environments[@]}"; do
        # Without these all others would fail.
        check_files "$environment" || continue
        judge_calls "$environment"
        judge_compose "$environment"
        [ -z "$before" ] || compare_all "$environment"
done
[ "$failed" -eq 0 ] && echo 'nothing is wrong'
exit "$failed"
