"""The table of addresses that wrap another: whose they are, and where in them the inner one stands.

`PATHS`: a host (its sub-domains too) → what it is a way through, and patterns of path and query whose group `url` is
the inner address and `time` its capture time. `QUERIES`: a host → the way, the start of the path, and the parameters
that hold the inner address. Short links keep their secret and stand in neither.
"""

from __future__ import annotations

import re
from functools import cached_property

_URL = r"(?P<url>https?:/{1,2}.+|(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?].*)?)"
_TIME = r"(?P<time>\d{4,14})(?:[a-z]{2}_|\*)?"


class UrlPatterns:
    """Patterns of path and query, compiled when an address of their host is first met."""

    def __init__(self, *patterns: str) -> None:
        self._sources = patterns

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(f"(?:{source})$", re.I | re.S) for source in self._sources)


_TIMED = rf"/(?:[\w.@~+-]+/){{0,5}}?{_TIME}/{_URL}"
_UNTIMED = rf"/(?:[\w.-]+/){{0,3}}?(?:\*|\+|mp_)/{_URL}"
_REPLAY_PATTERNS = UrlPatterns(_TIMED, _UNTIMED)
_ARCHIVE_TODAY = UrlPatterns(
    rf"/{_TIME}/{_URL}",
    rf"/(?P<time>\d{{4}}\.\d\d\.\d\d-\d{{6}})/{_URL}",
    r"/o/\w+/(?P<url>.+)",
    rf"/(?:newest|oldest|timegate|timemap)/{_URL}",
    r"/(?P<url>https?:/{1,2}.+)",
    r"/(?:submit/)?\?(?:.*&)?url=(?P<query>[^&]+).*",
)
_TURBO_PAGE = r"/(?:turbo/)?(?P<host>[\w.-]+\.[a-z]{2,})/[sh]/(?P<rest>.*)"
_SECURE_AND_BARE = r"(?P<secure>s/)?(?P<bare>[\w-]+(?:\.[\w-]+)+(?:/.*)?)"

PATH_WRAPPERS: dict[str, tuple[str, UrlPatterns]] = {
    "web.archive.org": (
        "archive",
        UrlPatterns(
            rf"/web/{_TIME}/{_URL}",
            rf"/web/(?:\d*\*|[a-z]{{2}}_)/{_URL}",
            rf"/(?:web|save|save/_embed|liveweb|screenshot)/{_URL}",
        ),
    ),
    "archive.org": ("archive", UrlPatterns(rf"/(?:web|wayback)/{_TIME}/{_URL}", rf"/web/{_URL}")),
    "wayback.archive-it.org": ("archive", _REPLAY_PATTERNS),
    "arquivo.pt": ("archive", _REPLAY_PATTERNS),
    "perma-archives.org": ("archive", UrlPatterns(_TIMED, _UNTIMED, rf"/(?:[\w.-]+/){{0,3}}?{_URL}")),
    "webarchive.nationalarchives.gov.uk": ("archive", _REPLAY_PATTERNS),
    "webarchive.loc.gov": ("archive", _REPLAY_PATTERNS),
    "webarchive.org.uk": ("archive", _REPLAY_PATTERNS),
    "vefsafn.is": ("archive", _REPLAY_PATTERNS),
    "swap.stanford.edu": ("archive", _REPLAY_PATTERNS),
    "veebiarhiiv.digar.ee": ("archive", _REPLAY_PATTERNS),
    "webarchiv.cz": ("archive", _REPLAY_PATTERNS),
    "web.archive.bibalex.org": ("archive", _REPLAY_PATTERNS),
    "langzeitarchivierung.bib-bvb.de": ("archive", _REPLAY_PATTERNS),
    "haw.nsk.hr": ("archive", _REPLAY_PATTERNS),
    "timetravel.mementoweb.org": ("archive", _REPLAY_PATTERNS),
    "conifer.rhizome.org": ("archive", _REPLAY_PATTERNS),
    "webrecorder.io": ("archive", _REPLAY_PATTERNS),
    "archive.wikiwix.com": ("archive", UrlPatterns(rf"/cache/{_TIME}/{_URL}", r"/cache/.*[?&]url=(?P<query>[^&]+).*")),
    "webcitation.org": ("archive", UrlPatterns(r"/.*[?&]url=(?P<query>[^&]+).*")),
    "megalodon.jp": ("archive", UrlPatterns(rf"/(?:ref/)?(?P<time>\d{{4}}-\d{{4}}-\d{{4}}-\d\d)/{_URL}")),
    "webcache.googleusercontent.com": (
        "cache",
        UrlPatterns(r"/search\?(?:.*&)?q=cache(?::|%3A)(?:[\w-]{6,}(?::|%3A))?(?P<query>[^+&]+).*"),
    ),
    "cdn.ampproject.org": ("amp", UrlPatterns(rf"/[cviwr]/{_SECURE_AND_BARE}")),
    "12ft.io": ("redirector", UrlPatterns(r"/(?P<url>https?:/{1,2}.+)", r"/.*[?&]q=(?P<query>[^&]+).*")),
    "r.jina.ai": ("redirector", UrlPatterns(r"/(?P<url>https?:/{1,2}.+)")),
    "r.search.yahoo.com": ("redirector", UrlPatterns(r"/.*/RU=(?P<query>[^/]+)/.*")),
    "urldefense.com": ("redirector", UrlPatterns(r"/v3/__(?P<url>https?:/{1,2}.+?)__;.*")),
    "href.li": ("redirector", UrlPatterns(r"/\?(?P<url>https?:/{1,2}.+)")),
    "anon.to": ("redirector", UrlPatterns(r"/\?(?P<url>https?:/{1,2}.+)")),
    "nullrefer.com": ("redirector", UrlPatterns(r"/\?(?P<url>https?:/{1,2}.+)")),
    "turbopages.org": ("amp", UrlPatterns(r"/proxy_u/[\w.-]+/(?P<scheme>https?)/(?P<bare>.+)", _TURBO_PAGE)),
}  # fmt: skip
for _host in ("archive.today", "archive.is", "archive.ph", "archive.md", "archive.li", "archive.vn", "archive.fo"):
    PATH_WRAPPERS[_host] = ("archive", _ARCHIVE_TODAY)
