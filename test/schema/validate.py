#!/usr/bin/env python3
"""Holds files of YAML against the JSON Schemas of rules/schema/.

    test/schema/validate.py SCHEMAS FILE...        each file against the schema of its kind
    test/schema/validate.py --broken SCHEMAS FILE  documents of FILE, none of which may be valid

Prints what is wrong, and last "N passed, N failed". Scalars are typed as YAML 1.2 and editors do: no, on and 22:22 are texts.
"""

import json
import pathlib
import re
import sys

import jsonschema
import yaml


class Core(yaml.SafeLoader):
    """YAML 1.2's core schema."""


Core.yaml_implicit_resolvers = {}
for tag, pattern, first in (("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
                            ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
                            ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
                            ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""])):
    Core.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(pattern), list(first))


def schemas(folder):
    found = {}
    for path in sorted(pathlib.Path(folder).glob("*.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.Draft7Validator.check_schema(schema)
        found[path.stem] = jsonschema.Draft7Validator(schema)
    return found


def errors(known, document):
    kind = document.get("kind") if isinstance(document, dict) else None
    if kind not in known:
        return [f"no schema of kind {kind!r}"]
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in known[kind].iter_errors(document)]


def main():
    broken = sys.argv[1] == "--broken"
    known, files = schemas(sys.argv[1 + broken]), sys.argv[2 + broken:]
    passed = failed = 0
    for path in files:
        with open(path, encoding="utf-8") as text:
            for number, document in enumerate(yaml.load_all(text, Loader=Core)):
                wrong = errors(known, document)
                if bool(wrong) == broken:
                    passed += 1
                    continue
                failed += 1
                print(f"{path}, document {number + 1}: " + ("is valid" if broken else "; ".join(wrong[:3])))
    print(f"{passed} passed, {failed} failed")
    return failed > 0 or passed == 0


sys.exit(main())
