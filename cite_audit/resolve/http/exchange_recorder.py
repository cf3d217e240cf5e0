"""Records the exchanges of a task and of the tasks it starts, whole, while those who asked read what they wanted.

So one request serves the verdict on a page and its capture. The exchanges that a capture needs are chosen later.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime

from cite_audit.frozen_record import frozen_record
from cite_audit.resolve.check.base import Reply, Request
from cite_audit.resolve.http.cookies import CookieJar
from cite_audit.resolve.http.request_target import RequestTarget
from cite_audit.urls import url_host
from cite_audit.urls.suffix import cookie_site


@frozen_record
class Exchange:
    """A request as it may be kept, without cookies of the user's, and the whole answer."""

    request: Request
    reply: Reply
    sent_at: datetime


@dataclass(slots=True)
class Recording:
    """What was exchanged so far. Of each body `max_body` bytes are read, for `body_timeout` seconds at most.

    `cookies`: the user's own, sent to the hosts they are for. They are never in a kept request; a kept answer to one
    sets no cookies, since a session that goes on is as good as a password. `cookie_site`: the one site that gets them
    (a registrable domain), once a page chooses what is asked; empty while redirects are followed, as browsers do.
    """

    max_body: int
    body_timeout: float
    cookies: CookieJar | None = field(default=None, repr=False)
    cookie_site: str = ""
    exchanges: list[Exchange] = field(default_factory=list)

    def prepare_request(self, target: RequestTarget, request: Request) -> Request:
        """The request as it is sent."""
        headers = _add_cookies(request.headers, self._own_cookies(target))
        limits = max(self.max_body, request.max_body), max(self.body_timeout, request.timeout)
        return replace(request, headers=headers, max_body=limits[0], body_timeout=limits[1])

    def keep_exchange(self, request: Request, reply: Reply, sent_at: datetime) -> Reply:
        """Keep an exchange; gives the answer within the limits of who asked."""
        if reply.status:
            self.exchanges.append(Exchange(self._hide_cookies(request), self._hide_session(reply), sent_at))
        if len(reply.body) <= request.max_body:
            return reply
        return replace(reply, body=reply.body[: request.max_body], truncated=True, failure=None)

    def keep_cookies_to_site(self, url: str) -> None:
        """From now on a page asks for its parts, and for what its scripts want: other sites get no cookies."""
        self.cookie_site = cookie_site(url_host(url))

    def take_exchanges(self) -> list[Exchange]:
        """The exchanges since the last call."""
        taken, self.exchanges = self.exchanges, []
        return taken

    def _own_cookies(self, target: RequestTarget) -> str:
        if self.cookies is None or (self.cookie_site and cookie_site(target.host) != self.cookie_site):
            return ""
        return self.cookies.cookie_header(target)

    def _hide_cookies(self, request: Request) -> Request:
        if not self.cookies:
            return request
        kept = tuple((name, value) for name, value in request.headers if name.lower() != "cookie")
        return replace(request, headers=kept)

    def _hide_session(self, reply: Reply) -> Reply:
        if not self.cookies:
            return reply
        kept = tuple((name, value) for name, value in reply.headers if name not in ("set-cookie", "set-cookie2"))
        return replace(reply, headers=kept)


_CURRENT: ContextVar[Recording | None] = ContextVar("recording", default=None)


def current_recording() -> Recording | None:
    """The recording of this task, if there is one."""
    return _CURRENT.get()


@contextmanager
def record_exchanges(recording: Recording | None) -> Iterator[Recording | None]:
    """Record what this task exchanges, and the tasks that it starts; None: nothing is recorded."""
    token = _CURRENT.set(recording)
    try:
        yield recording
    finally:
        _CURRENT.reset(token)


def _add_cookies(headers: tuple[tuple[str, str], ...], own_cookies: str) -> tuple[tuple[str, str], ...]:
    """The headers with the user's cookies before those that the site has set in this look, which win by name."""
    if not own_cookies:
        return headers
    site_cookies = next((value for name, value in headers if name.lower() == "cookie"), "")
    set_names = {pair.partition("=")[0].strip() for pair in site_cookies.split(";")}
    pairs = [pair for pair in own_cookies.split("; ") if pair.partition("=")[0] not in set_names]
    line = "; ".join([*pairs, *filter(None, [site_cookies])])
    return (*(field for field in headers if field[0].lower() != "cookie"), ("Cookie", line))
