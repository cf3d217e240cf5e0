"""Reasons to reject a capture: an archived error, a challenge, a login, a soft 404, the wrong page. Pure.

The tests are cheap on purpose (headers, title, size, addresses): the live page is judged elsewhere, with more looks.
Each returns a word; an empty tuple means that nothing speaks against the capture.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from cite_audit.resolve.judge.page.markup import find_element_content, strip_markup
from cite_audit.urls import canonical_key, registrable_domain, url_host

ORIGINAL_PREFIX = "x-archive-orig-"  # how the Wayback Machine and pywb name the headers of the captured answer

# header of the captured answer → (pattern of its value, word). Cloudflare and AWS document theirs.
_CHALLENGE_HEADERS = {
    "cf-mitigated": (re.compile(r"challenge", re.I), "challenge"),
    "x-amzn-waf-action": (re.compile(r"challenge|captcha", re.I), "challenge"),
    "x-vercel-mitigated": (re.compile(r"challenge", re.I), "challenge"),
}
# Servers in front of protected sites; an error status with a tiny page comes from them, not from the site.
_SHIELD_SERVERS = re.compile(r"akamaighost|awselb|cloudflare|ddos-guard|qrator", re.I)

# A whole title (or the first heading of a page without one).
_TITLE_TEXTS = (
    (
        "challenge",
        r"just a moment\W*|attention required!?.*|verify(?:ing)? (?:that )?you are (?:a )?human.*|ddos-guard|"
        r"making sure you'?re not a bot\W*|vercel security checkpoint|security check(?:point)?|"
        r"проверка браузера.*|checking your browser.*|are you a robot\W*|один момент\W*",
    ),
    (
        "blocked",
        r"access (?:to this page has been )?denied|403(?: -)? forbidden|forbidden|request blocked|"
        r"доступ (?:ограничен|запрещ[её]н).*|429 too many requests|too many requests",
    ),
    (
        "soft-404",
        r"(?:(?:error )?404\W*)?(?:page |file |object )?not found|(?:error|ошибка)? ?404|"
        r"(?:404\W*)?страница не (?:найдена|существует).*|(?:404\W*)?сторінк[ау] не знайдено.*|"
        r"(?:404\W*)?старонка не знойдзена.*|(?:404\W*)?(?:seite nicht gefunden|page introuvable)|"
        r"(?:this|the) page (?:does not|doesn'?t) exist.*|page (?:no longer|not) available",
    ),
    ("login", r"(?:log|sign) ?in|(?:log|sign) in to .*|вход|авторизация|войти(?: на сайт)?"),
    ("parked", r".*domain (?:is )?for sale.*|.*(?:buy|купить) (?:this )?(?:domain|домен).*|домен продается.*"),
)
# A challenge, a refusal and a login are short; a long text under such a title is an article with that name. A portal's
# “not found” may well come with all its menus.
_ANY_LENGTH_WORDS = frozenset({"soft-404", "parked"})
MAX_WALL_WORDS = 250  # words
_TITLE_PATTERNS = tuple((word, re.compile(rf"\s*(?:{pattern})\s*", re.I | re.S)) for word, pattern in _TITLE_TEXTS)
# Title plus the site's name: “Page not found | The Example”. The part before the bar is judged alone too.
_TITLE_SEPARATOR = re.compile(r"\s+[|–—·:]\s+|\s+-\s+")

# Addresses that only lead to another site, and sites that moved to a new name as a whole.
_REDIRECTOR_HOSTS = frozenset(
    {
        "bit.ly",
        "t.co",
        "goo.gl",
        "tinyurl.com",
        "ow.ly",
        "is.gd",
        "clck.ru",
        "vk.cc",
        "u.to",
        "youtu.be",
        "fb.me",
        "lnkd.in",
        "wp.me",
        "dlvr.it",
        "buff.ly",
        "trib.al",
        "reut.rs",
        "telegram.me",
        "telegram.dog",
        "twitter.com",
        "doi.org",
        "dx.doi.org",
        "hdl.handle.net",
        "cutt.ly",
        "rb.gy",
    }
)
_LOGIN_PATH = re.compile(r"/(?:log-?in|sign-?in|signup|auth|accounts/login|checkpoint)(?:[/.?]|$)", re.I)
SMALL_BODY = 1024  # bytes
MAX_HEADING_LENGTH = 2048  # bytes of a title or heading that are compared

_FILE_SIGNATURES = (
    b"%pdf-",
    b"pk\x03\x04",
    b"\x89png",
    b"\xff\xd8\xff",
    b"gif8",
    b"<?xml",
    b"{\\rtf",
    b"\xd0\xcf\x11\xe0",
)
_EXPECTED_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd",
    ".xlsx": "application/vnd",
    ".zip": "application/",
}


@dataclass(frozen=True, slots=True)
class CaptureContent:
    """A capture as played back. `cited_url` is the cited address, `final_url` the one that was captured."""

    cited_url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    mimetype: str = ""
    redirected: bool = False

    def original_header(self, name: str) -> str:
        """A header of the captured answer."""
        return next((value for key, value in self.headers if key == ORIGINAL_PREFIX + name), "")


def expected_type(url: str) -> str:
    """The content type that an address promises by its ending, as a prefix; empty when it promises none."""
    path = urlsplit(url).path.lower()
    return next((kind for suffix, kind in _EXPECTED_TYPES.items() if path.endswith(suffix)), "")


def is_same_page(url: str, other_url: str) -> bool:
    """Whether two addresses are one page to an archive; it never sees a fragment."""
    return canonical_key(url.partition("#")[0]) == canonical_key(other_url.partition("#")[0])


def find_faults(content: CaptureContent) -> tuple[str, ...]:
    """Words for the faults of a capture, the gravest first; empty when it is good."""
    words = [
        word
        for word in (
            *_status_faults(content),
            *_shield_faults(content),
            *_address_faults(content),
            *_page_faults(content),
        )
        if word
    ]
    return tuple(dict.fromkeys(words))


def _status_faults(content: CaptureContent) -> tuple[str, ...]:
    status = content.status
    if 200 <= status < 300:
        return ()
    if 300 <= status < 400:
        return ("redirect-unresolved",)
    return (f"status-{status}",)


def _shield_faults(content: CaptureContent) -> tuple[str, ...]:
    for name, (pattern, word) in _CHALLENGE_HEADERS.items():
        if pattern.search(content.original_header(name)):
            return (word,)
    error = content.status >= 400 and len(content.body) < SMALL_BODY
    return ("blocked",) if error and _SHIELD_SERVERS.search(content.original_header("server")) else ()


def _address_faults(content: CaptureContent) -> tuple[str, ...]:
    """Whether it is a capture of what was cited."""
    cited_url, final_url = content.cited_url, content.final_url
    if not final_url or is_same_page(cited_url, final_url):
        return ()
    if not content.redirected:
        return ("other-address",)
    if _LOGIN_PATH.search(urlsplit(final_url).path) and not _LOGIN_PATH.search(urlsplit(cited_url).path):
        return ("login",)
    if urlsplit(final_url).path in ("", "/") and urlsplit(cited_url).path not in ("", "/"):
        return ("redirect-to-root",)
    if (
        registrable_domain(url_host(cited_url)) == registrable_domain(url_host(final_url))
        or url_host(cited_url).removeprefix("www.") in _REDIRECTOR_HOSTS
    ):
        return ()
    return ("other-site",)


def _page_faults(content: CaptureContent) -> tuple[str, ...]:
    if not 200 <= content.status < 300:
        return ()
    if not content.body:
        return ("empty",)
    page = _is_html(content)
    if page and expected_type(content.cited_url):
        return ("type-mismatch",)
    if not page:
        return ()
    return tuple(word for word in (_title_fault(content.body), _no_text_fault(content.body)) if word)


def _is_html(content: CaptureContent) -> bool:
    """Whether it is HTML: by its first bytes, and by the declared type only where they do not tell, since types lie."""
    start = content.body[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<meta", b"<title", b"<!--")):
        return True
    if start.startswith(_FILE_SIGNATURES):
        return False
    return not content.mimetype or "html" in content.mimetype


def _title_fault(body: bytes) -> str:
    heading = find_element_content(body, b"title")
    heading = heading if heading is not None else find_element_content(body, b"h1")
    if heading is None:
        return ""
    title = _visible_text(heading[:MAX_HEADING_LENGTH])
    for part in (title, *_TITLE_SEPARATOR.split(title)[:1]):
        for word, pattern in _TITLE_PATTERNS:
            if pattern.fullmatch(part) and (word in _ANY_LENGTH_WORDS or _word_count(body) < MAX_WALL_WORDS):
                return word
    return ""


def _word_count(body: bytes) -> int:
    return len(_visible_text(body).split())


def _no_text_fault(body: bytes) -> str:
    """A page of a few bytes without text: a shell, a refresh, a frame."""
    return "no-text" if len(body) < SMALL_BODY and len(_visible_text(body)) < 3 else ""


def _visible_text(markup: bytes) -> str:
    plain = strip_markup(markup)
    try:
        text = plain.decode("utf-8")
    except UnicodeDecodeError:
        text = plain.decode("windows-1251", "replace")
    return " ".join(text.split())
