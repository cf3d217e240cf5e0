"""Every setting by its key, made from the fields of the settings' classes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from typing import Any, NamedTuple

from cite_audit.config.settings import Archiving, Grading, Network, Policy, SettingFacts, Settings

__all__ = ["FLAGS", "KEYS", "SECTIONS", "TABLES", "SettingKey", "name_variable"]

SECTIONS = {"network": Network, "archiving": Archiving, "grading": Grading}  # tables of a file


class SettingKey(NamedTuple):
    """One setting. `owner`: the field of Settings that holds it; empty: Settings itself. `kind`: its type, as written.

    `is_private`: its value may hold a password.
    """

    key: str
    owner: str
    name: str
    kind: str
    default: Any
    is_private: bool
    facts: SettingFacts


def _list_settings() -> Iterator[SettingKey]:
    """The settings in the order of `cite-audit config`: the policy, the other top-level ones, the sections."""
    for owner, settings_class in (("policy", Policy), ("", Settings), *SECTIONS.items()):
        for field in fields(settings_class):
            if (facts := field.metadata.get("setting")) is None:
                continue
            key = (f"{owner}." if owner in SECTIONS else "") + field.name.replace("_", "-")
            factory = field.default_factory
            default = field.default if factory is MISSING else factory()
            yield SettingKey(key, owner, field.name, str(field.type), default, not field.repr, facts)


_ALL = tuple(_list_settings())
KEYS: Mapping[str, SettingKey] = {setting.key: setting for setting in _ALL if not setting.facts.table}
TABLES: Mapping[str, SettingKey] = {setting.facts.table: setting for setting in _ALL if setting.facts.table}
# option, as a parameter is named (`fail_on`) → its setting
FLAGS: Mapping[str, SettingKey] = {
    setting.facts.flag.replace("-", "_"): setting for setting in _ALL if setting.facts.flag
}


def name_variable(key: str) -> str:
    """The environment variable that sets a key: CITE_AUDIT_NETWORK_PROXY."""
    return "CITE_AUDIT_" + re.sub(r"[.-]", "_", key).upper()
