#!/usr/bin/env bash
# Whoever floods docksill can't hide what he tries: refusals are in the file, whatever else finds no room. At full speed, and with records
# that are taken slowly. Longer: test/faults/README.md.
# shellcheck source=test/check.sh
source "$(dirname "$0")/../check.sh"
here=$(dirname "$0")/../faults

check 'a flood of allowed creates' "$here/flood.py" --seconds 3
check 'a flood of refused ones' "$here/flood.py" --seconds 3 --flood refused
check 'a flood, and records that are taken slowly' "$here/flood.py" --seconds 3 --slow 300000
check 'likewise, with records: {full: drop}' "$here/flood.py" --seconds 3 --slow 300000 --config 'full: drop'
finish
