"""Redirects: the same page, a move, or somewhere else altogether."""

from __future__ import annotations

from tests.loopback.web import NOT_FOUND, Answer, Asked, Respond
from tests.loopback.web_behaviours import everywhere, home, redirect, site
from tests.loopback.web_pages import article, bare, page, prose
from tests.resolve.judge.rows import STORY, Row, row

_STORY = article("Border crossing closed for the winter", 700)


def _to(target: str, status: int = 301, landing: bytes = _STORY, start: str = STORY) -> Respond:
    return site({start: redirect(target, status), target: landing, "/": home()})


def _cookie_wall(asked: Asked) -> Answer:
    if asked.path == "/":
        return Answer(body=home())
    if asked.path != STORY:
        return NOT_FOUND
    if "seen=1" in asked.headers.get("cookie", ""):
        return Answer(body=_STORY)
    return redirect("/", 302, ("Set-Cookie", "seen=1; Path=/"))


def _cookie_bounce(asked: Asked) -> Answer:
    if "seen=1" in asked.headers.get("cookie", ""):
        return Answer(body=_STORY)
    return redirect(asked.target, 302, ("Set-Cookie", "seen=1; Path=/"))


def _hops(asked: Asked) -> Answer:
    number = int(asked.path.rpartition("-")[2])
    return redirect(f"/hop-{number + 1}", 302)


_SHOP = page(
    "Cheap pills online pharmacy", "<h1>Cheap pills</h1><p>Buy viagra and cialis, no prescription.</p>" + prose(200)
)

