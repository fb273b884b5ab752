#!/usr/bin/env bash
# docksill enable, disable, confirm and status with a real dockerd: the proof that it asks, the way back when it does not, the way out
# with docksill dead, and an enabling that nobody confirms. PROTOCOL 1.1.
# shellcheck source=engine.sh
source "$(dirname "$0")/engine.sh"


# docksill's own commands; leaves what was said in $said, the exit code in $code.
switch() {
        said=$("$DOCKSILL" "$1" --config "$engine_dir/docksill.yaml" --daemon-json "$engine_dir/daemon.json" "${@:2}" 2>&1)
        code=$?
}

# switches CODE COMMAND OPTION…: it exits so.
switches() {
        switch "${@:2}"
        [ "$code" -eq "$1" ] && return
        printf 'exit code %s, not %s: %s\n' "$code" "$1" "$said"
        return 1
}

names_docksill() {
        jq -e --arg name "$plugin" '."authorization-plugins" | index($name) != null' "$engine_dir/daemon.json" >/dev/null
}

unchanged() {
        cmp "$engine_dir/before.json" "$engine_dir/daemon.json"
}

# A create that production refuses passes in audit mode, and is recorded; where docksill is not asked it is not.
is_asked() {
        local before

        before=$(wc -l <"$records")
        client create --privileged "$image"
        wait_until 3 eval "[ \"\$(wc -l <'$records')\" -gt $before ]"
}

is_not_asked() {
        ! is_asked
}

engine_begin
printf '%s\n' 'docksill: v1' 'kind: configuration' "socket: $plugin_socket" "rules: $engine_top/rules" "records: {file: $records}" \
        "state: $engine_dir/state" >"$engine_dir/docksill.yaml"
image_import || exit 1
docksill_start --config "$engine_dir/docksill.yaml" || exit 1
daemon_json
cp "$engine_dir/daemon.json" "$engine_dir/before.json"
engine_start || exit 1

# -- in, and out -------------------------------------------------------------------------------------------------------

check 'before: it runs, and is not asked' is_not_asked
check 'what would change is shown' switches 0 enable --dry-run
printf '%s\n' "$said" >"$engine_dir/diff"
check 'and nothing else' unchanged
check 'enabled' switches 0 enable
check 'docksill was looked at before' says 'environment production, mode audit' "$said"
check 'and its rules' says 'and their tests pass' "$said"
check 'it is proven' says 'proven: dockerd asks docksill' "$said"
check 'the file names it' names_docksill
check 'it is asked' is_asked
check 'status says so' switches 0 status
check 'with the mode' grep -Eq '^mode +audit' <<<"$said"
check 'and the environment' grep -Eq '^environment +production' <<<"$said"
check 'as JSON too' switches 0 status --format json
check 'with the digest of the rules' jq -e '.asked == "yes" and .docksill.rules_digest != null' <<<"$said"
check 'doctor probes it' switches 0 doctor --probe
check 'and finds nothing' says 'dockerd asks docksill' "$said"
if command -v patch >/dev/null; then
        cp "$engine_dir/before.json" "$engine_dir/patched.json"
        check 'the diff was what patch takes' patch -s "$engine_dir/patched.json" "$engine_dir/diff"
        check 'and was what was done' cmp "$engine_dir/patched.json" "$engine_dir/daemon.json"
fi
check 'what was there before is kept' cmp "$engine_dir/before.json" "$engine_dir/daemon.json.before-docksill"
check 'enabled once more: it is already' switches 0 enable
check 'and still asked' says 'already, and dockerd asks it' "$said"
check 'disabled' switches 0 disable
check 'it is proven that it is not asked' says 'no longer asks docksill' "$said"
check 'the file is as it was' unchanged
check 'it is not asked' is_not_asked
check 'status says that too' switches 1 status
check 'disabled once more: nothing to do' switches 0 disable

# -- what is not begun -------------------------------------------------------------------------------------------------

docksill_signal TERM
docksill_start --config "$engine_dir/docksill.yaml" --mode enforce || exit 1
check 'in enforce mode it is not enabled by mistake' switches 1 enable
check 'nothing was changed' unchanged
check 'but if it is meant' switches 0 enable --enforce
check 'it refuses' refused privileged-container create --privileged "$image"

