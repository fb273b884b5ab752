#!/usr/bin/env bash
# No circle of includes between the modules of a room: each can be read, and tested, with those that it includes and no
# others. A module is NAME.c, NAME.h, NAME-priv.h and its public header. Between rooms there is none anyway (include-order.sh); a header
# that only forward-declares includes nothing.
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=test/check.sh
source test/check.sh

# includes ROOM: a line "MODULE INCLUDED" for each include of a module of the same room.
includes() {
        local room=$1

        grep -rE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "plugin/$room" "include/docksill/$room" |
                sed -nE "s|^[^:]*/([^/:]+)\.[ch]:.*\"docksill/$room/([^/]+)\.h\".*|\1 \2|p; t
                         /\"docksill\//d
                         s|^[^:]*/([^/:]+)\.[ch]:.*\"([^/\"]+/)?([^/\"]+)\.h\".*|\1 \3|p" |
                sed 's/-priv\>//g' | awk '$1 != $2' | sort -u
}

# Says which modules are in a circle.
has_no_circle() {
        includes "$1" | tsort 2>&1 >/dev/null | sed 's/^tsort: //' | grep . && return 1
        return 0
}

for folder in plugin/*/; do
        room=$(basename "$folder")
        check "no circle in $room" has_no_circle "$room"
done
finish
