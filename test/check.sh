# shellcheck shell=bash
# check.sh: counts checks. Sourced by the shell suites; each prints a line per check and, last, "N passed, N failed".

passed=0
failed=0

ok() {
        passed=$((passed + 1))
        printf '  ok      %s\n' "$1"
}

# not_ok TITLE [DETAIL]: the detail may have several lines; they are shown indented, so that none looks like a check.
not_ok() {
        failed=$((failed + 1))
        printf '  NOT OK  %s\n' "$1"
        [ -z "${2:-}" ] || printf '%s\n' "$2" | sed 's/^/            /'
}

# What a check's command prints goes to a file without a name, so that nothing is left behind however we end, and so that the
# command can run in this shell and leave its variables to the next check.
check_printed=$(mktemp) || exit 1
exec 9<>"$check_printed"
rm "$check_printed"
check_printed=/proc/$$/fd/9

# check TITLE COMMAND…: the check holds if the command succeeds; what it prints is shown only when it does not.
check() {
        local title=$1
        shift
        local command=$*
        if "$@" >"$check_printed" 2>&1; then
                ok "$title"
        else
                not_ok "$title" "$(printf 'failed: %s\n' "${command:0:300}" && cat "$check_printed")"
        fi
}

# finish: the closing line; its exit code is the suite's. No check at all is a failure too.
finish() {
        printf '%d passed, %d failed\n' "$passed" "$failed"
        [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