# -- out with docksill dead --------------------------------------------------------------------------------------------

docksill_signal KILL
since=$SECONDS
check 'docksill is dead: disabled' switches 0 disable
check 'within the time of a try or two' test $((SECONDS - since)) -lt 12
check 'the engine answers' allowed ps
check 'the file is as it was again' unchanged
check 'a dead docksill is not enabled' switches 4 enable
check 'that is said' says 'docksill does not answer at' "$said"
check 'and nothing was changed' unchanged

# -- a proof that fails ------------------------------------------------------------------------------------------------

# Another plugin under the name that was asked for: everything works, and docksill is never asked.
docksill_start --config "$engine_dir/docksill.yaml" || exit 1
python3 -c '
import http.server, os, socketserver, sys

class Plugin(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b"{\"Implements\":[\"authz\"]}" if "Activate" in self.path else b"{\"Allow\":true}"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self):
        return ""

    def log_message(self, *_):
        pass

socketserver.ThreadingUnixStreamServer(sys.argv[1], Plugin).serve_forever()' "/run/docker/plugins/other-$$.sock" &
other_pid=$!
wait_until 5 test -S "/run/docker/plugins/other-$$.sock"
check 'another plugin that allows everything: not proven' switches 4 enable --plugin "other-$$"
check 'why' says 'it answers without asking docksill' "$said"
check 'it is undone' says 'undone' "$said"
check 'the file is as it was, still' unchanged
kill "$other_pid"
rm -f "/run/docker/plugins/other-$$.sock"
check 'the engine works' allowed ps

# -- unless somebody confirms ------------------------------------------------------------------------------------------

check 'enabled for a while' switches 0 enable --confirm-within 6s
check 'that is said with what to do' says 'docksill confirm' "$said"
check 'it is asked' is_asked
check 'confirmed' switches 0 confirm
sleep 7
check 'it stays' names_docksill
check 'and is asked' is_asked
check 'confirmed twice: nothing waits' switches 1 confirm
check 'disabled' switches 0 disable

# The terminal goes, and docksill dies: the way back does not hang on either.
on_a_terminal_that_goes() {
        setsid --wait bash -c '"$@" --confirm-within 6s; kill -HUP 0' bash "$DOCKSILL" enable --config "$engine_dir/docksill.yaml" \
                --daemon-json "$engine_dir/daemon.json" </dev/null
        [ $? -eq 129 ]
}
check 'enabled for a while, on a terminal that goes' on_a_terminal_that_goes
check 'it was enabled' names_docksill
docksill_signal KILL
check 'when the time is over it is out' wait_until 15 unchanged
check 'the engine answers at once' allowed ps
check 'it is too late to confirm' switches 1 confirm

# -- a flag alone ------------------------------------------------------------------------------------------------------

docksill_start --config "$engine_dir/docksill.yaml" || exit 1
engine_stop
engine_options+=("--authorization-plugin=$plugin")
engine_start || exit 1
check 'a flag of dockerd: not enabled' switches 4 enable
check 'since dockerd would not start again' says 'Take the flag out' "$said"
check 'doctor finds it' switches 1 doctor
check 'by name' says 'flag-only: ' "$said"
check 'though it is asked still' jq -e .asked <<<"$(switch doctor --format json; printf %s "$said")"
kill -s HUP "$engine_pid"
# shellcheck disable=SC2016 # eval's own
wait_until 10 eval '! { switch doctor --format json; jq -e .asked <<<"$said"; }'
check 'until dockerd reads its settings anew' jq -e '.asked | not' <<<"$said"
check 'doctor tells that apart' jq -e 'any(.findings[]; .id == "not-asked")' <<<"$said"
jq '.["authorization-plugin"] = ["x"]' "$engine_dir/before.json" >"$engine_dir/daemon.json"
check 'a misspelt key is found' switches 1 doctor
check 'by name too' says 'key-misspelt: ' "$said"
cp "$engine_dir/before.json" "$engine_dir/daemon.json"
check 'nothing was changed by that' unchanged
finish
