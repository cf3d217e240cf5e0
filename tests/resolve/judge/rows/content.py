"""What pages hold: encodings, files, frames, fragments."""

from __future__ import annotations

from tests.loopback.web import Answer
from tests.loopback.web_behaviours import everywhere
from tests.loopback.web_pages import article, bare, page, prose
from tests.resolve.judge.rows import STORY, Row, row

_RU = (
    "<html><head>{}<title>Мост открыли после ремонта</title></head><body><h1>Мост открыли</h1>"
    + prose(300, "m", "ru")
    + "</body></html>"
)
_META = '<meta http-equiv="Content-Type" content="text/html; charset={}">'


def _encoded(name: str, says: str, encoding: str, declared: str, meta: str = "") -> Row:
    body = _RU.format(_META.format(meta) if meta else "").encode(encoding)
    return row(name, says, Answer(200, body, (("Content-Type", declared),)), "ok", requests=1)


_ROOT = (
    b"<!doctype html><html><head><title>News</title></head><body>"
    b"<noscript>You need to enable JavaScript to run this app.</noscript>"
    b'<div id="root"></div><script src="/m.js"></script><script src="/n.js"></script></body></html>'
)

ROWS: list[Row] = [
    _encoded("cp1251-silent", "windows-1251, undeclared", "cp1251", "text/html"),
    _encoded(
        "cp1251-conflict",
        "windows-1251, declared so in the page and as UTF-8 by the server",
        "cp1251",
        "text/html; charset=utf-8",
        "windows-1251",
    ),
    _encoded("koi8", "koi8-r, declared", "koi8-r", "text/html; charset=koi8-r"),
    _encoded("koi8-wrong", "koi8-r, declared as windows-1251", "koi8-r", "text/html; charset=windows-1251"),
    _encoded("latin-wrong", "windows-1251, declared as Latin-1", "cp1251", "text/html; charset=iso-8859-1"),
    row(
        "pdf",
        "a PDF",
        Answer(200, b"%PDF-1.7\n" + b"x" * 5000, (("Content-Type", "application/pdf"),)),
        "ok",
        path="/x/y.pdf",
        requests=1,
    ),
    row(
        "pdf-octets",
        "a PDF sent as anything",
        Answer(200, b"%PDF-1.7\n" + b"x" * 5000, (("Content-Type", "text/html"),)),
        "ok",
        path="/x/y.pdf",
        requests=1,
    ),
    row(
        "video",
        "a film of 500 MB",
        everywhere(
            Answer(
                200,
                b"\0\0\0\x20ftypmp42" + b"\0" * 600_000,
                (("Content-Type", "video/mp4"),),
                declared=500_000_000,
                then="close",
            )
        ),
        "ok",
        path="/v/film.mp4",
    ),
    row(
        "json",
        "data",
        Answer(200, b'{"name": "x", "rows": [1, 2, 3]}', (("Content-Type", "application/json"),)),
        "ok",
        path="/api/1",
    ),
    row(
        "text",
        "plain text",
        Answer(200, b"A list of ships, with dates.\n" * 40, (("Content-Type", "text/plain"),)),
        "ok",
        path="/list.txt",
    ),
    row("frame-only", "an app's empty frame", _ROOT, "js-shell"),
    row(
        "frame-filled",
        "an app's frame, filled by the server",
        page("News", '<div id="root">' + prose(400) + "</div>"),
        "ok",
        requests=1,
    ),
    row(
        "no-fragment",
        "a place that is not in the page",
        article("Manual", 500),
        "fragment-missing",
        path=STORY + "#section-9",
    ),
    row(
        "fragment",
        "a place that is in the page",
        article("Manual", 500, extra='<h2 id="section-9">Nine</h2>'),
        "ok",
        path=STORY + "#section-9",
        requests=1,
    ),
    row(
        "named-fragment",
        "a place named in the old way, in Cyrillic",
        article("Manual", 500, extra='<a name="Итоги"></a>'),
        "ok",
        path=STORY + "#%D0%98%D1%82%D0%BE%D0%B3%D0%B8",
        requests=1,
    ),
    row(
        "text-fragment",
        "words that are in the page",
        article("Manual", 500, extra="<p>The ferry sank in the harbour.</p>"),
        "ok",
        path=STORY + "#:~:text=ferry%20sank",
        requests=1,
    ),
    row(
        "no-text-fragment",
        "words that are not in the page",
        article("Manual", 500),
        "fragment-missing",
        path=STORY + "#:~:text=submarine%20landed",
    ),
    row(
        "script-fragment",
        "a fragment that is the page's own business",
        article("Manual", 500),
        "ok",
        path=STORY + "#!/view/1",
        requests=1,
    ),
    row("picture-page", "a page of one picture", bare("Map of the front", '<img src="/map.png">'), "ok"),
    row("bidi-title", "marks that turn the writing round", article("Report ‮gnp.exe⁦ \u200b", 400), "ok", requests=1),
    row(
        "formula-title",
        "a title that a spreadsheet would run",
        article('=HYPERLINK("http://evil")', 400),
        "ok",
        requests=1,
    ),
    row(
        "command-title", "a title that a build server would run", article("::error file=x::pwn", 400), "ok", requests=1
    ),
    row(
        "markup-title",
        "a title in a terminal's markup",
        article("[bold red]x[/] [link=file:///etc]", 400),
        "ok",
        requests=1,
    ),
]
