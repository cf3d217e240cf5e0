"""What the loopback Wayback Machine says: captures, answers, and the odd ones it really gives."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import quote

Headers = tuple[tuple[str, str], ...]
HTML = ("Content-Type", "text/html; charset=utf-8")


ARTICLE = b"<html><head><title>An article</title></head><body><p>The text of %URL%, as it stood.</p></body></html>"


@dataclass(frozen=True)
class Capture:
    """One capture: `status`, `headers` and `body` as the site answered at `timestamp` (14 digits)."""

    url: str
    timestamp: str
    status: int = 200
    body: bytes = ARTICLE  # that of the page's own, unless another is given
    headers: Headers = (("content-type", "text/html"),)
    revisit: bool = False
    source: str = "crawl-2024.warc.gz"

    def __post_init__(self) -> None:
        object.__setattr__(self, "body", self.body.replace(b"%URL%", self.url.encode()))

    @property
    def mimetype(self) -> str:
        return next((v.partition(";")[0] for k, v in self.headers if k.lower() == "content-type"), "unk")

    @property
    def wire(self) -> str:
        """The address as it goes over the wire."""
        return quote(self.url, safe="%/:?&=+,;@!$'()*~[]|")

    @property
    def when(self) -> datetime:
        return datetime.strptime(self.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)

    @property
    def http_date(self) -> str:
        return format_datetime(self.when, usegmt=True)


@dataclass(frozen=True)
class Answer:
    """One HTTP answer. `cut`: break off in the middle of the body; `drop`: close without answering; `delay` seconds."""

    status: int = 200
    body: bytes = b""
    headers: Headers = ()
    cut: bool = False
    drop: bool = False
    delay: float = 0.0


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it; `at` is its clock's time."""

    pool: str
    at: float
    method: str
    target: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)


def as_json(content: object, status: int = 200, headers: Headers = ()) -> Answer:
    return Answer(status, json.dumps(content).encode(), (("Content-Type", "application/json"), *headers))


def page(status: int, title: str, *headers: tuple[str, str]) -> Answer:
    body = f"<html><head><title>{html.escape(title)}</title></head><body><h1>{html.escape(title)}</h1></body></html>"
    return Answer(status, body.encode(), (HTML, *headers))


def too_many(retry_after: str = "") -> Answer:
    """A 429 as nginx in front of the archive writes it, mostly without Retry-After."""
    headers = (HTML, ("Server", "nginx"), ("Cache-Control", "no-cache"))
    body = b"<html><body><h1>429 Too Many Requests</h1>\nYou have sent too many requests.\n</body></html>"
    return Answer(429, body, (*headers, ("Retry-After", retry_after)) if retry_after else headers)


def offline(status: int = 503) -> Answer:
    return page(status, "Internet Archive: Temporarily Offline")


def not_archived() -> Answer:
    return page(404, "The Wayback Machine has not archived that URL.", ("x-app-server", "wwwb-app1"), ("x-ts", "404"))


def excluded(status: int = 403) -> Answer:
    """An excluded site: today a 403 with the error's name in a header; in 2020 it was a 200 page."""
    if status == 200:
        return page(200, "Sorry. This URL has been excluded from the Wayback Machine.")
    said = "AdministrativeAccessControlException: Blocked Site Error"
    return page(status, "Sorry.", ("X-Archive-Wayback-Runtime-Error", said))


def index_blocked(status: int = 403) -> Answer:
    said = "org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error"
    body = f"org.archive.util.io.RuntimeIOException: {said}\n".encode()
    return Answer(status, body, (("Content-Type", "text/plain"), ("X-Archive-Wayback-Runtime-Error", said)))


def truncated_json() -> Answer:
    return Answer(200, b'{"results": [{"url": "https://exa', (("Content-Type", "application/json"),))
