"""Configuration from files and the environment: every setting knows where its value came from.

The nearest `cite-audit.toml`, `.cite-audit.toml` or `pyproject.toml` with `[tool.cite-audit]` counts, looked for from
the reports' common folder upward to the root of the repository. Flags win over `CITE_AUDIT_*`, those over the file,
the file over the defaults. The keys are the fields of the settings' classes, written with hyphens.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints

from cite_audit.config import Archiving, Grading, Ignore, Network, Policy, Settings
from cite_audit.config_values import described, value_of
from cite_audit.errors import ConfigError, UsageError
from cite_audit.model import Report

__all__ = ["KEYS", "Loaded", "baseline_beside", "discover", "inline_ignores", "load"]

NAMES = ("cite-audit.toml", ".cite-audit.toml", "pyproject.toml")
SECTIONS = {"network": Network, "archiving": Archiving, "grading": Grading}
TABLES = {"severity": "severities", "ignore": "ignores"}  # tables of their own in the file → fields of Policy
IGNORE_KEYS = ("reason", "until", "url", "domain", "report", "rule", "note")


def _known() -> dict[str, tuple[str, str, Any]]:
    """Key as written (`fail-on`, `network.timeout`) → section of Settings, field, type."""
    keys: dict[str, tuple[str, str, Any]] = {}
    top = get_type_hints(Settings)
    policy = {name: kind for name, kind in get_type_hints(Policy).items() if name not in TABLES.values()}
    for name, kind in policy.items():
        keys[name.replace("_", "-")] = ("policy", name, kind)
    for name in (f.name for f in fields(Settings) if f.name not in (*SECTIONS, "policy")):
        keys[name.replace("_", "-")] = ("", name, top[name])
    for section, owner in SECTIONS.items():
        for name, kind in get_type_hints(owner).items():
            keys[f"{section}.{name.replace('_', '-')}"] = (section, name, kind)
    return keys


KEYS = _known()


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, and for each key that is not at its default where the value was found (`cite-audit.toml:4`)."""

    settings: Settings = field(default_factory=Settings)
    origins: Mapping[str, str] = field(default_factory=dict)
    file: str = ""


def load(
    reports: Sequence[str] = (), *, config: str = "", no_config: bool = False, environ: Mapping[str, str] | None = None
) -> Loaded:
    """The settings for a run over `reports`. Raises ConfigError with file, line and a suggestion."""
    loaded = Loaded()
    if config:
        if not Path(config).is_file():
            raise ConfigError(f"{config}: no such configuration file")
        loaded = _from_file(Path(config))
    elif not no_config:
        path = discover(_common(reports))
        loaded = _from_file(path) if path else loaded
        loaded = _nearer_ignores(loaded, reports)
    return _from_environment(loaded, os.environ if environ is None else environ)


def discover(start: Path) -> Path | None:
    """The nearest configuration from `start` upward, no further than the root of the repository."""
    start = start.resolve()
    for folder in (start, *start.parents):
        for name in NAMES:
            path = folder / name
            if path.is_file() and (name != "pyproject.toml" or _table(path) is not None):
                return path
        if (folder / ".git").exists():
            return None
    return None


def _common(reports: Sequence[str]) -> Path:
    folders = [_folder(path) for path in reports if path != "-"]
    return Path(os.path.commonpath(folders)) if folders else Path.cwd()


def _folder(path: str) -> Path:
    place = Path(path).absolute()
    return place if place.is_dir() else place.parent


def _nearer_ignores(loaded: Loaded, reports: Sequence[str]) -> Loaded:
    """Ignores in a file nearer to some report than the one in force hold for the reports below that file."""
    found: dict[Path, Path] = {}
    for report in reports:
        path = discover(_folder(report)) if report != "-" else None
        if path is not None and str(path) != loaded.file:
            found.setdefault(path, path.parent)
    extra: list[Ignore] = []
    for path, folder in found.items():
        policy = _from_file(path).settings.policy
        extra += [replace(i, report=i.report or f"{_written(folder)}/*") for i in policy.ignores]
    policy = replace(loaded.settings.policy, ignores=(*loaded.settings.policy.ignores, *extra))
    return replace(loaded, settings=replace(loaded.settings, policy=policy))


def _written(folder: Path) -> str:
    """A folder as the reports' paths are likely written: relative to here where it is below."""
    here = Path.cwd()
    return (folder.relative_to(here) if folder.is_relative_to(here) else folder).as_posix()


def _table(path: Path) -> Mapping[str, Any] | None:
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        if path.name == "pyproject.toml":
            return None  # somebody else's trouble until it has a table of ours
        raise ConfigError(f"{path}: {error}") from error
    if path.name != "pyproject.toml":
        return content
    table = content.get("tool", {}).get("cite-audit")
    return table if isinstance(table, dict) else None


def _from_file(path: Path) -> Loaded:
    table = _table(path) or {}
    source = path.read_text("utf-8").split("\n")
    settings, origins = Settings(), {}
    flat = _flatten(table, path, source)
    for key, value in flat.items():
        line = _line(source, key)
        settings = _set(settings, key, value, f"{path}:{line}")
        origins[key] = f"{_written(path.parent / path.name)}:{line}"
    policy = replace(
        settings.policy,
        severities={str(name): str(value) for name, value in table.get("severity", {}).items()},
        ignores=tuple(_ignore(row, path, source, i) for i, row in enumerate(table.get("ignore", []))),
        baseline=str(path.parent / settings.policy.baseline) if settings.policy.baseline else "",
    )
    origins |= {name: f"{_written(path)}:{_line(source, name)}" for name in TABLES if name in table}
    overlays = tuple(str(path.parent / overlay) for overlay in settings.grading.overlays)
    grading = replace(settings.grading, overlays=overlays)
    return Loaded(replace(settings, policy=policy, grading=grading), origins, str(path))


