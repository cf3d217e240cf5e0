"""Statuses: what the server says, and when it is not to be believed."""

from __future__ import annotations

from tests.loopback.web import Answer, Asked, Respond
from tests.loopback.web_behaviours import dead, everywhere, home, site
from tests.loopback.web_pages import article, bare, page, prose
from tests.resolve.judge.rows import STORY, Row, row

_STORY = article("Grain ships leave the harbour after a month", 1200)


def _head_refused(asked: Asked) -> Answer:
    return Answer(405) if asked.method == "HEAD" else Answer(body=_STORY)


def _browsers_only(status: int) -> Respond:
    def respond(asked: Asked) -> Answer:
        return Answer(body=_STORY) if asked.browser else Answer(status, b"bots not welcome")

    return respond


def _wants_accept(asked: Asked) -> Answer:
    return Answer(body=_STORY) if "text/html" in asked.headers.get("accept", "") else Answer(406)


ROWS: list[Row] = [
    row("plain", "a live article", _STORY, "ok", requests=1),
    row("head-refused", "HEAD is refused, GET is fine", _head_refused, "ok", requests=1),
    row("honest-404", "not found, said with the status", dead(404), "not-found", broken=True, requests=2),
    row("honest-410", "removed, said with the status", dead(410), "gone", broken=True, requests=2),
    row(
        "404-article-cited",
        "status 404 over the very article that is cited",
        Answer(404, _STORY),
        "ok",
        quotes=("The port reopened: “Grain ships leave the harbour after a month”, Loopback Herald.",),
        detail="wrong-status",
    ),
    row("404-article-copy", "status 404 over the archived article", Answer(404, _STORY), "ok", copy=_STORY),
    row(
        "404-article-own",
        "status 404 over an article that invented addresses do not get",
        Answer(404, article("Grain ships leave the harbour", 900, head='<meta property="og:type" content="article">')),
        "ok",
    ),
    row(
        "404-long",
        "a long error page with the front page's stories under it",
        everywhere(Answer(404, page("Page not found", "<h1>Page not found</h1><h2>Most read</h2>" + prose(500)))),
        "not-found",
        broken=True,
    ),
    row(
        "404-long-slogan",
        "a long error page that never says so",
        everywhere(Answer(404, page("The Herald", "<h1>Read these instead</h1>" + prose(500)))),
        "not-found",
        broken=True,
    ),
    row("400-for-programs", "400 for an honest program, the page for a browser", _browsers_only(400), "ok", requests=2),
    row("403-for-programs", "403 for an honest program, the page for a browser", _browsers_only(403), "ok", requests=2),
    row("404-for-programs", "404 for an honest program, the page for a browser", _browsers_only(404), "ok", requests=2),
    row("406-without-accept", "406 unless HTML is accepted", _wants_accept, "ok", requests=1),
    row("bare-403", "403 and a line from the server", Answer(403, bare("403 Forbidden", "nginx")), "blocked"),
    row("bare-400", "400 for everybody", everywhere(Answer(400, b"Bad Request")), "blocked"),
    row(
        "basic-auth", "401 with a realm", Answer(401, b"", (("WWW-Authenticate", 'Basic realm="x"'),)), "login-required"
    ),
    row("payment", "402 over a teaser", Answer(402, page("Exports", prose(40))), "paywall"),
    row("legal", "451", Answer(451, b"", (("Link", "<https://x.test>; rel=blocked-by"),)), "geo-blocked"),
    row("no-body", "200 and nothing", Answer(200, b"", (("Content-Type", "text/html"),)), "empty"),
    row("204", "no content", Answer(204), "empty"),
    row("206", "a part, though none was asked for", Answer(206, _STORY, (("Content-Range", "bytes 0-99/100"),)), "ok"),
    row("300", "several addresses to choose from", Answer(300, page("Choose", '<a href="/a">a</a>')), "redirected"),
    row("999", "the number some sites give programs", everywhere(Answer(999)), "blocked"),
    row("202-page", "202 over an article", Answer(202, _STORY), "ok"),
    row("redirect-nowhere", "302 without an address", everywhere(Answer(302, b"moved")), "protocol-error"),
    row(
        "404-then-wall",
        "the program is told 404, the browser meets a wall",
        lambda asked: (
            Answer(403, bare("Just a moment...", ""), (("cf-mitigated", "challenge"),))
            if asked.browser
            else Answer(404, b"Not found")
        ),
        "blocked",
    ),
    row(
        "front-404",
        "the home page is there, the story is not",
        site({"/": home()}),
        "not-found",
        broken=True,
        path=STORY,
    ),
]
