"""The faults of captures: a word for each, what it says, and the reason of a verdict on a link that cites one."""

from __future__ import annotations

from collections.abc import Sequence

from cite_audit.model import Reason

# word → the capture is …, reason; words of the form status-404 explain themselves
FAULTS: dict[str, tuple[str, Reason]] = {
    "challenge": ("a challenge page of a bot filter", Reason.BLOCKED),
    "blocked": ("a page that refuses the archive", Reason.BLOCKED),
    "login": ("a login page", Reason.LOGIN_REQUIRED),
    "soft-404": ("a page that says “not found”", Reason.SOFT_404),
    "parked": ("a page that offers the domain for sale", Reason.PARKED),
    "hijacked": ("a page of another owner", Reason.HIJACKED),
    "redirect-to-root": ("a redirect to the site's front page", Reason.SOFT_404),
    "redirect-loop": ("a redirect loop", Reason.REDIRECT_LOOP),
    "redirect-unresolved": ("a redirect whose target is not archived", Reason.SOFT_404),
    "other-site": ("a redirect to another site", Reason.SOFT_404),
    "other-address": ("a capture of another address", Reason.SOFT_404),
    "type-mismatch": ("a page where the link promises a file", Reason.SOFT_404),
    "empty": ("an empty page", Reason.EMPTY),
    "no-text": ("a page without any text", Reason.EMPTY),
    "refresh": ("a page that sends its visitors on to another one", Reason.SOFT_404),
    "js-shell": ("a frame that a script fills", Reason.JS_SHELL),
    "maintenance": ("a notice of maintenance or of a fault", Reason.SERVER_ERROR),
    "consent": ("a page that asks for consent", Reason.CONSENT_WALL),
    "paywall": ("the beginning of a page that is not free", Reason.PAYWALL),
    "unreadable": ("a text that cannot be decoded", Reason.PROTOCOL_ERROR),
    "unspecific": ("a page whose title has no word of its address", Reason.SOFT_404),
    "not-archived-page": ("the archive's own page for what it does not hold", Reason.SOFT_404),
    "revisit-unresolved": (
        "a note that the page had not changed, without the record that holds it",
        Reason.PROTOCOL_ERROR,
    ),
    "listing": ("a server's list of files", Reason.SOFT_404),
    "same-as-another": ("the same bytes as the capture of another page of the site", Reason.SOFT_404),
}
_STATUS_PREFIX = "status-"
_GONE_STATUSES = ("status-404", "status-410")


def is_fault(word: str) -> bool:
    """Whether a word is one of those for faults."""
    return word in FAULTS or word.startswith(_STATUS_PREFIX)


def describe_fault(word: str) -> str:
    """A word for a fault in words."""
    if word.startswith(_STATUS_PREFIX):
        return f"an archived error {word.removeprefix(_STATUS_PREFIX)}"
    return FAULTS[word][0] if word in FAULTS else word


def describe_faults(words: Sequence[str], *, is_suspect: bool) -> str:
    """The gravest fault of a capture as the rest of a sentence about it; empty without one."""
    return f"it {'may be' if is_suspect else 'is'} {describe_fault(words[0])}" if words else ""


def reason_of_fault(word: str) -> Reason:
    """The reason of the verdict on a link that cites a capture with this fault."""
    if word.startswith(_STATUS_PREFIX):
        return Reason.SOFT_404 if word in _GONE_STATUSES else Reason.BLOCKED
    return FAULTS[word][1] if word in FAULTS else Reason.PROTOCOL_ERROR
