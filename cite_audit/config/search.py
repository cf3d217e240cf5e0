"""Search for configuration files: beside or above the reports, and in the user's own folder.

Inside a repository the search goes up to its top. Outside one it reads only the report's own folder, and there only
files of this user: other users can write to /tmp, or to a folder above.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cite_audit.errors import ConfigError
from cite_audit.files import read_small_file
from cite_audit.frozen_record import frozen_record

__all__ = ["Search", "find_nearest", "folder_of", "read_table", "search_for", "user_file"]

NAMES = ("cite-audit.toml", ".cite-audit.toml", "pyproject.toml")
ADDRESS = ("http://", "https://")


@frozen_record
class Search:
    """The file found, if any, and one remark for each file that was not read, with the reason."""

    file: Path | None = None
    remarks: tuple[str, ...] = ()


def search_for(reports: Sequence[str]) -> Search:
    """The nearest file to the folder that the reports share; to the current folder where there are none."""
    own = {folder_of(path) for path in reports if path != "-"} or {folder_of(".")}
    return find_nearest(Path(os.path.commonpath(own)), own)


def folder_of(report: str) -> Path:
    """The real folder of a report; the current one for the address of a page."""
    if report.startswith(ADDRESS):
        return Path(os.path.realpath("."))
    place = Path(report).absolute()
    # os.path: pathlib raises for names that are too long, and for loops of links
    return Path(os.path.realpath(place if os.path.isdir(place) else place.parent))


def find_nearest(start: Path, own: Collection[Path]) -> Search:
    """The nearest file from `start` upward; outside a repository in `start` alone, if it is one of the `own` folders.

    Raises ConfigError for a file that is no TOML.
    """
    top = _top(start)
    limit = top or start
    upward = [start, *start.parents]
    folders = upward[: upward.index(limit) + 1]
    remarks: list[str] = []
    for folder in folders if top or start in own else ():
        # os.path: Python 3.12 takes the whole of a joined path apart, which adds up for long ones
        for path in (Path(joined) for name in NAMES if os.path.isfile(joined := os.path.join(folder, name))):
            if why := _mistrust(path, limit, inside=top is not None):
                remarks.append(f"{path}: not read: {why}; name it with --config if it is meant")
            elif path.name != "pyproject.toml" or read_table(path) is not None:
                return Search(path, tuple(remarks))
    return Search(None, tuple(remarks))


def _top(start: Path) -> Path | None:
    """The top of the repository around a folder. A `.git` of another user does not count: anyone can make /tmp/.git."""
    for folder in (start, *start.parents):
        owner = _owner(os.path.join(folder, ".git"))
        if owner is not None and owner in (_user(), _owner(start)):
            return folder
    return None


def _mistrust(path: Path, limit: Path, *, inside: bool) -> str:
    """Why a file is not read; empty where it is."""
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(limit)):
        return "it is a link that leads out of its folder"
    if not inside and {_owner(path), _owner(Path(os.path.realpath(path)))} != {_user()}:
        return "it belongs to another user"
    return ""


def _user() -> int:
    return os.geteuid() if hasattr(os, "geteuid") else 0  # on Windows `os.lstat` gives owner 0 for every file


def _owner(path: str | Path) -> int | None:
    """The owner of the directory entry itself, links not followed; None where there is none."""
    try:
        return os.lstat(path).st_uid
    except OSError:
        return None


def user_file(environ: Mapping[str, str]) -> Path | None:
    """`cite-audit/config.toml` in the user's own folder for configuration, if it is there (XDG Base Directory)."""
    for base in _bases(environ):
        path = base / "cite-audit" / "config.toml"
        if base.is_absolute():  # a relative path would depend on the current folder
            return path if os.path.isfile(path) else None
    return None


def _bases(environ: Mapping[str, str]) -> Iterator[Path]:
    for name, below in (("XDG_CONFIG_HOME", ""), ("APPDATA" if os.name == "nt" else "HOME", ".config")):
        if environ.get(name):
            yield Path(environ[name]) / ("" if name == "APPDATA" else below)


def read_table(path: Path) -> Mapping[str, Any] | None:
    """The table of a file, in `pyproject.toml` that of `tool.cite-audit`, None without one. Raises ConfigError."""
    try:
        content = tomllib.loads(read_small_file(path).decode("utf-8"))
    except Exception as error:  # RecursionError for `[` a thousand times, ValueError for numbers of 5000 digits
        if path.name == "pyproject.toml":
            return None  # not our file unless it has a table of ours
        raise ConfigError(f"{path}: {str(error)[:300]}") from error
    if path.name != "pyproject.toml":
        return content
    tool = content.get("tool")
    table = tool.get("cite-audit") if isinstance(tool, dict) else None
    return table if isinstance(table, dict) else None
