#!/usr/bin/env bash
# What each shell offers behind `docksill`, typed as far as it stands there. A shell that is not installed is left out, but for bash.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

mkdir bin files zsh
ln -s "$DOCKSILL" bin/docksill
PATH=$PWD/bin:$PATH
docksill completion bash >docksill.bash
docksill completion fish >docksill.fish
docksill completion zsh >zsh/_docksill
: >files/one.yaml
: >files/two.yaml

# In a bash that has nothing else; its own way to cut a line into words is not to be had, so "=" stands apart here too.
bash_offers() {
        # shellcheck disable=SC2016 # that bash's own
        bash --norc -c '
                source docksill.bash
                read -ra COMP_WORDS <<<"${1//=/ = }"
                [ "${1: -1}" != " " ] || COMP_WORDS+=("")
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _docksill
                printf "%s\n" "${COMPREPLY[@]}"' - "$1"
}

fish_offers() {
        # shellcheck disable=SC2016
        HOME=$PWD fish --no-config -c 'source docksill.fish; complete -C "$argv[1]"' "$1" | cut -f 1
}

# A terminal with a zsh in it: what it prints when somebody presses Tab.
zsh_offers() {
        python3 "$scenario_here/fixtures/press-tab.py" zsh "$1"
}

# offers SHELL LINE WORD…: each of these is offered, "-WORD": is not.
offers() {
        local shell=$1 line=$2 said word

        shift 2
        said=$("${shell}_offers" "$line" 2>&1 | head -n 2000 | sed 's/[ /]*$//')
        for word in "$@"; do
                if [ "${word:0:1}" = ! ]; then
                        ! grep -qxFe "${word:1}" <<<"$said" || { head -n 30 <<<"not $word: $said"; return 1; }
                else
                        grep -qxFe "$word" <<<"$said" || { head -n 30 <<<"not $word: $said"; return 1; }
                fi
        done
}

check 'completion of no shell: exit 2' exits 2 completion
check 'of one that is not known: exit 2' exits 2 completion csh
check 'says which there are' says err 'bash, zsh or fish'
for shell in bash zsh fish; do
        check "completion $shell" exits 0 completion "$shell"
        command -v "$shell" >/dev/null || continue
        case $shell in
        bash) check 'is a script for it' bash -n out ;;
        zsh) check 'is a script for it' zsh -f -n out ;;
        fish) check 'is a script for it' fish -n out ;;
        esac
        check "$shell: commands" offers "$shell" 'docksill ' serve check rules explain-code help '!list' '!--config'
        check "$shell: those that begin so" offers "$shell" 'docksill ex' explain explain-code '!serve'
        check "$shell: of a family" offers "$shell" 'docksill rules ' list show lint '!serve'
        check "$shell: behind help" offers "$shell" 'docksill help rules ' list show lint '!serve'
        check "$shell: options" offers "$shell" 'docksill rules list --' --operation --format --help '!--records'
        check "$shell: values of an option" offers "$shell" 'docksill serve --mode ' audit enforce-hard enforce '!serve'
        check "$shell: those that begin so" offers "$shell" 'docksill serve --mode enforce' enforce-hard enforce '!audit'
        check "$shell: files" offers "$shell" 'docksill check files/' files/one.yaml files/two.yaml
        check "$shell: files of an option" offers "$shell" 'docksill serve --config files/' files/one.yaml files/two.yaml
        check "$shell: words and files" offers "$shell" 'docksill serve --environment ' production files
        check "$shell: a command behind --" offers "$shell" 'docksill explain -- docksil' docksill
done
check 'bash: a value behind =' offers bash 'docksill serve --mode=en' enforce enforce-hard '!audit'
check 'bash: all values behind =' offers bash 'docksill serve --mode=' audit enforce
check 'bash: passes shellcheck' shellcheck --shell=bash <("$DOCKSILL" completion bash)

# Nothing that the program has is missing: each command and option is offered.
all_are_offered() {
        local command option

        while IFS=$'\t' read -r command option; do
                offers bash "docksill $command $option" "$option" || { echo "$command $option"; return 1; }
        done < <(docksill commands list --format json |
                jq -r '.commands[] | .commands[]? // . | .name as $name | .options[]? | [$name, "--" + .name] | @tsv')
}
check 'bash: every option of every command' all_are_offered

check 'commands are listed' exits 0 commands list
check 'with what they do' grep -Eq '^rules show +ID +Show everything' out
check 'as JSON' exits 0 commands list --format json
check 'all that help names' json_out "[.commands[].name] == $("$DOCKSILL" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' | jq -Rnc '[inputs]')"
check 'with options' json_out '.schema == "docksill.commands/1"
        and any(.commands[]; .name == "serve" and any(.options[]; .name == "mode" and .argument == "audit|enforce-hard|enforce"))'
finish
