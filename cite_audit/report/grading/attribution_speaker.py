"""Whom a sentence attributes its claim to."""

from __future__ import annotations

from enum import StrEnum

from cite_audit.frozen_record import frozen_record


class Speaker(StrEnum):
    """Whom a sentence attributes its claim to."""

    NO = "no"  # nobody's
    UNSURE = "unsure"
    OUTLET = "outlet"  # a newsroom's
    OFFICIAL = "official"  # a person's or a body's


SPEAKERS = tuple(Speaker)  # the weakest attribution first


@frozen_record
class Attribution:
    """Whom a sentence attributes its claim to, with the rule that decided it.

    `unread`: no table reads the sentence's language. `by_pronoun`: the speaker is a pronoun.
    """

    attributed_to: Speaker
    rule: str
    sentence: str
    unread: bool = False
    by_pronoun: bool = False
