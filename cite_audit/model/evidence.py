"""What was seen: of the live web and of the archives."""

from __future__ import annotations

from dataclasses import KW_ONLY, field
from datetime import date, datetime
from enum import StrEnum

from cite_audit.frozen_record import frozen_record
from cite_audit.model.document import CitedWork
from cite_audit.model.sentence_facts import Fact


class FailureKind(StrEnum):
    """How an exchange failed, as finely as the network distinguishes it."""

    DNS_NO_NAME = "dns-no-name"  # NXDOMAIN or no address
    DNS_TEMPORARY = "dns-temporary"  # SERVFAIL, resolver time-out (EAI_AGAIN)
    REFUSED = "refused"
    RESET = "reset"
    UNREACHABLE = "unreachable"
    TIMEOUT_CONNECT = "timeout-connect"
    TIMEOUT_TLS = "timeout-tls"
    TIMEOUT_READ = "timeout-read"
    TIMEOUT_TOTAL = "timeout-total"
    TLS_EXPIRED = "tls-expired"
    TLS_SELF_SIGNED = "tls-self-signed"
    TLS_UNKNOWN_ISSUER = "tls-unknown-issuer"
    TLS_NATIONAL_ROOT = "tls-national-root"
    TLS_INCOMPLETE_CHAIN = "tls-incomplete-chain"
    TLS_HOST_MISMATCH = "tls-host-mismatch"
    TLS_HANDSHAKE = "tls-handshake"
    PROTOCOL = "protocol"
    EMPTY_REPLY = "empty-reply"
    UNSAFE_LITERAL = "unsafe-literal"  # the URL itself names a private address, a bad port …
    UNSAFE_NAME = "unsafe-name"  # a name that resolves to one
    INVALID_URL = "invalid-url"
    REDIRECT_LOOP = "redirect-loop"
    REDIRECT_SCHEME = "redirect-scheme"  # Location leads out of http(s)
    NO_NETWORK = "no-network"  # this machine reaches nothing at all
    LOCAL = "local"  # this machine could not ask: it had no file descriptor or thread left


@frozen_record
class Failure:
    kind: FailureKind
    detail: str = ""


@frozen_record
class Hop:
    """One redirect: the address asked, the status given, where it pointed."""

    url: str
    status: int
    location: str


@frozen_record
class Probe:
    """One look at the live web, verbatim enough to be judged again later without the network.

    `headers` keep order and repeats, names lower-cased. `body` is decoded from its content coding, at most
    512 kB (`truncated` says that more came). Exactly one of `status` and `failure` decides; both may be set
    when a body broke off (what arrived is kept). `cookies`: the Set-Cookie lines of all answers, each with the address
    that sent it; no store keeps them.
    """

    url: str
    asked_at: datetime
    _: KW_ONLY
    status: int | None = None
    final_url: str = ""
    hops: tuple[Hop, ...] = ()
    failure: Failure | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    truncated: bool = False
    elapsed: float = 0.0  # seconds
    profile: str = "plain"  # the request profile: plain or browser
    attempts: int = 1
    flags: tuple[str, ...] = ()  # e.g. lenient-parser, tls-incomplete-chain
    cookies: tuple[tuple[str, str], ...] = field(default=(), repr=False, compare=False)

    def header(self, name: str) -> str:
        """The first header of that (lower-case) name, or the empty string."""
        for key, value in self.headers:
            if key == name:
                return value
        return ""


@frozen_record
class Memento:
    """An archived copy (RFC 7089 URI-M). `quality` lists its defects; empty means good.

    `is_suspect`: the defects are suspicions, which one look at a copy cannot confirm.
    """

    uri_r: str
    uri_m: str
    _: KW_ONLY
    captured_at: datetime
    archive: str
    status: int | None = None
    quality: tuple[str, ...] = ()
    is_suspect: bool = False
    mimetype: str = ""
    digest: str = ""

    @property
    def is_good(self) -> bool:
        return not self.quality


@frozen_record
class CitedLink:
    """A distinct link to resolve: the URL as cited, and the date its memento should be near.

    `near` with a time of day (a datetime) asks for a certain capture. `facts` of the sentences that cite it, to be
    looked for on its page.
    """

    url: str
    near: date | None = None
    _: KW_ONLY
    quotes: tuple[str, ...] = ()  # sentences that cite it, for content drift
    works: tuple[CitedWork, ...] = ()  # what notes print of the work beside it
    language: str = ""
    facts: tuple[Fact, ...] = ()
    facts_language: str = ""


class RuleObservation(str):
    """A sentence of evidence that a rule of a table stands behind: the whole is `statement (rule)`.

    The output has the whole; a message to an editor has the statement alone.
    """

    __slots__ = ("rule", "statement")
    statement: str
    rule: str  # `rule for-sale; wording of parking pages`

    def __new__(cls, statement: str, rule: str) -> RuleObservation:
        observation = super().__new__(cls, f"{statement} ({rule})")
        observation.statement, observation.rule = statement, rule
        return observation

    def __reduce__(self) -> tuple[type[RuleObservation], tuple[str, str]]:
        return RuleObservation, (self.statement, self.rule)


def prefix_observation(prefix: str, observation: str) -> str:
    """An observation behind some words; the rule behind it stays known."""
    if isinstance(observation, RuleObservation):
        return RuleObservation(prefix + observation.statement, observation.rule)
    return prefix + observation
