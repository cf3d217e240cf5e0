"""Parses values of files, variables and options into the types of the settings."""

from __future__ import annotations

import math
import re
from ipaddress import ip_address
from typing import Any

from cite_audit.config.keys import SettingKey
from cite_audit.config.settings import CENTURY
from cite_audit.lazy_pattern import compile_lazily

__all__ = ["DURATION_FORM", "describe_type", "is_route", "parse_duration", "parse_value"]

TEXT_KINDS = ("str", "str | None")
DURATION_FORM = "a number or a time such as 30s, 12h or 7d"

_DURATION = compile_lazily(r"([0-9]+(?:\.[0-9]+)?)\s*([smhdw])")
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 7 * 86400.0}
_BOOLEAN_WORDS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}


def parse_duration(value: Any) -> float:
    """Seconds, of a number or a text such as `90`, `90s`, `5m`, `12h`, `30d`, `2w`. Raises ValueError or TypeError."""
    if isinstance(value, bool):
        raise TypeError(value)
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    seconds = float(match[1]) * _SECONDS[match[2]] if match else float(value)
    if not (math.isfinite(seconds) and 0 <= seconds <= CENTURY):
        raise ValueError(value)
    return seconds


def parse_value(setting: SettingKey, value: Any) -> Any:
    """A value of the type a setting has, within its bounds. Raises ValueError or TypeError."""
    typed = _convert_value(setting.kind, value)
    facts = setting.facts
    if facts.routes and not all(map(is_route, typed, typed.values())):
        raise ValueError(value)
    if isinstance(typed, int | float) and not facts.least <= typed <= facts.most:
        raise ValueError(value)
    return typed


def is_route(source: str, target: str) -> bool:
    """Whether these say HOST:PORT (or *:PORT) and ADDRESS:PORT: the target is not resolved by DNS."""
    host, _, port = source.rpartition(":")
    address, _, target_port = target.rpartition(":")
    try:
        ip_address(address.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return bool(host) and all(
        re.fullmatch("[0-9]{1,5}", digits) and int(digits) < 65536 for digits in (port, target_port)
    )


def _convert_value(kind: str, value: Any) -> Any:
    if "Mapping" in kind:
        return _parse_mapping(kind, value)
    if "tuple" in kind:
        return _parse_texts(value)
    if kind == "bool":
        return _parse_boolean(value)
    if kind in TEXT_KINDS:
        return _parse_text(value)
    if kind.startswith("int"):
        if not isinstance(value, int | str) or isinstance(value, bool):
            raise TypeError(value)
        return int(value)
    return parse_duration(value)


def _parse_text(value: Any) -> str:
    """A text; a whole number counts as one (`max-unknown = 10`)."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise TypeError(value)
    return str(value)


def _parse_texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if not isinstance(value, list | tuple) or not all(isinstance(part, str) for part in value):
        raise TypeError(value)
    return tuple(value)


def _parse_mapping(kind: str, value: Any) -> dict[str, Any]:
    if isinstance(value, str):  # in a variable: NAME=VALUE, comma separated
        pairs = [part.strip().partition("=") for part in value.split(",") if part.strip()]
        if not all(name and sign for name, sign, _ in pairs):
            raise ValueError(value)
        value = {name: item for name, _, item in pairs}
    if not isinstance(value, dict):
        raise TypeError(value)
    if "float, ..." in kind:
        return {name: _parse_numbers(parts) for name, parts in value.items()}
    return {name: _parse_text(item) for name, item in value.items()}


def _parse_numbers(value: Any) -> tuple[float, ...]:
    if not isinstance(value, list) or not all(isinstance(n, int | float) and math.isfinite(n) for n in value):
        raise TypeError(value)
    return tuple(float(number) for number in value)


def _parse_boolean(value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in _BOOLEAN_WORDS:
        raise ValueError(value)
    return _BOOLEAN_WORDS[word]


def describe_type(setting: SettingKey) -> str:
    """What is expected of a value of this setting, for a message."""
    kind, facts = setting.kind, setting.facts
    if facts.routes:
        return 'a table of "HOST:PORT" = "ADDRESS:PORT", with a numeric address'
    if "Mapping" in kind:
        return "a table of texts" if "str, str" in kind else "a table of lists of numbers"
    if "tuple" in kind:
        return "a list of texts"
    if kind == "bool":
        return "true or false"
    if kind in TEXT_KINDS:
        return "a text"
    if kind.startswith("int"):
        return f"a whole number from {facts.least:g} to {facts.most:g}"
    return DURATION_FORM + (f", at least {facts.least:g}" if facts.least else "")
