"""Reads from a note when its author looked at the page: “accessed 3 September 2020”."""

from __future__ import annotations

import re
from datetime import date

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.dates import find_date

# What citation styles print before the date, by language.
ACCESS_WORDS = (
    r"accessed|retrieved|viewed|(?:last )?visited|last (?:checked|accessed)|consulted"  # en
    r"|дата (?:обращения|доступа|звернення|звароту)|переглянуто|посетен на|достъпен на|приступљено"  # ru uk be bg sr
    r"|(?:zuletzt )?(?:abgerufen|aufgerufen|besucht)|(?:letzter )?(?:zugriff|abruf)"  # de
    r"|(?:page |site )?consultée?|visitée?|consultado|visitado|recuperado"  # fr es
    r"|(?:último )?acc?ess?o(?= )|acessado"  # es pt
    r"|consultat[oa]|(?:ultimo )?accesso|visitat[oa]|accesat|geraadpleegd|bezocht"  # it ro nl
    r"|hämtad|besökt|hentet|besøgt|lest(?= )|viitattu|luettu"  # sv da no fi
    r"|vaadatud|külastatud|žiūrėta|skatīts"  # et lt lv
    r"|(?:data )?dostępu?|odczyt|navštíveno|citováno|citované|letölt(?:ve|és)|megtekintve"  # pl cs sk hu
    r"|pristupljeno|posjećeno|dostopano|πρόσβαση|ανακτήθηκε"  # hr sl el
    r"|(?:son )?erişim(?: tarihi)?|truy cập|diakses"  # tr vi id
    r"|最終アクセス|アクセス日|閲覧日?|参照日?|访问(?:日期|时间)?|訪問"  # ja zh
    r"|检索日期|查阅|引用日期|접속일?|검색일|방문일"  # zh ko
    r"|تاريخ (?:الوصول|الاطلاع|الدخول)|اطلع عليه|بازبینی|دسترسی|נצפה|אוחזר"  # ar fa he
)
_ACCESS_WORDS = compile_lazily(
    rf"\b(?:{ACCESS_WORDS}|as of)(?:\b|(?=\W|\d)|(?<=[^\W\da-zA-Z]))[\s:：,]*"
    r"(?:(?:on|am|den|le|el|il|em|op|w dniu)\s+)?",
    re.I,
)
MAX_DATE_DISTANCE = 28  # characters after the word in which the date must stand


def find_access_date(note: str) -> date | None:
    """The last such date of a note's text, or None."""
    dates = (find_date(note[match.end() : match.end() + MAX_DATE_DISTANCE]) for match in _ACCESS_WORDS.finditer(note))
    return max((day for day in dates if day), default=None)
