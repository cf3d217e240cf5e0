"""Pages as a fresh pair of eyes wrote them, one a line of `seen.jsonl`: dead ones, walls, and live near misses.

`shape`: “bare” answers every address; “frame” answers every address but the front page inside a site's menu; “alone”
stands in that menu at its own address, and every other one is honestly refused.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.loopback.web import NOT_FOUND, Answer
from tests.loopback.web_behaviours import everywhere, home, site
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


_LINES = Path(__file__).with_name("seen.jsonl").read_text(encoding="utf-8").splitlines()
ROWS: list[Row] = [_row(json.loads(line)) for line in _LINES]
