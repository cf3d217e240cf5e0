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

from cite_audit.model import Health, Probe, Reason, RuleObservation, VerdictState, prefix_observation
from cite_audit.resolve.check.base import Evidence, LookRequest
from cite_audit.resolve.judge import status_checks
from cite_audit.resolve.judge.assessment import Assessment
from cite_audit.resolve.judge.page.html_page import WebPage


@dataclass(frozen=True, slots=True)
class EndpointRule:
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

    def matches_answer(self, probe: Probe, page: WebPage, groups: dict[str, str]) -> bool:
        """Whether the answer is the one this rule is about."""
        if self.failure or probe.status is None:
            return probe.failure is not None and probe.status is None and probe.failure.kind in self.failure
        return (
            (not self.status or probe.status in self.status)
            and (not self.header or bool(probe.header(self.header)))
            and (not self.final or re.search(self.final, page.url, re.I) is not None)
            and (
                not self.body or re.search(_fill_template(self.body, groups, re.escape), page.source, re.I) is not None
            )
            and self.words_least <= page.word_count <= self.words_most
        )


@dataclass(frozen=True)
class PlatformAdapter:
    """One row of the table."""

    name: str
    pattern: re.Pattern[str]
    source: str
    endpoint: str = ""
    profile: str = "plain"
    rules: tuple[EndpointRule, ...] = ()
    fallback: EndpointRule | None = None
    has_fragments: bool = True

    @cached_property
    def can_judge(self) -> bool:
        return self.fallback is not None

    def match_groups(self, url: str) -> dict[str, str]:
        """The parts of an address that the endpoint's address and the marks are made of."""
        match = self.pattern.search(url)
        assert match is not None
        bare_url = url.partition("#")[0]
        return {
            "url": bare_url,
            "quoted": quote(bare_url, safe=""),
            **{group: value or "" for group, value in match.groupdict().items()},
        }


def _fill_template(template: str, groups: dict[str, str], transform: Any = str) -> str:
    for name, value in groups.items():
        template = template.replace("{" + name + "}", transform(value))
    return template


@lru_cache(maxsize=1)
def load_adapters() -> tuple[PlatformAdapter, ...]:
    """The adapters, in the order of the file; the first that matches counts."""
    document = tomllib.loads((files(__package__) / "data" / "platforms.toml").read_text(encoding="utf-8"))
    rows = {row["name"]: row for row in document["platform"]}
    return tuple(_build_adapter({**rows.get(row.get("like", ""), {}), **row}) for row in document["platform"])


def _build_adapter(row: dict[str, Any]) -> PlatformAdapter:
    fallback = row.get("otherwise")
    return PlatformAdapter(
        row["name"],
        re.compile(row["match"], re.I),
        row["source"],
        row.get("ask", ""),
        row.get("profile", "plain"),
        tuple(_build_endpoint_rule(rule) for rule in row.get("rule", [])),
        _build_endpoint_rule(fallback) if fallback else None,
        row.get("fragments", True),
    )


def _build_endpoint_rule(row: dict[str, Any]) -> EndpointRule:
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return EndpointRule(**fields)


def find_adapter(evidence: Evidence) -> PlatformAdapter | None:
    """The adapter for a link, or None; also where platforms, or this one, are not to be asked."""
    if not evidence.platforms:
        return None
    adapter = _find_by_url(evidence.url)
    return None if adapter is None or adapter.name in evidence.without_platforms else adapter


@lru_cache(maxsize=2048)
def _find_by_url(url: str) -> PlatformAdapter | None:
    """Asked before and after each look."""
    if not _any_adapter_pattern().match(url):
        return None
    return next((adapter for adapter in load_adapters() if adapter.pattern.search(url)), None)


@lru_cache(maxsize=1)
def _any_adapter_pattern() -> re.Pattern[str]:
    """What all adapters match, as one pattern: most links are no platform's."""
    return re.compile(
        "|".join(re.sub(r"\(\?P<\w+>", "(?:", adapter.pattern.pattern) for adapter in load_adapters()), re.I
    )


def assess_platform(evidence: Evidence, adapter: PlatformAdapter) -> tuple[Assessment, Probe | None] | LookRequest:
    """What the platform's own endpoint says of a link, or the look at it that is wanted."""
    assert adapter.fallback is not None
    if not adapter.endpoint:
        return _assess_by_rule(adapter, adapter.fallback), None
    groups = adapter.match_groups(evidence.url)
    endpoint = _fill_template(adapter.endpoint, groups)
    looks = [
        probe
        for look_request, probe in evidence.looks
        if look_request.kind == "platform" and "not-asked" not in probe.flags
    ]
    if not looks:
        return LookRequest("platform", endpoint, adapter.profile)
    readings = [(_read_endpoint(adapter, probe, groups), probe) for probe in looks]
    for (assessment, _), probe in readings:
        if assessment.effective_health is not Health.BROKEN:
            return assessment, probe
    (assessment, rule), probe = readings[-1]
    if rule.confirm and len(evidence.looks) < 2:
        return LookRequest("platform", endpoint, "plain" if probe.profile == "browser" else "browser")
    return assessment, probe


def _read_endpoint(adapter: PlatformAdapter, probe: Probe, groups: dict[str, str]) -> tuple[Assessment, EndpointRule]:
    page = WebPage(probe)
    for rule in adapter.rules:
        if rule.matches_answer(probe, page, groups):
            return _assess_by_rule(adapter, rule), rule
    fallback = adapter.fallback
    assert fallback is not None
    status = probe.status or 0
    if probe.failure and not status:
        assessment = status_checks.assess_failure(probe)
    elif status == 429 or status >= 500:
        assessment = status_checks.assess_status(status)
    else:
        return _assess_by_rule(adapter, fallback), fallback
    observation = prefix_observation(f"{adapter.name}: the platform could not be asked: ", assessment.observations[0])
    if assessment.effective_health is Health.UNKNOWN:
        return Assessment(assessment.reason, (observation,), adapter.name), fallback
    return Assessment(Reason(fallback.reason), (observation,), adapter.name), fallback


def _assess_by_rule(adapter: PlatformAdapter, rule: EndpointRule) -> Assessment:
    observation = RuleObservation(rule.says, f"adapter {adapter.name}; {adapter.source}")
    detail = f"{adapter.name}:{rule.detail}" if rule.detail else adapter.name
    return Assessment(
        Reason(rule.reason), (observation,), detail, confidence=rule.confidence, state=VerdictState.CONFIRMED
    )
