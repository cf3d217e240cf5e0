"""Markdown (GitHub's dialect) in which remote text cannot link, mention, reference, format or break out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from cite_audit.report.render.media.csv import format_cell
from cite_audit.report.render.media.sanitizer import encode_hidden, sanitize_line

if TYPE_CHECKING:
    from cite_audit.report.render.base import RenderOptions
    from cite_audit.report.render.table import Column, Table

_MARKUP = re.compile(r"^[-+=]|[\\`*_{}\[\]()<>#!|~$^]")
_WEB_ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_URL_SIGNS = ":/?#@!$&+,;=%~_.-"
_RULES = {"number": "---:"}  # kind of a column → the rule below its name; any other is `---`


def write_table(table: Table, options: RenderOptions) -> str:
    """A table; numbers to the right, addresses in code spans."""
    lines = [
        "| " + " | ".join(escape_markdown(name) for name in table.column_names) + " |",
        "| " + " | ".join(_RULES.get(column.kind, "---") for column in table.columns) + " |",
    ]
    lines += [
        "| " + " | ".join(_format_markdown_cell(column, row[column.name]) for column in table.columns) + " |"
        for row in table.rows
    ]
    return "\n".join(lines) + "\n"


def _format_markdown_cell(column: Column, value: object) -> str:
    text = format_cell(value, raw=True)
    return format_code_span(text, cell=True) if column.kind == "address" and text else escape_markdown(text)


def escape_markdown(text: str) -> str:
    """Text that stays text: no markup, links, mentions or references come of it."""
    text = _MARKUP.sub(r"\\\g<0>", sanitize_line(text).replace("&", "&amp;"))
    text = text.replace("://", "&#58;//").replace("www.", "www&#46;").replace("@", "@&#8203;")
    return re.sub(r"^(\d+)\.", r"\1\\.", text).replace("\\#", "\\#&#8203;")


def format_code_span(text: str, *, cell: bool = False) -> str:
    """A code span whose fence is longer than any run of backticks inside; in a table's cell bars are escaped."""
    text = sanitize_line(text) or " "
    text = text.replace("|", "\\|") if cell else text
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def format_link(text: str, url: str) -> str:
    """A link where the address is one of the web; a code span where it is not."""
    url = sanitize_line(url)
    if not _WEB_ADDRESS.match(url):
        return format_code_span(url)
    return f"[{escape_markdown(text)}](<{quote(url, safe=_URL_SIGNS + '()[]*' + chr(39))}>)"


def format_plain_link(url: str, text: str = "") -> str:
    """The same for a table's cell: `[text](url)`, or `<url>` without a text.

    Brackets, asterisks and bars of the address are percent-encoded.
    """
    if not _WEB_ADDRESS.match(url):
        return format_code_span(url, cell=True)
    quoted = quote(encode_hidden(url), safe=_URL_SIGNS, errors="ignore")
    return f"[{escape_markdown(text)}]({quoted})" if text else f"<{quoted}>"
