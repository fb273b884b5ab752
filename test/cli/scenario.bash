# shellcheck shell=bash
# scenario.bash: a folder, a docksill and a few words to check what it does. Sourced by the scenarios beside it.

scenario_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=test/check.sh
source "$scenario_here/../check.sh"

DOCKSILL=$(realpath "${DOCKSILL:-$scenario_here/../../build/docksill}")
# shellcheck disable=SC2034 # for the scenarios
rules=$scenario_here/../../rules
folder=$(mktemp -d "${TMPDIR:-/tmp}/docksill-cli.XXXXXX") || exit 1
socket=$folder/docksill.sock
records=$folder/decisions.jsonl
serve_pid=''
trap 'scenario_end' EXIT
cd "$folder" || exit 1
unset NO_COLOR

scenario_end() {
        [ -z "$serve_pid" ] || kill -KILL "$serve_pid" 2>/dev/null
        cd / && rm -rf "$folder"
}

# run ARGUMENT…: docksill; its exit code is in $code, stdout and stderr in the files out and err.
run() {
        timeout 60 "$DOCKSILL" "$@" >"$folder/out" 2>"$folder/err"
        code=$?
}

# exits CODE ARGUMENT…: runs it; true if it exits so.
exits() {
        local wanted=$1
        shift
        run "$@"
        [ "$code" -eq "$wanted" ] && return
        printf 'exit code %s, not %s\n' "$code" "$wanted"
        cat "$folder/out" "$folder/err"
        return 1
}

# says FILE WORDS: the file holds the words, taken literally. hides: it does not.
says() {
        grep -qFe "$2" "$folder/$1" && return
        cat "$folder/$1"
        return 1
}

hides() {
        grep -qFe "$2" "$folder/$1" || return 0
        cat "$folder/$1"
        return 1
}

# has TEXT WORDS: the text holds the words, taken literally.
has() {
        case $1 in
        *"$2"*) return ;;
        esac
        printf '"%s" is not in:\n%s\n' "$2" "$1"
        return 1
}

lacks() {
        ! has "$1" "$2" >/dev/null && return
        printf '"%s" is in:\n%s\n' "$2" "$1"
        return 1
}

# json_out FILTER: the jq filter holds of what the last run printed.
json_out() {
        # jq 1.6 finds nothing wrong with an empty file.
        [ -s "$folder/out" ] && jq -e "$1" "$folder/out" >/dev/null && return
        cat "$folder/out"
        return 1
}

# json TEXT FILTER: the jq filter holds of the text.
json() {
        jq -e "$2" <<<"$1" >/dev/null && return
        printf 'not so: %s\n%s\n' "$2" "$1"
        return 1
}

# Polls ten times a second, for at most ten seconds.
wait_for() {
        local tries=300 # half a minute: a busy machine starts a python in seconds
        until "$@" >/dev/null 2>&1; do
                ((tries-- > 0)) || return 1
                sleep 0.1
        done
}

# --- serve ------------------------------------------------------------------------------------------------------------

# call PATH [BODY]: a call as dockerd makes it: POST, an empty Host.
call() {
        curl -sS --max-time 20 --unix-socket "$socket" -X POST -H 'Host;' -H 'Content-Type:' --data-binary "${2:-}" "http://x/$1"
}

answers() {
        [ "$(call Plugin.Activate)" = '{"Implements":["authz"]}' ]
}

is_gone() {
        ! grep -q '^State:[[:space:]]*[^Z[:space:]]' "/proc/$1/status" 2>/dev/null
}

answers_or_is_gone() {
        answers || is_gone "$serve_pid"
}

# serve_start OPTION…: returns when it answers; what it says is in $folder/said.
serve_start() {
        "$DOCKSILL" serve --rules "$rules" --socket "$socket" --records "$records" "$@" >"$folder/serve-out" 2>"$folder/said" &
        serve_pid=$!
        wait_for answers_or_is_gone
        answers && return
        cat "$folder/said"
        return 1
}

# The records that are decisions: the line of a start or a reload is none.
decisions() {
        jq -c 'select(.schema == "docksill.record/1")' "$records"
}

# serve_stop [SIGNAL]: ends it; its exit code is in $code.
# shellcheck disable=SC2120 # most are content with SIGTERM
serve_stop() {
        kill -"${1:-TERM}" "$serve_pid"
        wait "$serve_pid"
        code=$?
        serve_pid=''
}

# envelope METHOD TARGET [BODY]: an AuthZReq as dockerd writes it.
envelope() {
        jq -cn --arg method "$1" --arg target "$2" --arg body "${3:-}" --arg base64 "$(printf %s "${3:-}" | base64 -w 0)" '
                {RequestMethod: $method, RequestUri: $target}
                + if $body == "" then {} else {RequestBody: $base64} end
                + if $method == "GET" then {} else {RequestHeaders:
                        {"Content-Length": ($body | utf8bytelength | tostring), "Content-Type": "application/json"}} end'
}

create() {
        envelope POST /v1.41/containers/create "$1"
}

# --- bodies -----------------------------------------------------------------------------------------------------------

# What passes in production; the image's name stands in the list of trusted ones.
# shellcheck disable=SC2034 # for the scenarios
hardened='{"Image":"busybox:1.0","User":"10001:10001","Cmd":["true"],"HostConfig":{"CapDrop":["ALL"],
        "SecurityOpt":["no-new-privileges:true"],"ReadonlyRootfs":true,"Memory":67108864,"PidsLimit":50,
        "NanoCpus":500000000,"NetworkMode":"none"}}'
# shellcheck disable=SC2034
privileged='{"Image":"busybox:1.0","HostConfig":{"Privileged":true}}'
