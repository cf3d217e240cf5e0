"""Whether a plug-in is what its Protocol says: names, types of constants, parameters of functions."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any, get_type_hints


def misfits(plugin: object, protocol: type) -> list[str]:
    """What a plug-in lacks or has otherwise than its Protocol; empty for one that fits."""
    is_module = isinstance(plugin, ModuleType)
    return [*_wrong_constants(plugin, protocol), *_wrong_functions(plugin, protocol, is_module)]


def _wrong_constants(plugin: object, protocol: type) -> Iterator[str]:
    for name, kind in get_type_hints(protocol).items():
        if not hasattr(plugin, name):
            yield f"{name} is missing"
        elif isinstance(kind, type) and not isinstance(getattr(plugin, name), kind):
            yield f"{name} is no {kind.__name__}"


def _wrong_functions(plugin: object, protocol: type, is_module: bool) -> Iterator[str]:
    for name, member in vars(protocol).items():
        if not inspect.isfunction(member) or (name.startswith("_") and name != "__call__"):
            continue
        function = getattr(plugin, name, None)
        if not callable(function):
            yield f"{name}() is missing"
        elif (found := _parameters(function)) != (wanted := _parameters(member)[1:]):
            yield f"{name}() takes {found}, not {wanted}"


def _parameters(function: Any) -> list[str]:
    return list(inspect.signature(function).parameters)
