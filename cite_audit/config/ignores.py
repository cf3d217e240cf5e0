"""One `[[ignore]]` of a configuration file, validated: a typo could make it cover nothing, or everything."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cite_audit.config.settings import Ignore
from cite_audit.errors import ConfigError

__all__ = ["format_ignore", "read_ignore"]

IGNORE_KEYS = ("reason", "until", "url", "domain", "report", "rule", "note")


def read_ignore(row: Mapping[str, Any], path: Path, origin: tuple[str, int]) -> Ignore:
    """The ignore that a table holds. Raises ConfigError with the file and the line of `origin`."""
    try:
        return _parse_ignore_row(row, origin)
    except ValueError as error:
        raise ConfigError(f"{path}:{origin[1]}: {error}") from None


def _parse_ignore_row(row: Mapping[str, Any], origin: tuple[str, int]) -> Ignore:
    for name in row:
        if name not in IGNORE_KEYS:
            from difflib import get_close_matches

            near = get_close_matches(name, IGNORE_KEYS, 1)
            raise ValueError(f"an ignore has no key {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    texts = {name: _check_text(name, row.get(name, "")) for name in ("reason", "url", "domain", "report")}
    if not texts["reason"]:
        raise ValueError("an ignore needs a reason")
    if not set(row) - {"reason", "until"}:
        raise ValueError(f"an ignore needs one of {', '.join(IGNORE_KEYS[2:])}")
    note = row.get("note")
    if note is not None and (not isinstance(note, int) or isinstance(note, bool)):
        raise ValueError(f"note: {note!r} is not a whole number")
    until, rules = _parse_until(row.get("until")), _parse_rule_names(row.get("rule", []))
    return Ignore(
        texts["reason"],
        until,
        url=texts["url"],
        domain=texts["domain"],
        report=texts["report"],
        rules=rules,
        note=note,
        origin=origin,
    )


def _check_text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name}: {value!r} is not a text")
    return value.strip()


def _parse_until(value: Any) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"until: {value!r} is not a date such as 2027-01-31") from None


def _parse_rule_names(value: Any) -> tuple[str, ...]:
    from cite_audit.report.findings.rules import names_rule, suggest_rule

    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"rule: {value!r} is neither a text nor a list of texts")
    for name in names:
        if not names_rule(name):
            raise ValueError(f"rule: there is no rule {name!r}{suggest_rule(name)}")
    return tuple(names)


def format_ignore(ignore: Ignore, header: str = "[[ignore]]") -> str:
    """An ignore as a configuration file writes it; its `report` is the name of one file."""
    rows: dict[str, str | int | None] = {
        "report": re.sub(r"([*?\[])", r"[\1]", ignore.report),
        "url": ignore.url,
        "note": ignore.note,
        "reason": ignore.reason,
    }
    # a string of JSON is one of TOML, but for DEL, which no address or reason holds
    written = [
        f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in rows.items() if value not in ("", None)
    ]
    return "\n".join([header, *written]) + "\n"
