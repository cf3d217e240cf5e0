"""In what language a source is, where its address or the page that was read says so; shown, takes no points."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Verdict
from cite_audit.report.grading.claims import Claim
from cite_audit.urls import unwrap_url, url_host

# how addresses name languages → ISO 639-1; words that also name a section or a country are left out (it, no, us)
_CODES = "ar az de en es fa fr hy ja ka kk ko pl pt ro ru sr tr zh"
_LONG_CODES = {"ara": "ar", "deu": "de", "eng": "en", "esp": "es", "fra": "fr", "per": "fa", "rus": "ru", "ukr": "uk"}
_NAMES = {code: code for code in _CODES.split()} | _LONG_CODES
_LOCAL_NAMES = {"ua": {"uk": "uk", "ua": "uk"}, "by": {"be": "be", "by": "be"}, "il": {"he": "he"}}  # ending → names
_HTML_LANG = compile_lazily(rb"<html\b[^>]{0,500}?\slang=[\"']?([a-zA-Z]{2})\b", re.I)
_HEAD = 4096  # bytes within which the first tag of a page stands


def find_url_language(url: str) -> str:
    """The language that the first label of the host or the first part of the path names (ISO 639-1), or empty."""
    inner = unwrap_url(url)
    address = inner.url if inner else url
    host = url_host(address)
    names = _NAMES | _LOCAL_NAMES.get(host.rpartition(".")[2], {})
    labels = host.removeprefix("www.").split(".")
    first_part = address.partition("://")[2].partition("/")[2].partition("/")[0].lower()
    candidates = (labels[0] if len(labels) > 2 else "", re.split("[-_?#]", first_part)[0])
    return next((names[name] for name in candidates if name in names), "")


def collect_languages(claims: Iterable[Claim], verdicts: Mapping[str, Verdict]) -> dict[str, str]:
    """The language of each source of which it is known, by URL as cited; what the page says goes first."""
    languages = {}
    for claim in claims:
        for citation in claim.citations:
            verdict = verdicts.get(citation.url)
            body = verdict.probe.body if verdict and verdict.probe else None
            match = _HTML_LANG.search(body[:_HEAD]) if body else None
            if language := match[1].decode().lower() if match else find_url_language(citation.url):
                languages[citation.url] = language
    return languages
