#!/usr/bin/env bash
# The manual pages, made anew from this docksill: they are clean, and say all that the program has and what works.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"
top=$(realpath "$rules/..")
sources=$top/packaging/man

mkdir pages text exemptions
for source in "$sources"/*.scd; do
        page=$(basename "$source" .scd)
        check "$page is made" sh -c "python3 '$sources/page.py' '$DOCKSILL' 1.2.3 scdoc '$source' >'pages/$page'"
        check 'lint finds nothing' test -z "$(mandoc -T lint "pages/$page" 2>&1 | tee "lint-$page")"
        [ ! -s "lint-$page" ] || head -n 5 "lint-$page"
        mandoc -T utf8 -O width=900 "pages/$page" 2>/dev/null | LC_ALL=C.UTF-8 sed 's/.\x08//g' >"text/$page"
        check 'says its name and version' says "text/$page" 'docksill 1.2.3'
        check 'and nothing is left to fill in' test -z "$(grep -E '^ *@[a-z]' "text/$page")"
        check 'meson installs it' grep -qF "'$page'" "$top/packaging/meson.build"
done

# in_pages WORDS: some page of section 1 has them.
in_pages() {
        grep -qFe "$1" text/*.1 && return
        printf 'in no page: %s\n' "$1"
        return 1
}

all_commands() {
        local words

        while read -r words; do
                in_pages "$words" || return
        done < <("$DOCKSILL" commands list --format json |
                jq -r '.commands[] | .commands[]? // . | "docksill " + .name, (.options[]? | "--" + .name)')
}
check 'every command and option is in a page' all_commands

# all_of PAGE FILTER ARGUMENT…: what the filter finds in the program's own table begins a line of the page.
all_of() {
        local page=$1 filter=$2 names

        shift 2
        names=$("$DOCKSILL" "$@" --format json | jq -r "$filter")
        [ "$(wc -l <<<"$names")" -gt 10 ] && diff <(grep -xFf <(sed 's/^ *//; s/: .*//' "text/$page") <<<"$names") <(echo "$names")
}
# shellcheck disable=SC2016 # jq's own
check 'every fact' all_of docksill-facts.7 '.facts[] | .name, (.name as $list | .elements[]? | "\($list)[].\(.name)")' facts list
check 'every operation' all_of docksill-operations.7 '.operations[].id' operations list
check 'every code' all_of docksill-codes.7 '.codes[].code' explain-code
check 'every key of the settings' all_of docksill.yaml.5 '.keys[].name' config keys

# known COMMAND OPTION…: the command has these options.
known() {
        local option

        run help "$1"
        [ "$code" -eq 0 ] || { echo "no command $1"; return 1; }
        for option in "${@:2}"; do
                says out "  $option " || { echo "docksill $1 has no $option"; return 1; }
        done
}

examples_are_known() {
        local file line words

        for file in "$sources"/*.scd; do
                awk '/^```$/ { inside = !inside; next } inside' "$file" | grep -oE '(^|[;&|] )docksill [a-z].*' | sed 's/^[;&| ]*docksill //; s/ -- .*//; s/ [&|>].*//'
        done >used
        [ "$(wc -l <used)" -gt 20 ] || return
        while read -r line; do
                readarray -t words < <(tr ' ' '\n' <<<"${line#* }" | grep -oE '^--[a-z-]+')
                known "${line%% *}" "${words[@]}" || known_member "$line" "${words[@]}" || return
        done <used
}

# The same of a family's member, named by two words.
known_member() {
        local line=$1 family member
        shift
        read -r family member _ <<<"$line"
        exits 0 help "$family" "$member" || return
        for option in "$@"; do
                says out "  $option " || { echo "docksill $family $member has no $option"; return 1; }
        done
}
check 'commands of examples, and their options, are there' examples_are_known

operators() {
        local operator

        sed -n '/predicate_table\[\] = {/,/^};/s/.*\.name = STR("\([a-z-]\+\)").*/\1/p' "$top/plugin/rules/predicate.c" >operators
        [ "$(wc -l <operators)" -gt 15 ] || return
        sed -n '/^OPERATORS/,/^ENVIRONMENTS/p' text/docksill-rules.5 | grep -oE '^ +[a-z, -]+$' | tr -d ' ' | tr , '\n' >told
        while read -r operator; do
                grep -qx -- "$operator" told || { echo "not told: $operator"; return 1; }
        done <operators
}
check 'every operator' operators

# Pages that are named exist, but for those of others.
references() {
        local name

        grep -ohE 'docksill[a-z.-]*\([0-9]\)' text/* | sort -u | while read -r name; do
                [ -f "pages/${name%(*}.${name: -2:1}" ] || { echo "no page $name"; return 1; }
        done
}
check 'every page that is named exists' references

# The examples load without a warning; their rules pass their own tests.
for page in docksill.yaml.5 docksill-rules.5; do
        awk '/^```$/ { inside = !inside; if (inside) file = sprintf("%s-%d.yaml", page, ++n); next } inside { print >file }' \
                page="$page" "$sources/$page.scd"
        check "$page has examples" test -f "$page-1.yaml"
        for file in "$page"-*.yaml; do
                sed -i "s|/etc/docksill/exemptions|$PWD/exemptions|; s|expires: [0-9]*|expires: $(($(date +%Y) + 1))|" "$file"
                run check --format json --rules "$rules" "$PWD/$file"
                check "$file loads without a warning" json_out 'all(.problems[]; .code == "DS318")'
                grep -q '^kind: rules' "$file" || continue
                check 'and passes its own tests' exits 0 test "$file"
        done
done

# What frees a host frees it, as a reader would copy it.
printf '{"debug": true, "authorization-plugins": [\n  "docksill"\n ], "hosts": ["unix:///x"]}' >daemon.json
grep -o 'sed -i .*' text/docksill-recovery.7 | sed "s|/etc/docker/daemon.json|daemon.json|" >free
check 'the page of recovery has its line' test "$(wc -l <free)" -eq 1
check 'it does what it says' sh -e free
check 'the list is empty, the rest stays' json "$(cat daemon.json)" '. == {debug: true, "authorization-plugins": [], hosts: ["unix:///x"]}'
check "and it is README's" grep -qFe "$(sed 's|daemon.json|/etc/docker/daemon.json|' free)" "$top/README.md"
finish
