"""Behaviours of the shared list that no other family holds."""

from __future__ import annotations

import gzip

from tests.loopback.web import Answer, Asked, Site
from tests.loopback.web_behaviours import everywhere, home, live, redirect, site
from tests.loopback.web_pages import article, bare, page, prose
from tests.resolve.judge.rows import STORY, Row, row

_STORY = article("Timber leaves by the old railway", 700)
_CHALLENGE = "<script>window._cf_chl_opt={cType:'managed'}</script>"
_QRATOR = ("server", "QRATOR")


def _front(title: str, heading: str) -> bytes:
    stories = "".join(
        f"<h3><a href=/n/{number}>Headline {number}</a></h3>" + prose(12, str(number)) for number in range(9)
    )
    return page(title, f"<a href=/><b>The Ferry Post</b></a>{heading and f'<h1>{heading}</h1>'}{stories}")


def _head_hangs(asked: Asked) -> Answer:
    return Answer(raw=b"", then="hang") if asked.method == "HEAD" else Answer(body=_STORY)


def _to_https(asked: Asked) -> Answer:
    return Answer(body=_STORY) if asked.secure else redirect(f"https://{asked.host}{asked.target}")


def _tarpit(asked: Asked) -> Answer:
    return Answer(body=_STORY, drip=0.0 if asked.browser else 0.2)


def _qrator_path(asked: Asked) -> Answer:
    if asked.path == "/":
        return Answer(401, bare("", "", head='<script src="/__qrator/qauth.js"></script>'), (_QRATOR,))
    return Answer(403, b"", (_QRATOR,))


def _tls(name: str, says: str, certificate: str, reason: str = "tls-failure") -> Row:
    return row(name, says, Site(live(), certificate=certificate), reason, url=f"https://{name}.test{STORY}")


ROWS: list[Row] = [
    row("head-hangs", "HEAD is never answered, GET is", _head_hangs, "ok", requests=1),
    row("to-https", "the same address by https", _to_https, "ok", requests=1),
    row(
        "fingerprint",
        "a challenge that goes by the way programs encrypt",
        everywhere(Answer(403, bare("Just a moment...", _CHALLENGE), (("server", "cloudflare"),))),
        "blocked",
    ),
    row("tarpit", "a byte now and then for programs alone", _tarpit, "timeout"),
    row("qrator-path", "a bare refusal of one path by a guard", _qrator_path, "blocked"),
    row(
        "only-mail",
        "a name that has mail and no site",
        everywhere(_STORY),
        "dns-failure",
        broken=True,
        url=f"http://mailbox.test{STORY}",
        also={"mx.mailbox.test": everywhere(_STORY)},
    ),
    row(
        "sharp-s", "a name with ß", _STORY, "ok", url=f"http://straße.test{STORY}", also={"xn--strae-oqa.test": live()}
    ),
    row("snowman", "a name that IDNA 2008 forbids", _STORY, "ok", url="http://☃.test/", also={"xn--n3h.test": live()}),
    _tls("forgotten", "a middle certificate is forgotten", "forgotten", "ok"),
    _tls("old-tls", "TLS 1.1 and nothing newer", "old"),
    _tls("own-ciphers", "ciphers that nobody else has", "no-common-cipher"),
    _tls("mute-tls", "takes the connection and never begins to encrypt", "mute", "timeout"),
    row(
        "bomb",
        "64 MB of nothing, packed",
        Answer(200, gzip.compress(_STORY + b" " * 64_000_000, 1), (("Content-Encoding", "gzip"),)),
        "ok",
        requests=1,
    ),
    row(
        "wide-cookie",
        "a cookie for all the world",
        Answer(200, _STORY, (("Set-Cookie", "a=b; Domain=.test"),)),
        "ok",
        requests=1,
    ),
    row(
        "early-hints",
        "hints without end and never an answer",
        everywhere(Answer(raw=b"HTTP/1.1 103 Early Hints\r\nLink: </s.css>\r\n\r\n" * 5000, then="hang")),
        "timeout",
    ),
    row(
        "front-again",
        "the front page under every address",
        everywhere(_front("The Ferry Post", "The Ferry Post")),
        "soft-404",
        broken=True,
    ),
    row("front-home", "a page called “Home”", everywhere(_front("Home | The Ferry Post", "")), "soft-404", broken=True),
    row("front-once", "a page named like its site that others do not get", _front("The Ferry Post", ""), "ok"),
    row(
        "hollow",
        "a template without its article under every address",
        site({"/": home()}, Answer(body=page("The Ferry Post", "<h1></h1><div class=story></div>"))),
        "soft-404",
        broken=True,
    ),
    row("front-itself", "the front page, cited as such", site({"/": home()}), "ok", path="/", requests=1),
]
