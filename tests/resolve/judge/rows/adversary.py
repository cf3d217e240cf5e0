"""Variants by one who had not read the rules: other wordings, other frames, and the articles that must live."""

from __future__ import annotations

import gzip

from tests.loopback.web import NOT_FOUND, Answer, Asked
from tests.loopback.web_behaviours import everywhere, home, redirect, site
from tests.loopback.web_pages import article, page, prose
from tests.resolve.judge.rows import STORY, Row, row

_JSON = (("Content-Type", "application/json"),)
_SCRIPT = '<script src="/wp-includes/js/x.js"></script>'


def _told(title: str, lead: str, language: str) -> bytes:
    """A short piece that reports what a page said."""
    return article(title, 60, extra=f"<p>{lead}</p>", language="ru" if language == "ru" else "de")


_LOST: list[Row] = [
    row(
        "sorry-under-title",
        "the title names the error, the heading is sorry",
        page("Page Not Found - Post", "<h1>Sorry!</h1><p>We can't seem to find the page you're looking for.</p>"),
        "soft-404",
        broken=True,
    ),
    *(
        row(
            f"number-{code}",
            "an error number and a sentence that no list holds",
            page(title, f"<h1>{title}</h1><p>{text}</p>" + _SCRIPT, language=code),
            "soft-404",
            broken=True,
        )
        for code, title, text in (
            ("uk", "Помилка 404", "Сторінка, яку ви шукаєте, не існує або була видалена."),
            ("pl", "Błąd 404", "Strona, której szukasz, nie istnieje lub została usunięta."),
            ("fr", "Erreur 404", "La page que vous recherchez n'existe pas ou a été supprimée."),
            ("fa", "خطای ۴۰۴", "صفحه‌ای که به دنبال آن هستید پیدا نشد"),
        )
    ),
    row(
        "missing-words",
        "one page for all addresses that speaks of something missing, with scripts",
        everywhere(page("Error", "<h1>Whoops, it went missing</h1><p>It has been moved or deleted.</p>" + _SCRIPT)),
        "soft-404",
        broken=True,
    ),
    row(
        "no-hits",
        "a redirect to a search that finds nothing",
        site(
            {
                STORY: redirect("/search?q=story-12", 302),
                "/search": page("Search", "<h1>Search</h1><p>No results found</p>"),
                "/": home(),
            }
        ),
        "soft-404",
        broken=True,
    ),
    row(
        "json-404",
        "a service says 404 in its answer, with status 200",
        everywhere(Answer(200, b'{"status":404,"message":"No article with this id"}', _JSON)),
        "soft-404",
        broken=True,
    ),
    row(
        "short-link-home",
        "a short link to an article that now leads to the front page",
        NOT_FOUND,
        "soft-404",
        broken=True,
        url="http://tinyurl.com/yy12",
        also={
            "tinyurl.com": site({"/yy12": redirect("http://lost-behind.test/2015/old-story")}),
            "lost-behind.test": site({"/": home()}, redirect("/")),
        },
    ),
]

_ALIVE: list[Row] = [
    *(
        row(f"told-{code}", f"a short piece in {code} about a missing page", _told(title, lead, code), "ok")
        for code, title, lead in (
            ("ru", "Страница не найдена: как исчезают архивы", "Раздел отвечает «страница не найдена»."),
            ("fr", "« Page introuvable » : enquête sur des archives effacées", "Depuis lundi, page introuvable."),
            ("pl", "Nie znaleziono strony – jak znikają archiwa", "Od poniedziałku: nie znaleziono strony."),
        )
    ),
    row(
        "part-sold",
        "a product, and under it another that is sold out",
        page(
            "Lamp",
            "<h1>Lamp</h1><p>Brass lamp with a linen shade, made in Vilnius by hand. Height 30 cm, weight 1 kg.</p>"
            "<h2>Related</h2><div>Chair <span>This item is no longer available</span></div>",
        ),
        "ok",
    ),
    row("json-no-code", "a record that names a number", Answer(200, b'{"id":12,"status":"404 not used"}', _JSON), "ok"),
    row(
        "hung-body",
        "the head of an answer, and then silence",
        everywhere(Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", then="hang")),
        "timeout",
    ),
    row(
        "no-suffix",
        "the same address without .html",
        site({"/2019/05/story-12.html": redirect(STORY), STORY: article("Ferry runs again"), "/": home()}),
        "ok",
        path="/2019/05/story-12.html",
        requests=1,
    ),
]

_OLD_FRAME = "<p>" + "Please wait while your browser is being checked, this takes a few seconds. " * 8 + "</p>"

_UNREADABLE: list[Row] = [
    *(
        row(
            f"packed-{number}",
            f"a body under {coding}",
            everywhere(Answer(200, gzip.compress(bytes(range(256)) * 9), (("Content-Encoding", coding),))),
            "protocol-error",
        )
        for number, coding in enumerate(("br", "gzip, gzip, gzip, gzip, gzip"))
    ),
    row(
        "plain-br",
        "a plain page that calls itself packed",
        Answer(200, article("Ferry"), (("Content-Encoding", "br"),)),
        "ok",
    ),
    *(
        row(f"copy-{name}", f"the archived copy is {name}", article("Ferry runs again"), "ok", copy=copy)
        for name, copy in (
            ("a-wall", page("Just a moment...", "<script>window._cf_chl_opt={}</script>" + _OLD_FRAME)),
            ("an-error", page("Page not found", "<h1>Page not found</h1>" + _OLD_FRAME)),
            ("a-login", page("Log in", "<h1>Log in</h1><form><input type=password></form>" + _OLD_FRAME)),
        )
    ),
]


def _shuffled(asked: Asked) -> Answer:
    """An error page under which every address gets other stories."""
    return Answer(body=page("Page not found", "<h1>Page not found</h1><p>Sorry.</p>" + prose(300, asked.target)))


_TOLD = (
    "<p>So read the sign where the border post stood until Monday; workers took the barrier away at dawn, and lorries"
    " now roll through, to the joy of the drivers and the worry of the shops.</p>"
)
_HEADED: list[Row] = [
    row("shuffled", "an error page with other stories each time", _shuffled, "soft-404", broken=True),
    *(
        row(f"headed-{number}", f"a short piece headed “{title}”", page(title, f"<h1>{title}</h1>{_TOLD}"), "ok")
        for number, title in enumerate(("This post has been removed", "Video unavailable", "Сайт закрыт"))
    ),
]

ROWS: list[Row] = [*_LOST, *_ALIVE, *_UNREADABLE, *_HEADED]
