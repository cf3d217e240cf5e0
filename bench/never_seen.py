"""How often invented and mistyped addresses are told, and how often pages that really died are taken for such.

`python -m bench.never_seen [SEED…] [-v] [--new-homes]`: a loopback web and archive with 400 addresses for each seed; -v
lists the wrong ones.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.resolve.check.section_bed import FULL, KINDS, audit_bed, build_bed


def main(arguments: list[str]) -> None:
    for seed in [int(each) for each in arguments if each.isdigit()] or [21]:
        started = time.process_time()
        with tempfile.TemporaryDirectory() as folder:
            audited = audit_bed(build_bed(FULL, seed=seed), Path(folder), new_homes="--new-homes" in arguments)
        print(
            f"seed {seed}: {len(audited.verdicts)} addresses, {time.process_time() - started:.1f} s of processor time"
        )
        for kind in KINDS:
            told, count = audited.told(kind), audited.count(kind)
            suggested = sum(bool(audited.verdicts[url].suggestions) for url in told)
            print(
                f"  {kind:<11}{len(told):>4} of {count:<4} told ({len(told) / count:.1%}), {suggested} with neighbours"
            )
        false_alarms = len(audited.told("died", "unarchived", "excluded"))
        told = len(audited.told("invented", "mistyped")) / audited.count("invented", "mistyped")
        dead = audited.count("died", "unarchived", "excluded")
        print(
            f"  told: {told:.1%} (bar 85%); false alarms: {false_alarms} of {dead} ({false_alarms / dead:.1%}, bar 1%)"
        )
        most = max(audited.section_requests.values(), default=0)
        print(f"  {len(audited.section_requests)} sections asked for, each at most {most} time(s) (bar 1)")
        print(*[f"    {count} times {name}" for name, count in audited.section_requests.items() if count > 1], sep="\n")
        if "-v" in arguments:
            missed = {url for url, kind in audited.bed.kinds.items() if kind in KINDS[3:]} - set(audited.told(*KINDS))
            print(*("    missed " + url for url in sorted(missed)), sep="\n")
            print(*("    false " + url for url in audited.told("died", "unarchived", "excluded")), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
