"""What a configuration file that was merely found may set: what the setting's own field says, and nothing else."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

from cite_audit.config.settings import Archiving, FoundRight, Grading, Network, Policy, Settings
from cite_audit.errors import ConfigError

__all__ = ["PRIVATE", "RIGHTS", "name_variable", "refuse_found"]

SECTIONS = {"": Settings, "network": Network, "archiving": Archiving, "grading": Grading, "policy": Policy}


def _fields() -> dict[str, Field[Any]]:
    """Every setting by its key; those of Policy stand at the top of a file."""
    return {
        (f"{section}." if section not in ("", "policy") else "") + one.name.replace("_", "-"): one
        for section, owner in SECTIONS.items()
        for one in fields(owner)
        if section or one.name not in SECTIONS
    }


# key → what a found file may do with it; None: nothing
RIGHTS: Mapping[str, FoundRight | None] = {key: one.metadata.get("found") for key, one in _fields().items()}
PRIVATE = frozenset(key for key, one in _fields().items() if not one.repr)  # keys whose values may hold a password


def name_variable(key: str) -> str:
    """The environment variable that sets a key: CITE_AUDIT_NETWORK_PROXY."""
    return "CITE_AUDIT_" + re.sub(r"[.-]", "_", key).upper()


def refuse_found(path: Path, keys: Mapping[str, tuple[int, Any]]) -> None:
    """Raises ConfigError where a found file sets what it may not. `keys`: key → its line, and the value it now has."""
    refused = [key for key in keys if RIGHTS[key] is None]
    if refused:
        line = keys[refused[0]][0]
        raise ConfigError(
            f"{path}:{line}: a file that was found beside reports, or named by --config, may not set "
            f"{', '.join(refused)}. If you trust all of it: --trusted-config {path}. Else use flags, variables such as "
            f"{name_variable(refused[0])}, or your own cite-audit/config.toml (docs/configuration.md)"
        )
    for key, (line, value) in keys.items():
        if why := _beyond(RIGHTS[key] or FoundRight(), value, path.parent):
            raise ConfigError(f"{path}:{line}: {key}: {why} (--trusted-config {path} allows it)")


def _beyond(right: FoundRight, value: Any, folder: Path) -> str:
    """Why a value is more than a found file may give; empty where it is not."""
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
    except ValueError:  # elsewhere, or NUL in it
        return False
    return ".git" not in (part.lower() for part in place.parts)
