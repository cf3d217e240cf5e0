"""What a citation is used for: an official's words, a report of a state outlet, press, footage, analysis …

A state outlet is a fair witness to what its officials said and a poor one to what happened (Wikipedia's perennial
sources list says so of TASS, Press TV and Xinhua); so is a channel to what its owner said. So the sentence decides, by
rules simple enough to be shown. Roles of footage follow the Berkeley Protocol (UN OHCHR 2020, §§ 146–182: original
source, upload, place and time, verification).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, replace
from functools import lru_cache

from cite_audit.frozen_record import frozen_record
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Source, SourceGroup
from cite_audit.report.grading.attribution import SPEAKERS, Attribution, Speaker, attribute_sentence
from cite_audit.report.grading.claims import Claim, search_comment
from cite_audit.report.sources.groups import ROLES, SourceRole
from cite_audit.urls import url_host

STATE_GROUPS = frozenset({SourceGroup.STATE_MEDIA, SourceGroup.COVERT})
# nobody edits what they say
ACCOUNT_GROUPS = frozenset({SourceGroup.TELEGRAM_SOCIAL, SourceGroup.ARMED_GROUP, SourceGroup.PARTY})
_INLINE_ROLE = compile_lazily(r"\brole\[(\w+)\]")
_FOOTAGE_FACT = compile_lazily(r"\b(poster|uploaded|place|verified)\[([^\]]{1,1000})\]")
_ROLE_NAMES: frozenset[str] = frozenset(SourceRole)
# roles that, set by a person, say that a note gives a statement or shows the evidence itself, and needs no second voice
LIFTING_ROLES = frozenset({SourceRole.OFFICIAL_STATEMENT, SourceRole.GEOLOCATION})
# roles that, set by a person, say that a channel is more than hearsay
ATTRIBUTING_ROLES = LIFTING_ROLES | {SourceRole.FOOTAGE, SourceRole.PRESS_REPORT, SourceRole.ANALYSIS}


@frozen_record
class CitationRole:
    """A role with the rule that gave it and the sentence the rule read.

    `was_set`: a person gave it. `facts`: what is said of footage (poster, uploaded, place, verified).
    """

    name: str
    rule: str
    _: KW_ONLY
    sentence: str = ""
    is_attributed: bool = False
    was_set: bool = False
    facts: Mapping[str, str] | None = None


def attribute_claim(
    claim: Claim, military_claims: bool, language: str = "en", *, somebody_named: bool = True
) -> Attribution:
    """The attribution of the sentences before a note: the weakest of them decides.

    `somebody_named`: whether the report names anybody whom a pronoun may mean.
    """
    if not claim.sentences:
        return Attribution(Speaker.UNSURE, "no sentence was found before the note's marker", "")
    attributions = (attribute_sentence(sentence, military_claims, language) for sentence in claim.sentences)
    weakest = min(attributions, key=lambda attribution: SPEAKERS.index(attribution.attributed_to))
    if weakest.by_pronoun and not somebody_named:
        return replace(weakest, attributed_to=Speaker.NO, rule=f"{weakest.rule}, and nobody is named before")
    return weakest


def assign_role(
    claim: Claim, source: Source, url: str, attribution: Attribution, overrides: Mapping[str, str]
) -> CitationRole:
    """The role of one source in one note. `overrides` maps `note 12`, an address or a host to a role."""
    if set_role := _find_set_role(claim, url, overrides):
        return set_role
    if source.group == SourceGroup.OFFICIAL:
        rule = "a state body's own site is the primary source of its acts and words"
        return CitationRole(SourceRole.OFFICIAL_STATEMENT, rule, is_attributed=True)
    if source.group in ACCOUNT_GROUPS:
        return _assign_account_role(source, attribution)
    if source.group not in STATE_GROUPS:
        return CitationRole(ROLES[source.group], f"the usual role of {source.group}")
    return _assign_state_role(source, attribution)


def _find_set_role(claim: Claim, url: str, overrides: Mapping[str, str]) -> CitationRole | None:
    """The role that a person gave, in the note or in the configuration; words that are no role give none."""
    inline_role, facts = _read_inline_role(claim.text)
    candidates = [(inline_role, "set in the note itself")] if inline_role else []
    candidates += [
        (overrides[name], f"set for {name}") for name in (f"note {claim.note}", url, url_host(url)) if name in overrides
    ]
    for role, rule in candidates:
        if role in _ROLE_NAMES:
            return CitationRole(
                _raise_verified_footage(role, facts),
                rule + "".join(f"; {name}: {value}" for name, value in facts.items()),
                is_attributed=role in ATTRIBUTING_ROLES,
                was_set=True,
                facts=facts,
            )
    return None


@lru_cache(maxsize=1)  # a note's sources are looked at one after another
def _read_inline_role(text: str) -> tuple[str, Mapping[str, str]]:
    """The role that a note's own text gives, and what it says of footage; empty without one."""
    match = search_comment(_INLINE_ROLE, text)
    return (match[1], dict(_FOOTAGE_FACT.findall(text))) if match else ("", {})


def _raise_verified_footage(role: str, facts: Mapping[str, str]) -> str:
    """Footage whose place is given and that somebody verified is as good as its geolocation."""
    return SourceRole.GEOLOCATION if role == SourceRole.FOOTAGE and {"place", "verified"} <= facts.keys() else role


def _assign_account_role(source: Source, attribution: Attribution) -> CitationRole:
    """The role of an account: hearsay, unless the sentence says who says so."""
    if attribution.attributed_to == Speaker.UNSURE and not attribution.unread:
        return CitationRole(
            SourceRole.NEEDS_REVIEW, attribution.rule, sentence=attribution.sentence, is_attributed=True
        )
    is_attributed = attribution.attributed_to in (Speaker.OFFICIAL, Speaker.OUTLET)
    rule = attribution.rule if is_attributed else f"the usual role of {source.group}"
    sentence = attribution.sentence if is_attributed else ""
    return CitationRole(ROLES[source.group], rule, sentence=sentence, is_attributed=is_attributed)


def _assign_state_role(source: Source, attribution: Attribution) -> CitationRole:
    if attribution.attributed_to == Speaker.OFFICIAL and source.group == SourceGroup.STATE_MEDIA:
        role, is_attributed = SourceRole.OFFICIAL_STATEMENT, True
    elif attribution.attributed_to in (Speaker.OFFICIAL, Speaker.OUTLET):
        role, is_attributed = SourceRole.STATE_MEDIA_REPORT, True
    elif attribution.attributed_to == Speaker.UNSURE:
        role, is_attributed = SourceRole.NEEDS_REVIEW, True
    else:
        role, is_attributed = SourceRole.STATE_MEDIA_REPORT, False
    return CitationRole(role, attribution.rule, sentence=attribution.sentence, is_attributed=is_attributed)
