"""Twice the foreign bytes take at most 2.6 times the processor time, in every place that reads them.

Each bait is what made one of the readers quadratic, or would make a careless one so. The least of several runs counts,
since other work on the machine only makes things look slower; neither other threads nor the collection of what earlier
tests left in memory are counted, and what takes less than FLOOR is not worth a comparison.
"""

from __future__ import annotations

import contextlib
import gc
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest

from cite_audit.config.settings import Grading, Settings
from cite_audit.errors import ReadError
from cite_audit.model import Probe, Verdict
from cite_audit.parse import read_report
from cite_audit.pipeline import classify_links
from cite_audit.report.grading.score import grade_report
from cite_audit.resolve.archive.link_format import parse_relations
from cite_audit.resolve.judge import judge
from cite_audit.resolve.judge.capture import CaptureContent, assess_capture
from cite_audit.resolve.judge.look import Evidence, Look
from cite_audit.resolve.judge.page.charset import decode_page
from cite_audit.resolve.judge.page.markup import find_element_content, strip_markup
from cite_audit.resolve.judge.page.site_listing import choose_map, find_listed_pages, read_listing
from cite_audit.review.decision_plan import plan_decisions
from cite_audit.review.decisions import parse_decisions

pytestmark = pytest.mark.slow
RATIO = 2.6
FLOOR = 0.02  # seconds
LENGTHS = (50_000, 50_000, 100_000, 200_000)  # bytes; a shortcut for short texts shows at one length, a square at all
NOW = datetime(2026, 1, 1, tzinfo=UTC)
URL = "http://h.test/news/2020/04/article-about-things-12345.html"


def judge_page(body: bytes, content_type: str = "text/html", status: int = 200) -> None:
    evidence = Evidence(URL, NOW, near=date(2020, 4, 1), quotes=("a “sentence of many words, quoted” here",))
    for _ in range(8):
        answer = judge(evidence)
        if isinstance(answer, Verdict):
            return
        headers = (("content-type", content_type),)
        probe = Probe(answer.url, NOW, status=status, final_url=answer.url, headers=headers, body=body)
        evidence = evidence.with_look(Look(answer, probe))


def read(suffix: str) -> Callable[[bytes], None]:
    def read_text(body: bytes) -> None:
        with contextlib.suppress(ReadError):
            read_report(f"report{suffix}", body)

    return read_text


def judge_capture(body: bytes) -> None:
    assess_capture(CaptureContent(URL, URL, 200, body=body, mimetype="text/html"))


def search_listing(body: bytes) -> None:
    pages = read_listing(body, "https://h.test/")
    choose_map(pages, URL)
    find_listed_pages(pages, URL, ("Article about things that happened",))


def decide(body: bytes) -> None:
    """As many decisions as the body has hundreds of bytes, on a report that has changed since."""
    count = len(body) // 100
    notes = "".join(f"[^{number}]: https://a.test/{number}/x\n" for number in range(count))
    report = read_report("report.md", ("A.[^0]\n\n" + notes).encode())
    place = {"note": "99999", "occurrence": 1, "action": "replace"}
    rows = [
        {
            **place,
            "printed": f"https://a.test/{number}",
            "url": f"https://b.test/{number}",
            "to": f"https://c.test/{number}",
        }
        for number in range(count)
    ]
    file = parse_decisions(json.dumps({"cite_audit_decisions": 1, "sha256": "0" * 64, "decisions": rows}))
    assert len(plan_decisions(report, file, is_same=False)) == count


def grade_note(body: bytes) -> None:
    """A report with one note, which holds the body."""
    report = read_report("report.md", b"He said so.[^1]\n\n[^1]: https://a.test/1 " + body)
    grade_report(report, {}, classify_links(report, Settings()), Grading())


def grade_sentences(body: bytes) -> None:
    """A note behind each 4,000 bytes, so that sentences are as long as they get."""
    pieces = [body[start : start + 4_000] for start in range(0, len(body), 4_000)]
    text = b"".join(b"He %d said %b.[^%d]\n\n" % (number, piece, number) for number, piece in enumerate(pieces, 1))
    notes = b"".join(b"[^%d]: https://a.test/%d\n" % (number, number) for number in range(1, len(pieces) + 1))
    report = read_report("report.md", text + notes)
    grade_report(report, {}, classify_links(report, Settings()), Grading())


