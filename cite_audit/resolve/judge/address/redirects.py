"""The rank of a redirect: the same page, a move, the home page, a section, an error page, another owner."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Probe
from cite_audit.resolve.judge.page.similarity import address_words
from cite_audit.resolve.judge.tables import read_table
from cite_audit.urls import canonical_key, join_url, registrable_domain, url_host
from cite_audit.urls.parts import path_and_query


class RedirectRank(StrEnum):
    """Where a redirect led, as seen from the address that was asked for."""

    NONE = "none"
    SAME = "same"  # another spelling of the same page
    MOVED = "moved"  # another page of the same owner
    HOME = "home"
    SECTION = "section"
    ERROR = "error"  # /404, /error …
    OWNER = "owner"  # a page of another owner
    OWNER_HOME = "owner-home"


_HOME_PATH = compile_lazily(
    r"^/?(?:(?:[a-z]{2}(?:[-_][a-z]{2})?|rus|eng|main|home|start|glavnaya)/?)?(?:(?:index|default|home|main)\.\w{2,5})?/?$",
    re.I,
)
_ERROR_SEGMENT = compile_lazily(
    r"^(?:err(?:or)?s?[-_]?)?(?:404|410|not[-_]?found|page[-_]?not[-_]?found|file[-_]?not[-_]?found)(?:[-_]?(?:err(?:or)?|page))?"
    r"(?:\.\w{2,5})?$|^(?:errors?|error[-_]?page|oops|missing[-_]?page)(?:\.\w{2,5})?$",
    re.I,
)
_ALONE_ERROR_SEGMENT = compile_lazily(  # for the only segment of an address; “gone” alone may be the title of a book
    r"^(?:page[-_]?(?:gone|removed|deleted|expired)|(?:gone|removed|deleted|expired)[-_]?page"
    r"|(?:gone|removed|deleted|expired|sorry)(?=\.\w)"
    r"|(?:page[-_]?)?(?:unavailable|not[-_]?available|no[-_]longer[-_](?:available|here)))(?:\.\w{2,5})?$",
    re.I,
)
_SEARCH_URL = compile_lazily(r"[?&](?:q|s|query|search|text|keywords?)=|[^/]/search\b", re.I)
_WORD_SEARCH_URL = compile_lazily(  # `/read?s=border` may name a document
    r"^https?://[^/?#]*/(?:index\.\w+)?\?(?:[^#]*&)?(?:q|s|query|search|keywords?)=[^&]*[^\W\d_]{4}"
    r"|/(?:search|suchen?|recherche|buscar|busca|zoeken|szukaj|poisk|cerca|ricerca|hledat|arama)(?:[./?]|$)",
    re.I,
)
_ERROR_QUERY = compile_lazily(
    r"(?:^|&)(?:err(?:or)?(?:[-_]?code)?|status|code|msg|message|reason|ref|from|src|e)"
    r"=(?:e?404|not[-_]?found|page[-_]?not[-_]?found)",
    re.I,
)
_LANGUAGE_PREFIX = compile_lazily(r"^/[a-z]{2}(?:[-_][a-z]{2})?(?=/|$)", re.I)


@lru_cache(maxsize=4096)
def is_home_url(url: str) -> bool:
    """Whether an address names a home page, perhaps that of one language."""
    path, query = path_and_query(url)
    return bool(_HOME_PATH.match(path)) and not (query and re.search(r"\d{2,}|=[\w-]{12,}", query))


@lru_cache(maxsize=4096)  # most detectors ask it of the same address
def is_document_url(url: str) -> bool:
    """Whether an address names a document: two segments, or one with a number or of several words."""
    if is_home_url(url):
        return False
    path, query = path_and_query(url)
    segments = [segment for segment in path.split("/") if segment]
    if len(segments) >= 2 or (query and re.search(r"\d{2,}", query)):
        return True
    return any(
        re.search(r"\d", part) or len(re.split(r"[-_+]|%20", part)) >= 3 or _DOCUMENT_SUFFIX.search(part)
        for part in segments
    )


_DOCUMENT_SUFFIX = compile_lazily(r"\.(?:html?|php|aspx?|pdf|docx?)$", re.I)


def rank_redirect(cited_url: str, final_url: str, *, has_hops: bool = True) -> RedirectRank:
    """The rank of a way from one address to the one that answered; `has_hops`: whether a redirect lay between."""
    if not has_hops and cited_url == final_url:
        return RedirectRank.NONE
    if _comparable_url(cited_url) == _comparable_url(final_url):
        return RedirectRank.SAME
    if _is_error_url(final_url) and not _is_error_url(cited_url):
        return RedirectRank.ERROR
    has_same_owner = is_same_owner(url_host(cited_url), url_host(final_url))
    if is_home_url(final_url):
        if is_home_url(cited_url):
            return (
                RedirectRank.SAME
                if not _LANGUAGE_PREFIX.match(urlsplit(final_url).path) and has_same_owner
                else RedirectRank.MOVED
            )
        return RedirectRank.HOME if has_same_owner else RedirectRank.OWNER_HOME
    if not has_same_owner:
        return RedirectRank.OWNER
    return RedirectRank.SECTION if _leads_to_section(cited_url, final_url) else RedirectRank.MOVED


def is_same_owner(first_host: str, second_host: str) -> bool:
    """Whether two hosts have one registrable domain, or one is below the other."""
    if registrable_domain(first_host) == registrable_domain(second_host):
        return True
    first_host, second_host = first_host.removeprefix("www."), second_host.removeprefix("www.")
    return first_host == second_host or first_host.endswith("." + second_host) or second_host.endswith("." + first_host)


def is_search_url(url: str) -> bool:
    """Whether an address is a search, whose page may well say that nothing was found."""
    return _SEARCH_URL.search(url) is not None


def is_word_search_url(url: str) -> bool:
    """Whether an address is a search for words."""
    return _WORD_SEARCH_URL.search(unquote(url)) is not None


def _is_error_url(url: str) -> bool:
    """Whether one of the last two segments *is* a word for an error; to hold one (“notfound-festival”) is no sign."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    alone = [segment for segment in urlsplit(_strip_language(url)).path.split("/") if segment]
    if len(alone) == 1 and _ALONE_ERROR_SEGMENT.match(alone[0]):
        return True
    return any(_ERROR_SEGMENT.match(segment) for segment in segments[-2:]) or bool(_ERROR_QUERY.search(parts.query))


