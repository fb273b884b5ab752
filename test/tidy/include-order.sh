#!/usr/bin/env bash
# Rooms include themselves and rooms to their left: base ← wire ← engine ← rules ← decide ← host, record ← serve ← cli. So do
# the folders of a room that has some, and a public header has the place of the folder with its source.
# rules sees two headers of engine alone, operation.h and facts.h (and what these include): the rule language knows that facts
# exist, not how a body is decoded. A room's private headers are included by its own files alone.
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=../check.sh
source test/check.sh

declare -A place=([base]=0 [wire]=1 [engine]=2 [rules]=3 [decide]=4 [host]=5 [record]=5 [serve]=6 [cli]=7)

# The folders of rooms, in their order.
declare -A folders=([engine]='facts read api ask scan' [host]='posture' [cli]='frame manual records report rules exemption explain containers try suggest diff baseline exempt scan operate switch log audit history')

# engine's headers that rules may include
seen_by_rules=' operation.h facts.h '
for header in operation.h facts.h; do
        while read -r included; do
                seen_by_rules+="$included "
        done < <(sed -n 's|^#include "docksill/engine/\(.*\)"|\1|p' "include/docksill/engine/$header")
done

# folder_of ROOM MODULE: where its source lies within the room; nothing: in the room itself, or it has none.
folder_of() {
        local folder

        for folder in ${folders[$1]:-}; do
                [ ! -f "plugin/$1/$folder/$2.c" ] || echo "$folder"
        done
}

# folder_before ROOM FOLDER OTHER: is OTHER the same, or to the left?
folder_before() {
        [ -z "$2" ] || [ -z "$3" ] || [[ " ${folders[$1]} " =~ " $3 "(.*" ")?"$2 " ]] || [ "$2" = "$3" ]
}

# may_include FILE HEADER: says why not.
may_include() {
        local file=$1 header=$2 room folder='' other=${2#docksill/} module=${2##*/} from

        case $file in
        include/*)
                room=$(basename "${file%/*}")
                folder=$(folder_of "$room" "$(basename "$file" .h)")
                ;;
        *)
                room=${file#plugin/}
                room=${room%%/*}
                [ "${file%/*}" = "plugin/$room" ] || folder=$(basename "${file%/*}")
                ;;
        esac
        case $header in
        docksill/*/*)
                other=${other%%/*}
                if [ "$other" = "$room" ]; then
                        from=$(folder_of "$room" "${module%.h}")
                        folder_before "$room" "$folder" "$from" || { echo "$from is not to the left of $folder"; return 1; }
                fi
                ;;
        */*)
                from=${header%/*}
                if [[ " ${folders[$room]:-} " != *" $from "* ]] || [ ! -f "plugin/$room/$header" ]; then
                        echo "no private header plugin/$room/$header"
                        return 1
                fi
                [ "$from" != "$folder" ] || { echo 'a header of the same folder is named alone'; return 1; }
                folder_before "$room" "$folder" "$from" || { echo "$from is not to the left of $folder"; return 1; }
                return
                ;;
        *)
                [ -f "plugin/$room/${folder:+$folder/}$header" ] && return
                echo "no private header plugin/$room/${folder:+$folder/}$header"
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
                if ! why=$(may_include "$file" "$header"); then
                        echo "$file:$line: \"$header\": $why"
                        wrong=1
                fi
        done < <(grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "plugin/$room" "include/docksill/$room" 2>/dev/null)
        return "$wrong"
}

# folders_are_named ROOM: each folder has a place in the room's order.
folders_are_named() {
        diff <(tr ' ' '\n' <<<"${folders[$1]:-}" | sed '/^$/d' | sort) <(find "plugin/$1" -mindepth 1 -type d -printf '%f\n' | sort)
}

# A name in an include means one file.
names_are_single() {
        ! find plugin include -name '*.h' -printf '%f\n' | sort | uniq -d | grep .
}

check 'no two headers of one name' names_are_single
for folder in plugin/*/; do
        room=$(basename "$folder")
        if [ -n "${place[$room]:-}" ]; then
                check "includes of $room" room_is_tidy "$room"
                check "folders of $room" folders_are_named "$room"
        else
                not_ok "includes of $room" 'a room without a place in the row'
        fi
done
finish
