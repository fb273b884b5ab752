#!/usr/bin/env python3
"""What `docksill audit --format bench` named, beside scene.jsonl, bench.tsv and differences.tsv.

    compare.py FOLDER REPORT README

Prints a line a check: "ok" or "not ok", a tab, its title, and behind a second tab what is wrong.
"""
import collections
import json
import re
import sys
from pathlib import Path


def table(path):
    """The rows of a table, without its comments."""
    rows = [line.split('\t') for line in path.read_text().splitlines() if not line.startswith('#')]
    if not rows or len({len(row) for row in rows}) != 1:
        sys.exit(f'{path}: no table')
    return rows


def report(path):
    """Number → whom it names."""
    named, number = collections.defaultdict(set), None
    for line in path.read_text().splitlines():
        head = re.match(r'\[(\w+)\] (\d[\d.]*\.\d+) - ', line)
        item = re.match(r'\[WARN\] {6}\* ([\w.-]+)$', line)
        if head:
            number = head[2]
        elif item and number:
            named[number].add(item[1])
    return named


def by_number(number):
    return [int(part) for part in number.split('.')]


def say(title, wrong):
    """@wrong: words; none of them: it holds."""
    print('\t'.join(['not ok', title, '; '.join(wrong)] if wrong else ['ok', title]))


def lists(label, names):
    return [f'{label} {" ".join(sorted(names))}'] if names else []


def main():
    folder, named = Path(sys.argv[1]), report(Path(sys.argv[2]))
    readme = Path(sys.argv[3]).read_text()
    scene = [json.loads(line) for line in (folder / 'scene.jsonl').read_text().splitlines()]
    everyone = {row['name'] for row in scene}
    truth, may = collections.defaultdict(set), collections.defaultdict(set)
    for row in scene:
        for number in row['names']:
            truth[number].add(row['name'])
        for number in row.get('may', []):
            may[number].add(row['name'])
    bench = collections.defaultdict(set)
    for number, name, _ in table(folder / 'bench.tsv'):
        bench[number].add(name)
    told = collections.defaultdict(dict)
    for number, name, who, kind in table(folder / 'differences.tsv'):
        told[number, who][name] = kind

    say('the scene is large', [] if len(everyone) >= 80 else [f'{len(everyone)} containers'])
    stray = {name for names in bench.values() for name in names} - everyone
    say('the bench saw this scene', lists('it has no', stray))
    for number in sorted(set(truth) | set(bench), key=by_number):
        ours = (named[number] & everyone) - may[number]
        say(f'{number} names whom it should',
            lists('not named:', truth[number] - ours) + lists('named:', ours - truth[number]))
        wrong = told[number, 'bench']
        right = bench[number] if '*' not in wrong else bench[number] & truth[number]
        say(f'{number} names whom the bench rightly names', lists('not named:', right - set(wrong) - ours - may[number]))
        wrong_here, missed = bench[number] - truth[number], truth[number] - bench[number]
        say(f'{number} differs in what is told',
            lists('not in differences.tsv: named by docksill alone', missed - set(told[number, 'docksill'])) +
            lists('not in differences.tsv: named by the bench alone', () if '*' in wrong else wrong_here - set(wrong)) +
            lists('differs no more:', (set(told[number, 'docksill']) - missed) | (set(wrong) - wrong_here - {'*'})))
    for kind in sorted({kind for kinds in told.values() for kind in kinds.values()}):
        say(f'README.md says who is right about {kind}', [] if f'| `{kind}` |' in readme else ['no row of its table'])


main()
