"""The error codes of Save Page Now by class; sources: its public documentation, and answers observed."""

from __future__ import annotations

import re
from enum import StrEnum


class RetryClass(StrEnum):
    TRANSIENT = "transient"  # try again in this run, three times at most
    PAUSE = "pause"  # rate limit of the account or the address
    TOMORROW = "tomorrow"  # this page has had its captures of today
    PERMANENT = "permanent"  # will not change by trying


_CODES_BY_CLASS = {
    RetryClass.TRANSIENT: """bad-gateway browsing-timeout capture-location-error cannot-fetch celery gateway-timeout
        internal-server-error invalid-server-response job-failed no-browsers-available no-captures protocol-error
        proxy-error read-timeout service-unavailable soft-time-limit-exceeded""",
    RetryClass.PAUSE: """user-session-limit too-many-requests max-daily-bandwidth max-daily-bandwidth-from-ip
        max-daily-bandwidth-host bandwidth-limit-exceeded too-many-daily-captures-host daily-limit""",
    RetryClass.TOMORROW: "too-many-daily-captures",
    RetryClass.PERMANENT: """bad-request blocked blocked-client-ip blocked-url filesize-limit ftp-access-denied
        http-version-not-supported invalid-host-resolution invalid-url-syntax method-not-allowed
        network-authentication-required no-access not-found not-implemented too-many-redirects unauthorized""",
}
CLASS_BY_CODE = {code: kind for kind, codes in _CODES_BY_CLASS.items() for code in codes.split()}

# Of the pauses, those that end within a run: a slot becomes free, a host calms down.
SHORT_PAUSE_CODES = frozenset({"user-session-limit", "too-many-requests"})
# Refusals of the page's own host, which says nothing about the page when we can see it.
ARCHIVER_BLOCKED_CODES = frozenset({"no-access", "not-found", "blocked", "unauthorized"})
# Refusals to capture a page at all; the other permanent codes are failures of the page.
REFUSAL_CODES = frozenset({"blocked", "blocked-url", "blocked-client-ip", "unauthorized", "no-access"})


# Refusals that come as words alone, in JSON or in the page that anonymous users get, and the code that says the same.
# `daily-limit` is our own word for what has no code: the captures of a day of an account or an address.
CODES_BY_MESSAGE = (
    (re.compile(r"reached the limit of active Save Page Now sessions", re.I), "user-session-limit"),
    (re.compile(r"reached your daily (?:not-logged-in )?captures limit", re.I), "daily-limit"),
    (re.compile(r"cannot make more than \W*[\d,]+\W* captures per day", re.I), "daily-limit"),
    (re.compile(r"(?:has been already|has already been) captured \d+ times today", re.I), "too-many-daily-captures"),
    (re.compile(r"is on the Save Page Now service block list", re.I), "blocked-url"),
)


def find_message_code(text: str) -> str:
    """The code of a refusal that came as words alone; empty when the words are not known."""
    words = " ".join(re.sub(r"<[^<>]*>", " ", text).split())
    return next((code for pattern, code in CODES_BY_MESSAGE if pattern.search(words)), "")


def strip_error_prefix(status_ext: str) -> str:
    """A status_ext without its prefix `error:`."""
    return status_ext.removeprefix("error:").strip()


def classify_code(status_ext: str) -> RetryClass:
    """The class of a code; one that is not known counts as transient."""
    return CLASS_BY_CODE.get(strip_error_prefix(status_ext), RetryClass.TRANSIENT)