PATH_WRAPPERS["archiveiya74codqgiixo33q62qlrqtkgmcitqx5u2oeqnmn5bpcbiyd.onion"] = ("archive", _ARCHIVE_TODAY)

GOOGLE_AMP = ("amp", UrlPatterns(rf"/amp/{_SECURE_AND_BARE}"))
YANDEX_TURBO = (
    "amp",
    UrlPatterns(_TURBO_PAGE, rf"/turbo/{_SECURE_AND_BARE}", r"/turbo/?\?(?:.*&)?text=(?P<query>[^&]+).*"),
)

# host → way, start of the path, parameters; “google” and “yandex” stand for all their national hosts
QUERY_WRAPPERS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "translate.google": ("translate", "/", ("u",)),
    "google": ("redirector", "/url", ("q", "url")),
    "translate.yandex": ("translate", "/translate", ("url",)),
    "yandex": ("redirector", "/", ("redir",)),
    "microsofttranslator.com": ("translate", "/", ("a",)),
    "translatetheweb.com": ("translate", "/", ("a",)),
    "papago.naver.net": ("translate", "/website", ("url",)),
    "l.facebook.com": ("redirector", "/", ("u",)),
    "lm.facebook.com": ("redirector", "/", ("u",)),
    "facebook.com": ("redirector", "/l.php", ("u",)),
    "l.instagram.com": ("redirector", "/", ("u",)),
    "l.threads.net": ("redirector", "/", ("u",)),
    "vk.com": ("redirector", "/away", ("to",)),
    "away.vk.com": ("redirector", "/", ("to",)),
    "ok.ru": ("redirector", "/dk", ("st.rfn",)),
    "youtube.com": ("redirector", "/redirect", ("q",)),
    "t.me": ("redirector", "/iv", ("url",)),
    "t.umblr.com": ("redirector", "/redirect", ("z",)),
    "out.reddit.com": ("redirector", "/", ("url",)),
    "linkedin.com": ("redirector", "/redir", ("url",)),
    "duckduckgo.com": ("redirector", "/l", ("uddg",)),
    "safelinks.protection.outlook.com": ("redirector", "/", ("url",)),
    "steamcommunity.com": ("redirector", "/linkfilter", ("url", "u")),
    "getpocket.com": ("redirector", "/redirect", ("url",)),
    "disq.us": ("redirector", "/", ("url",)),
    "slack-redir.net": ("redirector", "/", ("url",)),
    "exit.sc": ("redirector", "/", ("url",)),
    "hghltd.yandex.net": ("cache", "/", ("url",)),
}
