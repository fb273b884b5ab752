#!/usr/bin/env bash
# References to the entries of include/docksill/README.md: none leads nowhere, and no entry is left without one.
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=test/check.sh
source test/check.sh

page=include/docksill/README.md
parts='PROTOCOL|GUIDANCE|DESIGN'
number='[0-9]+(\.[0-9]+)*'

# Under version control and new; outside of a clone all that no build made. The changelog tells of what was.
files() {
        {
                git ls-files -co --exclude-standard 2>/dev/null ||
                        find . -type f -not -path './build*' -not -path './.git/*' -printf '%P\n'
        } | grep -vxE "$page|CHANGELOG(\.md)?" | sort -u | while read -r file; do
                [ ! -f "$file" ] || printf '%s\n' "$file" # one that was removed may still be listed
        done
}

readarray -t files < <(files)

# Of "PROTOCOL 0.2 to 0.4, 2.3" in a line "PROTOCOL 0.2", "PROTOCOL 0.3", "PROTOCOL 0.4" and "PROTOCOL 2.3", each with
# its place. STYLE and HOUSE are no parts of the page: whoever cites them is told so.
cited() {
        grep -noIHE -- "\b($parts|STYLE|HOUSE) $number((,| and| to) $number)*" "${files[@]}" | awk '
                {
                        place = $0
                        sub(/:[A-Z]+ .*/, "", place)
                        list = substr($0, length(place) + 2)
                        part = list
                        sub(/ .*/, "", part)
                        n = split(substr(list, length(part) + 2), words, /,? +/)
                        last = ""
                        for (i = 1; i <= n; i++) {
                                if (words[i] == "and")
                                        continue
                                if (words[i] == "to") {
                                        range(part, last, words[++i], place)
                                } else {
                                        print part, words[i], place
                                        last = words[i]
                                }
                        }
                }
                # Between two numbers that differ in their last figure alone.
                function range(part, from, to, place,    before, low, high) {
                        before = low = from
                        sub(/[0-9]+$/, "", before)
                        low = substr(from, length(before) + 1) + 0
                        high = substr(to, length(before) + 1) + 0
                        if (index(to, before) != 1 || high <= low)
                                print part, from "-to-" to, place
                        while (++low <= high)
                                print part, before low, place
                }'
}

entries() {
        sed -nE "s/^### (($parts) $number): .+$/\1/p" "$page"
}

every_reference_has_an_entry() {
        local part number place wrong=0

        while read -r part number place; do
                if ! grep -qxF "$part $number" <<<"$known"; then
                        echo "$place: $part $number has no entry in $page"
                        wrong=1
                fi
        done <<<"$references"
        return "$wrong"
}

every_entry_is_referred_to() {
        local entry wrong=0

        while read -r entry; do
                if ! grep -qF "$entry " <<<"$references"; then
                        echo "$page: nobody refers to $entry"
                        wrong=1
                fi
        done <<<"$known"
        return "$wrong"
}

# A heading of another form would be no entry, one without a text says nothing, and of two nobody knows which is meant.
entries_are_well_made() {
        diff <(entries) <(grep '^###' "$page" | sed -E 's/^### ?([^:]*).*/\1/') &&
                diff <(sort <<<"$known") <(sort -u <<<"$known") &&
                awk '/^#/ { wrong = wrong || (entry && !said); entry = /^### /; said = 0; next }
                        NF { said = 1 }
                        END { exit wrong || (entry && !said) }' "$page"
}

# A number in the next line would not be seen.
numbers_stand_beside() {
        ! grep -nIE -- "\b($parts)( *$| [^0-9])|\b($parts) $number((,| and| to) $number)*(,| and| to)$" "${files[@]}" |
                grep -v "^test/tidy/citations.sh:"
}

known=$(entries)
references=$(cited)
check 'every reference has an entry' every_reference_has_an_entry
check 'every entry is referred to' every_entry_is_referred_to
check 'entries are well made' entries_are_well_made
check 'a number stands in the line of its name' numbers_stand_beside
check 'and there are many' test "$(wc -l <<<"$references")" -gt 50
finish
