#!/usr/bin/env python3
"""The tables of rules/README.md that the program and the files themselves can make, between marks <!-- test/tables.py NAME -->.

    DOCKSILL=build/docksill test/tables.py [--write]

Says which of them are not as they would be made, and exits 1; --write puts them there.
"""

import json
import os
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
RULES = TOP / "rules"
PAGE = RULES / "README.md"
DOCKSILL = os.environ.get("DOCKSILL", str(TOP / "build/docksill"))
STANDARDS = {"cis-docker": "CIS", "nist-800-190": "NIST", "pci-dss": "PCI DSS", "hipaa": "HIPAA"}


def ask(*words):
    done = subprocess.run([DOCKSILL, *words], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"docksill {' '.join(words)}: {done.stderr}")
    return done.stdout


def controls():
    """rule: {standard: [control]}"""
    found = {}
    told = json.loads(ask("rules", "coverage", "--rules", str(RULES), "--environment", "workspace", "--format", "json"))
    for framework in told["frameworks"]:
        for control in framework["controls"]:
            for rule in control["rules"]:
                rule = rule["id"] if isinstance(rule, dict) else rule
                found.setdefault(rule, {}).setdefault(framework["id"], []).append(control["id"])
    return found


def key(control):
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", control)]


def judges(path):
    """The first sentence of the comment that the file begins with."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("# ") or line.startswith("# yaml-language-server"):
            break
        lines.append(line[2:])
    text = " ".join(lines)
    return re.split(r"(?<=[^.])\. (?=[A-Z(`])", text + " ", maxsplit=1)[0].strip().rstrip(".").replace("|", "\\|")


def files():
    served, in_file = controls(), {}
    for rule in json.loads(ask("rules", "list", "--rules", str(RULES), "--environment", "workspace", "--format", "json"))["rules"]:
        path = pathlib.Path(rule["where"].rsplit(":", 1)[0]).resolve()
        in_file.setdefault(path, []).append(rule["id"])
    yield "| file | judges | rules | serves |"
    yield "|---|---|---|---|"
    for path in sorted(RULES.glob("*/*.yaml")):
        if path.parent.name in ("environments", "frameworks", "profiles"):
            continue
        rules = in_file.get(path.resolve(), [])
        serves = []
        for standard, short in STANDARDS.items():
            numbers = {control for rule in rules for control in served.get(rule, {}).get(standard, [])}
            if numbers:
                serves.append(f"{short} {', '.join(sorted(numbers, key=key))}")
        yield f"| `{path.relative_to(RULES)}` | {judges(path)} | {len(rules) or 'lists'} | {'; '.join(serves) or ('exact reading' if rules else '')} |"
    yield f"| `environments/*.yaml` | which rules are loaded, and the limits | | |"
    yield f"| `profiles/*.yaml` | what is known of {len(list(RULES.glob('profiles/*.yaml')))} images: changes what is offered, never what is refused | | |"
    yield f"| `frameworks/*.yaml` | {len(list(RULES.glob('frameworks/*.yaml')))} standards and guides, each control of them | | |"
    yield f"| `schema/*.json` | JSON Schemas of these files, for editors | | |"


def environments():
    unknown = {"cost nothing": "cost nothing", "warn": "warn", "are charged": "cost the rule's `unknown:`"}
    yield "| name | rules | refuses from severity | or points | warns from severity | or points | unknown facts | meant |"
    yield "|---|---|---|---|---|---|---|---|"
    told = ask("check", str(RULES))
    for name in ("development", "staging", "production", "lockdown", "workspace"):
        line = re.search(rf"^{name}: (\d+) rules, deny at (\w+) or (\d+) points?, warn at (\w+) or (\d+) points?, unknown facts "
                         r"(cost nothing|warn|are charged),", told, re.M)
        head = (RULES / "environments" / f"{name}.yaml").read_text(encoding="utf-8").splitlines()[0]
        meant = re.match(rf"# {name}: (.*?)[.:]?$", re.split(r"\. |: (?=everything)", head)[0]).group(1)
        count, deny, deny_points, warn, warn_points, facts = line.groups()
        yield f"| `{name}` | {count} | {deny} | {deny_points} | {warn} | {warn_points} | {unknown[facts]} | {meant} |"


def main():
    page = text = PAGE.read_text(encoding="utf-8")
    wrong = []
    for name, make in (("files", files), ("environments", environments)):
        mark = f"<!-- test/tables.py {name} -->"
        parts = text.split(mark)
        if len(parts) != 3:
            wrong.append(f"rules/README.md has no two marks {mark}")
            continue
        made = "\n" + "\n".join(make()) + "\n"
        if parts[1] != made:
            wrong.append(f"the table {name} of rules/README.md is not as test/tables.py --write makes it")
            text = mark.join((parts[0], made, parts[2]))
    if "--write" in sys.argv and text != page:
        PAGE.write_text(text, encoding="utf-8")
        wrong = [line for line in wrong if "marks" in line]
    print("\n".join([*wrong, f"{2 - len(wrong)} passed, {len(wrong)} failed"]))
    return bool(wrong)


sys.exit(main())
