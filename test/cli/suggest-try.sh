#!/usr/bin/env bash
# docksill suggest --try with engines that answer nothing, nonsense or no: a clear sentence, and the exit code. What it finds on
# a real one, test/engine/try.sh holds.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

"$DOCKSILL" suggest --rules "$rules" --host /nowhere.sock --try x 2>&1 | grep -q 'built without libcurl' && {
        check 'built without libcurl: it says so' exits 4 suggest --rules "$rules" --host /nowhere.sock --try x
        finish
        exit
}

stub_pid=''
stub_end() {
        [ -z "$stub_pid" ] || { kill "$stub_pid" && wait "$stub_pid"; } 2>/dev/null
        rm -f engine.sock
        stub_pid=''
}
trap 'stub_end; scenario_end' EXIT

# stub ANSWERS: an engine that gives these answers to GETs, and does nothing.
stub() {
        stub_end
        printf '%s\n' "$1" >answers.json
        python3 "$scenario_here/../stub-engine.py" engine.sock answers.json &
        stub_pid=$!
        wait_for test -S engine.sock
}

# silent: one that takes connections and never answers.
silent() {
        stub_end
        python3 -c 'import socket, time
s = socket.socket(socket.AF_UNIX); s.bind("engine.sock"); s.listen(8); time.sleep(100)' &
        stub_pid=$!
        wait_for test -S engine.sock
}

try_it() {
        exits "$1" suggest --rules "$rules" --host "$folder/engine.sock" --seconds 1 --try "${@:2}"
}

for option in '--seconds 0' '--seconds x' '--seconds 301' '--attempts 0' '--attempts 201' --all; do
        # shellcheck disable=SC2086 # two words
        check "$option: exit 2" try_it 2 x $option
        check 'says what it is' says err "docksill suggest: $([ "$option" != --all ] && echo "${option% *} is 1 to" || echo --try takes one)"
done
check 'a command without --: exit 2' try_it 2 x sleep
check 'says where it stands' says err 'a command stands behind --'
check '--check without --try: exit 2' exits 2 suggest --check true x
check 'says so' says err 'go with --try'
check 'a socket that is none: exit 2' exits 2 suggest --host tcp://x --try x
check 'no environment of that name: exit 3' try_it 3 x --environment nowhere

check 'no engine: exit 4' try_it 4 x
check 'says who does not answer' says err "the engine at $folder/engine.sock does not answer"

none='"/containers/json*": [], "/networks*": [], "/volumes*": {"Volumes": null}'
image='"/images/x/json": {"Id": "sha256:12", "Config": {"User": ""}}'
stub "{$none}"
check 'neither container nor image: exit 4' try_it 4 x
check 'says that none is pulled' says err 'no container and no image of this name'
check 'a name with a slash is no container' try_it 4 a/x
stub "{$none, \"/containers/x/json\": {\"Id\": 3}}"
check 'nonsense in place of a container: exit 4' try_it 4 x
check 'says about what' says err 'docksill suggest: x: '
stub '{"/containers/json*": "three"}'
check 'nonsense in place of a list: exit 4' try_it 4 x
check 'says so' says err "the engine at $folder/engine.sock can't be asked"
stub "{$none, $image}"
check 'an engine that makes nothing: exit 1' try_it 1 x
check 'says what it said' says out 'as it is: only GET is answered here'
check 'as JSON' try_it 1 x --format json
check 'with its schema, and nothing found' json_out '.schema == "docksill.try/1" and .found == false and .before.verdict == "deny" and (.attempts | length) == 1'
# Another's copies, made a moment ago, and one that no label tells of.
stub "{\"/containers/json*\": [{\"Id\": \"a\", \"Labels\": {\"io.docksill.try\": \"boot/1/2/3/$(date +%s)/n\"}}, {\"Id\": \"b\", \"Labels\": {}}],
        \"/networks*\": [], \"/volumes*\": {\"Volumes\": null}, $image}"
check 'the copies of a run elsewhere are left alone' try_it 1 x
check 'and nothing is said of them' hides err 'earlier run'

silent
timeout -s TERM 2 "$DOCKSILL" suggest --rules "$rules" --host "$folder/engine.sock" --try x >out 2>err
code=$?
check 'an engine that is silent: a signal ends it' test "$code" -eq 124
check 'at once' says err interrupted

finish
