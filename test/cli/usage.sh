#!/usr/bin/env bash
# Help, version and what is said to who mistypes.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

check 'without a command: usage, exit 2' exits 2
check 'on stderr' says err 'Usage: docksill COMMAND'
check 'help is an answer: exit 0' exits 0 --help
for command in serve check test explain baseline exempt; do
        run --help
        check "help names $command" says out "  $command "
        check "help $command" exits 0 help "$command"
        check 'names its options' says out '--config FILE'
        mv out before
        run "$command" --help
        check "$command --help says the same" cmp before out
        check "$command with an unknown option: exit 2" exits 2 "$command" --environmnet x
done
for command in rules facts operations config explain-code diff suggest enable disable confirm status doctor log audit report commands completion; do
        run --help
        check "help names $command" says out "  $command "
        check "$command --help" exits 0 "$command" --help
done
for command in 'rules list' 'rules show' 'rules lint' 'facts list' 'operations list' 'config show' 'rules coverage' 'rules schema' 'rules new' 'rules profile' 'scan add' 'scan list' 'commands list' 'log show' 'log follow' 'log verify'; do
        # shellcheck disable=SC2086 # two words
        check "$command --help" exits 0 $command --help
        check 'says how it is called' says out "Usage: docksill $command [OPTION…]"
        # shellcheck disable=SC2086
        check "help $command" exits 0 help $command
done
check 'a family alone: exit 2' exits 2 rules
check 'on stderr' says err 'Usage: docksill rules COMMAND'
check '--version' exits 0 --version
check 'prints a version' grep -Eq '^docksill [0-9]+\.[0-9]+\.[0-9]+$' out
for version in -V version; do
        check "$version" exits 0 "$version"
        check 'is the same' says out 'docksill 0.'
done
check 'an unknown command: exit 2' exits 2 explan
check 'with a suggestion' says err 'did you mean explain?'
check 'an unknown option: exit 2' exits 2 serve --sokcet x
check 'with a suggestion' says err 'did you mean --socket?'
check 'a missing value: exit 2' exits 2 serve --mode
check 'a mode that is none: exit 2' exits 2 serve --mode enforced
check 'paths that are neither on nor off: exit 2' exits 2 serve --paths yes
check 'serve takes no argument: exit 2' exits 2 serve x
check 'explain takes one file: exit 2' exits 2 explain
check 'a format that is none: exit 2' exits 2 explain --format xml -
printf 'web:\n  image: nginx\n' > other.yaml
printf 'nginx\n' > word
: > nothing
for file in other.yaml word nothing; do
        check "explain of $file, which is no JSON: exit 2" exits 2 explain --rules "$rules" "$file"
        check 'says what it takes' says err "$file: neither JSON nor a compose file"
done
check 'explain of broken JSON is a refusal: exit 1' exits 1 explain --rules "$rules" - <<< '{"Image": '
finish
