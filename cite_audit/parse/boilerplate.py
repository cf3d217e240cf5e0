"""Boilerplate of a page, which is no part of the report: site headings, page numbers, link lists after the notes."""

from __future__ import annotations

import re

from cite_audit.lazy_pattern import compile_lazily

# `14 | INSTITUTE OF TESTS`: the foot of a page
_NAME = r"[A-ZА-ЯІЇЄҐ](?:(?!://|www)[^\n;|\[\]]){1,80}"
PAGE_FOOT = (
    rf"(?:\d{{1,4}}[ \t]{{1,3}}[|·•][ \t]{{1,3}}{_NAME}|{_NAME}[ \t][|·•][ \t]{{1,3}}(?:[Pp]age[ \t])?\d{{1,4}})"
)
PAGE_BREAK = compile_lazily(
    r"[ \t]*(?:-{3,}|\*{3,}|_{3,}|\f|(?:\* ?){3,}|(?:page|стр\.?|с\.)[ \t]*\d{1,4}(?:[ \t]*(?:of|/|из)[ \t]*\d{1,4})?"
    r"|[-–—][ \t]*\d{1,4}[ \t]*[-–—]|\d{1,4}|\{\d+\}-*"
    rf"|(?-i:{PAGE_FOOT}))[ \t]*$",
    re.I | re.M,
)
_OPENINGS = (
    r"file attachments?",
    r"offsite authors?",
    r"attachments?:",
    r"(?:previous|next)(?: (?:post|article|entry|report))?\s*(?:$|[:»›→|]|\])",
    r"[«‹←]\s*(?:previous|older)",
    r"share (?:this|on)|share:?$",
    r"tags?:|topics?:|filed under|categor(?:y|ies):",
    r"print(?: this)?(?: page| article)?$|download (?:the )?pdf",
    r"related (?:posts?|articles?|content|reports?|research|stories|publications?|analys[ie]s|reading|products?)",
    r"more from|read more|most (?:read|recent|popular)|latest (?:from|news|posts|publications)",
    r"comments?:?$|leave a (?:reply|comment)|back to top",
    r"about (?:the author|us$|isw$)|contact us|follow us|sign up|subscribe|donate",
    r"copyright|©|\(c\) \d{4}|all rights reserved|privacy policy|terms of (?:use|service)",
    r"site map$|navigation$|search$|menu$|skip to",
)
# headings over a list of a site's other pages, beside those of `_OPENINGS`
_TEASERS = (
    r"das könnte (?:sie|dich) (?:auch )?interessieren|mehr zum thema|lesen sie (?:auch|mehr)|auch interessant",
    r"(?:à )?lire aussi|(?:sur|dans) le même (?:sujet|thème)|articles? (?:liés|similaires|connexes)|vous aimerez aussi",
    r"(?:lea|lee|leer) también|te puede interesar|(?:noticias|artículos|notícias|artigos) relacionad[oa]s",
    r"leia (?:também|mais)|по теме$|相关(?:阅读|文章|新闻)|関連(?:記事|リンク)|관련 ?기사|اقرأ أيض[اً]|مواضيع ذات صلة",
    r"leggi anche|articoli correlati|lees ook|läs också|læs også|les også|lue myös|czytaj (?:także|też)|čtěte také",
    r"читайте (?:также|також)",
)
_OPENING = "|".join(_OPENINGS).replace("$", r"\r?$")
BOILERPLATE_START = compile_lazily(rf"[ \t]*(?:#{{1,6}}[ \t]*)?[*_]{{0,2}}\[?(?:{_OPENING})", re.I | re.M)
_TEASER_HEADING = compile_lazily(rf"\s*(?:{'|'.join(_TEASERS)})", re.I)
_LIST_LINE = compile_lazily(
    r"[ \t]*[*•-][ \t]+\[[^\]\n]*\]\([^)\n]*\)[ \t]*$|[ \t]*\[[^\]\n]*\]\((?!http)[^)\n]*\)[ \t]*$"
)


def is_page_break(paragraph: str) -> bool:
    """Whether a paragraph is only a rule, a form feed or a page number."""
    return PAGE_BREAK.match(paragraph) is not None and "\n" not in paragraph.strip()


def is_boilerplate_start(paragraph: str) -> bool:
    """Whether a paragraph opens the part of a page that belongs to the site."""
    return BOILERPLATE_START.match(paragraph) is not None or _LIST_LINE.match(paragraph.split("\n", 1)[0]) is not None


def heads_teasers(heading: str) -> bool:
    """Whether a heading stands over a list of the site's other pages: “Related posts”, “Lire aussi”."""
    return BOILERPLATE_START.match(heading) is not None or _TEASER_HEADING.match(heading) is not None
