"""Platforms whose pages do not tell whether a post is there: the endpoint that does, and how to read it.

The adapters are data (`data/platforms.toml`). An adapter's “dead” needs the explicit mark of the platform, never the
absence of one; whatever else its endpoint answers is unknown.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from cite_audit.model import Health, Probe, Reason
from cite_audit.resolve.base import Ask, Evidence
from cite_audit.resolve.judge import answers
from cite_audit.resolve.judge.page import Page
from cite_audit.resolve.judge.view import View


@dataclass(frozen=True, slots=True)
class Rule:
    """One reading of an endpoint's answer; empty conditions hold."""

    reason: str
    says: str
    detail: str = ""
    confidence: float = 0.0
    confirm: bool = False
    status: tuple[int, ...] = ()
    failure: tuple[str, ...] = ()
    final: str = ""
    header: str = ""
    body: str = ""
    words_most: int = 10**9
    words_least: int = 0

    def holds(self, probe: Probe, page: Page, groups: dict[str, str]) -> bool:
        """Whether the answer is the one this rule is about."""
        if self.failure or probe.status is None:
            return probe.failure is not None and probe.status is None and probe.failure.kind in self.failure
        return (
            (not self.status or probe.status in self.status)
            and (not self.header or bool(probe.header(self.header)))
            and (not self.final or re.search(self.final, page.url, re.I) is not None)
            and (not self.body or re.search(_filled(self.body, groups, re.escape), page.source, re.I) is not None)
            and self.words_least <= page.words <= self.words_most
        )


@dataclass(frozen=True)
class Adapter:
    """One row of the table."""

    name: str
    match: re.Pattern[str]
    source: str
    ask: str = ""
    profile: str = "plain"
    rules: tuple[Rule, ...] = ()
    otherwise: Rule | None = None
    fragments: bool = True

    @cached_property
    def judges(self) -> bool:
        return self.otherwise is not None

    def groups(self, url: str) -> dict[str, str]:
        """The parts of an address that the endpoint's address and the marks are made of."""
        found = self.match.search(url)
        assert found is not None
        plain = url.partition("#")[0]
        return {"url": plain, "quoted": quote(plain, safe=""), **{k: v or "" for k, v in found.groupdict().items()}}


def _filled(template: str, groups: dict[str, str], change: Any = str) -> str:
    for name, value in groups.items():
        template = template.replace("{" + name + "}", change(value))
    return template


@lru_cache(maxsize=1)
def table() -> tuple[Adapter, ...]:
    """The adapters, in the order of the file; the first that matches counts."""
    read = tomllib.loads((files(__package__) / "data" / "platforms.toml").read_text(encoding="utf-8"))
    rows = {row["name"]: row for row in read["platform"]}
    return tuple(_adapter({**rows.get(row.get("like", ""), {}), **row}) for row in read["platform"])


def _adapter(row: dict[str, Any]) -> Adapter:
    otherwise = row.get("otherwise")
    return Adapter(
        row["name"],
        re.compile(row["match"], re.I),
        row["source"],
        row.get("ask", ""),
        row.get("profile", "plain"),
        tuple(_rule(rule) for rule in row.get("rule", [])),
        _rule(otherwise) if otherwise else None,
        row.get("fragments", True),
    )


def _rule(row: dict[str, Any]) -> Rule:
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Rule(**fields)


def find(evidence: Evidence) -> Adapter | None:
    """The adapter for a link, or None; also where platforms, or this one, are not to be asked."""
    if not evidence.platforms:
        return None
    found = _of(evidence.url)
    return None if found is None or found.name in evidence.without_platforms else found


@lru_cache(maxsize=2048)
def _of(url: str) -> Adapter | None:
    """Asked before and after each look."""
    if not _any().match(url):
        return None
    return next((adapter for adapter in table() if adapter.match.search(url)), None)


@lru_cache(maxsize=1)
def _any() -> re.Pattern[str]:
    """What all adapters match, as one pattern: most links are no platform's."""
    return re.compile("|".join(re.sub(r"\(\?P<\w+>", "(?:", adapter.match.pattern) for adapter in table()), re.I)


def judged(evidence: Evidence, adapter: Adapter) -> tuple[View, Probe | None] | Ask:
    """What the platform's own endpoint says of a link, or the look at it that is wanted."""
    assert adapter.otherwise is not None
    if not adapter.ask:
        return _view(adapter, adapter.otherwise), None
    groups = adapter.groups(evidence.url)
    endpoint = _filled(adapter.ask, groups)
    looks = [probe for ask, probe in evidence.looks if ask.kind == "platform" and "not-asked" not in probe.flags]
    if not looks:
        return Ask("platform", endpoint, adapter.profile)
    read = [(_read(adapter, probe, groups), probe) for probe in looks]
    for (view, _), probe in read:
        if view.found_health is not Health.BROKEN:
            return view, probe
    (view, rule), probe = read[-1]
    if rule.confirm and len(evidence.looks) < 2:
        return Ask("platform", endpoint, "plain" if probe.profile == "browser" else "browser")
    return view, probe


def _read(adapter: Adapter, probe: Probe, groups: dict[str, str]) -> tuple[View, Rule]:
    page = Page(probe)
    for rule in adapter.rules:
        if rule.holds(probe, page, groups):
            return _view(adapter, rule), rule
    otherwise = adapter.otherwise
    assert otherwise is not None
    status = probe.status or 0
    if probe.failure and not status:
        plain = answers.failed(probe)
    elif status == 429 or status >= 500:
        plain = answers.by_status(status)
    else:
        return _view(adapter, otherwise), otherwise
    said = f"{adapter.name}: the platform could not be asked: {plain.says[0]}"
    if plain.found_health is Health.UNKNOWN:
        return View(plain.reason, (said,), adapter.name), otherwise
    return View(Reason(otherwise.reason), (said,), adapter.name), otherwise


def _view(adapter: Adapter, rule: Rule) -> View:
    says = f"{rule.says} (adapter {adapter.name}; {adapter.source})"
    detail = f"{adapter.name}:{rule.detail}" if rule.detail else adapter.name
    return View(Reason(rule.reason), (says,), detail, confidence=rule.confidence, state="confirmed")
