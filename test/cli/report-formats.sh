#!/usr/bin/env bash
# What an audit is written as: several files at once, by their endings, with names that strangers chose; read back by others.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"
top=$(realpath "$rules/..")

# containers NAME…: as docker inspect prints them, each privileged.
containers() {
        python3 - "$@" <<'PY' >inspect.json
import json, sys
print(json.dumps([{"Id": f"{n:064x}", "Name": "/" + name, "Image": "sha256:" + "0" * 64, "State": {"Status": "running"},
                   "Config": {"Image": name, "Labels": {name: name}, "Env": []},
                   "HostConfig": {"Privileged": True, "Binds": ["/:/" + name]},
                   "Mounts": [{"Type": "bind", "Source": "/", "Destination": "/" + name, "RW": True}]}
                  for n, name in enumerate(sys.argv[1:])]))
PY
}

containers web '<script>alert(1)</script>' 'a]]>b' 'a|b' $'two\nlines' $'\e[2J' $'\u202efdp.exe' '=cmd()' '%s%n' \
        "$(printf 'x%.0s' {1..250})"

mkdir kept
check 'several at once' exits 1 audit --rules "$rules" --inspect inspect.json --output kept/a.json --output kept/a.csv \
        --output kept/a.sarif --output kept/a.xml --output kept/a.md --output kept/a.html --output kept/a.oscal.json --output kept/a.txt
check 'prints nothing then' test ! -s out
check 'JSON, CSV, SARIF, JUnit, HTML and OSCAL are read back' "$top/test/schema/reports.py" kept
check 'JSON names what it finds' jq -e '.findings[] | select(.rule == "privileged-container" and .subject == "web" and .state == "fail")' kept/a.json
check 'Markdown has no markup of theirs' bash -c '! grep -q "<script>\|a|b" kept/a.md'
check 'no file holds control characters' bash -c '! grep -lP "[\x00-\x09\x0b-\x1f\x7f]" kept/*'
check 'text: ten privileged containers are one block' grep -Eq '^critical +privileged-container  10 containers, 1000 points' kept/a.txt

check 'on stdout' exits 1 audit --rules "$rules" --inspect inspect.json --format sarif
check 'is SARIF' jq -e '.version == "2.1.0"' out
check 'SARIF in a file that ends in .json' exits 1 audit --rules "$rules" --inspect inspect.json --format sarif --output b.json
check 'is SARIF too' jq -e '.version == "2.1.0"' b.json
check 'an ending of no format' exits 2 audit --rules "$rules" --inspect inspect.json --output report.doc
check 'says which there are' says err 'report.doc: no format has such an ending; there are .txt, .json'
check 'a folder that is none' exits 4 audit --rules "$rules" --inspect inspect.json --output nowhere/a.json --output c.csv
check 'names the file' says err 'nowhere/a.json can'
check 'and the other one is written' test -s c.csv
check 'a word that is no format' exits 2 audit --format word
finish
