"""How this program was installed, and hence what brings in an extra that it lacks."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cite_audit.foreign_json import parse_foreign_json

if TYPE_CHECKING:
    from importlib.metadata import Distribution

__all__ = ["format_install_command"]

_NOT_IN_ALL = ("cluster",)


def format_install_command(extra: str, prefix: str = sys.prefix, distribution: Distribution | None = None) -> str:
    """The command that brings in an extra, for the environment at `prefix` and the source that it was made from.

    Pipx and uv make their environments anew, so that they get every extra; pip adds the one. The source is what
    `direct_url.json` says (PEP 610), and the package index where there is none.
    """
    source = _read_source(distribution)
    extras = f"all,{extra}" if extra in _NOT_IN_ALL else "all"
    if (Path(prefix) / "pipx_metadata.json").exists():
        return f"pipx install --force {shlex.quote(_format_requirement(extras, source))}"
    if (Path(prefix) / "uv-receipt.toml").exists():
        return f"uv tool install --force {shlex.quote(_format_requirement(extras, source))}"
    checkout = _find_checkout(source)
    if checkout is not None and Path(prefix).resolve() == (checkout / ".venv").resolve() and extras == "all":
        return f"make -C {shlex.quote(str(checkout))} reinstall"
    python = Path(prefix) / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    editable = "-e " if source.get("dir_info", {}).get("editable") else ""
    requirement = f"{checkout}[{extra}]" if checkout is not None else _format_requirement(extra, source)
    return f"{shlex.quote(str(python))} -m pip install {editable}{shlex.quote(requirement)}"


def _read_source(distribution: Distribution | None) -> dict[str, Any]:
    """What PEP 610 records of where the program came from; empty where it says nothing."""
    from importlib.metadata import Distribution, PackageNotFoundError

    try:
        found = distribution or Distribution.from_name("cite-audit")
        source = parse_foreign_json(found.read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, OSError, ValueError):
        return {}
    return source if isinstance(source, dict) and isinstance(source.get("url"), str) else {}


def _find_checkout(source: dict[str, Any]) -> Path | None:
    """The folder that was installed from, where it was one."""
    if "dir_info" not in source:
        return None
    from urllib.request import url2pathname  # 5 ms that only a checkout needs spend

    return Path(url2pathname(urlsplit(source["url"]).path))


def _format_requirement(extras: str, source: dict[str, Any]) -> str:
    if not source:
        return f"cite-audit[{extras}]"
    address = source["url"]
    if version_control := source.get("vcs_info"):
        address = f"{version_control['vcs']}+{address}@{version_control['commit_id']}"
    return f"cite-audit[{extras}] @ {address}"