ROWS: list[Row] = [
    row("slash", "a slash is added", _to(STORY + "/"), "ok"),
    row("case", "the case is changed", _to(STORY.upper()), "ok"),
    row(
        "www",
        "www is added",
        lambda asked: redirect("http://www.www.test" + asked.target),
        "ok",
        also={"www.www.test": everywhere(_STORY)},
    ),
    row(
        "moved-slug",
        "moved, the slug kept",
        _to("/world/border-crossing-closed", start="/2019/border-crossing-closed.html"),
        "moved-permanently",
        path="/2019/border-crossing-closed.html",
        moved_to="http://moved-slug.test/world/border-crossing-closed",
    ),
    row(
        "moved-cited",
        "moved, under the cited title",
        _to("/new/winter-closure", start="/old"),
        "moved-permanently",
        path="/old",
        quotes=("“Border crossing closed for the winter”, the Herald wrote.",),
        moved_to="http://moved-cited.test/new/winter-closure",
    ),
    row("moved-308", "moved, 308", _to("/news/2019/border", 308), "moved-permanently"),
    row("moved-copy", "moved, the archived text", _to("/x/9"), "moved-permanently", copy=_STORY),
    row("to-home", "a story that leads to the front page", _to("/", landing=home()), "soft-404", broken=True),
    row("to-home-302", "the same, for now", _to("/", 302, home()), "soft-404", broken=True),
    row("to-home-all", "every address leads there", site({"/": home()}, redirect("/", 302)), "soft-404", broken=True),
    row(
        "to-home-language",
        "a story that leads to the front page of a language",
        _to("/en/", 302, home()),
        "soft-404",
        broken=True,
    ),
    row(
        "to-section",
        "every story leads to its section",
        site({"/": home(), "/2019/": page("2019", prose(200))}, redirect("/2019/", 302)),
        "soft-404",
        broken=True,
    ),
    row("cookie-home", "the front page first, the story with the cookie", _cookie_wall, "ok"),
    row("cookie-bounce", "itself with a cookie", _cookie_bounce, "ok", requests=1),
    row(
        "index",
        "the front page by its file name",
        _to("/", landing=home(), start="/index.php"),
        "ok",
        path="/index.php",
    ),
    row(
        "language",
        "the front page in a language",
        site({"/": redirect("/ru/", 302), "/ru/": home()}),
        "redirected",
        path="/",
    ),
    row("language-deep", "the story in a language", _to("/ru" + STORY, 302), "redirected"),
    row("to-404", "/404.html, status 200", _to("/404.html", 302, page("Herald", prose(60))), "soft-404", broken=True),
    row("to-error", "/error, status 200", _to("/error", 302, bare("Oops", "Something.")), "soft-404", broken=True),
    row(
        "notfound-festival",
        "an address that holds the word",
        _to("/tag/notfound-festival/article-77"),
        "moved-permanently",
    ),
    row(
        "loop",
        "round and round",
        site({"/a": redirect("/b", 302), "/b": redirect("/a", 302)}),
        "redirect-loop",
        broken=True,
        path="/a",
    ),
    row("many-hops", "more hops than any reader's browser takes", _hops, "redirect-loop", broken=True, path="/hop-0"),
    row(
        "meta-refresh",
        "a page that sends on at once",
        site(
            {
                STORY: bare("Moved", "", head='<meta http-equiv="refresh" content="0; url=/new/border-story-12">'),
                "/new/border-story-12": _STORY,
            }
        ),
        "moved-permanently",
    ),
    row(
        "meta-refresh-dead",
        "a page that sends on to nothing",
        site({STORY: bare("Moved", "", head='<meta http-equiv="refresh" content="0;URL=\'/gone/now\'">')}),
        "not-found",
        broken=True,
    ),
    row(
        "meta-reload",
        "a live page that reloads itself",
        article("Live: the count", 400, head='<meta http-equiv="refresh" content="300">'),
        "ok",
        requests=1,
    ),
    row(
        "script-redirect",
        "nothing but a script that sends on",
        b"<html><head><script>location.href='/new'</script></head><body></body></html>",
        "js-shell",
    ),
    row(
        "utf8-location",
        "raw UTF-8 in the address",
        site(
            {
                STORY: redirect("/новости/страница".encode(), 302),
                "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/%D1%81%D1%82%D1%80%D0%B0%D0%BD%D0%B8%D1%86%D0%B0": _STORY,
            }
        ),
        "redirected",
    ),
    row(
        "cp1251-location",
        "raw windows-1251 in the address",
        site({STORY: redirect("/новость".encode("cp1251"), 302), "/%ED%EE%E2%EE%F1%F2%FC": _STORY}),
        "redirected",
    ),
    row(
        "short-link",
        "a short link to an article",
        _STORY,
        "redirected",
        url="http://bit.ly/3xYz",
        also={"bit.ly": site({"/3xYz": redirect("http://short-link.test" + STORY)})},
    ),
    row(
        "short-link-dead",
        "a shortener that knows no such link",
        _STORY,
        "soft-404",
        broken=True,
        url="http://clck.ru/gone",
        also={"clck.ru": everywhere(bare("Link not found", "This short link does not exist."))},
    ),
    row(
        "bad-port",
        "a port that cannot be",
        lambda asked: redirect("http://x.test:99999/x", 302),
        "invalid",
        broken=True,
    ),
    row("to-file", "out of the web", lambda asked: redirect("file:///etc/passwd", 302), "invalid", broken=True),
    row(
        "pill-shop",
        "another owner's shop",
        lambda asked: redirect("http://cheap-pills-shop.test/"),
        "hijacked",
        broken=True,
        also={"cheap-pills-shop.test": everywhere(_SHOP)},
    ),
    row(
        "merger",
        "another owner, the same article",
        lambda asked: redirect("http://new-herald.test" + asked.target),
        "moved-permanently",
        also={"new-herald.test": everywhere(_STORY)},
    ),
    row(
        "merger-home",
        "another owner's front page",
        lambda asked: redirect("http://newer-herald.test/"),
        "soft-404",
        broken=True,
        also={"newer-herald.test": everywhere(home("Newer Herald"))},
    ),
    row(
        "userinfo",
        "an address with a password",
        site({STORY: redirect("http://user:pass@userinfo.test/other/place", 302), "/other/place": _STORY}),
        "redirected",
    ),
    row(
        "dead-end",
        "a redirect to a host that is no more",
        lambda asked: redirect("http://nowhere.nonexistent-name.test/x"),
        "dns-failure",
        broken=True,
    ),
]
