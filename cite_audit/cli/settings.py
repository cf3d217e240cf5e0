"""From flags to `Settings`, by a table; a flag that was not given (None or empty) sets nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from cite_audit.config import Settings
from cite_audit.errors import UsageError

# flag → (section of Settings or "", field)
FIELDS = {
    "timeout": ("network", "timeout"),
    "jobs": ("network", "jobs"),
    "per_host": ("network", "per_host"),
    "host_interval": ("network", "host_interval"),
    "deadline": ("network", "deadline"),
    "allow_address": ("network", "allow_addresses"),
    "connect_to": ("network", "connect_to"),
    "proxy": ("network", "proxy"),
    "ca_bundle": ("network", "ca_bundle"),
    "patience": ("network", "patience"),
    "no_platform": ("network", "without_platforms"),
    "drift": ("archiving", "drift"),
    "archives": ("archiving", "archives"),
    "archive_budget": ("archiving", "budget"),
    "wayback": ("archiving", "wayback"),
    "availability": ("archiving", "availability"),
    "publisher": ("grading", "publisher"),
    "preset": ("grading", "preset"),
    "taxonomy": ("grading", "taxonomy"),
    "sources": ("grading", "overlays"),
    "offline": ("", "offline"),
    "archive": ("", "archive"),
    "store": ("", "store"),
    "max_age": ("", "max_age"),
    "fail_on": ("policy", "fail_on"),
    "fail_grade": ("policy", "fail_grade"),
    "max_unknown": ("policy", "max_unknown"),
    "exit_zero": ("policy", "exit_zero"),
    "allow_empty": ("policy", "allow_empty"),
    "baseline": ("policy", "baseline"),
}


def settings_for(flags: Mapping[str, Any]) -> Settings:
    """The settings of a run: defaults, the nearest configuration file, the environment, then the flags given.

    `flags` are a command's arguments by name; those that are no settings are passed over. Raises UsageError.
    """
    from cite_audit.config_files import load
    from cite_audit.report.policy import check

    loaded = load(flags.get("reports", ()), config=flags.get("config", ""), no_config=flags.get("no_config", False))
    settings = settings_with(loaded.settings, **{name: value for name, value in flags.items() if name in FIELDS})
    if flags.get("no_archive"):
        settings = replace(settings, archive=False)
    if flags.get("no_cache"):
        settings = replace(settings, store=None)
    check(settings.policy)
    return settings


def settings_with(base: Settings, **flags: Any) -> Settings:
    """`base` with every flag that was given. Raises UsageError for a value that cannot be read."""
    sections: dict[str, dict[str, Any]] = {}
    for flag, value in flags.items():
        if value is None or value is False or value in ("", []):
            continue
        section, name = FIELDS[flag]
        sections.setdefault(section, {})[name] = _VALUES.get(flag, _same)(value)
    plain = sections.pop("", {})
    return replace(base, **{name: replace(getattr(base, name), **fields) for name, fields in sections.items()}, **plain)


def _same(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _routes(values: list[str]) -> dict[str, str]:
    routes = {}
    for value in values:
        name, sign, target = value.partition("=")
        if not sign or ":" not in name or ":" not in target:
            raise UsageError(f"--connect-to {value}: expected HOST:PORT=ADDRESS:PORT")
        routes[name] = target
    return routes


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _seconds(value: str) -> float:
    from cite_audit.config_values import value_of

    try:
        return float(value_of(float, value))
    except (ValueError, OverflowError):
        raise UsageError(f"--patience: {value!r} is not a time such as 72h or 3d") from None


_VALUES: dict[str, Callable[[Any], Any]] = {"connect_to": _routes, "archives": _listed, "patience": _seconds}
