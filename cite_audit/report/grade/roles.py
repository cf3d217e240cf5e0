"""What a citation is used for: an official's words, a report of a state outlet, press, analysis …

A state outlet is a fair witness to what its officials said and a poor one to what happened (Wikipedia's perennial
sources list says so of TASS, Press TV and Xinhua). So the sentence decides, by a test crude enough to be shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cite_audit.model import Source
from cite_audit.report.grade.attribution import Attribution, attribution
from cite_audit.report.grade.claims import Claim
from cite_audit.report.sources.groups import ROLES
from cite_audit.urls import host

NEEDS_REVIEW = "needs_review"
OFFICIAL_STATEMENT = "official_statement"
STATE_MEDIA_REPORT = "state_media_report"
_INLINE = re.compile(r"cite-audit:\s*role\[(\w+)\]")


@dataclass(frozen=True, slots=True)
class Role:
    """A role with the rule that gave it and the sentence the rule read."""

    name: str
    rule: str
    sentence: str = ""
    attributed: bool = False


def attributed(claim: Claim, military_claims: bool) -> Attribution:
    """How the sentences before a note say where they have it from: the weakest of them decides."""
    if not claim.sentences:
        return Attribution("unsure", "no sentence was found before the note's marker", "")
    rank = {"no": 0, "unsure": 1, "outlet": 2, "official": 3}
    return min((attribution(sentence, military_claims) for sentence in claim.sentences), key=lambda each: rank[each.to])


def role_of(claim: Claim, source: Source, url: str, said: Attribution, overrides: Mapping[str, str]) -> Role:
    """The role of one source in one note. `overrides` maps `note 12`, an address or a host to a role."""
    if inline := _INLINE.search(claim.text):
        return Role(inline[1], "set in the note itself", attributed=inline[1] == OFFICIAL_STATEMENT)
    for name in (f"note {claim.note}", url, host(url)):
        if name in overrides:
            return Role(overrides[name], f"set for {name}", attributed=overrides[name] == OFFICIAL_STATEMENT)
    if source.group == "official":
        return Role(OFFICIAL_STATEMENT, "a state body's own site is the primary source of its acts and words", "", True)
    if source.group not in ("state_media", "covert"):
        return Role(ROLES[source.group], f"the usual role of {source.group}")
    if said.to == "official" and source.group == "state_media":
        return Role(OFFICIAL_STATEMENT, said.rule, said.sentence, True)
    if said.to in ("official", "outlet"):
        return Role(STATE_MEDIA_REPORT, said.rule, said.sentence, True)
    if said.to == "unsure":
        return Role(NEEDS_REVIEW, said.rule, said.sentence, True)
    return Role(STATE_MEDIA_REPORT, said.rule, said.sentence)
