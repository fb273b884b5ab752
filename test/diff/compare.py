#!/usr/bin/env python3
"""Holds what docksill read against what dockerd's own code read: DESIGN 1.1, "never allow what dockerd reads differently".

    test/diff/compare.py DOCKERD DOCKSILL [SHOWN]

Two files (or pipes) of lines, one a frame: see decode/main.go and read.c. docksill must have refused (a flaw), or read the very
same; what dockerd can't read it must have refused. An everyday frame (kind in upper case) it must have read. Prints the first
SHOWN disagreements with their numbers, counts, and last "N passed, N failed".
"""

import collections
import itertools
import json
import sys

# A body that Go's decoder takes, and docksill is not to read: the same text means other things to other engines.
ANYTHING = ("?", "!")


def columns(line):
    return [column.partition("=")[::2] for column in line.split("\t")]


def disagreement(dockerd, docksill):
    """What is wrong with the pair of lines, or None."""
    kind, its, *_ = dockerd.split("\t")
    ours = docksill.split("\t")
    if ours[0] != kind:
        return "the frames are out of step"
    if ours[1] == "flaw":
        # An everyday frame may be one that dockerd can't take either.
        return "an everyday request is refused" if kind.isupper() and its in ("read", "route") else None
    if its == "error":
        return "read without a flaw, though dockerd can't read it"
    if its in ("refused", "none"):
        return None  # dockerd does nothing
    return difference(columns(dockerd), columns(docksill))


def says_nothing(host):
    """A HostConfig that dockerd makes of zeros at the top of the body: what it holds is what it would have had without. Empty lists
    of paths are another thing than none."""
    settings = json.loads(host)
    mode = settings.pop("NetworkMode", "default")
    return mode == "default" and not any(settings.values()) and not settings.keys() & {"MaskedPaths", "ReadonlyPaths"}


def difference(dockerd, docksill):
    for its, ours in itertools.zip_longest(dockerd, docksill, fillvalue=("nothing", "")):
        if its[0] != ours[0]:
            return f"columns {its[0]} and {ours[0]}"
        if its[0] == "host" and ours[1] == "null" and its[1] != "null" and says_nothing(its[1]):
            continue
        if its[1] != ours[1] and its[1] not in ANYTHING and ours[1] not in ANYTHING:
            return f"{its[0]}: dockerd {its[1][:400]}, docksill {ours[1][:400]}"
    return None


def main():
    shown = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    counts, failed = collections.Counter(), 0
    with open(sys.argv[1], encoding="utf-8", errors="surrogateescape", newline="\n") as dockerd, \
            open(sys.argv[2], encoding="utf-8", errors="surrogateescape", newline="\n") as docksill:
        for number, (its, ours) in enumerate(itertools.zip_longest(dockerd, docksill, fillvalue="\t\n")):
            its, ours = its[:-1], ours[:-1]
            why = disagreement(its, ours) if its != ours else None
            counts[tuple(line.split("\t")[1] for line in (its, ours))] += 1
            if not why:
                continue
            failed += 1
            if failed <= shown:
                print(f"   NOT OK  frame {number}: {why}".encode("utf-8", "backslashreplace").decode())
    for (its, ours), n in sorted(counts.items()):
        print(f"{n:9}  dockerd: {its or 'no answer':8}  docksill: {ours or 'no answer'}")
    total = sum(counts.values())
    print(f"{total - failed} passed, {failed} failed")
    return 1 if failed or not total else 0


if __name__ == "__main__":
    sys.exit(main())
