"""The table of addresses that wrap another: the kind of service, and the position of the inner address.

`PATH_WRAPPERS`: a host (and its sub-domains) → the kind, and patterns of path and query whose group `url` is the inner
address and `time` its capture time. `QUERY_WRAPPERS`: a host → the kind, the start of the path, and the parameters that
hold the inner address. Short links do not show their target and stand in neither.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cached_property

_URL = r"(?P<url>https?:/{1,2}.+|(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?].*)?)"
_TIME = r"(?P<time>\d{4,14})(?:[a-z]{2}_|\*)?"


class Wrapping(StrEnum):
    """What kind of service an address leads through."""

    ARCHIVE = "archive"
    REDIRECTOR = "redirector"
    TRANSLATE = "translate"
    AMP = "amp"
    CACHE = "cache"


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

PATH_WRAPPERS: dict[str, tuple[Wrapping, UrlPatterns]] = {
    "web.archive.org": (
        Wrapping.ARCHIVE,
        UrlPatterns(
            rf"/web/{_TIME}/{_URL}",
            rf"/web/(?:\d*\*|[a-z]{{2}}_|\d{{1,3}}(?:[a-z]{{2}}_)?)/{_URL}",
            rf"/(?:web|save|save/_embed|liveweb|screenshot)/{_URL}",
        ),
    ),
    "archive.org": (Wrapping.ARCHIVE, UrlPatterns(rf"/(?:web|wayback)/{_TIME}/{_URL}", rf"/web/(?:\d{{1,3}}/)?{_URL}")),
    "wayback.archive-it.org": (Wrapping.ARCHIVE, _REPLAY_PATTERNS),
    "arquivo.pt": (Wrapping.ARCHIVE, _REPLAY_PATTERNS),
    "perma-archives.org": (Wrapping.ARCHIVE, UrlPatterns(_TIMED, _UNTIMED, rf"/(?:[\w.-]+/){{0,3}}?{_URL}")),
    "webarchive.nationalarchives.gov.uk": (Wrapping.ARCHIVE, _REPLAY_PATTERNS),
    "webarchive.loc.gov": (Wrapping.ARCHIVE, _REPLAY_PATTERNS),
    "webarchive.org.uk": (Wrapping.ARCHIVE, _REPLAY_PATTERNS),
    "vefsafn.is": (Wrapping.ARCHIVE, _REPLAY_PATTERNS),
    "swap.stanford.edu": (Wrapping.ARCHIVE, _REPLAY_PATTERNS),
    "veebiarhiiv.digar.ee": (Wrapping.ARCHIVE, _REPLAY_PATTERNS),
    "webarchiv.cz": (Wrapping.ARCHIVE, _REPLAY_PATTERNS),
    "web.archive.bibalex.org": (Wrapping.ARCHIVE, _REPLAY_PATTERNS),
    "langzeitarchivierung.bib-bvb.de": (Wrapping.ARCHIVE, _REPLAY_PATTERNS),
    "haw.nsk.hr": (Wrapping.ARCHIVE, _REPLAY_PATTERNS),
    "timetravel.mementoweb.org": (Wrapping.ARCHIVE, _REPLAY_PATTERNS),
    "conifer.rhizome.org": (Wrapping.ARCHIVE, _REPLAY_PATTERNS),
    "webrecorder.io": (Wrapping.ARCHIVE, _REPLAY_PATTERNS),
    "archive.wikiwix.com": (
        Wrapping.ARCHIVE,
        UrlPatterns(rf"/cache/{_TIME}/{_URL}", r"/cache/.*[?&]url=(?P<query>[^&]+).*"),
    ),
    "webcitation.org": (Wrapping.ARCHIVE, UrlPatterns(r"/.*[?&]url=(?P<query>[^&]+).*")),
    "megalodon.jp": (Wrapping.ARCHIVE, UrlPatterns(rf"/(?:ref/)?(?P<time>\d{{4}}-\d{{4}}-\d{{4}}-\d\d)/{_URL}")),
    "webcache.googleusercontent.com": (
        Wrapping.CACHE,
        UrlPatterns(r"/search\?(?:.*&)?q=cache(?::|%3A)(?:[\w-]{6,}(?::|%3A))?(?P<query>[^+&]+).*"),
    ),
    "cdn.ampproject.org": (Wrapping.AMP, UrlPatterns(rf"/[cviwr]/{_SECURE_AND_BARE}")),
    "12ft.io": (Wrapping.REDIRECTOR, UrlPatterns(r"/(?P<url>https?:/{1,2}.+)", r"/.*[?&]q=(?P<query>[^&]+).*")),
    "r.jina.ai": (Wrapping.REDIRECTOR, UrlPatterns(r"/(?P<url>https?:/{1,2}.+)")),
    "r.search.yahoo.com": (Wrapping.REDIRECTOR, UrlPatterns(r"/.*/RU=(?P<query>[^/]+)/.*")),
    "urldefense.com": (Wrapping.REDIRECTOR, UrlPatterns(r"/v3/__(?P<url>https?:/{1,2}.+?)__;.*")),
    "href.li": (Wrapping.REDIRECTOR, UrlPatterns(r"/\?(?P<url>https?:/{1,2}.+)")),
    "anon.to": (Wrapping.REDIRECTOR, UrlPatterns(r"/\?(?P<url>https?:/{1,2}.+)")),
    "nullrefer.com": (Wrapping.REDIRECTOR, UrlPatterns(r"/\?(?P<url>https?:/{1,2}.+)")),
    "turbopages.org": (Wrapping.AMP, UrlPatterns(r"/proxy_u/[\w.-]+/(?P<scheme>https?)/(?P<bare>.+)", _TURBO_PAGE)),
}  # fmt: skip
for _host in ("archive.today", "archive.is", "archive.ph", "archive.md", "archive.li", "archive.vn", "archive.fo"):
    PATH_WRAPPERS[_host] = (Wrapping.ARCHIVE, _ARCHIVE_TODAY)
PATH_WRAPPERS["archiveiya74codqgiixo33q62qlrqtkgmcitqx5u2oeqnmn5bpcbiyd.onion"] = (Wrapping.ARCHIVE, _ARCHIVE_TODAY)

GOOGLE_AMP = (Wrapping.AMP, UrlPatterns(rf"/amp/{_SECURE_AND_BARE}"))
YANDEX_TURBO = (
    Wrapping.AMP,
    UrlPatterns(_TURBO_PAGE, rf"/turbo/{_SECURE_AND_BARE}", r"/turbo/?\?(?:.*&)?text=(?P<query>[^&]+).*"),
)

# host → kind, start of the path, parameters; “google” and “yandex” stand for all their national hosts
QUERY_WRAPPERS: dict[str, tuple[Wrapping, str, tuple[str, ...]]] = {
    "translate.google": (Wrapping.TRANSLATE, "/", ("u",)),
    "google": (Wrapping.REDIRECTOR, "/url", ("q", "url")),
    "translate.yandex": (Wrapping.TRANSLATE, "/translate", ("url",)),
    "yandex": (Wrapping.REDIRECTOR, "/", ("redir",)),
    "microsofttranslator.com": (Wrapping.TRANSLATE, "/", ("a",)),
    "translatetheweb.com": (Wrapping.TRANSLATE, "/", ("a",)),
    "papago.naver.net": (Wrapping.TRANSLATE, "/website", ("url",)),
    "l.facebook.com": (Wrapping.REDIRECTOR, "/", ("u",)),
    "lm.facebook.com": (Wrapping.REDIRECTOR, "/", ("u",)),
    "facebook.com": (Wrapping.REDIRECTOR, "/l.php", ("u",)),
    "l.instagram.com": (Wrapping.REDIRECTOR, "/", ("u",)),
    "l.threads.net": (Wrapping.REDIRECTOR, "/", ("u",)),
    "vk.com": (Wrapping.REDIRECTOR, "/away", ("to",)),
    "away.vk.com": (Wrapping.REDIRECTOR, "/", ("to",)),
    "ok.ru": (Wrapping.REDIRECTOR, "/dk", ("st.rfn",)),
    "youtube.com": (Wrapping.REDIRECTOR, "/redirect", ("q",)),
    "t.me": (Wrapping.REDIRECTOR, "/iv", ("url",)),
    "t.umblr.com": (Wrapping.REDIRECTOR, "/redirect", ("z",)),
    "out.reddit.com": (Wrapping.REDIRECTOR, "/", ("url",)),
    "linkedin.com": (Wrapping.REDIRECTOR, "/redir", ("url",)),
    "duckduckgo.com": (Wrapping.REDIRECTOR, "/l", ("uddg",)),
    "safelinks.protection.outlook.com": (Wrapping.REDIRECTOR, "/", ("url",)),
    "steamcommunity.com": (Wrapping.REDIRECTOR, "/linkfilter", ("url", "u")),
    "getpocket.com": (Wrapping.REDIRECTOR, "/redirect", ("url",)),
    "disq.us": (Wrapping.REDIRECTOR, "/", ("url",)),
    "slack-redir.net": (Wrapping.REDIRECTOR, "/", ("url",)),
    "exit.sc": (Wrapping.REDIRECTOR, "/", ("url",)),
    "hghltd.yandex.net": (Wrapping.CACHE, "/", ("url",)),
}
