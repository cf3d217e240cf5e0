"""What a citation is used for: an official's words, a report of a state outlet, press, analysis …

A state outlet is a fair witness to what its officials said and a poor one to what happened (Wikipedia's perennial
sources list says so of TASS, Press TV and Xinhua). So the sentence decides, by rules simple enough to be shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass

from cite_audit.model import Source, SourceGroup
from cite_audit.report.grading.attribution import SPEAKERS, Attribution, Speaker, attribute_sentence
from cite_audit.report.grading.claims import Claim
from cite_audit.report.sources.groups import ROLES, SourceRole
from cite_audit.urls import url_host

STATE_GROUPS = frozenset({SourceGroup.STATE_MEDIA, SourceGroup.COVERT})
_INLINE_ROLE = re.compile(r"cite-audit:\s*role\[(\w+)\]")


@dataclass(frozen=True, slots=True)
class CitationRole:
    """A role with the rule that gave it and the sentence the rule read."""

    name: str
    rule: str
    _: KW_ONLY
    sentence: str = ""
    is_attributed: bool = False


def attribute_claim(claim: Claim, military_claims: bool) -> Attribution:
    """The attribution of the sentences before a note: the weakest of them decides."""
    if not claim.sentences:
        return Attribution(Speaker.UNSURE, "no sentence was found before the note's marker", "")
    return min(
        (attribute_sentence(sentence, military_claims) for sentence in claim.sentences),
        key=lambda attribution: SPEAKERS.index(attribution.attributed_to),
    )


def assign_role(
    claim: Claim, source: Source, url: str, attribution: Attribution, overrides: Mapping[str, str]
) -> CitationRole:
    """The role of one source in one note. `overrides` maps `note 12`, an address or a host to a role."""
    if inline_match := _INLINE_ROLE.search(claim.text):
        return CitationRole(
            inline_match[1], "set in the note itself", is_attributed=inline_match[1] == SourceRole.OFFICIAL_STATEMENT
        )
    for name in (f"note {claim.note}", url, url_host(url)):
        if name in overrides:
            return CitationRole(
                overrides[name], f"set for {name}", is_attributed=overrides[name] == SourceRole.OFFICIAL_STATEMENT
            )
    if source.group == SourceGroup.OFFICIAL:
        return CitationRole(
            SourceRole.OFFICIAL_STATEMENT,
            "a state body's own site is the primary source of its acts and words",
            sentence="",
            is_attributed=True,
        )
    if source.group not in STATE_GROUPS:
        return CitationRole(ROLES[source.group], f"the usual role of {source.group}")
    if attribution.attributed_to == Speaker.OFFICIAL and source.group == SourceGroup.STATE_MEDIA:
        return CitationRole(
            SourceRole.OFFICIAL_STATEMENT, attribution.rule, sentence=attribution.sentence, is_attributed=True
        )
    if attribution.attributed_to in (Speaker.OFFICIAL, Speaker.OUTLET):
        return CitationRole(
            SourceRole.STATE_MEDIA_REPORT, attribution.rule, sentence=attribution.sentence, is_attributed=True
        )
    if attribution.attributed_to == Speaker.UNSURE:
        return CitationRole(
            SourceRole.NEEDS_REVIEW, attribution.rule, sentence=attribution.sentence, is_attributed=True
        )
    return CitationRole(SourceRole.STATE_MEDIA_REPORT, attribution.rule, sentence=attribution.sentence)
