#!/usr/bin/env bash
# Copies the tree to build a package from, so that nothing in it changes: what is under version control, and new; outside of a clone
# all that no build made.
#
#     packaging/copy-tree.sh FOLDER
set -eu
to=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")/.."

files() {
        git ls-files -z -co --exclude-standard 2>/dev/null || find . \( -name .git -o -path './build*' \) -prune -o -type f -print0
}

files | while IFS= read -r -d '' file; do
        [ ! -f "$file" ] || printf '%s\0' "$file" # one that was removed may still be listed
done | tar -c --null -T - | tar -x -C "$to"