def _flatten(table: Mapping[str, Any], path: Path, source: Sequence[str]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in table.items():
        key = name.replace("_", "-")
        if key in SECTIONS and isinstance(value, dict):
            flat |= {f"{key}.{inner.replace('_', '-')}": one for inner, one in value.items()}
        elif key not in TABLES:
            flat[key] = value
    for key in flat:
        if key not in KEYS:
            near = get_close_matches(key, [*KEYS, *TABLES, *SECTIONS], 1, 0.5)
            hint = f"; did you mean {near[0]!r}?" if near else "; cite-audit config lists the keys"
            raise ConfigError(f"{path}:{_line(source, key)}: unknown key {key!r}{hint}")
    return flat


def _line(source: Sequence[str], key: str) -> int:
    """The 1-based line that sets a key (or opens a table); 1 where it is written in some unusual way."""
    section, _, name = key.rpartition(".")
    spelled = re.escape(name).replace("\\-", "[-_]")
    setting = re.compile(rf"""\s*["']?{spelled}["']?\s*=|\s*\[+(?:tool\.cite-audit\.)?{spelled}\]+""")
    inside = not section
    for number, line in enumerate(source, 1):
        if section and re.match(r"\s*\[", line):
            inside = bool(re.match(rf"\s*\[(?:tool\.cite-audit\.)?{re.escape(section)}\]", line))
        if inside and setting.match(line):
            return number
    return 1


def _ignore(row: Mapping[str, Any], path: Path, source: Sequence[str], index: int) -> Ignore:
    openings = [n for n, line in enumerate(source, 1) if re.match(r"\s*\[\[(?:tool\.cite-audit\.)?ignore\]\]", line)]
    line = openings[index] if index < len(openings) else 1
    for name in row:
        if name not in IGNORE_KEYS:
            near = get_close_matches(name, IGNORE_KEYS, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ConfigError(f"{path}:{line}: an ignore has no key {name!r}{hint}")
    if not str(row.get("reason", "")).strip():
        raise ConfigError(f"{path}:{line}: an ignore needs a reason")
    if not set(row) - {"reason", "until"}:
        raise ConfigError(f"{path}:{line}: an ignore needs one of {', '.join(IGNORE_KEYS[2:])}")
    until = row.get("until")
    try:
        until = date.fromisoformat(until) if isinstance(until, str) else until
    except ValueError:
        raise ConfigError(f"{path}:{line}: until: {until!r} is not a date such as 2027-01-31") from None
    rules = row.get("rule", ())
    return Ignore(
        reason=str(row["reason"]).strip(),
        until=until,
        url=str(row.get("url", "")),
        domain=str(row.get("domain", "")),
        report=str(row.get("report", "")),
        rules=(rules,) if isinstance(rules, str) else tuple(rules),
        note=row.get("note"),
        origin=(_written(path), line),
    )


def _set(settings: Settings, key: str, value: Any, origin: str) -> Settings:
    section, name, kind = KEYS[key]
    try:
        typed = value_of(kind, value)
    except (TypeError, ValueError):
        raise ConfigError(f"{origin}: {key}: {value!r} is not {described(kind)}") from None
    if not section:
        return replace(settings, **{name: typed})
    return replace(settings, **{section: replace(getattr(settings, section), **{name: typed})})


def _from_environment(loaded: Loaded, environ: Mapping[str, str]) -> Loaded:
    settings, origins = loaded.settings, dict(loaded.origins)
    for key in KEYS:
        name = "CITE_AUDIT_" + re.sub(r"[.-]", "_", key).upper()
        if name in environ:
            settings = _set(settings, key, environ[name], name)
            origins[key] = name
    return replace(loaded, settings=settings, origins=origins)


def baseline_beside(path: str, *, missing_ok: bool = False) -> tuple[Mapping[Any, Any] | None, Callable[[str], str]]:
    """The baseline in a file (None without one), and how it writes a report's path: relative to its own folder."""
    from cite_audit.report.baseline import load as read

    if not path:
        return None, str
    folder = Path(path).absolute().parent

    def relative(report: str) -> str:
        return Path(os.path.relpath(Path(report).absolute(), folder)).as_posix()

    try:
        return read(Path(path).read_text("utf-8"), path), relative
    except FileNotFoundError:
        if missing_ok:
            return None, relative
        raise UsageError(
            f"{path}: no such baseline; make it with: cite-audit baseline update REPORT… --baseline {path}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: the baseline cannot be read ({error})") from error


def inline_ignores(reports: Sequence[Report]) -> list[Ignore]:
    """The ignore comments of all reports whose format has comments."""
    from cite_audit.report.ignores import inline

    found: list[Ignore] = []
    for report in reports:
        place = Path(report.path)
        if report.format in ("markdown", "html", "text") and place.is_file():
            found += inline(place.read_text("utf-8", errors="replace"), report.path)
    return found