def _comparable_url(url: str) -> str:
    folded = canonical_key(url).casefold()
    return re.sub(r"(?:/(?:index|default)\.\w{2,5}|\.html?|/)(?=\?|$)", "", folded)


def _leads_to_section(cited_url: str, final_url: str) -> bool:
    """Whether a redirect led up: to a folder of the address, or from a document to a short name without a number."""
    cited_segments = [segment for segment in urlsplit(_strip_language(cited_url)).path.split("/") if segment]
    final_segments = [segment for segment in urlsplit(_strip_language(final_url)).path.split("/") if segment]
    if not final_segments or len(final_segments) >= len(cited_segments) or urlsplit(final_url).query:
        return False
    is_short = len(final_segments) == 1 and len(cited_segments) >= 2 and not is_document_url(final_url)
    return is_document_url(cited_url) and (cited_segments[: len(final_segments)] == final_segments or is_short)


def _strip_language(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(path=_LANGUAGE_PREFIX.sub("", parts.path)).geturl()


def is_permanent_redirect(probe: Probe) -> bool:
    """Whether every hop but changes of scheme, `www` or slash is permanent (RFC 9110 §15.4.2, §15.4.9)."""
    real_hops = [
        hop for hop in probe.hops if _comparable_url(hop.url) != _comparable_url(join_url(hop.url, hop.location))
    ]
    return bool(real_hops) and all(hop.status in (301, 308) for hop in real_hops)


def is_short_link(url: str) -> bool:
    """Whether an address belongs to a link shortener, whose redirects are no moves."""
    host = url_host(url)
    return host in _load_shorteners() or registrable_domain(host) in _load_shorteners()


def expand_short_link(probe: Probe) -> str:
    """The address that a short link stands for; the address asked for where it is no short link."""
    short_hop = next((hop for hop in probe.hops if is_short_link(hop.url)), None)
    if short_hop is None or not is_short_link(probe.url):
        return probe.url
    return join_url(short_hop.url, short_hop.location) or probe.url


@lru_cache(maxsize=1)
def _load_shorteners() -> frozenset[str]:
    return frozenset(row["host"] for row in read_table("shorteners"))


def keeps_address_words(cited_url: str, final_url: str) -> bool:
    """Whether the new address keeps the document's path, its number, or most words of its slug."""
    if urlsplit(cited_url).path.rstrip("/").casefold() == urlsplit(final_url).path.rstrip("/").casefold():
        return is_document_url(cited_url) or len(urlsplit(cited_url).path) > 1
    cited_words, final_words = address_words(cited_url), address_words(final_url)
    numbers = {
        word
        for word in cited_words & final_words
        if word.isdigit() and len(word) >= 4 and not word.startswith(("19", "20"))
    }
    names = {word for word in cited_words if not word.isdigit()}
    return bool(numbers) or (len(names) >= 2 and len(names & final_words) >= max(2, 0.6 * len(names)))
