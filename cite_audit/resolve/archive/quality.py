"""What speaks against a capture: it is an archived error, a challenge, a login, a soft 404, the wrong page. Pure.

The tests are cheap on purpose (headers, title, size, addresses): the live page is judged elsewhere, with more looks.
Each returns a word; an empty tuple means that nothing speaks against the capture.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from cite_audit.urls import host, key, registrable

ORIGINAL = "x-archive-orig-"  # how the Wayback Machine and pywb name the headers of the captured answer

# header of the captured answer → (pattern of its value, word). Cloudflare and AWS document theirs.
_HEADERS = {
    "cf-mitigated": (re.compile(r"challenge", re.I), "challenge"),
    "x-amzn-waf-action": (re.compile(r"challenge|captcha", re.I), "challenge"),
    "x-vercel-mitigated": (re.compile(r"challenge", re.I), "challenge"),
}
# Servers that answer for a protected site; with an error status and a tiny page it is them, not the site.
_SHIELDS = re.compile(r"akamaighost|awselb|cloudflare|ddos-guard|qrator", re.I)

# A title (or the first heading of a page without one) that is nothing but this.
_TITLES = (
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
_WHATEVER_LENGTH = frozenset({"soft-404", "parked"})
THIN = 250  # words
_TITLE_PATTERNS = tuple((word, re.compile(rf"\s*(?:{pattern})\s*", re.I | re.S)) for word, pattern in _TITLES)
# Title plus the site's name: “Page not found | The Example”. The part before the bar is judged alone too.
_BARS = re.compile(r"\s+[|–—·:]\s+|\s+-\s+")

# Addresses whose whole purpose is to lead to another site, and sites that moved to a new name as a whole.
_LEAD_AWAY = frozenset(
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
_TAGS = re.compile(rb"<(script|style|noscript)\b.*?</\1\s*>|<[^>]*>", re.I | re.S)
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.I | re.S)
_HEADING = re.compile(rb"<h1[^>]*>(.*?)</h1", re.I | re.S)
SMALL = 1024  # bytes

_FILES = (b"%pdf-", b"pk\x03\x04", b"\x89png", b"\xff\xd8\xff", b"gif8", b"<?xml", b"{\\rtf", b"\xd0\xcf\x11\xe0")
_EXPECTED = {".pdf": "application/pdf", ".docx": "application/vnd", ".xlsx": "application/vnd", ".zip": "application/"}


@dataclass(frozen=True, slots=True)
class Captured:
    """A capture as played back. `asked` is the cited address, `final` the one whose capture this is in the end."""

    asked: str
    final: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    mimetype: str = ""
    redirected: bool = False

    def original(self, name: str) -> str:
        """A header of the captured answer."""
        return next((value for key, value in self.headers if key == ORIGINAL + name), "")


def expected_type(url: str) -> str:
    """The content type that an address promises by its ending, as a prefix; empty when it promises none."""
    path = urlsplit(url).path.lower()
    return next((kind for suffix, kind in _EXPECTED.items() if path.endswith(suffix)), "")


def same_page(one: str, other: str) -> bool:
    """Whether two addresses are one page to an archive; it never sees a fragment."""
    return key(one.partition("#")[0]) == key(other.partition("#")[0])


def faults(captured: Captured) -> tuple[str, ...]:
    """Words for what speaks against a capture, the gravest first; empty when it is good."""
    found = [word for word in (*_status(captured), *_shield(captured), *_place(captured), *_page(captured)) if word]
    return tuple(dict.fromkeys(found))


def _status(captured: Captured) -> tuple[str, ...]:
    status = captured.status
    if 200 <= status < 300:
        return ()
    if 300 <= status < 400:
        return ("redirect-unresolved",)
    return (f"status-{status}",)


def _shield(captured: Captured) -> tuple[str, ...]:
    for name, (pattern, word) in _HEADERS.items():
        if pattern.search(captured.original(name)):
            return (word,)
    error = captured.status >= 400 and len(captured.body) < SMALL
    return ("blocked",) if error and _SHIELDS.search(captured.original("server")) else ()


def _place(captured: Captured) -> tuple[str, ...]:
    """Whether it is a capture of what was cited."""
    asked, final = captured.asked, captured.final
    if not final or same_page(asked, final):
        return ()
    if not captured.redirected:
        return ("other-address",)
    if _LOGIN_PATH.search(urlsplit(final).path) and not _LOGIN_PATH.search(urlsplit(asked).path):
        return ("login",)
    if urlsplit(final).path in ("", "/") and urlsplit(asked).path not in ("", "/"):
        return ("redirect-to-root",)
    if registrable(host(asked)) == registrable(host(final)) or host(asked).removeprefix("www.") in _LEAD_AWAY:
        return ()
    return ("other-site",)


def _page(captured: Captured) -> tuple[str, ...]:
    if not 200 <= captured.status < 300:
        return ()
    if not captured.body:
        return ("empty",)
    page = _is_page(captured)
    if page and expected_type(captured.asked):
        return ("type-mismatch",)
    if not page:
        return ()
    return tuple(word for word in (_title_word(captured.body), _nothing_to_read(captured.body)) if word)


def _is_page(captured: Captured) -> bool:
    """Whether it is HTML: by its first bytes, and by the declared type only where they do not tell, since types lie."""
    start = captured.body[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<meta", b"<title", b"<!--")):
        return True
    if start.startswith(_FILES):
        return False
    return not captured.mimetype or "html" in captured.mimetype


def _title_word(body: bytes) -> str:
    match = _TITLE.search(body) or _HEADING.search(body)
    if not match:
        return ""
    title = _text(match[1])
    for part in (title, *_BARS.split(title)[:1]):
        for word, pattern in _TITLE_PATTERNS:
            if pattern.fullmatch(part) and (word in _WHATEVER_LENGTH or _words(body) < THIN):
                return word
    return ""


def _words(body: bytes) -> int:
    return len(_text(body).split())


def _nothing_to_read(body: bytes) -> str:
    """A page of a few bytes without text: a shell, a refresh, a frame."""
    return "no-text" if len(body) < SMALL and len(_text(body)) < 3 else ""


def _text(markup: bytes) -> str:
    plain = _TAGS.sub(b" ", markup)
    try:
        text = plain.decode("utf-8")
    except UnicodeDecodeError:
        text = plain.decode("windows-1251", "replace")
    return " ".join(text.split())
