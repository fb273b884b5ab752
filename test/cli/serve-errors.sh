#!/usr/bin/env bash
# What keeps serve from starting: an exit code that says which kind, a sentence that says what to do, and nothing left behind.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

check 'rules that are not there: exit 3' exits 3 serve --rules nowhere --socket "$socket" --records -
cp -r "$rules" broken
printf 'docksill: v1\nkind: rules\nrules:\n  - {id: a, title: A, when: {container.privilaged: true}, severity: high, message: m}\n' \
        >broken/container/site.yaml
check 'broken rules: exit 3' exits 3 serve --rules broken --socket "$socket" --records -
check 'all that is wrong is said' says err 'DS214'
check 'nothing listens' test ! -e "$socket"
check 'an environment that is not there: exit 3' exits 3 serve --rules "$rules" --environment prodution --socket "$socket"
check 'with a suggestion' says err production
printf 'docksill: v1\nkind: configuration\nenvironment: prodution\n' >site.yaml
check 'one that the configuration names: exit 3' exits 3 serve --rules "$rules" --config site.yaml --socket "$socket"
check 'where it names it' says err 'site.yaml:3:14: error: DS305'
check 'but not where a flag wins over it' exits 3 serve --rules "$rules" --config site.yaml --environment x --socket "$socket"
check 'which is in no file' hides err 'site.yaml'
printf 'docksill: v1\nkind: configuration\nenvironment: gone.yaml\n' >site.yaml
check 'a file that is not there: exit 3' exits 3 serve --rules "$rules" --config site.yaml --socket "$socket"
check 'where it is named' says err 'site.yaml:3:14: error: DS101'
printf 'docksill: v1\nkind: configuration\nmode: [x]\n' >site.yaml
check 'a broken configuration: exit 3' exits 3 serve --config site.yaml
check 'its place' says err 'site.yaml:3:'
check 'a configuration that is not there: exit 3' exits 3 serve --config nowhere.yaml

check 'records that can not be written: exit 4' exits 4 serve --rules "$rules" --socket "$socket" --records "$folder"
check 'says what to do' says err '--records'
check 'and the socket is removed again' test ! -e "$socket"
check 'a folder too far for records: exit 4' exits 4 serve --rules "$rules" --socket "$socket" --records "$folder/a/b/c"
# As somebody whose limit counts, and who may have one process and no thread. LeakSanitizer wants one at the end.
as_nobody=(setpriv --reuid 65533 --regid 65533 --clear-groups)
if "${as_nobody[@]}" test -x "$DOCKSILL" -a -r "$rules/README.md" 2>/dev/null && command -v prlimit >/dev/null; then
        mkdir of-nobody && chown 65533 of-nobody && chmod 755 "$folder"
        ASAN_OPTIONS=detect_leaks=0 prlimit --nproc=1 "${as_nobody[@]}" \
                "$DOCKSILL" serve --rules "$rules" --socket of-nobody/docksill.sock --records of-nobody/decisions.jsonl >out 2>err
        check 'without a thread for records: exit 4' test $? -eq 4
        check 'it is not told as a file that can not be written' hides err "can't be written"
        check 'but as what it is' says err 'no thread can be started to write records'
fi
records=$folder/log/decisions.jsonl
check "the records' own folder is made" serve_start
check 'for its owner and group' test "$(stat -c %a log)" = 750
serve_stop
records=-
check 'records on stdout' serve_start --mode enforce
call AuthZPlugin.AuthZReq "$(create "$hardened")" >/dev/null
serve_stop
check 'a line of JSON' json "$(grep '"docksill.record/1"' serve-out)" '.operation == "container.create"'
finish
