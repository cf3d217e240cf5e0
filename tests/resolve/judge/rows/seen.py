"""Pages as a fresh pair of eyes wrote them, one a line of `seen.jsonl`: dead ones, walls, and live near misses.

`shape`: “bare” answers every address; “frame” answers every address but the front page inside a site's menu; “alone”
stands in that menu at its own address, and every other one is honestly refused.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.loopback.web import NOT_FOUND, Answer
from tests.loopback.web_behaviours import everywhere, home, redirect, site
from tests.loopback.web_pages import article, bare
from tests.resolve.judge.rows import STORY, Row, row

_MENUS = {
    "en": "Home|News|Politics|Business|Opinion|Sport|Culture|Video|Contact|About us|Archive|Privacy policy",
    "ru": "Главная|Новости|Политика|Экономика|Общество|Культура|Спорт|Видео|Контакты|О проекте|Реклама|Архив",
    "be": "Галоўная|Навіны|Палітыка|Грамадства|Культура|Спорт|Відэа|Кантакты|Пра нас|Падпіска|Архіў",
    "uk": "Головна|Новини|Політика|Економіка|Суспільство|Культура|Спорт|Відео|Контакти|Про нас|Архів",
    "pl": "Strona główna|Wiadomości|Kraj|Świat|Gospodarka|Sport|Kultura|Wideo|Kontakt|O nas|Regulamin",
    "de": "Startseite|Nachrichten|Politik|Wirtschaft|Sport|Kultur|Wissen|Mediathek|Kontakt|Impressum|Abo",
    "fr": "Accueil|Actualités|Politique|Économie|Sport|Culture|Vidéos|Contact|Mentions légales|Abonnez-vous",
    "": "1|2|3|4|5|6|7|8|9|10|11",
}


def _framed(page: dict[str, Any]) -> bytes:
    language = page["lang"]
    names = _MENUS.get(language, _MENUS[""]).split("|")
    menu = "".join(f'<li class="menu-item"><a href="/c/{n}">{name}</a></li>' for n, name in enumerate(names))
    return f"""<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{page["title"]}</title>
{page.get("head", "")}<script>window.dataLayer=window.dataLayer||[];</script></head><body class="{page.get("cls", "")}">
<header><div class="logo"><a href="/">Logo</a></div><nav><ul>{menu}</ul></nav></header>
<div id="content"><div class="container">{page["body"]}</div></div>
<footer><ul>{menu}</ul><p>© 2019–2026</p></footer></body></html>""".encode()


def _row(page: dict[str, Any]) -> Row:
    path = page.get("path", STORY)
    match page["shape"]:
        case "bare":
            headers = tuple((name, value) for name, value in page.get("headers", []))
            behaves = everywhere(Answer(page.get("status", 200), page["body"].encode(), headers))
        case "frame":
            behaves = site({"/": home()}, Answer(body=_framed(page)))
        case _:
            behaves = site({path: _framed(page), "/": home()}, NOT_FOUND)
    says = page.get("says") or page["title"] or "a page without a title"
    return row(page["id"], says, behaves, page["reason"], broken=page.get("broken", False), path=path)


def _led(name: str, says: str, to: str, landing: bytes, reason: str, status: int = 302) -> Row:
    """A redirect of the story alone."""
    return row(name, says, site({STORY: redirect(to, status), to.partition("?")[0]: landing, "/": home()}), reason)


_WAYS = [
    _led(
        "way-back-consent",
        "a consent page of the site's own",
        f"/gdpr-consent?return={STORY}",
        bare("Your choices", "We value your privacy."),
        "consent-wall",
    ),
    _led(
        "way-back-letters",
        "letters to type before the story",
        f"/xcaptcha/?next={STORY}",
        bare("Check", "Type the letters"),
        "blocked",
    ),
    _led(
        "way-back-article",
        "the story under another name, with the old one behind it",
        f"/news/story-12-on-privacy?from={STORY}",
        article("Seed potatoes and privacy", 300),
        "redirected",
    ),
    row(
        "other-browser",
        "everybody is sent to a page for old browsers",
        site(
            {"/unsupported-browser": bare("Browser", "Please update it."), "/": home()},
            redirect("/unsupported-browser", 302),
        ),
        "blocked",
    ),
    row(
        "browser-story",
        "a story about old browsers under another address",
        site(
            {
                STORY: redirect("/tech/unsupported-browsers-story-12"),
                "/tech/unsupported-browsers-story-12": article("Old browsers", 300),
            }
        ),
        "moved-permanently",
    ),
]
_LINES = Path(__file__).with_name("seen.jsonl").read_text(encoding="utf-8").splitlines()
ROWS: list[Row] = [*(_row(json.loads(line)) for line in _LINES), *_WAYS]
