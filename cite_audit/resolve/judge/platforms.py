"""Platforms whose pages look the same for lost posts: the endpoint that tells, and the rules to read its answer.

The adapters are data (`data/platforms.toml`). An adapter's “dead” needs an explicit sign of the platform, never the
absence of one; whatever else its endpoint answers is unknown.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote

from cite_audit.frozen_record import frozen_record
from cite_audit.model import Health, Reason, RuleObservation, VerdictState, prefix_observation
from cite_audit.package_data import find_package_folder
from cite_audit.resolve.judge.assessment import Assessment, make_assessment
from cite_audit.resolve.judge.look import Evidence, Look, LookKind, LookRequest, RequestProfile
from cite_audit.resolve.judge.signs.status_table import assess_failure, assess_status

CaptureJudge = Callable[[Look, str], Assessment]  # of a look at a capture, with the name of the archive


@frozen_record(kw_only=True)
class EndpointRule:
    """One reading of an endpoint's answer; an empty condition holds.

    `capture`: the answer is an archived copy, which is judged as one.
    """

    reason: Reason
    says: str
    detail: str = ""
    confidence: float = 0.0
    confirm: bool = False
    capture: bool = False
    status: tuple[int, ...] = ()
    failure: tuple[str, ...] = ()
    final: str = ""
    header: str = ""
    body: str = ""
    words_most: int = 10**9
    words_least: int = 0

    def matches_answer(self, look: Look, groups: dict[str, str]) -> bool:
        """Whether the answer is the one this rule is about."""
        probe, page = look.probe, look.page
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


@dataclass(frozen=True, kw_only=True)
class PlatformAdapter:
    """One platform of the table."""

    name: str
    pattern: re.Pattern[str]
    source: str
    endpoint: str = ""
    profile: RequestProfile = RequestProfile.PLAIN
    rules: tuple[EndpointRule, ...] = ()
    fallback: EndpointRule | None = None
    has_fragments: bool = True

    @cached_property
    def can_judge(self) -> bool:
        return self.fallback is not None

    def match_groups(self, url: str) -> dict[str, str]:
        """The parts of an address that fill the templates of the endpoint's address and of the rules."""
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
    document = tomllib.loads((find_package_folder(__package__) / "data" / "platforms.toml").read_text(encoding="utf-8"))
    rows = {row["name"]: row for row in document["platform"]}
    return tuple(_build_adapter({**rows.get(row.get("like", ""), {}), **row}) for row in document["platform"])


def _build_adapter(row: dict[str, Any]) -> PlatformAdapter:
    fallback = row.get("otherwise")
    return PlatformAdapter(
        name=row["name"],
        pattern=re.compile(row["match"], re.I),
        source=row["source"],
        endpoint=row.get("ask", ""),
        profile=RequestProfile(row.get("profile", "plain")),
        rules=tuple(_build_endpoint_rule(rule) for rule in row.get("rule", [])),
        fallback=_build_endpoint_rule(fallback) if fallback else None,
        has_fragments=row.get("fragments", True),
    )


def _build_endpoint_rule(row: dict[str, Any]) -> EndpointRule:
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return EndpointRule(**fields | {"reason": Reason(row["reason"])})


def find_adapter(evidence: Evidence) -> PlatformAdapter | None:
    """The adapter for a link; None also where the settings switch platforms, or this one, off."""
    if not evidence.platforms:
        return None
    adapter = _find_by_url(evidence.url)
    return None if adapter is None or adapter.name in evidence.without_platforms else adapter


@lru_cache(maxsize=4096)
def _find_by_url(url: str) -> PlatformAdapter | None:
    """The adapter of an address; kept, since it is wanted before and after each look."""
    if not _any_adapter_pattern().match(url):
        return None
    return next((adapter for adapter in load_adapters() if adapter.pattern.search(url)), None)


@lru_cache(maxsize=1)
def _any_adapter_pattern() -> re.Pattern[str]:
    """The patterns of all adapters as one: most links are no platform's."""
    return re.compile(
        "|".join(re.sub(r"\(\?P<\w+>", "(?:", adapter.pattern.pattern) for adapter in load_adapters()), re.I
    )


def assess_platform(
    evidence: Evidence, adapter: PlatformAdapter, judge_capture: CaptureJudge
) -> tuple[Assessment, Look | None] | LookRequest:
    """What the platform's own endpoint says of a link, or the look at it that is wanted."""
    assert adapter.fallback is not None
    if not adapter.endpoint:
        return _assess_by_rule(adapter, adapter.fallback), None
    groups = adapter.match_groups(evidence.url)
    endpoint = _fill_template(adapter.endpoint, groups)
    looks = [look for look in evidence.looks if look.kind is LookKind.PLATFORM and look.was_asked]
    if not looks:
        return LookRequest(LookKind.PLATFORM, endpoint, profile=adapter.profile)
    readings = [(_read_endpoint(adapter, look, groups, judge_capture), look) for look in looks]
    for (assessment, _), look in readings:
        if assessment.effective_health is not Health.BROKEN:
            return assessment, look
    (assessment, rule), look = readings[-1]
    is_own_capture = rule.capture and not look.probe.hops  # it is what it was; another one was shown by mistake perhaps
    if rule.confirm and not is_own_capture and len(evidence.looks) < 2:
        return LookRequest(LookKind.PLATFORM, endpoint, profile=RequestProfile(look.probe.profile).other)
    return assessment, look


def _read_endpoint(
    adapter: PlatformAdapter, look: Look, groups: dict[str, str], judge_capture: CaptureJudge
) -> tuple[Assessment, EndpointRule]:
    for rule in adapter.rules:
        if rule.matches_answer(look, groups):
            return (judge_capture(look, adapter.name) if rule.capture else _assess_by_rule(adapter, rule)), rule
    fallback = adapter.fallback
    assert fallback is not None
    if look.probe.failure and not look.status:
        assessment = assess_failure(look.probe)
    elif look.status == 429 or look.status >= 500:
        assessment = assess_status(look.status)
    else:
        return _assess_by_rule(adapter, fallback), fallback
    observation = prefix_observation(f"{adapter.name}: the platform could not be asked: ", assessment.observations[0])
    is_unknown = assessment.effective_health is Health.UNKNOWN
    reason = assessment.reason if is_unknown else fallback.reason
    return make_assessment(reason, observation, detail=adapter.name), fallback


def _assess_by_rule(adapter: PlatformAdapter, rule: EndpointRule) -> Assessment:
    return make_assessment(
        rule.reason,
        RuleObservation(rule.says, f"adapter {adapter.name}; {adapter.source}"),
        detail=f"{adapter.name}:{rule.detail}" if rule.detail else adapter.name,
        confidence=rule.confidence,
        state=VerdictState.CONFIRMED,
    )
