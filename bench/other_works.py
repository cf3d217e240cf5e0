"""How often a right title is taken for another work's, and how often a wrong one is told.

`python -m bench.other_works PAIRS…`: gzipped lines of JSON with `page_text` whose first line is `(meta data) TITLE: …`.
Right pairs: the title as it stands; and, harder, as if the page had another headline by now (its text alone is left).
Wrong pairs: the title of one page beside another page, the next of the file.
"""

from __future__ import annotations

import gzip
import json
import re
import sys

from cite_audit.model import CitedWork
from cite_audit.resolve.judge.page.similarity import strip_site_name
from cite_audit.resolve.judge.page.stated_work import StatedWork
from cite_audit.resolve.judge.work_comparison import compare_page

_TITLE = re.compile(r"^\(meta data\) TITLE: (.+)\n")


def main(paths: list[str]) -> None:
    pages: dict[str, str] = {}
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                text = json.loads(line)["page_text"]
                if match := _TITLE.match(text):
                    pages.setdefault(strip_site_name(match[1]), text[match.end() :])
    titles = list(pages)
    works = {title: CitedWork(title) for title in titles}
    same = sum(_is_told(works[title], title, pages[title]) for title in titles)
    renamed = [title for title in titles if _is_told(works[title], "A headline that came later on", pages[title])]
    others = [*titles[1:], *titles[:1]]
    swapped = sum(_is_told(works[title], other, pages[other]) for title, other in zip(titles, others, strict=True))
    count = len(titles)
    print(f"{count} pages: right title told as wrong {same} ({same / count:.1%})")
    print(
        f"  under another headline {len(renamed)} ({len(renamed) / count:.1%}); wrong title told {swapped / count:.1%}"
    )
    print(*(f"    {title}" for title in renamed), sep="\n")


def _is_told(work: CitedWork, title: str, text: str) -> bool:
    return compare_page(work, StatedWork((title,), text=text, language="en"), "", "the page", "en") is not None


if __name__ == "__main__":
    main(sys.argv[1:])
