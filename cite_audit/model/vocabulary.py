"""The closed vocabularies. Each member equals the word that the output, the store and the tables write for it."""

from __future__ import annotations

from enum import StrEnum

PLAIN_STYLE = "plain"  # the style of an address that is printed as it is; the others are rows of `parse.links.dialects`


class Health(StrEnum):
    """What the live page is; says nothing of archives, caches or policy."""

    ALIVE = "alive"
    BROKEN = "broken"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    UNCHECKED = "unchecked"


class Reason(StrEnum):
    """Why a link has its health. The table reason → health is data of `resolve.judge`."""

    OK = "ok"
    REDIRECTED = "redirected"
    MOVED_PERMANENTLY = "moved-permanently"
    FRAGMENT_MISSING = "fragment-missing"
    DRIFTED = "drifted"
    NOT_FOUND = "not-found"
    GONE = "gone"
    SOFT_404 = "soft-404"
    PARKED = "parked"
    HIJACKED = "hijacked"
    DNS_FAILURE = "dns-failure"
    REDIRECT_LOOP = "redirect-loop"
    INVALID = "invalid"
    UNSAFE = "unsafe"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    SERVER_ERROR = "server-error"
    PROTOCOL_ERROR = "protocol-error"
    TLS_FAILURE = "tls-failure"
    BLOCKED = "blocked"
    GEO_BLOCKED = "geo-blocked"
    LOGIN_REQUIRED = "login-required"
    PAYWALL = "paywall"
    CONSENT_WALL = "consent-wall"
    JS_SHELL = "js-shell"
    RATE_LIMITED = "rate-limited"
    DNS_TEMPORARY = "dns-temporary"
    EMPTY = "empty"
    SKIPPED = "skipped"
    OFFLINE = "offline"
    DEADLINE = "deadline"


class Archived(StrEnum):
    """Whether a good memento is known. An error is `UNKNOWN`, never `NOT_ARCHIVED`."""

    ARCHIVED = "archived"
    ARCHIVED_BAD = "archived_bad"
    EXCLUDED = "excluded"
    NOT_ARCHIVED = "not_archived"
    UNKNOWN = "unknown"
    UNCHECKED = "unchecked"


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class FailOn(StrEnum):
    """The least severity of a new finding that fails a run."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    NEVER = "never"


class VerdictState(StrEnum):
    """Whether one run was enough for a verdict, or a run on another day has to confirm it."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"


class FindingState(StrEnum):
    """What the policy, the ignores and the baseline make of a finding."""

    NEW = "new"
    KNOWN = "known"  # in the baseline
    RESOLVED = "resolved"  # in the baseline, and not found any more
    IGNORED = "ignored"


class Applicability(StrEnum):
    """Whether a fix may be applied without asking."""

    SAFE = "safe"
    UNSAFE = "unsafe"


class NoteKind(StrEnum):
    """What a note holds."""

    LINKS = "links"
    PROSE = "prose"
    ON_REQUEST = "on-request"
    LOST_LINK = "lost-link"
    EMPTY = "empty"
    REFERENCE = "reference"  # to another note: ibid. and the like


class RepairKind(StrEnum):
    """A change made to an address as printed."""

    AUTOLINK_CUT = "autolink-cut"  # a converter closed the frame too soon
    DOT_IN_FILE_NAME = "dot-in-file-name"
    DOT_LOST = "dot-lost"
    GLUED_TEXT_CUT = "glued-text-cut"  # the next word follows without a space
    JOINED_AT_DOT = "joined-at-defanged-dot"
    JOINED_OVER_SPACE = "joined-over-space"
    JOINED_OVER_LINE_END = "joined-over-line-end"
    JOINED_OVER_BLANK_LINE = "joined-over-blank-line"
    SCHEME_APART = "scheme-apart"
    SCHEME_LETTERS_LOST = "scheme-letters-lost"
    SCHEME_SEPARATOR = "scheme-separator"
    UNESCAPED = "unescaped"


class LinkRole(StrEnum):
    """What a link of a report is there for. Only sources are asked, graded and archived."""

    SOURCE = "source"
    INDICATOR = "indicator"  # an address that the report names as malicious
    FURNITURE = "furniture"  # of the page: navigation, pictures, lists of other articles
    DUPLICATE = "duplicate"  # the address beside it, printed again


class SuspectKind(StrEnum):
    """A likely misprint that was left alone."""

    OCR = "ocr"  # a letter that scanners misread
    ELLIPSISED = "ellipsised"  # shortened for show
    CUT = "cut"  # the address may go on behind a space


class SourceGroup(StrEnum):
    """The class a source is graded in, in the order of the lists."""

    SELF = "self"
    OFFICIAL = "official"
    STATE_MEDIA = "state_media"
    COVERT = "covert"
    ARMED_GROUP = "armed_group"
    PARTY = "party"
    TELEGRAM_SOCIAL = "telegram_social"
    WESTERN_OUTLET = "western_outlet"
    INDEPENDENT_REGIONAL = "independent_regional"
    REGIME_ALIGNED_PRIVATE = "regime_aligned_private"
    RESEARCH_NGO = "research_ngo"
    AGGREGATOR = "aggregator"
    REFERENCE = "reference"
    UNKNOWN = "unknown"
