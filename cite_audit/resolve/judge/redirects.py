"""Where a redirect led, ranked: the same page, a move, the home page, a section, an error page, another owner."""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum
from urllib.parse import urlsplit

from cite_audit.model import Probe
from cite_audit.resolve.judge.likeness import address_words
from cite_audit.resolve.judge.tables import rows
from cite_audit.urls import host, joined, key, registrable


class Rank(StrEnum):
    NONE = "none"
    SAME = "same"  # another spelling of the same page
    MOVED = "moved"  # another page of the same owner
    HOME = "home"
    SECTION = "section"
    ERROR = "error"  # /404, /error …
    OWNER = "owner"  # a page of another owner
    OWNER_HOME = "owner-home"


_HOME = re.compile(
    r"^/?(?:(?:[a-z]{2}(?:[-_][a-z]{2})?|rus|eng|main|home|start|glavnaya)/?)?(?:(?:index|default|home|main)\.\w{2,5})?/?$",
    re.I,
)
_ERROR = re.compile(
    r"^(?:err(?:or)?s?[-_]?)?(?:404|410|not[-_]?found|page[-_]?not[-_]?found|file[-_]?not[-_]?found)(?:[-_]?(?:err(?:or)?|page))?"
    r"(?:\.\w{2,5})?$|^(?:errors?|error[-_]?page|oops|missing[-_]?page)(?:\.\w{2,5})?$",
    re.I,
)
_ERROR_QUERY = re.compile(
    r"(?:^|&)(?:err(?:or)?(?:[-_]?code)?|status|code|msg|message|reason|ref|from|src|e)"
    r"=(?:e?404|not[-_]?found|page[-_]?not[-_]?found)",
    re.I,
)
_LANGUAGE = re.compile(r"^/[a-z]{2}(?:[-_][a-z]{2})?(?=/|$)", re.I)


def is_home(url: str) -> bool:
    """Whether an address names a home page, of one language perhaps."""
    parts = urlsplit(url)
    return bool(_HOME.match(parts.path)) and not re.search(r"\d{2,}|=[\w-]{12,}", parts.query)


def is_deep(url: str) -> bool:
    """Whether an address names a document: two segments, or one with a number or of several words."""
    parts = urlsplit(url)
    if is_home(url):
        return False
    segments = [segment for segment in parts.path.split("/") if segment]
    if len(segments) >= 2 or re.search(r"\d{2,}", parts.query):
        return True
    return any(re.search(r"\d", s) or len(re.split(r"[-_+]|%20", s)) >= 3 or _DOCUMENT.search(s) for s in segments)


_DOCUMENT = re.compile(r"\.(?:html?|php|aspx?|pdf|docx?)$", re.I)


def rank(probe: Probe, final: str) -> Rank:
    """Where the redirects of a look led; `final` is the address that answered."""
    asked = probe.url
    if not probe.hops and asked == final:
        return Rank.NONE
    if _canonical(asked) == _canonical(final):
        return Rank.SAME
    if _names_error(final) and not _names_error(asked):
        return Rank.ERROR
    owned = same_owner(host(asked), host(final))
    if is_home(final):
        if is_home(asked):
            return Rank.SAME if not _LANGUAGE.match(urlsplit(final).path) and owned else Rank.MOVED
        return Rank.HOME if owned else Rank.OWNER_HOME
    if not owned:
        return Rank.OWNER
    return Rank.SECTION if _is_section(asked, final) else Rank.MOVED


def same_owner(one: str, other: str) -> bool:
    """Whether two hosts have one registrable domain, or one is below the other."""
    if registrable(one) == registrable(other):
        return True
    one, other = one.removeprefix("www."), other.removeprefix("www.")
    return one == other or one.endswith("." + other) or other.endswith("." + one)


def _names_error(url: str) -> bool:
    """Whether one of the last two segments *is* a word for an error; to hold one (“notfound-festival”) is nothing."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    return any(_ERROR.match(segment) for segment in segments[-2:]) or bool(_ERROR_QUERY.search(parts.query))


def _canonical(url: str) -> str:
    folded = key(url).casefold()
    return re.sub(r"(?:/(?:index|default)\.\w{2,5}|\.html?|/)(?=\?|$)", "", folded)


def _is_section(asked: str, final: str) -> bool:
    """Whether a redirect led up: to a folder of the address, or from a document to a short name without a number."""
    before = [segment for segment in urlsplit(_unlocalised(asked)).path.split("/") if segment]
    after = [segment for segment in urlsplit(_unlocalised(final)).path.split("/") if segment]
    if not after or len(after) >= len(before) or urlsplit(final).query:
        return False
    short = len(after) == 1 and len(before) >= 2 and not is_deep(final)
    return is_deep(asked) and (before[: len(after)] == after or short)


def _unlocalised(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(path=_LANGUAGE.sub("", parts.path)).geturl()


def permanent(probe: Probe) -> bool:
    """Whether every hop but changes of scheme, `www` or slash says “for good” (RFC 9110 §15.4.2, §15.4.9)."""
    telling = [hop for hop in probe.hops if _canonical(hop.url) != _canonical(joined(hop.url, hop.location))]
    return bool(telling) and all(hop.status in (301, 308) for hop in telling)


def is_short_link(url: str) -> bool:
    """Whether an address belongs to a link shortener, whose redirects are no moves."""
    return registrable(host(url)) in _shorteners() or host(url) in _shorteners()


def lengthened(probe: Probe) -> Probe:
    """The look as if it had begun where a short link leads; the look itself for all others."""
    first = next((hop for hop in probe.hops if is_short_link(hop.url)), None)
    return (
        replace(probe, url=joined(first.url, first.location) or probe.url)
        if first and is_short_link(probe.url)
        else probe
    )


def _shorteners() -> frozenset[str]:
    return frozenset(row["host"] for row in rows("shorteners"))


def keeps_words(asked: str, final: str) -> bool:
    """Whether the new address keeps what names the document: its path, its number, or most words of its slug."""
    if urlsplit(asked).path.rstrip("/").casefold() == urlsplit(final).path.rstrip("/").casefold():
        return is_deep(asked) or len(urlsplit(asked).path) > 1
    before, after = address_words(asked), address_words(final)
    numbers = {
        word for word in before & after if word.isdigit() and len(word) >= 4 and not word.startswith(("19", "20"))
    }
    names = {word for word in before if not word.isdigit()}
    return bool(numbers) or (len(names) >= 2 and len(names & after) >= max(2, 0.6 * len(names)))
