"""Looks at a link, each with its facts, and the evidence that they add up to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

from cite_audit.frozen_record import frozen_record
from cite_audit.model import Memento, Probe
from cite_audit.resolve.judge.address.redirects import (
    RedirectRank,
    expand_short_link,
    is_permanent_redirect,
    rank_redirect,
)
from cite_audit.resolve.judge.page.html_page import WebPage, WholePage

REQUEST_BUDGET = 6  # requests for one link, retries and hedges included
NOT_ASKED = "not-asked"  # flag of a probe that stands for a look that was not taken
DEFAULT_TOKEN = "x7k2q9"  # noqa: S105  not a secret: letters of invented addresses
Fact = TypeVar("Fact")


class LookKind(StrEnum):
    """What a look is at. The values are those that the store keeps."""

    PAGE = "page"  # the link itself
    VARIANT = "swap"  # the address with another scheme, with `www` changed, or with a misprint undone
    CONTROL = "sibling"  # an invented address in the same folder
    FRONT = "front"  # the front page of the link's site
    REFRESH = "refresh"  # the target of the page's `meta` refresh
    PLATFORM = "platform"  # the platform's own endpoint for this link
    MEMENTO = "memento"  # the archived copy


class RequestProfile(StrEnum):
    """Which headers a look sends."""

    PLAIN = "plain"  # this program's own
    BROWSER = "browser"

    @property
    def other(self) -> RequestProfile:
        return RequestProfile.PLAIN if self is RequestProfile.BROWSER else RequestProfile.BROWSER


@frozen_record
class LookRequest:
    """A look that the judge wants next. `shared`: one answer serves every link that wants the same look.

    `cookies`: see `Probe`; those of the page that sends its visitors there. `is_long`: more of the body than usual is
    read.
    """

    kind: LookKind
    url: str
    _: KW_ONLY
    profile: RequestProfile = RequestProfile.PLAIN
    shared: bool = False
    cookies: tuple[tuple[str, str], ...] = ()
    is_long: bool = False


class Look:
    """A request with its answer; every other fact of it is computed when it is first asked for, and once.

    `status`: 0 without an answer. `has_answer`: False where the exchange failed before an answer, within its redirects,
    or before a page's first byte. `is_success`: whether the status says that the answer is the page, or a choice of
    pages (300).
    """

    def __init__(self, request: LookRequest, probe: Probe) -> None:
        self.request, self.probe = request, probe
        self.status = status = probe.status or 0
        is_silent = status == 200 and not probe.body
        self.has_answer = not (probe.failure and (not status or 300 < status < 400 or is_silent))
        self.is_success = self.has_answer and 200 <= status <= 300 and status not in (204, 205)
        self._facts: dict[object, Any] = {}

    def __repr__(self) -> str:
        return f"Look({self.request!r}, {self.probe!r})"

    @property
    def kind(self) -> LookKind:
        return self.request.kind

    @property
    def request_count(self) -> int:
        return self.probe.attempts

    @property
    def was_asked(self) -> bool:
        return NOT_ASKED not in self.probe.flags

    @cached_property
    def page(self) -> WebPage:
        return WebPage(self.probe)

    @cached_property
    def shows_text(self) -> bool:
        """Whether the answer is a page with a text, under a status of success."""
        return self.is_success and self.page.is_textual and bool(self.page.body)

    @property
    def is_complete(self) -> bool:
        """Whether all of the body arrived."""
        return not self.probe.truncated and self.probe.failure is None

    @property
    def whole_page(self) -> WholePage | None:
        """The page where all of it arrived: a rule that concludes from what it does not find takes no other."""
        return WholePage(self.page) if self.is_complete else None

    @property
    def can_read_on(self) -> bool:
        """Whether a text was cut, and a longer look at it was not taken yet."""
        return self.probe.truncated and not self.request.is_long and self.is_success and self.page.is_textual

    @cached_property
    def redirect_rank(self) -> RedirectRank:
        """Where the redirects led, seen from the address that was asked for."""
        return rank_redirect(self.probe.url, self.page.url, has_hops=bool(self.probe.hops))

    @cached_property
    def expanded_url(self) -> str:
        """The address that a short link stands for; the address asked for where it is none."""
        return expand_short_link(self.probe)

    @cached_property
    def expanded_rank(self) -> RedirectRank:
        """The same, seen from the address that a short link stands for."""
        if self.expanded_url == self.probe.url:
            return self.redirect_rank
        return rank_redirect(self.expanded_url, self.page.url, has_hops=bool(self.probe.hops))

    @cached_property
    def is_permanent_redirect(self) -> bool:
        return is_permanent_redirect(self.probe)

    def remember(self, key: object, compute: Callable[[], Fact]) -> Fact:
        """A fact that another module works out from this look, computed once."""
        if key not in self._facts:
            self._facts[key] = compute()
        fact: Fact = self._facts[key]
        return fact

    def release_tree(self) -> None:
        """Free what takes most room, while the link waits for its next look."""
        if "page" in self.__dict__:
            self.page.release_tree()

    def release_page(self) -> None:
        """Free all that was read of the page; it is read anew if needed."""
        self.__dict__.pop("page", None)


@frozen_record
class Evidence:
    """Everything known of one link so far; `looks` in the order they were taken.

    `near` is the day of the citation, `quotes` the sentences that cite the link, `token` the letters of invented
    addresses, chosen once a run.
    """

    url: str
    now: datetime
    _: KW_ONLY
    looks: tuple[Look, ...] = ()
    near: date | None = None
    quotes: tuple[str, ...] = ()
    memento: Memento | None = None
    token: str = DEFAULT_TOKEN
    platforms: bool = True
    without_platforms: tuple[str, ...] = ()

    def with_look(self, look: Look) -> Evidence:
        return replace(self, looks=(*self.looks, look))

    def at_address(self, url: str) -> Evidence:
        """The same evidence, read as one on another address."""
        return replace(self, url=url)

    def latest_look(self, kind: LookKind, profile: RequestProfile | None = None) -> Look | None:
        for look in reversed(self.looks):
            if look.kind is kind and (profile is None or look.request.profile is profile):
                return look
        return None

    def latest_page_looks(self) -> list[Look]:
        """The latest look at the page in each profile, in the order of the profiles' first looks."""
        latest: dict[RequestProfile, Look] = {}
        for look in self.looks:
            is_failed_reading = look.request.is_long and not look.is_success  # what came before still stands
            if look.kind is LookKind.PAGE and look.was_asked and not is_failed_reading:
                latest[look.request.profile] = look
        return list(latest.values())

    @property
    def control(self) -> Look | None:
        """The answer to the invented address beside the link."""
        return self.latest_look(LookKind.CONTROL)

    @property
    def front_page(self) -> Look | None:
        """The front page of the link's site."""
        return self.latest_look(LookKind.FRONT)

    @property
    def archived_copy(self) -> Look | None:
        return self.latest_look(LookKind.MEMENTO)

    @property
    def request_count(self) -> int:
        return sum(look.request_count for look in self.looks)
