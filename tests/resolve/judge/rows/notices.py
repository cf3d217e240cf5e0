"""Notices in many languages and by script, folders that a server lists, pictures of one pixel; their look-alikes."""

from __future__ import annotations

from tests.loopback.web import Answer
from tests.loopback.web_behaviours import everywhere, home, site
from tests.loopback.web_pages import article, bare, page, prose
from tests.resolve.judge.rows import STORY, Row, row

_MENU = "<nav><a href=/>Home</a> <a href=/n>News</a> <a href=/s>Sport</a></nav>"
# The heading of a page whose document was taken down; the site gives 404 for what never was.
_REMOVED = {
    "it": "Questo articolo non è più disponibile",
    "nl": "Dit artikel is niet meer beschikbaar",
    "sv": "Artikeln finns inte längre",
    "fi": "Artikkeli on poistettu",
    "cs": "Článek již není dostupný",
    "hu": "A cikk már nem elérhető",
    "ko": "삭제된 기사입니다",
    "ja": "この記事は公開を終了しました",
}
# A notice that is no heading; its site shows it under every address.
_HINTS = {
    "he": "מצטערים, הדף שחיפשת באתר זה אינו קיים.",
    "el": "Η σελίδα που ζητήσατε δεν βρέθηκε εδώ.",
    "th": "ไม่พบบทความที่คุณต้องการ",
    "hr": "Tražena stranica trenutačno nije dostupna na ovom mjestu.",
}
_AGES = {
    "de": ("Altersprüfung", "Sind Sie 18 Jahre oder älter?"),
    "cs": ("Ověření věku", "Je vám již 18 let?"),
    "hu": ("Korhatár", "Elmúltál már 18 éves?"),
    "bg": ("Възраст", "Навършили ли сте 18 години?"),
}
_PIXEL = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"
_COUNTER = "<img width=1 height=1 src=/count.gif>"


def _listing(folder: str) -> bytes:
    title = f"Index of {folder}"
    files = (
        "<a href=../>../</a>\n<a href=cgi-bin/>cgi-bin/</a> 2019-01-01 12:00\n<a href=old/>old/</a> 2020-03-03 10:11"
    )
    return page(title, f"<h1>{title}</h1><hr><pre>{files}</pre><hr>")


def _alerting(text: str) -> bytes:
    return bare("", "", head=f"<script>alert('{text}'); history.back();</script>")


_ERROR = Answer(body=page("Nicht gefunden – Hafenblatt", f"{_MENU}<h1>Nicht gefunden</h1>", language="de"))
_NAMED_SO = page(
    "Nicht gefunden – Hafenblatt",
    f"{_MENU}<article><h1>Nicht gefunden</h1>{prose(400, 'boat', 'de')}</article>",
    language="de",
)
_NEAR_NAMED_SO = page(
    "Nicht gefunden – Hafenblatt",
    f"{_MENU}<h1>Nicht gefunden</h1><p>Die Seite ist nicht vorhanden. Neu bei uns:</p>"
    + "".join(f"<p><a href=/n/{number}>{prose(20, str(number), 'de')[3:-4]}</a></p>" for number in range(16)),
    language="de",
)

ROWS: list[Row] = [
    *(
        row(
            f"removed-{code}",
            f"a notice of removal: {text}",
            page(text, f"{_MENU}<h1>{text}</h1>", language=code),
            "soft-404",
            broken=True,
        )
        for code, text in _REMOVED.items()
    ),
    row(
        "about-removal",
        "an article under a headline about removal",
        article("Dit artikel is verwijderd: hoe kranten hun archief opschonen", 300),
        "ok",
    ),
    *(
        row(
            f"hint-{code}",
            f"a notice without a heading: {text}",
            everywhere(page("Herald", f"{_MENU}<div>{text}</div>", language=code)),
            "soft-404",
            broken=True,
        )
        for code, text in _HINTS.items()
    ),
    *(
        row(
            f"age-{code}",
            "an age gate",
            bare(title, f"<h1>{question}</h1><button>+</button><button>-</button>"),
            "consent-wall",
        )
        for code, (title, question) in _AGES.items()
    ),
    row(
        "journal-deleted",
        "the journal of an author who left; the host gives 404 for what never was",
        page("Ошибка", f"{_MENU}<h1>Журнал удалён</h1><p>Этот журнал был удалён и очищен.</p>", language="ru"),
        "soft-404",
        broken=True,
    ),
    row(
        "no-such-blog-ko",
        "a notice of a blog host under every address",
        everywhere(
            page("항구 블로그", f"{_MENU}<p>유효하지 않은 요청입니다. 해당 블로그가 없습니다.</p>", language="ko")
        ),
        "soft-404",
        broken=True,
    ),
    row(
        "something-wrong",
        "a notice of trouble that speaks of a file, too",
        everywhere(page("Error", "<h1>Sorry, something went wrong</h1><p>File not found.</p>")),
        "server-error",
    ),
    *(
        row(
            f"about-a-loss-{code}",
            "an article whose headline holds words of error pages",
            article(title, 300, language="en"),
            "ok",
        )
        for code, title in {
            "he": "הספינה לא נמצאה",
            "el": "Το πλοίο δεν βρέθηκε",
            "ja": "沈没船は見つかりませんでした",
            "ko": "배는 찾을 수 없었다",
            "fi": "Kadonnutta ei löytynyt",
        }.items()
    ),
    row(
        "alert-ko",
        "a script says that there is no such article",
        everywhere(_alerting("존재하지 않는 기사입니다.")),
        "soft-404",
        broken=True,
    ),
    row("alert-zh", "the same in Chinese", everywhere(_alerting("该文章不存在或已被删除！")), "soft-404", broken=True),
    row(
        "alert-in-function",
        "an application whose script may say some day that a file does not exist",
        everywhere(
            bare("", "<div id=app></div>", head="<script>function f(){alert('Not found'); location.href='/'}</script>")
        ),
        "js-shell",
    ),
    row("alert-form", "a script asks for a name", everywhere(_alerting("Please give a name.")), "js-shell"),
    row(
        "folder-for-all",
        "the server lists its first folder under every address",
        everywhere(_listing("/")),
        "soft-404",
        broken=True,
    ),
    row("folder-cited", "the folder that was cited", _listing(STORY), "ok"),
    row(
        "folder-behind-another",
        "a folder that a server behind another one lists under its own name",
        _listing("/pub" + STORY),
        "ok",
    ),
    row(
        "pixel-answer",
        "a picture of one pixel in place of a document",
        Answer(body=_PIXEL, headers=(("content-type", "image/gif"),)),
        "empty",
    ),
    row("pixel-page", "a page of nothing but a counter's pixel", bare("", _COUNTER), "empty"),
    row(
        "pixel-titled",
        "the same with a title",
        b"<html><head><title>Herald</title></head><body>%b" % _COUNTER.encode(),
        "empty",
    ),
    row(
        "photograph-alone",
        "a page of nothing but a photograph",
        bare("", "<img width=800 height=600 src=/a.jpg>"),
        "ok",
    ),
    row(
        "pixel-below-text",
        "a text with a counter's pixel",
        page("Ice", f"<h1>Ice</h1>{prose(200)}{_COUNTER}"),
        "ok",
        requests=1,
    ),
    row(
        "named-like-the-error",
        "an article headed by the very words of its site's error page",
        site({STORY: _NAMED_SO, "/": home()}, _ERROR),
        "ok",
    ),
    row(
        "error-with-more",
        "the error page itself, with a list for some addresses",
        site({STORY: _NEAR_NAMED_SO, "/": home()}, _ERROR),
        "soft-404",
        broken=True,
    ),
]
