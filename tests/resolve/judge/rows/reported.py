"""Behaviours that users of other link checkers have reported, and those of thousands of saved pages."""

from __future__ import annotations

from collections.abc import Callable

from tests.loopback.web import NOT_FOUND, Answer, Asked
from tests.loopback.web_behaviours import everywhere, home, redirect, site
from tests.loopback.web_pages import article, bare, page, prose
from tests.resolve.judge.rows import STORY, Row, row

_STORY = article("Harbour dues for March", 400)


def _wants_cookie(part: bytes, *set_cookies: str | bytes) -> Callable[[Asked], Answer]:
    """A site that redirects to the same address until the cookie comes back."""

    def respond(asked: Asked) -> Answer:
        if part in asked.headers.get("cookie", "").encode("latin-1"):
            return Answer(body=_STORY)
        return redirect(asked.target, 302, *(("Set-Cookie", value) for value in set_cookies))

    return respond


def _takes_back(asked: Asked) -> Answer:
    cookies = asked.headers.get("cookie", "")
    if "trial=" in cookies:
        expired = "trial=x; path=/; expires=Thu, 01-Jan-1970 00:00:01 GMT"
        return redirect(asked.target, 302, ("Set-Cookie", expired), ("Set-Cookie", "kept=1; path=/"))
    return (
        Answer(body=_STORY) if "kept=1" in cookies else redirect(asked.target, 302, ("Set-Cookie", "trial=1; path=/"))
    )


def _reloads(after: Answer) -> Callable[[Asked], Answer]:
    """A page that sets a cookie and reloads itself."""

    def respond(asked: Asked) -> Answer:
        if asked.path == "/":
            return Answer(body=home())
        if "came=1" in asked.headers.get("cookie", ""):
            return after
        head = f'<meta http-equiv="refresh" content="1; url={asked.target}">'
        return Answer(body=bare("Please wait", "", head=head), headers=(("Set-Cookie", "came=1; path=/"),))

    return respond


def _sends_on(asked: Asked) -> Answer:
    if asked.path == "/doc/dues-12":
        head = '<meta http-equiv="refresh" content="0; url=/doc/dues-12/read">'
        return Answer(body=bare("Please wait", "", head=head), headers=(("Set-Cookie", "came=1; path=/"),))
    if asked.path == "/doc/dues-12/read" and "came=1" in asked.headers.get("cookie", ""):
        return Answer(body=_STORY)
    return NOT_FOUND


def _adds_query(asked: Asked) -> Answer:
    return Answer(body=_STORY) if asked.target.endswith("?") else redirect(asked.target + "?", 301)


_TEXTS = page(
    "Tides | Herald",
    "<article><h1>Tides</h1><p><span class=drop>T</span>he pilot boat of Har&shy;wich left at noon.</p>"
    "<p>The <b>second</b>, <a href=/x>smaller</a> boat fol<wbr>lowed on the 7<sup>th</sup>; CO<sub>2</sub> and "
    "H<sub>2</sub>O fell.</p>"
    "<ul><li>ebb</li><li>flood</li></ul><p>“It’s low – for now.”</p></article>" + prose(200),
)


def _text_row(name: str, says: str, words: str) -> Row:
    return row(f"text-{name}", says, _TEXTS, "ok", path=f"{STORY}#:~:text={words}", requests=1)


def _file_row(name: str, says: str, body: bytes, media_type: str, reason: str, *, broken: bool = False) -> Row:
    suffix = {"application/pdf": "pdf", "image/jpeg": "jpg", "application/zip": "zip"}.get(media_type, "docx")
    answer = Answer(200, body, (("Content-Type", media_type),))
    return row(f"type-{name}", says, answer, reason, broken=broken, path=f"/files/dues-12.{suffix}")


