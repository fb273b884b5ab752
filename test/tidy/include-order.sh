#!/usr/bin/env bash
# Rooms include themselves and rooms to their left: base ← wire ← engine ← rules ← decide ← host, record ← serve ← cli.
# rules sees two headers of engine alone, operation.h and facts.h (and what these include): the rule language knows that facts
# exist, not how a body is decoded. A room's private headers are included by its own files alone.
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=../check.sh
source test/check.sh

declare -A place=([base]=0 [wire]=1 [engine]=2 [rules]=3 [decide]=4 [host]=5 [record]=5 [serve]=6 [cli]=7)

# engine's headers that rules may include
seen_by_rules=' operation.h facts.h '
for header in operation.h facts.h; do
        while read -r included; do
                seen_by_rules+="$included "
        done < <(sed -n 's|^#include "docksill/engine/\(.*\)"|\1|p' "include/docksill/engine/$header")
done

# may_include ROOM HEADER: says why not.
may_include() {
        local room=$1 header=$2 other=${2#docksill/}

        case $header in
        docksill/*/*) other=${other%%/*} ;;
        */*)
                echo 'a path; a private header is named alone, another is "docksill/ROOM/MODULE.h"'
                return 1
                ;;
        *)
                [ -f "plugin/$room/$header" ] && return
                echo "no private header plugin/$room/$header"
                return 1
                ;;
        esac
        if [ -z "${place[$other]:-}" ]; then
                echo "no room \"$other\""
                return 1
        fi
        [ "$other" = "$room" ] && return
        if [ "${place[$other]}" -ge "${place[$room]}" ]; then
                echo "$other is not to the left of $room"
                return 1
        fi
        if [ "$room $other" = 'rules engine' ] && [[ $seen_by_rules != *" ${header##*/} "* ]]; then
                echo "rules may know of engine only:$seen_by_rules"
                return 1
        fi
}

room_is_tidy() {
        local room=$1 wrong=0 file line header why

        while IFS=: read -r file line header; do
                header=${header#*\"}
                header=${header%%\"*}
                if ! why=$(may_include "$room" "$header"); then
                        echo "$file:$line: \"$header\": $why"
                        wrong=1
                fi
        done < <(grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "plugin/$room" "include/docksill/$room" 2>/dev/null)
        return "$wrong"
}

for folder in plugin/*/; do
        room=$(basename "$folder")
        if [ -n "${place[$room]:-}" ]; then
                check "includes of $room" room_is_tidy "$room"
        else
                not_ok "includes of $room" 'a room without a place in the row'
        fi
done
finish
