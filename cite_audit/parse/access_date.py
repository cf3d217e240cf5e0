"""Reads from a note when its author looked at the page: “accessed 3 September 2020”."""

from __future__ import annotations

import re
from datetime import date

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.dates import HAS_YEAR, find_date

# What citation styles print before the date, by language; one that ends in a space is another word without it.
WORDS = (
    *("accessed", "retrieved", "viewed", "visited", "checked", "consulted"),  # en
    *("дата обращения", "дата доступа", "дата звернення", "дата звароту", "переглянуто"),  # ru uk be
    *("посетен на", "достъпен на", "приступљено"),  # bg sr
    *("abgerufen", "aufgerufen", "besucht", "zugriff", "abruf"),  # de
    *("consulté", "consultée", "visité", "visitée", "consultado", "visitado", "recuperado"),  # fr es
    *("aceso ", "acceso ", "acesso ", "accesso", "acessado"),  # es pt it
    *("consultato", "consultata", "visitato", "visitata", "accesat", "geraadpleegd", "bezocht"),  # it ro nl
    *("hämtad", "besökt", "hentet", "besøgt", "lest ", "viitattu", "luettu"),  # sv da no fi
    *("vaadatud", "külastatud", "žiūrėta", "skatīts"),  # et lt lv
    *("dostęp", "dostępu", "odczyt", "navštíveno", "citováno", "citované"),  # pl cs sk
    *("letöltve", "letöltés", "megtekintve", "pristupljeno", "posjećeno", "dostopano"),  # hu hr sl
    *("πρόσβαση", "ανακτήθηκε", "erişim tarihi", "erişim", "truy cập", "diakses"),  # el tr vi id
    *("最終アクセス", "アクセス日", "閲覧日", "閲覧", "参照日", "参照"),  # ja
    *("访问日期", "访问时间", "访问", "訪問", "检索日期", "查阅", "引用日期"),  # zh
    *("접속일", "접속", "검색일", "방문일"),  # ko
    *("تاريخ الوصول", "تاريخ الاطلاع", "تاريخ الدخول", "اطلع عليه", "بازبینی", "دسترسی", "נצפה", "אוחזר"),  # ar fa he
)
_LEAD = "(?:(?:last|zuletzt|letzter|page|site|último|ultimo|data|son) )?"
ACCESS_WORDS = _LEAD + f"(?:{'|'.join(word[:-1] + '(?= )' if word[-1] == ' ' else word for word in WORDS)})"
_ACCESS_WORDS = compile_lazily(
    rf"\b(?:{ACCESS_WORDS}|as of)(?:\b|(?=\W|\d)|(?<=[^\W\da-zA-Z]))[\s:：,]*"
    r"(?:(?:on|am|den|le|el|il|em|op|w dniu)\s+)?",
    re.I,
)
_GATE_WORDS = (*WORDS, "as of")
MAX_DATE_DISTANCE = 28  # characters after the word in which the date must stand


def find_access_date(note: str) -> date | None:
    """The last such date of a note's text, which needs no links, or None."""
    if not HAS_YEAR.search(note):
        return None
    lowered = note.lower().replace("i\u0307", "i")  # what lower() makes of İ
    if not any(map(lowered.__contains__, _GATE_WORDS)):
        return None  # a tenth of the pattern's time, and true of most notes
    dates = (find_date(note[match.end() : match.end() + MAX_DATE_DISTANCE]) for match in _ACCESS_WORDS.finditer(note))
    return max((day for day in dates if day), default=None)
