#!/usr/bin/env bash
# Holds plugin/engine/paths.tsv, which says what becomes of every place of a request that an engine reads, against the engine's
# own source and docksill's decoders. Prints last "N passed, N failed".
#
#     test/paths/run.sh                        Debian's source, that of the folder ENGINE_ROOT too, and the decoders
#     test/paths/run.sh [SOURCE VERSION]...    further sources: checkouts of moby with their folder vendor, "29.9" or "28.5.2"
#     test/paths/run.sh list SOURCE            the paths of one, as they are found
#     test/paths/run.sh facts                  the table's paths with the facts that they feed
#     test/paths/run.sh update                 puts these facts into the table, where a decoder has learnt something
#
# Debian's is that of golang-github-docker-docker-dev: 20.10; 26.1.5 and 28.5.2 in the folders of test/engine/debian.sh. Without Go,
# or without a source, the decoders alone are asked. docksill's side is in build-test, or in the folder that BUILD names.

cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=test/check.sh
source test/check.sh

table=plugin/engine/paths.tsv bodies=test/paths/bodies.jsonl
build=${BUILD:-build-test} go=build-paths package=golang-github-docker-docker-dev
sources=/usr/share/gocode/src/github.com/docker/docker

# Outside of modules; the standard library is all it takes, and nothing is fetched.
export GO111MODULE=off GOCACHE=$PWD/$go/cache GOFLAGS=

build_list() {
        mkdir -p "$go" && go build -o "$go/list" ./test/paths/list &&
                "$build/docksill" operations list --format json >"$go/operations.json"
}

# list SOURCE: "operation<TAB>path" each.
list() {
        "$go/list" "$1" "$go/operations.json"
}

# shellcheck disable=SC2016 # awk's own $1
# holds SOURCE VERSION: what that engine has is declared, and what is declared for it, it has.
holds() {
        list "$1" >"$go/listed" && awk -F '\t' -v engine="$2" '
                function number(version, minor) {
                        return version ~ /^[0-9]+\./ ? 100 * int(version) + int(substr(version, index(version, ".") + 1)) : 100 * version + minor
                }
                function is_of(range, engine) {
                        if (range == "all")
                                return 1
                        split(range ~ /-/ ? range : range "-" range, ends, "-")
                        return (ends[1] == "" || number(ends[1], 0) <= number(engine, 0)) &&
                                (ends[2] == "" || number(engine, 0) <= number(ends[2], 99))
                }
                function covers(path, other) {
                        if (path !~ /\*$/)
                                return path == other
                        return index(other, substr(path, 1, length(path) - 1)) == 1 && (path ~ /^\?/) == (other ~ /^\?/)
                }
                FILENAME != listed {
                        if ($0 ~ /^#/ || !is_of($3, engine))
                                next
                        n = split($1, operations, " ")
                        for (i = 1; i <= n; ++i)
                                declared[operations[i], ++count[operations[i]]] = $2
                        next
                }
                {
                        for (i = 1; i <= count[$1] && !covers(declared[$1, i], $2); ++i)
                                ;
                        if (i > count[$1]) {
                                print "not declared:\t" $0
                                bad = 1
                        }
                        had[$1, i] = 1
                }
                END {
                        for (operation in count)
                                for (i = 1; i <= count[operation]; ++i)
                                        if (!had[operation, i]) {
                                                print "not there:\t" operation "\t" declared[operation, i]
                                                bad = 1
                                        }
                        exit bad
                }' listed="$go/listed" "$table" "$go/listed"
}

# shellcheck disable=SC2016 # awk's own $1
# Of one operation and path there is one line for an engine.
declared_once() {
        ! awk -F '\t' '!/^#/ { n = split($1, o, " "); for (i = 1; i <= n; ++i) print o[i] "\t" $2 }' "$table" | sort | uniq -d | grep .
}

# shellcheck disable=SC2016 # awk's own $1
# The table with the facts that the probe finds: what feeds some is judged. Left to a person is a line whose operations differ,
# one that feeds nothing any more, and one that was open: the fact may be another than what it waits for.
updated() {
        "$build/test/paths-probe" "$table" "$bodies" | awk -F '\t' -v OFS='\t' '
                # "container.*" for more than five of one kind.
                function short(facts, names, kinds, n, i, out, kind) {
                        n = split(facts, names, " ")
                        for (i = 1; i <= n; ++i)
                                ++kinds[names[i] ~ /\./ ? substr(names[i], 1, index(names[i], ".")) : names[i]]
                        for (i = 1; i <= n; ++i) {
                                kind = names[i] ~ /\./ ? substr(names[i], 1, index(names[i], ".")) : names[i]
                                if (kinds[kind] <= 5)
                                        out = out " " names[i]
                                else if (kinds[kind] < 1000) {
                                        out = out " " kind "*"
                                        kinds[kind] = 1000
                                }
                        }
                        return substr(out, 2)
                }
                FILENAME == "-" {
                        if ($1 ~ /: feeds other facts: /) {
                                split($1, at, ":")
                                if (at[2] in facts && facts[at[2]] != $3)
                                        $3 = ""
                                facts[at[2]] = $3
                                ++found[at[2]]
                        }
                        next
                }
                FNR in facts && facts[FNR] != "" && $4 != "open" && found[FNR] == split($1, operations, " ") {
                        $4 = "judged"
                        $5 = short(facts[FNR])
                }
                { print }' - "$table"
}

# version ROOT: of Debian's package.
version() {
        dpkg-query --admindir="$1/var/lib/dpkg" -W -f '${Version}' "$package" 2>/dev/null
}

case ${1:-} in
list)
        build_list && list "$2"
        exit
        ;;
update)
        new=$(updated) && printf '%s\n' "$new" >"$table"
        exit
        ;;
facts)
        "$build/test/paths-probe" "$table" "$bodies" facts
        exit
        ;;
esac

check 'each path is declared once' declared_once
check 'what is called judged feeds the facts that are named, and nothing else feeds any' "$build/test/paths-probe" "$table" "$bodies"

for root in '' ${ENGINE_ROOT:+"$ENGINE_ROOT"}; do
        [ ! -d "$root$sources" ] || set -- "$@" "$root$sources" "$(version "$root")"
done
if command -v go >/dev/null && [ $# -gt 1 ]; then
        check 'the list of paths is built' build_list
        while [ $# -gt 1 ]; do
                check "what engine $2 reads is declared, and nothing more" holds "$1" "$2"
                shift 2
        done
else
        echo 'no Go, or no source of an engine: what it reads is not held against the table'
fi
printf 'open: %d\n' "$(grep -cP '\topen\t' "$table")"
finish
