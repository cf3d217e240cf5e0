"""The fixed words of the output: health, reason, archived, severity."""

from __future__ import annotations

from enum import StrEnum


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