_LOGIN = page("Log in", "<h1>Log in</h1><form><input name=user><input type=password name=word></form>")
_SHELL = (
    b'<!doctype html><html><head><title>Tide Atlas</title><meta property="og:site_name" content="Tide Atlas">'
    b'<script src="/run.js"></script></head><body><div id="board"></div></body></html>'
)
_CHOOSER = page(
    "Learnway",
    "<h1>Learnway</h1><p>Choose your school and sign in.</p><form><input type=text name=school></form>"
    '<p><a href="/">Learnway</a> <a href="/no">Norway</a> <a href="/dk">Denmark</a></p>',
    head='<link rel="canonical" href="/">',
)
_MENU = (
    "<nav>"
    + "".join(f'<a href="/{name}">{name.title()}</a> ' for name in ["halls", "tanks", "cranes", "jobs", "news"])
    + "</nav>"
)
_FRONT = page("Southgate Steel", _MENU + "<h1>Steel that lasts</h1>" + prose(220, "front"))
_NO_SCRIPT = page(
    "Harbour dues rise",
    "<h1>Harbour dues rise</h1>" + prose(40, "dues"),
    head='<noscript><meta http-equiv="refresh" content="0; url=/plain"></noscript>',
)
_CHOICES = (
    b"<html><head><title>300 Multiple Choices</title></head><body><h1>Multiple Choices</h1>The document "
    b"you asked for could not be found on this server. Documents with similar names:<ul><li>"
    b'<a href="/a/dues-2021.pdf">/a/dues-2021.pdf</a></ul></body></html>'
)


def _numbered(asked: Asked) -> Answer:
    return Answer(body=article("Castle of Tawern", 400)) if asked.target == "/index.php?id=12" else Answer(body=_FRONT)


def _block_page(name: str, title: str, text: str, language: str) -> Row:
    body = page(title, f"<h1>{title}</h1><p>{text}</p>", language=language)
    return row(f"network-{name}", f"a provider's block page, {language}", everywhere(body), "geo-blocked")


def _lost(language: str, title: str, text: str) -> Row:
    body = page(f"{title} – Herald", f"<h1>{title}</h1><p>{text}</p>", language=language)
    return row(f"words-{language}", f"lost, in the words of {language}", everywhere(body), "soft-404", broken=True)


