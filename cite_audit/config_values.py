"""Values as people write them in files and variables, turned into the types the settings have."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["described", "value_of"]

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])")
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_WORDS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}


def value_of(kind: Any, value: Any) -> Any:
    """A value of the type a setting has; times may be written `90s`, `2h`, `30d`. Raises ValueError or TypeError."""
    text = str(kind)
    if "Mapping" in text:
        return _mapping(text, value)
    if "tuple" in text:
        parts = [p.strip() for p in value.split(",") if p.strip()] if isinstance(value, str) else list(value)
        return tuple(str(part) for part in parts)
    if kind is bool:
        return _truth(value)
    if kind is str or text == "str | None":
        if isinstance(value, dict | list):
            raise TypeError(value)
        return str(value)
    if isinstance(value, bool):
        raise TypeError(value)
    if kind is int:
        return int(value)
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    return float(match[1]) * _SECONDS[match[2]] if match else float(value)


def _mapping(kind: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(value)
    if "float, ..." in kind:
        return {str(name): tuple(float(part) for part in parts) for name, parts in value.items()}
    return {str(name): float(one) if "float" in kind else str(one) for name, one in value.items()}


def _truth(value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in _WORDS:
        raise ValueError(value)
    return _WORDS[word]


def described(kind: Any) -> str:
    """What is expected of a value of this type, for a message."""
    if "Mapping" in str(kind):
        return "a table"
    if "tuple" in str(kind):
        return "a list of texts"
    return {bool: "true or false", int: "a whole number", str: "a text"}.get(kind, "a number or a time such as 30s")
