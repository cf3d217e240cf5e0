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


class Forms:
    """Patterns of path and query, compiled when an address of their host is first met."""

    def __init__(self, *patterns: str) -> None:
        self._sources = patterns

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(f"(?:{source})$", re.I | re.S) for source in self._sources)


_TIMED = rf"/(?:[\w.@~+-]+/){{0,5}}?{_TIME}/{_URL}"
_UNTIMED = rf"/(?:[\w.-]+/){{0,3}}?(?:\*|\+|mp_)/{_URL}"
_REPLAY = Forms(_TIMED, _UNTIMED)
_TODAY = Forms(
    rf"/{_TIME}/{_URL}",
    rf"/(?P<time>\d{{4}}\.\d\d\.\d\d-\d{{6}})/{_URL}",
    r"/o/\w+/(?P<url>.+)",
    rf"/(?:newest|oldest|timegate|timemap)/{_URL}",
    r"/(?P<url>https?:/{1,2}.+)",
    r"/(?:submit/)?\?(?:.*&)?url=(?P<query>[^&]+).*",
)
_TURBO_PAGE = r"/(?:turbo/)?(?P<host>[\w.-]+\.[a-z]{2,})/[sh]/(?P<rest>.*)"
_SECURE_AND_BARE = r"(?P<secure>s/)?(?P<bare>[\w-]+(?:\.[\w-]+)+(?:/.*)?)"

PATHS: dict[str, tuple[str, Forms]] = {
    "web.archive.org": (
        "archive",
        Forms(
            rf"/web/{_TIME}/{_URL}",
            rf"/web/(?:\d*\*|[a-z]{{2}}_)/{_URL}",
            rf"/(?:web|save|save/_embed|liveweb|screenshot)/{_URL}",
        ),
    ),
    "archive.org": ("archive", Forms(rf"/(?:web|wayback)/{_TIME}/{_URL}", rf"/web/{_URL}")),
    "wayback.archive-it.org": ("archive", _REPLAY),
    "arquivo.pt": ("archive", _REPLAY),
    "perma-archives.org": ("archive", Forms(_TIMED, _UNTIMED, rf"/(?:[\w.-]+/){{0,3}}?{_URL}")),
    "webarchive.nationalarchives.gov.uk": ("archive", _REPLAY),
    "webarchive.loc.gov": ("archive", _REPLAY),
    "webarchive.org.uk": ("archive", _REPLAY),
    "vefsafn.is": ("archive", _REPLAY),
    "swap.stanford.edu": ("archive", _REPLAY),
    "veebiarhiiv.digar.ee": ("archive", _REPLAY),
    "webarchiv.cz": ("archive", _REPLAY),
    "web.archive.bibalex.org": ("archive", _REPLAY),
    "langzeitarchivierung.bib-bvb.de": ("archive", _REPLAY),
    "haw.nsk.hr": ("archive", _REPLAY),
    "timetravel.mementoweb.org": ("archive", _REPLAY),
    "conifer.rhizome.org": ("archive", _REPLAY),
    "webrecorder.io": ("archive", _REPLAY),
    "archive.wikiwix.com": ("archive", Forms(rf"/cache/{_TIME}/{_URL}", r"/cache/.*[?&]url=(?P<query>[^&]+).*")),
    "webcitation.org": ("archive", Forms(r"/.*[?&]url=(?P<query>[^&]+).*")),
    "megalodon.jp": ("archive", Forms(rf"/(?:ref/)?(?P<time>\d{{4}}-\d{{4}}-\d{{4}}-\d\d)/{_URL}")),
    "webcache.googleusercontent.com": (
        "cache",
        Forms(r"/search\?(?:.*&)?q=cache(?::|%3A)(?:[\w-]{6,}(?::|%3A))?(?P<query>[^+&]+).*"),
    ),
    "cdn.ampproject.org": ("amp", Forms(rf"/[cviwr]/{_SECURE_AND_BARE}")),
    "12ft.io": ("redirector", Forms(r"/(?P<url>https?:/{1,2}.+)", r"/.*[?&]q=(?P<query>[^&]+).*")),
    "r.jina.ai": ("redirector", Forms(r"/(?P<url>https?:/{1,2}.+)")),
    "r.search.yahoo.com": ("redirector", Forms(r"/.*/RU=(?P<query>[^/]+)/.*")),
    "urldefense.com": ("redirector", Forms(r"/v3/__(?P<url>https?:/{1,2}.+?)__;.*")),
    "href.li": ("redirector", Forms(r"/\?(?P<url>https?:/{1,2}.+)")),
    "anon.to": ("redirector", Forms(r"/\?(?P<url>https?:/{1,2}.+)")),
    "nullrefer.com": ("redirector", Forms(r"/\?(?P<url>https?:/{1,2}.+)")),
    "turbopages.org": ("amp", Forms(r"/proxy_u/[\w.-]+/(?P<scheme>https?)/(?P<bare>.+)", _TURBO_PAGE)),
}  # fmt: skip
for _host in ("archive.today", "archive.is", "archive.ph", "archive.md", "archive.li", "archive.vn", "archive.fo"):
    PATHS[_host] = ("archive", _TODAY)
PATHS["archiveiya74codqgiixo33q62qlrqtkgmcitqx5u2oeqnmn5bpcbiyd.onion"] = ("archive", _TODAY)

GOOGLE_AMP = ("amp", Forms(rf"/amp/{_SECURE_AND_BARE}"))
TURBO = (
    "amp",
    Forms(_TURBO_PAGE, rf"/turbo/{_SECURE_AND_BARE}", r"/turbo/?\?(?:.*&)?text=(?P<query>[^&]+).*"),
)

# host → way, start of the path, parameters; “google” and “yandex” stand for all their national hosts
QUERIES: dict[str, tuple[str, str, tuple[str, ...]]] = {
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
