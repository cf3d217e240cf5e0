"""Pages for the loopback web: written for it, several templates, real enough to be judged."""

from __future__ import annotations

import random

_SUBJECTS = {
    "en": "the council|a witness|the ministry|our reporter|the river crossing|the company|a neighbour|the court",
    "ru": "совет|свидетель|министерство|наш корреспондент|переправа|компания|сосед|суд|команда|редакция",
    "de": "der Rat|eine Zeugin|das Ministerium|unser Reporter|die Brücke|die Firma|ein Nachbar|das Gericht",
}
_VERBS = {
    "en": "reported|denied|confirmed|described|published|questioned|repaired|delayed|followed|measured",
    "ru": "сообщил|отрицал|подтвердил|описал|опубликовал|проверил|починил|задержал|измерил|отметил",
    "de": "meldete|bestritt|bestätigte|beschrieb|veröffentlichte|prüfte|reparierte|verschob|maß",
}
_OBJECTS = {
    "en": "the second convoy|new figures for March|a damaged bridge|the harvest|three letters|an old map"
    "|grain prices|a public hearing|the list of names|the flooded road|two earlier statements",
    "ru": "вторую колонну|новые данные за март|повреждённый мост|урожай|три письма|старую карту|ночную смену"
    "|цены на зерно|открытые слушания|список имён|затопленную дорогу|два прежних заявления",
    "de": "den zweiten Konvoi|neue Zahlen für März|eine beschädigte Brücke|die Ernte|drei Briefe|eine alte Karte",
}
_ENDS = {
    "en": "on Tuesday|in the northern district|after a long meeting|without naming a source|before the deadline"
    "|according to two officials|near the border post|for the first time since spring",
    "ru": "во вторник|в северном районе|после долгого совещания|не называя источника|до срока|по словам двоих",
    "de": "am Dienstag|im nördlichen Bezirk|nach langer Sitzung|ohne eine Quelle zu nennen|vor der Frist",
}


def prose(words: int, seed: str = "", language: str = "en") -> str:
    """About `words` words of sentences, in paragraphs; the same for the same seed."""
    chance = random.Random(seed)
    parts = [table[language].split("|") for table in (_SUBJECTS, _VERBS, _OBJECTS, _ENDS)]
    paragraphs, count = [], 0
    while count < words:
        sentences = [" ".join(chance.choice(part) for part in parts) for _ in range(4)]
        paragraph = " ".join(sentence[0].upper() + sentence[1:] + "." for sentence in sentences)
        count += len(paragraph.split())
        paragraphs.append(f"<p>{paragraph}</p>")
    return "\n".join(paragraphs)


def page(title: str, body: str, *, head: str = "", language: str = "en", attributes: str = "") -> bytes:
    """A whole page with a site's frame around the body."""
    return f"""<!DOCTYPE html>
<html lang="{language}"{attributes}><head><meta charset="utf-8"><title>{title}</title>{head}</head>
<body><header><a href="/">Front page</a> <a href="/about">About us</a></header>
<main>{body}</main>
<footer>© the editors</footer></body></html>""".encode()


def article(
    title: str, words: int = 600, *, seed: str = "", head: str = "", extra: str = "", language: str = "en"
) -> bytes:
    """An article of about so many words; `extra` is put before its text."""
    body = f"<article><h1>{title}</h1>{extra}{prose(words, seed or title, language)}</article>"
    return page(f"{title} | The Loopback Herald", body, head=head, language=language)


def bare(title: str, text: str, *, head: str = "", attributes: str = "") -> bytes:
    """A page of one message, without a site's frame."""
    return (
        f"<html{attributes}><head><title>{title}</title>{head}</head><body><h1>{title}</h1><p>{text}</p></body></html>"
    ).encode()
