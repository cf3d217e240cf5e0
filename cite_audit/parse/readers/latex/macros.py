"""What the macros of LaTeX stand for: headings, notes, citations, and those that print nothing."""

from __future__ import annotations

import re

HEADINGS = {"part": 1, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5}
NOTES = {"footnote": "footnote", "sidenote": "footnote", "endnote": "endnote"}
AUTHOR_END = "¦"  # what `\\and` becomes
MASTHEAD = ("title", "author", "date")
CITES = re.compile(r"(?:no)?(?:[A-Za-z]*cites?(?:[tp]|al[tp]|author|year|yearpar|num|title|url)?)\*?\Z")
# Macros whose arguments in braces are not printed: the number of them.
SILENT = dict.fromkeys((
    "label", "ref", "pageref", "eqref", "autoref", "cref", "Cref", "nameref", "input", "include", "includeonly",
    "includegraphics", "usepackage", "documentclass", "bibliographystyle", "bibliography", "addbibresource",
    "pagestyle", "thispagestyle", "vspace", "hspace", "hypertarget", "hyperlink", "hyperref", "hypersetup",
    "textcolor", "color", "index", "glossary", "begin", "end", "selectlanguage", "foreignlanguage", "setlength",
    "pagenumbering", "bibitem", "graphicspath", "geometry", "nocite", "RequirePackage", "newtheorem", "lstset",
    "write", "special", "directlua", "openin", "read", "thanks",
), 1) | dict.fromkeys((
    "DeclareMathOperator", "setcounter", "addtocounter",
), 2) | {"newenvironment": 3}  # fmt: skip
DEFINITIONS = ("newcommand", "renewcommand", "providecommand", "def")
