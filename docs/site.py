"""What `mkdocs.yml` cannot say: decisions are listed by themselves, links out of docs/ become text."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SHIM = re.compile(r'(<script src=")https://[^"]*iframe-worker[^"]*(">)')
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((\.\./[^)#]*)(?:#[^)]*)?\)")


def on_config(config: Any) -> Any:
    """Fill the navigation's decisions with the pages that there are."""
    pages = sorted(f"decisions/{page.name}" for page in (HERE / "decisions").glob("*.md"))
    for entry in config["nav"]:
        if "Decisions" in entry:
            entry["Decisions"] = ["decisions/README.md", *(page for page in pages if not page.endswith("README.md"))]
    return config


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Links into the source tree, which the site does not hold, become their text."""
    folder = posixpath.dirname(page.file.src_uri)

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
