"""What a built sdist and wheel hold, and what they must not: `check_release.py FOLDER`, run by `make test-wheel`."""

from __future__ import annotations

import re
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

WHEEL_HOLDS = (
    r"cite_audit/py\.typed",
    r"cite_audit/report/findings/rules\.toml",
    r"cite_audit/report/sources/data/\w+\.csv",
    r"[\w.-]+\.data/data/share/man/man1/cite-audit\.1",
    r"[\w.-]+\.dist-info/licenses/LICENSE",
)
SDIST_HOLDS = ("LICENSE", "README.md", "CHANGELOG.md", "Makefile", "constraints.txt", "action.yml", "post/action.yml")
SDIST_FOLDERS = ("cite_audit", "tests", "fixtures", "docs", "ci")
NOWHERE = r"(^|/)(\.venv|\.git|__pycache__|build|site|[^/]*\.(sqlite|wacz|pyc))(/|$)"


def find_faults(names: Iterable[str], wanted: Iterable[str], forbidden: str) -> Iterator[str]:
    """What is lacking or superfluous among the names, as sentences."""
    there = list(names)
    for pattern in wanted:
        if not any(re.fullmatch(pattern, name) for name in there):
            yield f"nothing matches {pattern}"
    yield from (f"{name} has no place there" for name in there if re.search(forbidden, name))


def check_release(folder: Path) -> list[str]:
    """The faults of the one wheel and the one sdist in a folder."""
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        faults = [f"{wheel.name}: {fault}" for fault in find_faults(archive.namelist(), WHEEL_HOLDS, NOWHERE)]
        faults += [
            f"{wheel.name}: {name} is no part of the program" for name in archive.namelist() if name.startswith("tests")
        ]
    with tarfile.open(sdist) as packed:
        names = [name.partition("/")[2] for name in packed.getnames()]
    wanted = [*map(re.escape, SDIST_HOLDS), *(f"{name}/.+" for name in SDIST_FOLDERS)]
    return faults + [f"{sdist.name}: {fault}" for fault in find_faults(names, wanted, NOWHERE)]


if __name__ == "__main__":
    found = check_release(Path(sys.argv[1]))
    sys.stdout.writelines(f"{fault}\n" for fault in found)
    raise SystemExit(bool(found))