ROWS: list[Row] = [
    row("cookie-bytes", "a cookie beyond ASCII", _wants_cookie("Порт".encode(), "region=Порт; path=/".encode()), "ok"),
    row(
        "cookie-many",
        "the thirtieth of thirty cookies",
        _wants_cookie(b"c29=", *(f"c{n}=1; path=/" for n in range(30))),
        "ok",
    ),
    row("cookie-nameless", "a cookie without a name", _wants_cookie(b"visited", "visited; path=/"), "ok"),
    row("cookie-taken-back", "a cookie deleted by its date", _takes_back, "ok"),
    row("reload-gone", "a page that reloads itself and is gone then", _reloads(NOT_FOUND), "not-found", broken=True),
    row("reload-there", "a page that reloads itself and is there then", _reloads(Answer(body=_STORY)), "ok"),
    row(
        "refresh-cookie",
        "a refresh to a page that wants the cookie",
        _sends_on,
        "moved-permanently",
        path="/doc/dues-12",
    ),
    row("noscript-refresh", "a refresh for browsers without scripts", _NO_SCRIPT, "ok"),
    row("bare-query", "a redirect that adds nothing but a question mark", _adds_query, "ok"),
    _text_row("drop-cap", "a first letter in an element of its own", "The%20pilot%20boat"),
    _text_row("soft-hyphen", "a soft hyphen", "of%20Harwich%20left"),
    _text_row("comma", "a comma after bold letters", "second%2C%20smaller%20boat"),
    _text_row("wbr", "a place where a word may break", "boat%20followed%20on"),
    _text_row("sup", "raised letters", "on%20the%207th%3B"),
    _text_row("sub", "lowered figures", "CO2%20and%20H2O%20fell"),
    _text_row("quotes", "straight quotation marks for curly ones", "%22It%27s%20low%20-%20for%20now"),
    _text_row("blocks", "two items of a list", "ebb,flood"),
    _file_row(
        "error",
        "a PDF that is an error page",
        page("Herald", "<h1>Page not found</h1>"),
        "application/pdf",
        "soft-404",
        broken=True,
    ),
    _file_row("login", "a PDF that is a login", _LOGIN, "application/pdf", "login-required"),
    _file_row("words", "a PDF that is three words", b"File not found.", "application/pdf", "soft-404", broken=True),
    _file_row("json", "a PDF that is data", b'{"id": 4711, "state": "withheld"}', "application/pdf", "empty"),
    _file_row("tiny", "a PDF of two bytes", b"\r\n", "application/pdf", "empty"),
    _file_row("late-mark", "a PDF after blank lines", b"\r\n\r\n%PDF-1.4" + b"x" * 900, "application/pdf", "ok"),
    _file_row(
        "picture", "a picture that is a notice", bare("No hotlinks", "Ask us first, please."), "image/jpeg", "empty"
    ),
    _file_row(
        "archive",
        "an archive that is an error page",
        page("Herald", "<h1>Page not found</h1>"),
        "application/zip",
        "soft-404",
        broken=True,
    ),
    _file_row(
        "office",
        "a text document",
        b"PK\3\4" + b"x" * 900,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "ok",
    ),
    row("shell-sitename", "a script's shell named like its site", everywhere(_SHELL), "js-shell"),
    row("login-chooser", "the choice of a login, at every address", everywhere(_CHOOSER), "login-required"),
    row(
        "choices-lost",
        "300 for a document that is not there",
        Answer(300, _CHOICES),
        "soft-404",
        broken=True,
        path="/a/dues-2023.pdf",
    ),
    row(
        "numbered-front",
        "the front page for a number that is gone",
        _numbered,
        "soft-404",
        broken=True,
        path="/index.php?id=5028",
    ),
    row("numbered-there", "a page by its number", _numbered, "ok", path="/index.php?id=12"),
    row(
        "wrong-page",
        "the front page for a slug of several words",
        everywhere(_FRONT),
        "soft-404",
        broken=True,
        path="/2019/ferry-counted-twice",
    ),
    row("other-words", "an article under other words than its address", _STORY, "ok", path="/2019/ferry-counted-twice"),
    row(
        "empty-heading",
        "an empty heading, a notice",
        everywhere(page("Motors", "<h1><img src=l.png></h1><p>Page not found</p>")),
        "soft-404",
        broken=True,
    ),
    row(
        "disabled-site",
        "a site that is switched off",
        everywhere(b"<html><body>Website Disabled</body></html>"),
        "soft-404",
        broken=True,
    ),
    row(
        "short-answers",
        "a link shortener that answers itself",
        site({"/zz9": page("Links", "<h1>Short links</h1>" + prose(80))}),
        "blocked",
        url="http://ow.ly/zz9",
        also={"ow.ly": everywhere(page("Links", "<h1>Short links</h1>" + prose(80)))},
    ),
    row(
        "gitlab-anchor",
        "a heading of a file that a script draws",
        article("notes.md", 200),
        "ok",
        path="/group/wiki/-/blob/main/notes.md#boats",
    ),
    _block_page(
        "ru", "Данный ресурс заблокирован", "Запрошенный адрес стоит в списке ведомства. Звоните нам каждый день.", "ru"
    ),
    _block_page(
        "id",
        "Situs ini diblokir",
        "Situs ini tidak dapat dibuka melalui jaringan kami menurut daftar kementerian.",
        "id",
    ),
    _block_page(
        "en", "Notice", "This website is blocked on our network by order of the regulator. Ask us for details.", "en"
    ),
    _lost("ko", "페이지를 찾을 수 없습니다", "주소를 다시 확인해 주세요."),
    _lost("he", "העמוד לא נמצא", "בדקו את הכתובת."),
    _lost("th", "ไม่พบหน้านี้", "โปรดตรวจสอบที่อยู่"),
    _lost("vi", "Không tìm thấy trang", "Hãy kiểm tra địa chỉ."),
    _lost("el", "Η σελίδα δεν βρέθηκε", "Ελέγξτε τη διεύθυνση."),
    _lost("fi", "Sivua ei löytynyt", "Tarkista osoite."),
    _lost("ca", "No s'ha trobat la pàgina", "Reviseu l'adreça."),
    row(
        "sjis-label",
        "an error page under a label of browsers",
        everywhere(bare("ページが見つかりません", "", head='<meta charset="x-sjis">').decode().encode("cp932")),
        "soft-404",
        broken=True,
    ),
    row(
        "charset-byte",
        "one bad byte in UTF-8",
        page("Żołnierze wrócili", "<h1>Żołnierze wrócili</h1><p>Naliczyliśmy pięć łodzi.</p>" + prose(200)).replace(
            b"</main>", b"\xc4</main>"
        ),
        "ok",
        path=f"{STORY}#:~:text=Naliczyli%C5%9Bmy%20pi%C4%99%C4%87",
    ),
]
