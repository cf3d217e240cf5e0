"""The kinds of the reported behaviours in other words, languages, types and places."""

from __future__ import annotations

from tests.loopback.web import NOT_FOUND, Answer, Asked, Respond
from tests.loopback.web_behaviours import everywhere, home, redirect, site
from tests.loopback.web_pages import article, bare, page, prose
from tests.resolve.judge.rows import STORY, Row, row

_MENU = (
    "<nav>"
    + "".join(
        f'<a href="/{name}">{name.title()}</a> ' for name in ["quays", "cranes", "tides", "pilots", "dues", "jobs"]
    )
    + "</nav>"
)
_FRONT = page("Port of Norburg", _MENU + "<h1>Welcome</h1>" + prose(220, "norburg"))
_MINUTES = page("Minutes | Port of Norburg", _MENU + "<h1>Minutes</h1>" + prose(220, "minutes"))
_EDITION = page("Port Fair 2019", _MENU + "<h1>Come along</h1>" + prose(220, "edition"))
_LIST = page("Port of Norburg", _MENU * 6 + "<h1>Quays</h1>")
_RESULTS = page("Port of Norburg", _MENU + "<h1>Results</h1>" + prose(120, "results"))

# language: heading, sentence below it; the wordings are this project's
_LOST = {
    "nl": ("Oeps! Die pagina kan niet worden gevonden", "Op deze plek staat niets meer."),
    "ro": ("Hopa! Acea pagină nu a putut fi găsită", "Încercați meniul."),
    "af": ("Die bladsy kon nie gevind word nie", "Probeer die spyskaart."),
    "cy": ("Ni chanfuwyd y dudalen", "Rhowch gynnig ar y ddewislen."),
    "eo": ("Ho ve! Tiu paĝo ne troviĝas", "Provu la menuon."),
    "uz": ("Sahifa topilmadi", "Menyuga qarang."),
    "ne": ("पृष्ठ भेटिएन", "मेनु हेर्नुहोस्।"),
    "my": ("စာမျက်နှာ မတွေ့ပါ", "မီနူးကို ကြည့်ပါ။"),
    "tl": ("Hindi nahanap ang pahina", "Tingnan ang menu."),
    "ka": ("გვერდი ვერ მოიძებნა", "სცადეთ მენიუ."),
    "sl": ("Te strani ni mogoče najti", "Poskusite z menijem."),
}
# name: label that browsers know, Python's codec, heading of an error page
_LABELS = {
    "windows-31j": ("cp932", "お探しのページが見つかりません"),
    "ks_c_5601-1987": ("cp949", "페이지를 찾을 수 없습니다"),
    "x-mac-cyrillic": ("mac_cyrillic", "Страница не найдена"),
    "logical": ("iso8859_8", "העמוד לא נמצא"),
    "dos-874": ("cp874", "ไม่พบหน้านี้"),
    "x-x-big5": ("big5", "找不到網頁"),
}
_SUSPENDED = {
    "pt": ("Conta suspensa", "Esta conta foi suspensa. Entre em contato com o provedor."),
    "nl": ("Account opgeschort", "Neem contact op met uw aanbieder."),
    "it": ("Account sospeso", "Contattare il proprio fornitore."),
    "uk": ("Сайт призупинено", "Зверніться до свого постачальника."),
}
_CONSENT = {
    "de": ("Bevor Sie fortfahren", "Wir und unsere 142 Partner verwenden Cookies. Alle akzeptieren, um fortzufahren."),
    "fr": ("Votre choix", "Avec nos partenaires nous déposons des cookies. Accepter et continuer."),
    "age": (
        "Tavern Guide",
        "<b>Are you over 18?</b> This may not be suitable for minors. Confirm your age to continue.",
    ),
    "age-de": ("Weinführer", "Sind Sie über 18 Jahre alt? Bitte bestätigen Sie Ihr Alter, um fortzufahren."),
}
_HTML = bare("Files", "The quay office keeps no copies.")


def _file(name: str, says: str, body: bytes, media_type: str, reason: str, suffix: str) -> Row:
    answer = Answer(200, body, (("Content-Type", media_type),))
    return row(f"kind-{name}", says, answer, reason, path=f"/files/dues-12.{suffix}")


def _tiny(name: str, body: bytes) -> Row:
    answer = Answer(200, body, (("Content-Type", "text/html"),))
    return row(f"tiny-{name}", f"a page of {len(body)} bytes", everywhere(answer), "empty")


def _knows_numbers(asked: Asked) -> Answer:
    """A site that reads the number in an address and none of the words behind it."""
    if asked.path.startswith("/doc/55/"):
        return Answer(body=_MINUTES)
    return Answer(body=_FRONT) if asked.path == "/" else NOT_FOUND


def _searches(asked: Asked) -> Answer:
    """A site that sends its visitors to a search for the words of what is lost."""
    if asked.path in ("/", "/search"):
        return Answer(body=_RESULTS if asked.path == "/search" else home())
    return redirect(f"/search?q={asked.path.rpartition('/')[2]}", 302)


def _reads_words(asked: Asked) -> Answer:
    if asked.path == "/read":
        return Answer(body=article("On the border", 300, seed=asked.target))
    return Answer(body=home()) if asked.path == "/" else redirect(f"/read?s={asked.path.rpartition('/')[2]}", 302)


def _leads(to: str, landing: bytes) -> Respond:
    return site({STORY: redirect(to, 302), to: landing, "/": home()}, NOT_FOUND)


