"""Names, certificates, connections and odd HTTP."""

from __future__ import annotations

import gzip

from tests.loopback.web import Answer, Site
from tests.loopback.web_behaviours import dead, everywhere, hangs, live, site
from tests.loopback.web_pages import article
from tests.resolve.judge.rows import STORY, Row, row

_STORY = article("Bridge over the river repaired", 700)
_RAW = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
_LENGTH = b"Content-Length: %d\r\n" % len(_STORY)


def _raw(head: bytes, body: bytes = _STORY) -> Site:
    return Site(everywhere(Answer(raw=head + b"\r\n" + body, then="close")))


def _tls(name: str, says: str, certificate: str, reason: str, **more: object) -> Row:
    return row(name, says, Site(live(), certificate=certificate), reason, url=f"https://{name}.test{STORY}", **more)  # type: ignore[arg-type]


_SECURE, _PLAIN = frozenset({443}), frozenset({80})

ROWS: list[Row] = [
    row(
        "no-domain",
        "a domain that is no more",
        _STORY,
        "dns-failure",
        broken=True,
        url=f"http://nothing-here-at-all.test{STORY}",
        detail="domain-gone",
    ),
    row(
        "no-host",
        "a host that is no more, the domain is",
        live(),
        "dns-failure",
        broken=True,
        url=f"http://www2.no-host.test{STORY}",
        detail="host-removed",
    ),
    row(
        "dns-silent", "name servers that do not answer", _STORY, "dns-temporary", url=f"http://a.temporary.test{STORY}"
    ),
    row(
        "trailing-dot",
        "a name with a dot behind it, in capitals",
        live(),
        "ok",
        url=f"http://Trailing-Dot.TEST.{STORY}",
    ),
    row("idn", "a name in Cyrillic", _STORY, "ok", url=f"http://сайт.test{STORY}", also={"xn--80aswg.test": live()}),
    _tls("good-tls", "a good certificate", "valid", "ok", requests=1),
    _tls("expired", "an expired certificate", "expired", "tls-failure", detail="expired"),
    _tls("stranger", "an authority nobody knows", "unknown-issuer", "tls-failure"),
    _tls("national", "a state's authority", "national", "tls-failure"),
    _tls("mismatch", "a certificate for another name", "mismatch", "tls-failure", detail="host-mismatch"),
    row(
        "only-www",
        "a certificate for www alone",
        Site(live(), certificate="www-only"),
        "moved-permanently",
        url=f"https://only-www.test{STORY}",
        also={"www.only-www.test": live()},
        moved_to=f"https://www.only-www.test{STORY}",
    ),
    row(
        "http-only",
        "https refused, http alive",
        Site(live(), refuses=_SECURE),
        "ok",
        url=f"https://http-only.test{STORY}",
        detail="http-only",
    ),
    row(
        "https-only",
        "http refused, https alive",
        Site(live(), refuses=_PLAIN),
        "moved-permanently",
        moved_to=f"https://https-only.test{STORY}",
    ),
    _tls("http2-only", "speaks HTTP/2 and nothing else", "http2", "ok", requests=2),
    row("closed", "both doors shut", Site(live(), refuses=_SECURE | _PLAIN), "refused"),
    row(
        "fenced-closed",
        "a ministry that refuses",
        Site(live(), refuses=_SECURE | _PLAIN),
        "refused",
        url=f"http://fenced.gov.ru{STORY}",
        also={"fenced.gov.ru": Site(live(), refuses=_SECURE | _PLAIN)},
    ),
    row("hangs", "takes the request and never answers", hangs(), "timeout"),
    row("drips", "a byte of the header now and then", everywhere(Answer(body=_STORY, drip=0.2)), "timeout"),
    row("reset", "cuts the connection without a word", everywhere(Answer(raw=b"", then="reset")), "refused"),
    row(
        "reset-in-body",
        "cuts the connection in the text",
        everywhere(Answer(body=_STORY, declared=99999, then="reset")),
        "ok",
    ),
    row(
        "empty-reply",
        "closes the connection without a word",
        everywhere(Answer(raw=b"", then="close")),
        "protocol-error",
    ),
    row(
        "garbage",
        "a banner of something else",
        everywhere(Answer(raw=b"SSH-2.0-OpenSSH_9.6\r\n", then="close")),
        "protocol-error",
    ),
    row("illegal-header", "a header name that is none", _raw(_RAW + b"get-ban/forum.php: x\r\n" + _LENGTH), "ok"),
    row(
        "chunk-spaces",
        "chunk sizes with spaces",
        _raw(_RAW + b"Transfer-Encoding: chunked\r\n", b"%x  \r\n%b\r\n0\r\n\r\n" % (len(_STORY), _STORY)),
        "ok",
    ),
    row(
        "line-feeds",
        "line feeds alone",
        everywhere(
            Answer(
                raw=b"HTTP/1.1 200 OK\nContent-Type: text/html\n" + _LENGTH.replace(b"\r", b"") + b"\n" + _STORY,
                then="close",
            )
        ),
        "ok",
    ),
    row(
        "long-header",
        "nine kilobytes of policy",
        Answer(200, _STORY, (("Content-Security-Policy", "x" * 9000),)),
        "ok",
        requests=1,
    ),
    row("false-gzip", "says gzip and is none", Answer(200, _STORY, (("Content-Encoding", "gzip"),)), "ok"),
    row("gzip", "gzip", Answer(200, gzip.compress(_STORY), (("Content-Encoding", "gzip"),)), "ok", requests=1),
    row(
        "cut-short",
        "less than was declared",
        everywhere(Answer(body=_STORY, declared=len(_STORY) + 500, then="reset")),
        "ok",
    ),
    row("endless", "more than anybody reads", _raw(_RAW, _STORY + b"<p>and so on</p>" * 60000), "ok"),
    row(
        "many-cookies",
        "two hundred cookies",
        Answer(200, _STORY, tuple(("Set-Cookie", f"c{n}={'x' * 400}") for n in range(200))),
        "ok",
    ),
    # addresses for which no packet is sent
    row("loopback", "this machine", _STORY, "unsafe", broken=True, url="http://10.0.0.1/admin"),
    row("metadata", "a cloud's inside", _STORY, "unsafe", broken=True, url="http://169.254.169.254/latest/meta-data/"),
    row("spelt-oddly", "this network, as one number", _STORY, "unsafe", broken=True, url="http://3232235521/"),
    row("zone", "an address with a zone", _STORY, "unsafe", broken=True, url="http://[fe80::1]/"),
    row(
        "to-private",
        "a redirect into a private network",
        Answer(302, headers=(("Location", "http://192.168.0.1/"),)),
        "unsafe",
        broken=True,
    ),
    row("control", "a line break in the address", _STORY, "invalid", broken=True, url="http://h.test/\r\nX: y"),
    row(
        "too-long",
        "an address of a million characters",
        _STORY,
        "invalid",
        broken=True,
        url="http://h.test/" + "a" * 1_000_000,
    ),
    row("one-slash", "a slash is missing", _STORY, "invalid", broken=True, url="https//h.test/page"),
    row("no-name", "no host", _STORY, "invalid", broken=True, url="http:///page"),
    row("script", "a script, not an address", _STORY, "skipped", url="javascript:alert(1)"),
    row("data", "data, not an address", _STORY, "skipped", url="data:text/html,hello"),
    row("mail", "an e-mail address", _STORY, "skipped", url="mailto:editor@herald.test"),
    row(
        "hidden-mail",
        "an e-mail address hidden by Cloudflare",
        _STORY,
        "skipped",
        url="http://herald.test/cdn-cgi/l/email-protection#a1b2",
    ),
    row("parentheses", "parentheses in the address", live(), "ok", path="/wiki/Минск_(значения)"),
    row("cp1251-path", "an address escaped in windows-1251", live(), "ok", path="/wiki/%CC%E8%ED%F1%EA"),
    row("twice-escaped", "an address escaped twice", live(), "ok", path="/wiki/%25D0%259C"),
    row(
        "escaped-twice",
        "an address escaped twice that is right when escaped once",
        site({"/wiki/%D0%9C%D0%B8%D0%BD%D1%81%D0%BA": _STORY}),
        "moved-permanently",
        path="/wiki/%25D0%259C%25D0%25B8%25D0%25BD%25D1%2581%25D0%25BA",
        moved_to="http://escaped-twice.test/wiki/%D0%9C%D0%B8%D0%BD%D1%81%D0%BA",
    ),
    row(
        "full-stop",
        "a bracket and a full stop that belong to the sentence",
        site({"/news/bridge-opens": _STORY}),
        "ok",
        path="/news/bridge-opens).",
        moved_to="http://full-stop.test/news/bridge-opens",
    ),
    row(
        "full-stop-gone", "the same, and gone without it", dead(), "not-found", broken=True, path="/news/bridge-opens."
    ),
    row("markdown", "an address that breaks tables", live(), "ok", path="/a|b](javascript:x)`"),
]
