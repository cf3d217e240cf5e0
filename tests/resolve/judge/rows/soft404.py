"""Status 200 that means 404, and pages about such things that are alive."""

from __future__ import annotations

from tests.loopback.web import Answer, Asked
from tests.loopback.web_behaviours import everywhere, home, site
from tests.loopback.web_pages import article, bare, page, prose
from tests.resolve.judge.rows import STORY, Row, row

_LOST = page("Page not found | Herald", "<h1>Page not found</h1><p>Sorry, there is no such page here.</p>")
_SHELL = b'<html><head><title>App</title></head><body><div id="root"></div><script src="/a.js"></script></body></html>'
_GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + b"\0" * 30
_PHOTO = b"\xff\xd8\xff\xe0" + b"photo" * 4000


def _flicker(asked: Asked) -> Answer:
    if asked.count == 1 and asked.path == STORY:
        shell = bare("Herald", "", head='<meta name="robots" content="noindex">', attributes=' id="__next_error__"')
        return Answer(body=shell)
    return Answer(body=article("Ferry timetable changes")) if asked.path == STORY else Answer(404)


def _image(body: bytes) -> Answer:
    return Answer(200, body, (("Content-Type", "image/gif"),))


# A heading in each language that the tables know, as an error page of a news site would have it.
_LANGUAGES = {
    "en": "The page you are looking for does not exist",
    "ru": "Страница не найдена",
    "be": "Старонка не знойдзена",
    "uk": "Сторінку не знайдено",
    "pl": "Nie znaleziono strony",
    "lt": "Puslapis nerastas",
    "lv": "Lapa nav atrasta",
    "et": "Lehte ei leitud",
    "de": "Seite nicht gefunden",
    "fr": "Page introuvable",
    "es": "Página no encontrada",
    "tr": "Sayfa bulunamadı",
    "ar": "الصفحة غير موجودة",
    "fa": "صفحه مورد نظر یافت نشد",
    "zh": "页面不存在",
}

ROWS: list[Row] = [
    row("all-the-same", "an error page with status 200 everywhere", everywhere(_LOST), "soft-404", broken=True),
    row("only-here", "the same, while invented addresses are refused honestly", _LOST, "soft-404", broken=True),
    *(
        row(
            f"lost-{code}",
            f"an error page in {code}",
            everywhere(bare(f"{text} — Herald", text)),
            "soft-404",
            broken=True,
        )
        for code, text in _LANGUAGES.items()
    ),
    row(
        "lost-cp1251",
        "an error page in windows-1251, declared in the page alone",
        everywhere(
            Answer(
                200,
                '<html><head><meta charset="windows-1251"><title>Страница не найдена</title></head><body><h1>Ошибка'
                "</h1><p>Запрашиваемая страница не существует.</p></body></html>".encode("cp1251"),
                (("Content-Type", "text/html"),),
            )
        ),
        "soft-404",
        broken=True,
    ),
    row(
        "number",
        "“404” and a sentence",
        everywhere(bare("404", "The page you requested could not be found.")),
        "soft-404",
        broken=True,
    ),
    row("tiny", "31 bytes of message", Answer(200, b"Error: article id not found"), "soft-404", broken=True),
    row(
        "removed-item",
        "“no longer available” over seven hundred words of other items",
        everywhere(page("Shop", "<h1>This item is no longer available</h1><h2>You may like</h2>" + prose(700))),
        "soft-404",
        broken=True,
    ),
    row(
        "long-lost",
        "an error page with the day's stories under it",
        everywhere(page("Page not found", "<h1>Page not found</h1>" + prose(600))),
        "soft-404",
        broken=True,
    ),
    row("suspended", "hosting stopped", everywhere(bare("Account Suspended", "Contact us.")), "soft-404", broken=True),
    row(
        "suspended-ru",
        "hosting stopped, in Russian",
        everywhere(bare("Сайт приостановлен", "Обратитесь в поддержку.")),
        "soft-404",
        broken=True,
    ),
    *(
        row(
            f"default-{name}",
            f"{title} on a deep address",
            everywhere(bare(title, "It is working.")),
            "soft-404",
            broken=True,
        )
        for name, title in {
            "nginx": "Welcome to nginx!",
            "apache": "Apache2 Ubuntu Default Page: It works",
            "iis": "IIS Windows Server",
        }.items()
    ),
    row(
        "maintenance",
        "under maintenance, status 200",
        everywhere(bare("Сайт на реконструкции", "Under maintenance")),
        "server-error",
    ),
    row("database", "no database", everywhere(bare("Error establishing a database connection", "")), "server-error"),
    row(
        "home-instead",
        "the front page under every address, and it says so",
        everywhere(page("Herald", "<h1>Herald</h1>" + prose(300, "x"), head='<link rel="canonical" href="/">')),
        "soft-404",
        broken=True,
    ),
    row(
        "framework-error",
        "a framework's error page for everything",
        everywhere(bare("Herald", "", attributes=' id="__next_error__"')),
        "soft-404",
        broken=True,
    ),
    row(
        "placeholder",
        "a picture of one dot for every photograph",
        everywhere(_image(_GIF)),
        "soft-404",
        broken=True,
        path="/photos/2019/bridge-12.jpg",
    ),
    # and what is alive
    row(
        "about-404", "an article about error pages", article("How we design our 404 page not found screens", 900), "ok"
    ),
    row("named-404", "an article named like an error page", article("Page not found", 900), "ok"),
    row("number-404", "an encyclopedia's entry on the number", article("404", 200), "ok"),
    row(
        "colon",
        "an article whose title begins like an error",
        article("Not found: the villages the reservoir drowned", 150),
        "ok",
        requests=1,
    ),
    row(
        "quotes-it",
        "an article that quotes an error",
        article("Archive politics", 1500, extra="<p>All it said was: page not found.</p>"),
        "ok",
        requests=1,
    ),
    row(
        "video-gone",
        "an article with a removed video in it",
        article("Convoy seen at the border", 700, extra="<p>This video is no longer available.</p>"),
        "ok",
        requests=1,
    ),
    row(
        "short",
        "a dictionary's entry of few words",
        bare("ferry", "A boat that carries people across water; also to carry."),
        "ok",
    ),
    row("frame", "an app's frame under every address", everywhere(_SHELL), "js-shell"),
    row("flicker", "an error for a moment, then the page", _flicker, "ok"),
    row(
        "about-suspended",
        "news of a suspended account",
        article("This account has been suspended: why banks do it", 500),
        "ok",
    ),
    row(
        "about-nginx",
        "an article about a server's greeting",
        article("Welcome to nginx: a history of a page", 500),
        "ok",
    ),
    row(
        "about-maintenance",
        "an article about maintenance",
        article("Under maintenance: the state of our bridges", 500),
        "ok",
    ),
    row(
        "small-photo",
        "a small picture that others do not get",
        _image(b"GIF89a" + b"\1" * 120),
        "ok",
        path="/i/flag.gif",
    ),
    row(
        "photo",
        "a photograph",
        Answer(200, _PHOTO, (("Content-Type", "image/jpeg"),)),
        "ok",
        path="/i/bridge.jpg",
        requests=1,
    ),
    row(
        "pdf-landing",
        "the page of a document where its file was",
        site(
            {
                "/docs/flood-report-2019.pdf": page(
                    "Flood report 2019", '<h1>Flood report 2019</h1><a href="/d?id=7">Download PDF</a>' + prose(130)
                ),
                "/": home(),
            }
        ),
        "redirected",
        path="/docs/flood-report-2019.pdf",
    ),
]
