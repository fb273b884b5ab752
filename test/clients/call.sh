# shellcheck shell=bash
# call.sh: how a client's day is told, a line per call. Sourced by the days in shell; day.py and day.js write the same.
#
#     CLIENT.CALL <tab> works|beyond <tab> ok|failed <tab> what was said, on one line
#
# "beyond" is what no engine here can do, such as a pull: all that is asked of docksill is that it lets it pass.

# call NAME COMMAND…: a call of $client that works.
call() {
        tell works "$@"
}

# beyond NAME COMMAND…: one that cannot.
beyond() {
        tell beyond "$@"
}

# $client is told by the day.
tell() {
        local wanted=$1 name=$2 said went=ok
        shift 2

        said=$("$@" 2>&1 </dev/null) || went=failed
        # What a client prints may be binary; the end of it says what went wrong.
        printf '%s.%s\t%s\t%s\t%s\n' "${client:?}" "$name" "$wanted" "$went" "$(printf '%s' "$said" | tail -c 4000 | tr -c '[:print:]' ' ')"
}
