"""What `mkdocs.yml` cannot say: decisions come last in search, links out of docs/ become text."""

from __future__ import annotations

import posixpath
import re
from typing import Any

DECISION_BOOST = 0.1  # of a decision among the results of a search; a guide has 1
SHIM = re.compile(r'(<script src=")https://[^"]*iframe-worker[^"]*(">)')
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((\.\./[^)#]*)(?:#[^)]*)?\)")


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Links into the source tree, which the site does not hold, become their text."""
    folder = posixpath.dirname(page.file.src_uri)
    if folder == "decisions":
        page.meta.setdefault("search", {"boost": DECISION_BOOST})

    def text(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(folder, link[2]))
        return link[1] if target.startswith("..") else link[0]

    return LINK.sub(text, markdown)


def on_post_page(output: str, page: Any, config: Any) -> str:
    """What the theme would load from elsewhere so that search works from disk comes from the site itself."""
    up = "../" * page.url.count("/")
    return SHIM.sub(rf"\g<1>{up}assets/iframe-worker.js\g<2>", output)


def on_post_template(output: str, template_name: str, config: Any) -> str:
    """The same for pages that no Markdown stands behind, such as 404.html."""
    return SHIM.sub(r"\g<1>/assets/iframe-worker.js\g<2>", output)