PLACES: dict[str, Callable[[bytes], object]] = {
    "page": judge_page,
    "article type": lambda body: judge_page(b'<script type="application/ld+json">{"@type" :' + body + b"x}</script>"),
    "grading of a note": grade_note,
    "grading of sentences": grade_sentences,
    "page 404": lambda body: judge_page(body, status=404),
    "json": lambda body: judge_page(body, "application/json"),
    "charset": lambda body: decode_page(b"\xff\xfd" + body + b"\xff"),
    "capture": judge_capture,
    "markup": lambda body: strip_markup(body, len(body)),
    "title": lambda body: find_element_content(body, b"title"),
    "link header": lambda body: list(parse_relations(body.decode("latin-1"))),
    "markdown": read(".md"),
    "html": read(".html"),
    "text": read(".txt"),
    "latex": read(".tex"),
    "table": read(".csv"),
    "listing": search_listing,
    "decisions": decide,
    "jats": lambda body: read(".nxml")(b"<article article-type='x'><body>" + body),
}
PAGE_BAITS = (
    *("<script", "<style", "<script>", "<noscript", "<title>", "<title", "<h1>", "<a ", "<a href=x>", "<!--", "<"),
    *("<svg>", "<math>", "<object>", "<template>", "<noscript>", "<iframe>", "<b><i>", "<a><b>", "<div>", "<nav>"),
    *("<b class=comment>", "<b class=comment>x", "<p>a</p>", "<div hidden>a</div>", "<script>location='</script>"),
    *("</script", "</script ", "a b c ", "not found ", "&", "©2020 ", '"@type": [', "location='", "<video>x</video>"),
    *("<b></p>", "<b>x</div>", "<option><b>", "<h1><b>", "<span><p>", "<a><b>x</p>", "<svg><li><x/>", "<x><p>y</p>"),
    *("<select><option>", "<table><tr><td>", "<form>", "<frameset>", "<meta charset=", " ", "\x00", "casino "),
)
REPORT_BAITS = (
    *("<!-- cite-audit: ignore[", "<!--", "<!-- cite-audit:", "<!-- cite-audit: x -->", "<!-- cite-audit: x -->\n"),
    *("[", "[^1]: x\n", "[1] ", "<a href='#1'>1</a>", "<sup>", "<svg>", "https://a.b/c ", "a[.]", "¹", "|", "*", "`"),
)
LATEX_BAITS = (
    *(
        "{",
        "}",
        "\\footnote{",
        "\\url{",
        "\\url{a}",
        "\\href{a}{",
        "\\begin{a}",
        "\\cite{a}",
        "%",
        "\\verb|",
        "\\'",
        "[",
        "$",
    ),
    *(
        "\\footnote[",
        "\\begin{verbatim}",
        "\\iffalse ",
        "\\bibitem{a}",
        "\\title{",
        "\n\n",
        "\\footnote{x} ",
        "\\item ",
    ),
)
TABLE_BAITS = (",", ";", '"', "a,", "https://a.b/c,", "\n", "https://a.b/c,x\n", '"a","b"\n', "a b\n")
JATS_BAITS = (
    "<p>",
    "<fn>",
    "<fn><p>x</p></fn>",
    "<xref ref-type='fn' rid='a'>1</xref>",
    "<ref>",
    "&amp;",
    "x ",
    "<label>",
)
LISTING_BAITS = (
    *("<url>", "<url ", "<![CDATA[", "<![CDATA[]", "<loc", "<loc>x", "<loc>  ", "<link ", "<link href=", "<url><loc>"),
    *("<item><title>", "<title", "<sitemap><loc>a</loc></sitemap>", "<url><loc>/a</loc><title>article</title></url>"),
)
NOTE_BAITS = ("cite-audit:", "cite-audit: role[", "cite-audit: rated[A ", "cite-audit: rated[A]  ", "poster[", "a ")
HEADER_BAITS = ("<a>;", '<a>;b="', "<", "<a>; b ", "<a>;b=", ",", " ")
BAITS = [
    *((place, bait) for place in ("page", "page 404", "json", "charset", "capture", "markup") for bait in PAGE_BAITS),
    *(("title", bait) for bait in ("<title>", "<title", "<title ", "<title></titl")),
    *(("link header", bait) for bait in HEADER_BAITS),
    *((place, bait) for place in ("markdown", "html", "text") for bait in REPORT_BAITS),
    *(("latex", bait) for bait in LATEX_BAITS),
    *(("table", bait) for bait in TABLE_BAITS),
    *(("listing", bait) for bait in LISTING_BAITS),
    *(("jats", bait) for bait in JATS_BAITS),
    ("decisions", "a row"),
    ("article type", " "),
    *(("grading of a note", bait) for bait in NOTE_BAITS),
    *(("grading of sentences", bait) for bait in ("‘", ":", "“", "a ", "said ", "说")),
]


def least_seconds(place: str, body: bytes) -> float:
    seconds = []
    for _ in range(3):
        gc.collect()
        start = time.thread_time()
        PLACES[place](body)
        seconds.append(time.thread_time() - start)
    return min(seconds)


@pytest.fixture(autouse=True)
def _no_collection_of_earlier_tests() -> Iterator[None]:
    gc.freeze()
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


@pytest.mark.parametrize(("place", "bait"), BAITS, ids=lambda value: repr(value)[1:-1])
def test_twice_the_bytes_take_about_twice_the_time(place: str, bait: str) -> None:
    def seconds(length: int) -> float:
        unit = bait.encode()
        return least_seconds(place, unit * (length // len(unit)))

    tries = ((seconds(length), seconds(2 * length)) for length in LENGTHS)
    assert any(twice <= max(RATIO * once, FLOOR) for once, twice in tries)
