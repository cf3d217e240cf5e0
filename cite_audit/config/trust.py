"""Checks a configuration file that was found against the rights in each setting's field."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cite_audit.config.keys import KEYS, name_variable
from cite_audit.config.settings import FoundRight
from cite_audit.errors import ConfigError

__all__ = ["refuse_found"]


def refuse_found(path: Path, keys: Mapping[str, tuple[int, Any]]) -> None:
    """Raises ConfigError for a setting that a found file may not set. `keys`: key → its line and its new value."""
    refused = [key for key in keys if KEYS[key].facts.found is None]
    if refused:
        line = keys[refused[0]][0]
        raise ConfigError(
            f"{path}:{line}: a file that was found beside reports, or named by --config, may not set "
            f"{', '.join(refused)}. If you trust all of it: --trusted-config {path}. Else use flags, variables such as "
            f"{name_variable(refused[0])}, or your own cite-audit/config.toml (docs/configuration.md)"
        )
    for key, (line, value) in keys.items():
        if why := _exceeds_right(KEYS[key].facts.found or FoundRight(), value, path.parent):
            raise ConfigError(f"{path}:{line}: {key}: {why} (--trusted-config {path} allows it)")


def _exceeds_right(right: FoundRight, value: Any, folder: Path) -> str:
    """Why a value exceeds the rights of a found file; empty where it does not."""
    if isinstance(value, int | float) and not isinstance(value, bool) and not right.least <= value <= right.most:
        bound = f"at least {right.least:g}" if value < right.least else f"at most {right.most:g}"
        return f"in a file that was found it is {bound}"
    if right.beside:
        paths = (value,) if isinstance(value, str) else value
        if not all(_is_beside(path, folder) for path in paths if path):
            return "a file that was found names only files of its own folder"
    return ""


def _is_beside(path: str, folder: Path) -> bool:
    """Whether a path leads into a folder, links followed, and not into the repository's own data."""
    try:
        place = Path(os.path.realpath(path)).relative_to(os.path.realpath(folder))
    except ValueError:  # outside the folder, or a NUL byte in the path
        return False
    return ".git" not in (part.lower() for part in place.parts)
