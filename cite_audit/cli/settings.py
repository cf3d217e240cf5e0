"""From flags to `Settings`, by a table; a flag that was not given (None or empty) sets nothing."""

from __future__ import annotations

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
}


def settings_with(base: Settings, **flags: Any) -> Settings:
    """`base` with every flag that was given. Raises UsageError for a value that cannot be read."""
    sections: dict[str, dict[str, Any]] = {}
    for flag, value in flags.items():
        if value is None or value in ("", []):
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


_VALUES = {"connect_to": _routes, "archives": _listed}
