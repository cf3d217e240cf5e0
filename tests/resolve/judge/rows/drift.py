"""The live page against its archived copy."""

from __future__ import annotations

from tests.loopback.web_behaviours import everywhere
from tests.loopback.web_pages import article, page, prose
from tests.resolve.judge.rows import Row, row

_HARVEST = (
    """<p>The cooperative brought in the wheat before the storm. Combine drivers worked three nights, and the silo
filled by Thursday. Farmers complained about diesel, fertiliser and the price of spare parts for old tractors.</p>"""
    * 6
)
_PRISON = (
    """<p>Relatives of the detained poet waited outside the colony. The lawyer was refused a visit, the governor spoke
of quarantine, and the prosecutor returned the complaint unopened for the second month running.</p>"""
    * 6
)
_SENTENCE = "<p>“We counted forty trucks on the road that night,” the teacher said.</p>"
_OLD = article("Forty trucks on the northern road", 500, seed="old", extra=_SENTENCE)


def _with(title: str, body: str, site: str = "The Loopback Herald") -> bytes:
    return page(
        f"{title} | {site}",
        f"<article><h1>{title}</h1>{body}</article>",
        head=f'<meta property="og:site_name" content="{site}">',
    )


ROWS: list[Row] = [
    row(
        "teaser-copied",
        "a copy of the teaser of what is free now",
        page("Forty trucks on the northern road | The Loopback Herald", "<h1>Forty trucks</h1>" + prose(700, "forty")),
        "ok",
        copy=page("Forty trucks | The Loopback Herald", "<h1>Forty trucks</h1>" + prose(100, "forty")),
    ),
    row(
        "withdrawn",
        "a line where the text was; a script may draw the rest",
        page("Forty trucks | The Loopback Herald", "<h1>Forty trucks</h1><p>See below.</p>"),
        "drifted",
        copy=page("Forty trucks | The Loopback Herald", "<h1>Forty trucks</h1>" + prose(500, "forty")),
    ),
    row(
        "new-frame",
        "the same text in another frame",
        page("Forty trucks", "<nav>" + "<a href=/>Section</a> " * 40 + "</nav>" + prose(500, "old") + _SENTENCE),
        "ok",
        copy=_OLD,
    ),
    row(
        "note-added",
        "a note was added",
        article(
            "Forty trucks on the northern road",
            500,
            seed="old",
            extra=_SENTENCE + "<p>Updated: a figure was corrected.</p>",
        ),
        "ok",
        copy=_OLD,
    ),
    row(
        "half",
        "half of it rewritten",
        _with("Harvest and trial", _HARVEST + _PRISON.replace("poet", "baker")),
        "drifted",
        copy=_with("Harvest", _HARVEST + _HARVEST.replace("wheat", "barley")),
    ),
    row("shrunk", "most of it gone", _with("Harvest", _HARVEST[:300]), "drifted", copy=_with("Harvest", _HARVEST * 2)),
    row(
        "off-topic",
        "about something else, the same site",
        _with("The trial", _PRISON),
        "drifted",
        broken=True,
        copy=_with("Harvest", _HARVEST),
    ),
    row("front", "a front page changes", _with("Today", _PRISON), "ok", path="/", copy=_with("Today", _HARVEST)),
    row(
        "quote-gone",
        "the quoted sentence is gone",
        article("Forty trucks on the northern road", 500, seed="old"),
        "drifted",
        broken=True,
        copy=_OLD,
        quotes=("A teacher said “We counted forty trucks on the road that night” [12].",),
    ),
    row(
        "quote-there",
        "the quoted sentence is there",
        _OLD,
        "ok",
        copy=_OLD,
        quotes=("A teacher said “We counted forty trucks on the road that night” [12].",),
    ),
    row(
        "paraphrase",
        "the citing sentence was never in the page",
        _OLD,
        "ok",
        copy=_OLD,
        quotes=("Dozens of vehicles were seen in the north by residents.",),
    ),
    row(
        "comments",
        "other comments",
        article("Forty trucks on the northern road", 500, seed="old", extra=_SENTENCE).replace(
            b"</main>", b'<div id="comments">' + prose(300, "c").encode() + b"</div></main>"
        ),
        "ok",
        copy=_OLD,
    ),
    row("thin-copy", "a copy that holds nothing", _OLD, "ok", copy=page("x", "<p>cookies?</p>")),
    row("everywhere-else", "an unrelated copy of a site of one page", everywhere(_OLD), "ok", copy=_OLD),
]
