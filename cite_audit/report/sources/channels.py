"""Platforms: which account an address belongs to, by its spelling alone, from `data/platforms.csv`."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, unquote


class Account(NamedTuple):
    """An account on a platform; `name` is empty where the address does not show it.

    `keys`: the registry keys it may stand under, best first.
    """

    platform: str
    home: str
    name: str
    keys: tuple[str, ...]


class Platform(NamedTuple):
    """`path_templates`: the first that fits names the account; `reserved_segments` are first segments that are no
    accounts; `keys`: how the registry spells an account."""

    name: str
    home: str
    path_templates: tuple[str, ...]
    reserved_segments: frozenset[str]
    has_subdomain_accounts: bool
    keys: tuple[str, ...]


# the placeholders of a template, and what they match; `club` and `person` are VK's numbered owners
_PLACEHOLDERS = {
    "name": r"(?P<name>[^/?#]+)",
    "handle": r"(?P<name>[A-Za-z]\w{2,31})(?![^/?#])",
    "number": r"(?P<name>\d+)",
    "article": r"(?P<name>[^/?#-]+)",
    "club": r"(?P<club>\d+)",
    "person": r"(?P<person>\d+)",
}
_IN_QUERY = {"facebook": ("id",), "telegram": ("domain",)}  # profile.php?id=4
_COMPANY = (
    "about newsroom transparency engineering developers help support blog business investor research status ai ads"
)
_OWN_SITES = frozenset(f"{_COMPANY} api privacy careers press policies docs publicpolicy".split())
_NOT_AN_ACCOUNT = _OWN_SITES | frozenset(["www", "m", "mobile", "amp", "web", "en", "ru", "open", "new"])


@lru_cache(maxsize=256)
def _compile_template(template: str) -> Callable[[str], re.Match[str] | None]:
    parts = re.split(r"(\{\w+\}|\*)", template)
    pattern = "".join(_PLACEHOLDERS[p[1:-1]] if p[:1] == "{" else "[^/]*" if p == "*" else re.escape(p) for p in parts)
    return re.compile(pattern).match


@lru_cache(maxsize=1)
def _platforms_by_host() -> dict[str, Platform]:
    platforms = {}
    text = (Path(__file__).parent / "data" / "platforms.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        path_templates = tuple(row["forms"].split())
        reserved_segments, keys = frozenset(row["own"].split()), tuple(row["keys"].split())
        platform = Platform(row["platform"], row["home"], path_templates, reserved_segments, row["sub"] == "yes", keys)
        platforms.update(dict.fromkeys(row["hosts"].split(), platform))
    return platforms


def find_account(host: str, path: str, query: str = "") -> Account | None:
    """The account behind an ASCII host and a path; None where the host is no platform, or the company's own site.

    On a platform, an address that shows no account (`watch?v=…`, an invitation) gives an Account without a name.
    """
    platform, label = _find_platform(host)
    if platform is None or label in _OWN_SITES:
        return None
    name = label if platform.has_subdomain_accounts and label not in _NOT_AN_ACCOUNT else ""
    name = (name or _account_in_path(platform, unquote(path)) or _account_in_query(platform, query)).lower()
    keys = tuple(key.format(home=platform.home, name=name) for key in platform.keys) if name else ()
    return Account(platform.name, platform.home, name, keys)


@lru_cache(maxsize=16384)
def _find_platform(host: str) -> tuple[Platform | None, str]:
    """The platform of a host and the label before it."""
    platforms = _platforms_by_host()
    name, label = host, ""
    while name:
        if platform := platforms.get(name):
            return platform, label
        label, _, name = name.partition(".")
        if name.startswith("blogspot."):
            return platforms["blogspot.com"], label  # one blog under all national suffixes
        if label == "nitter":
            return platforms["x.com"], ""
    return None, ""


def _account_in_path(platform: Platform, path: str) -> str:
    is_reserved = path[1:].partition("/")[0].lower() in platform.reserved_segments
    for template in platform.path_templates:
        if path_match := _compile_template(template)(path):
            groups = path_match.groupdict()
            if "club" in groups:
                return f"club{groups['club']}"
            if "person" in groups:
                return f"id{groups['person']}"
            if not (is_reserved and path_match.start("name") == 1):
                name = str(groups["name"])
                return "" if name.startswith("+") else name.removeprefix("@")
    return ""


def _account_in_query(platform: Platform, query: str) -> str:
    if not query:
        return ""
    parameters = parse_qs(query)
    return next((parameters[name][0] for name in _IN_QUERY.get(platform.name, ()) if name in parameters), "")
