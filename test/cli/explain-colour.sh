#!/usr/bin/env bash
# Colour on a terminal alone, and never with NO_COLOR.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"

# on_terminal: what explain prints there.
on_terminal() {
        script -qec "'$DOCKSILL' explain --rules '$rules' body.json" /dev/null
}

printf %s "$privileged" >body.json
export TERM=xterm
check 'in a terminal there is colour' has "$(on_terminal)" $'\033['
check 'not with NO_COLOR' lacks "$(NO_COLOR=1 on_terminal)" $'\033['
check 'an empty NO_COLOR does not count' has "$(NO_COLOR='' on_terminal)" $'\033['
check 'not on a dumb terminal' lacks "$(TERM=dumb on_terminal)" $'\033['
run explain --rules "$rules" body.json
check 'not in a pipe' hides out $'\033['
finish
