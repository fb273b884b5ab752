#!/usr/bin/env -S python3 -B
"""Every kind of bad file in the place of each file that a reload reads, under load: nothing changes, no answer is wrong, and each
reload comes to its end. Then SIGHUPs in a row.

    test/faults/reload.py [--short]

Prints a line a check and, last, "N passed, N failed".
"""

import shutil
import signal
import sys
import time

from badfile import KINDS, cut_at_a_rule, directory, remove
from load import HARDENED, TOP, Checks, Docksill, Load, allowed, create, folder, read, refused

PATIENCE = 20  # seconds for one reload; under sanitizers and load


short = sys.argv[1:] == ['--short']
checks = Checks()
place = folder()
shutil.copytree(TOP / 'rules', place / 'rules')
configuration, site, exemptions = place / 'docksill.yaml', place / 'site.yaml', place / 'exemptions.yaml'
configuration.write_text(f'docksill: v1\nkind: configuration\nenvironment: {site}\nmode: enforce\nrules: {place}/rules\n'
                         f'exemptions: {exemptions}\nstate: {place}/state\nrecords: {{file: {place}/decisions.jsonl}}\n')
site.write_text('docksill: v1\nkind: environment\nname: site\nextends: production\noverride:\n'
                '  - {list: allowed-host-paths-read-only, append: [/srv/docksill-none]}\n')
exemptions.write_text('docksill: v1\nkind: exemptions\nexemptions:\n  - id: one\n    rules: [rootfs-writable]\n    match: {user: one}\n'
                      '    owner: o\n    reason: r\n    expires: 2037-01-01\n')
places = {'rules': place / 'rules' / 'container' / 'mounts.yaml', 'configuration': configuration, 'environment': site,
          'exemptions': exemptions}

docksill = Docksill(place, '--config', configuration)
load = Load(docksill.socket, [
    (create({}), refused),
    (create({'Privileged': True}, '10001'), refused),
    (create(HARDENED, '10001:10001'), allowed),
    (create({**HARDENED, 'Binds': ['/srv/docksill-none:/h:ro']}, '10001:10001'), allowed),
    (create({**HARDENED, 'Binds': ['/run/docker.sock:/h']}, '10001:10001'), refused),
    (read(), allowed),
])


def ends():
    said = docksill.said()
    return said.count('SIGHUP: reloaded') + said.count('SIGHUP: nothing is changed')


def reload():
    """Seconds until it has come to its end, and the line that tells it; None: it has not."""
    before, since = ends(), time.monotonic()
    docksill.signal(signal.SIGHUP)
    while ends() == before:
        if time.monotonic() - since > PATIENCE:
            return None, docksill.said()[-1000:]
        time.sleep(0.005)
    lines = [line for line in docksill.said().splitlines() if 'SIGHUP: reloaded' in line or 'SIGHUP: nothing is' in line]
    return time.monotonic() - since, lines[-1]


slowest = 0
for name, path in places.items():
    text = path.read_bytes()
    for kind in KINDS:
        if name == 'exemptions' and kind is directory or name != 'rules' and kind is cut_at_a_rule:
            continue  # exemptions may well be a folder, and an empty one; the others hold no rules
        remove(path)
        kind(path, text)
        taken, line = reload()
        slowest = max(slowest, taken or PATIENCE)
        checks.check(f'{kind.__name__} in the place of the {name}: nothing is changed', taken is not None and 'nothing is changed' in line,
                     line)
        remove(path)
        path.write_bytes(text)
        if short and kind is not KINDS[-1]:
            continue
        taken, line = reload()
        checks.check('mended it is read', taken is not None and 'reloaded' in line, line)

before = ends()
for _ in range(300):
    docksill.signal(signal.SIGHUP)
    time.sleep(0 if short else 0.01)
time.sleep(2)
checks.check('300 SIGHUPs in a row are read', ends() > before)
taken, line = reload()
checks.check('and the one after them', taken is not None and 'reloaded' in line, line)
load.stop()
checks.check('no answer is wrong', not load.wrong, load.wrong[:3])
checks.check('and there were many', min(load.asked) > 100, load.asked)
# A decision may have to wait for a core, not for a file.
checks.check('none took a second', load.longest < 1, load.longest)
checks.check('it ends with 0', docksill.stop() == 0, docksill.said()[-1000:])
print(f'  note    {sum(load.asked)} calls, {len(load.wrong)} wrong, the longest {load.longest * 1000:.0f} ms; slowest reload {slowest:.2f} s')
checks.finish()