def _shown_everywhere(name: str, says: str, title: str, text: str, reason: str, *, broken: bool = False) -> Row:
    return row(name, says, everywhere(bare(title, text)), reason, broken=broken)


ROWS: list[Row] = [
    *(
        row(
            f"kind-lost-{language}",
            f"lost, in the words of {language}",
            everywhere(page(f"{title} – Norburg", f"{_MENU}<h1>{title}</h1><p>{text}</p>", language=language)),
            "soft-404",
            broken=True,
        )
        for language, (title, text) in _LOST.items()
    ),
    *(
        row(
            f"label-{label}",
            f"an error page labelled {label}",
            everywhere(bare(title, "", head=f'<meta charset="{label}">').decode().encode(codec)),
            "soft-404",
            broken=True,
        )
        for label, (codec, title) in _LABELS.items()
    ),
    *(
        _shown_everywhere(
            f"kind-suspended-{language}", f"a suspended site, {language}", *texts, "soft-404", broken=True
        )
        for language, texts in _SUSPENDED.items()
    ),
    *(
        _shown_everywhere(f"kind-consent-{name}", f"a question before the page, {name}", *texts, "consent-wall")
        for name, texts in _CONSENT.items()
    ),
    row("tall-ships", "a page with a cookie bar", article("Tall ships", 200, extra=_CONSENT["de"][1]), "ok"),
    _file("film-page", "a web page called a film", _HTML, "video/mp4", "empty", "mp4"),
    _file("sheet-page", "a web page called a sheet of Excel", _HTML, "application/vnd.ms-excel", "empty", "xls"),
    _file(
        "sheet-table",
        "a table of HTML that Excel opens",
        page("Dues", f"<table><tr><td>{prose(150, 'sheet')}</td></tr></table>"),
        "application/vnd.ms-excel",
        "redirected",
        "xls",
    ),
    _file(
        "sheet-plain",
        "a plain table that Excel opens",
        b"port\tdues\nNorburg\t12\n",
        "application/vnd.ms-excel",
        "ok",
        "xls",
    ),
    _file("film", "a film", b"\0\0\0\x20ftypisom" + b"x" * 500, "video/mp4", "ok", "mp4"),
    _file("playlist", "the list of a station", b"#EXTM3U\n#EXTINF:1\na.ts\n", "audio/x-mpegurl", "ok", "m3u8"),
    _tiny("word", b"OK"),
    _tiny("null", b"null"),
    _tiny("dot", b"."),
    row(
        "kind-choices-es",
        "300 for a document that is not there, in Spanish",
        Answer(300, bare("Varias opciones", "No se encontró el documento. Parecidos: <a href=/a/x.pdf>x</a>")),
        "soft-404",
        broken=True,
        path="/a/dues-2023.pdf",
    ),
    row(
        "front-short", "the front page for a story of one word", everywhere(_FRONT), "soft-404", broken=True, path=STORY
    ),
    row(
        "front-number",
        "the front page for a number",
        everywhere(_FRONT),
        "soft-404",
        broken=True,
        path="/press/5512.html",
    ),
    row(
        "front-welcome",
        "the front page by a name of its own",
        everywhere(_FRONT),
        "blocked",
        path="/start/eingang.html",
    ),
    row(
        "front-other",
        "a page of other words",
        site({"/a/halls.html": _MINUTES, "/": _FRONT}),
        "ok",
        path="/a/halls.html",
    ),
    row("front-year", "the edition of a year is the front page", everywhere(_EDITION), "ok", path="/2019/05/days.html"),
    row("front-month", "the month's archive is the front page", everywhere(_FRONT), "blocked", path="/2019/05/"),
    row("words-ignored", "a site that reads the number alone", _knows_numbers, "ok", path="/doc/55/print"),
    row("section-only", "a menu and the name of the section", everywhere(_LIST), "blocked", path="/quays/dock12.htm"),
    row("to-word-search", "all leads to a search for its words", _searches, "soft-404", broken=True),
    row("to-a-search", "a story that leads to a search", _leads("/search?q=border", _RESULTS), "redirected"),
    row("words-read", "a site that reads the words behind its redirect", _reads_words, "redirected"),
    row("to-gone-page", "a redirect to gone.html", _leads("/gone.html", _RESULTS), "soft-404", broken=True),
    row("to-album-gone", "an album called Gone", _leads("/gone", article("Gone", 300)), "redirected"),
    row("to-book-gone", "a book called Gone", _leads("/books/gone", article("Gone", 300)), "redirected"),
    row(
        "typeset-dash",
        "dashes of print for hyphens",
        site({"/2019/dues-counted-twice": article("Dues counted twice", 300)}),
        "moved-permanently",
        path="/2019/dues–counted–twice",
        detail="typeset",
        moved_to="http://typeset-dash.test/2019/dues-counted-twice",
    ),
    row(
        "typeset-quote",
        "an apostrophe of print",
        site({"/2019/pilot's-dues": article("The pilot's dues", 300)}),
        "moved-permanently",
        path="/2019/pilot’s-dues",
        detail="typeset",
        moved_to="http://typeset-quote.test/2019/pilot's-dues",
    ),
    row(
        "dash-meant",
        "a dash that is part of the address",
        site({"/2019/dues%E2%80%93counted": article("Dues counted", 300)}),
        "ok",
        path="/2019/dues–counted",
    ),
]
