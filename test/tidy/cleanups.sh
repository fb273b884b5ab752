#!/usr/bin/env bash
# What is freed at the end of its scope is begun before any way out of it: given a value, or handed to what fills it.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=test/check.sh
source test/check.sh

begun() {
        python3 - "$@" <<'END'
import re, sys

bad = 0
for name in sys.argv[1:]:
    source = open(name).read()
    for declared in re.finditer(r'cleanup_\(\w+\) struct \w+ ([^;*]*);', source):
        body = source[declared.end():source.find('\n}\n', declared.end())]
        way_out = re.search(r'\breturn\b', body)
        for text in re.split(r',\s*', declared.group(1)):
            begins = '=' in text or re.search(r'\(.*&' + text + r'\b', body)
            if begins is True or (begins and (not way_out or begins.start() < way_out.start())):
                continue
            print(f"{name}:{source[:declared.start()].count(chr(10)) + 1}: {text} may be freed before it is begun")
            bad = 1
sys.exit(bad)
END
}

printf 'void f(void) {\n        cleanup_(text_deinit) struct text t;\n\n        if (x)\n                return;\n        text_init(&t);\n}\n' >"${TMPDIR:-/tmp}/cleanup-$$.c"
finds() { ! begun "$@" >/dev/null; }
check 'one that is not is found' finds "${TMPDIR:-/tmp}/cleanup-$$.c"
rm -f "${TMPDIR:-/tmp}/cleanup-$$.c"
mapfile -t sources < <(git ls-files 'plugin/*.c')
check 'what is freed is begun before any way out' begun "${sources[@]}"
finish
