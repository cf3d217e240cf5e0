"""Platforms: which account an address belongs to, told from its spelling alone by `data/platforms.csv`."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, unquote


class Account(NamedTuple):
    """An account on a platform. `keys`: the registry keys it may stand under, best first; `name` empty: not told."""

    platform: str
    home: str
    name: str
    keys: tuple[str, ...]


class Platform(NamedTuple):
    """`forms`: templates of paths, the first that fits tells the account; `own`: first segments that are no accounts;
    `sub`: accounts are sub-domains; `keys`: how the registry spells an account."""

    name: str
    home: str
    forms: tuple[str, ...]
    own: frozenset[str]
    sub: bool
    keys: tuple[str, ...]


# what a form may hold, and what that matches; `club` and `person` are VK's numbered owners
_HOLES = {
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
def _form(template: str) -> Callable[[str], re.Match[str] | None]:
    parts = re.split(r"(\{\w+\}|\*)", template)
    pattern = "".join(_HOLES[p[1:-1]] if p[:1] == "{" else "[^/]*" if p == "*" else re.escape(p) for p in parts)
    return re.compile(pattern).match


@lru_cache(maxsize=1)
def _by_host() -> dict[str, Platform]:
    found = {}
    text = (Path(__file__).parent / "data" / "platforms.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        forms = tuple(row["forms"].split())
        own, keys = frozenset(row["own"].split()), tuple(row["keys"].split())
        platform = Platform(row["platform"], row["home"], forms, own, row["sub"] == "yes", keys)
        found.update(dict.fromkeys(row["hosts"].split(), platform))
    return found


def account(host: str, path: str, query: str = "") -> Account | None:
    """The account behind an ASCII host and a path; None where the host is no platform, or the company's own site.

    On a platform, an address that tells no account (`watch?v=…`, an invitation) gives an Account without a name.
    """
    platform, label = _platform(host)
    if platform is None or label in _OWN_SITES:
        return None
    name = label if platform.sub and label not in _NOT_AN_ACCOUNT else ""
    name = (name or _named(platform, unquote(path)) or _in_query(platform, query)).lower()
    keys = tuple(key.format(home=platform.home, name=name) for key in platform.keys) if name else ()
    return Account(platform.name, platform.home, name, keys)


@lru_cache(maxsize=16384)
def _platform(host: str) -> tuple[Platform | None, str]:
    """The platform of a host and the label before it."""
    by_host = _by_host()
    name, label = host, ""
    while name:
        if found := by_host.get(name):
            return found, label
        label, _, name = name.partition(".")
        if name.startswith("blogspot."):
            return by_host["blogspot.com"], label  # one blog, whatever the country's ending
        if label == "nitter":
            return by_host["x.com"], ""
    return None, ""


def _named(platform: Platform, path: str) -> str:
    own = path[1:].partition("/")[0].lower() in platform.own
    for template in platform.forms:
        if found := _form(template)(path):
            groups = found.groupdict()
            if "club" in groups:
                return f"club{groups['club']}"
            if "person" in groups:
                return f"id{groups['person']}"
            if not (own and found.start("name") == 1):
                name = str(groups["name"])
                return "" if name.startswith("+") else name.removeprefix("@")
    return ""


def _in_query(platform: Platform, query: str) -> str:
    if not query:
        return ""
    asked = parse_qs(query)
    return next((asked[name][0] for name in _IN_QUERY.get(platform.name, ()) if name in asked), "")
