"""Write the project's address, and the commit of its release, wherever they stand: `set_release.py ADDRESS COMMIT`.

The address is PROJECT_URL of cite_audit/project.py; every other mention (project URLs, pictures, installation, recipes)
is a copy of it, `uses:` of the action names its last two parts and the commit, archives and tags name the version.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[1]
COPIES = (
    "README.md",
    "pyproject.toml",
    "mkdocs.yml",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "cite_audit/project.py",
    "docs/**/*.*",
)
SUFFIXES = {".md", ".toml", ".yml", ".sh", ".py"}
ADDRESS = re.compile(r"https://[\w.-]+/([\w.-]+/[\w.-]+)")


def read_address(folder: Path) -> str:
    """The address that the program was last given."""
    found = re.search(r'PROJECT_URL = "([^"]+)"', (folder / "cite_audit/project.py").read_text("utf-8"))
    if found is None:
        raise ValueError("cite_audit/project.py holds no PROJECT_URL")
    return found[1]


def read_version(folder: Path) -> str:
    """The version of the program."""
    found = re.search(r'__version__ = "([^"]+)"', (folder / "cite_audit/__init__.py").read_text("utf-8"))
    if found is None:
        raise ValueError("cite_audit/__init__.py holds no __version__")
    return found[1]


def set_release(folder: Path, address: str, commit: str) -> list[Path]:
    """Give every copy in the folder this address, commit and the program's version; the files that changed."""
    new = ADDRESS.fullmatch(address)
    if new is None or not re.fullmatch("[0-9a-f]{40}", commit):
        raise ValueError("give an address like https://github.com/owner/cite-audit, and a full commit")
    old_address, version = read_address(folder), read_version(folder)
    old = ADDRESS.fullmatch(old_address)
    if old is None:
        raise ValueError(f"PROJECT_URL is no address: {old_address}")
    changed = []
    for path in sorted({path for pattern in COPIES for path in folder.glob(pattern) if path.suffix in SUFFIXES}):
        text = path.read_text("utf-8")
        written = text.replace(old_address, address)
        written = re.sub(
            rf"uses: {re.escape(old[1])}(/\w+)?@[0-9a-f]{{40}} # v[\w.]+",
            rf"uses: {new[1]}\g<1>@{commit} # v{version}",
            written,
        )
        written = re.sub(
            rf"({re.escape(address)}/(?:archive|blob|raw)/)v\d[\w.]*?(?=\.tar\.gz|/)", rf"\g<1>v{version}", written
        )
        if written != text:
            path.write_text(written, "utf-8")
            changed.append(path)
    return changed


if __name__ == "__main__":
    for changed_file in set_release(FOLDER, *sys.argv[1:3]):
        sys.stdout.write(f"{changed_file.relative_to(FOLDER)}\n")
