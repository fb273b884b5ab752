#!/usr/bin/env bash
# A typo and a reboot: a start that finds bad files goes on with what was last in force, and says so; without anything kept it ends.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

mkdir -p site/exemptions state
cp -r "$rules" site/rules
cat >site/docksill.yaml <<END
docksill: v1
kind: configuration
environment: site.yaml
rules: rules
exemptions: exemptions
state: ../state
records: {file: ../decisions.jsonl}
mode: enforce
END
cat >site/site.yaml <<END
docksill: v1
kind: environment
name: site
extends: production
override:
  - {list: trusted-images, append: ["registry.example.com/*"]}
END
cat >site/exemptions/one.yaml <<END
docksill: v1
kind: exemptions
exemptions:
  - {id: probes, rules: [healthcheck-missing], match: {user: monitoring}, owner: platform team, reason: probes, expires: 2999-12-31}
END
cp -r site good
kept=$folder/state/last-good

# start OPTION…: by the site's files alone; 1 if it ended instead.
start() {
        "$DOCKSILL" serve --config site/docksill.yaml --socket "$socket" "$@" >serve-out 2>said &
        serve_pid=$!
        wait_for answers_or_is_gone
        answers && return
        wait "$serve_pid"
        code=$?
        serve_pid=''
        return 1
}

# ends CODE OPTION…: it does not start, and exits so.
ends() {
        local wanted=$1
        shift
        ! start "$@" && [ "$code" -eq "$wanted" ] && return
        cat said
        return 1
}

refuses() {
        json "$(call AuthZPlugin.AuthZReq "$(create "$privileged")")" '.Allow == false'
}

mend() {
        rm -rf site && cp -r good site
}

last_start() {
        jq -c 'select(.schema == "docksill.start/1")' "$records" | tail -n 1
}

check 'it starts' start
check 'what is in force is kept' test -s "$kept"
check 'for root alone' test "$(stat -c %a "$kept")" = 600
started_so() {
        json "$(last_start)" "$1"
}
check 'the record of the start is there' wait_for started_so '.event == "start"'
digest_is_kept() {
        grep -q "^rules $(last_start | jq -r .rules_digest)\$" "$kept"
}
check 'with the digest of the rules' wait_for digest_is_kept
digest=$(last_start | jq -r .rules_digest)
check 'and by its own' test "$(tail -n 1 "$kept")" = "sha256 $(head -n -1 "$kept" | sha256sum | cut -d ' ' -f 1)"
before=$(stat -c %i.%Y "$kept")
serve_stop
check 'it starts again' start
check 'and keeps nothing anew' test "$(stat -c %i.%Y "$kept")" = "$before"
serve_stop

echo 'rules: [' >>site/rules/container/resources.yaml
check 'with a bad rule file it starts' start
check 'and says what is wrong' grep -q 'resources.yaml:[0-9]*:[0-9]*: error' said
check 'loudly' says said 'STARTING WITH THE LAST GOOD SET'
check 'since when it was kept' grep -q 'since 2[0-9-]*T.* files, rules digest '"${digest:0:16}" said
check 'the records say it too' wait_for started_so '.last_good and .environment == "site" and .mode == "enforce"'
check 'the same rules are in force' test "$(last_start | jq -r .rules_digest)" = "$digest"
check 'it refuses' refuses
kill -HUP "$serve_pid"
check 'a reload of what is still bad changes nothing' wait_for says said 'nothing is changed'
mend
kill -HUP "$serve_pid"
check 'one of what was mended does' wait_for says said 'SIGHUP: reloaded'
check 'and the records no longer say so' wait_for started_so '.event == "reload" and .last_good == null'
serve_stop

for bad in 'rm site/site.yaml' 'rm -r site/rules' 'echo x >>site/exemptions/one.yaml' 'rm site/rules/container/resources.yaml; mkfifo site/rules/container/resources.yaml'; do
        eval "$bad"
        check "started in spite of: $bad" start
        check 'with the last good set' says said 'STARTING WITH THE LAST GOOD SET'
        check 'it refuses' refuses
        serve_stop
        mend
done

# Where the settings themselves are bad nothing tells of the folder but systemd.
echo 'mode: [x]' >>site/docksill.yaml
check 'bad settings: nobody knows where the set is kept' ends 3
check 'that is said' grep -q 'no last good set to start with instead: .*/last-good' said
export STATE_DIRECTORY=$folder/state:$folder/other
check 'systemd tells' start
check 'and it starts' says said 'STARTING WITH THE LAST GOOD SET'
check 'in the mode that was set' refuses
serve_stop
unset STATE_DIRECTORY
mend

# A reload keeps what it put in force.
check 'it starts once more' start
echo '# changed' >>site/site.yaml
kill -HUP "$serve_pid"
check 'a reload is kept' wait_for grep -q '^# changed' "$kept"
serve_stop

echo 'rules: [' >>site/rules/container/resources.yaml
check 'the flags are those of the start' start --mode audit
check 'not what was kept' json "$(call AuthZPlugin.AuthZReq "$(create "$privileged")")" .Allow
serve_stop
check 'other rules than those kept are not put in force by a flag' ends 3 --environment staging
check 'that is said too' says said 'does not go with the flags of this start'
sed -i 's/# changed/# Changed/' "$kept"
check 'a set that somebody wrote into is not taken' ends 3
check 'since it is not as it was' says said 'it is not as it was written'
rm "$kept" && mkfifo "$kept"
check 'nor a FIFO' ends 3
rm "$kept" && head -c 100 /dev/urandom >"$kept"
check 'nor anything else' ends 3
rm "$kept"
check 'without one it ends' ends 3
check 'and says that there is none' says said 'there is no last good set to start with instead'
mend

# A folder that is not there, and that nobody named, is not made; one that is named is.
rmdir state
check 'a folder that the settings name is made' start
check 'and the set is kept there' test -s "$kept"
serve_stop
rm -r state && touch state
check 'what can not be kept is no reason not to start' start
check 'but is told' says said "can't be kept in"
serve_stop
finish
