"""More behaviours that users of other link checkers have reported: odd names, streams, sites that mistrust programs."""

from __future__ import annotations

from tests.loopback.web import NOT_FOUND, Answer, Asked
from tests.loopback.web_behaviours import home, redirect, site
from tests.loopback.web_pages import article, page, prose
from tests.resolve.judge.rows import Row, row

_STORY = article("Harbour dues for April", 400)
_FRAME = b"\xff\xfb\x90\x64" + b"\0" * 413  # of an MP3


def _stream(content_type: bytes, body: bytes, protocol: bytes = b"HTTP/1.1") -> Answer:
    """An answer that begins and never ends."""
    return Answer(raw=protocol + b" 200 OK\r\nContent-Type: " + content_type + b"\r\n\r\n" + body, then="hang")


def _loops_for_programs(asked: Asked) -> Answer:
    return Answer(body=_STORY) if asked.browser else redirect(asked.target, 301)


def _front_for_programs(asked: Asked) -> Answer:
    if asked.path == "/":
        return Answer(body=home())
    return Answer(body=_STORY) if asked.browser else redirect("/", 301)


_REVISED = page(
    "Tide tables, second edition",
    "<h1>Tide tables, second edition</h1><p>The remark on neap tides has been removed.</p>"
    + prose(300, "tides")
    + "<h2>Changes</h2><ul><li>A footnote has been deleted from the second page.</li></ul>",
)
_CORRECTED = page(
    "Correction: tonnage of April | Herald",
    "<article><h1>Correction: tonnage of April</h1><p>An earlier version gave a wrong tonnage. It has been removed.</p>"
    + f"<p>{prose(70, 'tonnage')}</p></article>",
)
# Addresses that other programs cut, mend or refuse: target as printed.
_ODD_TARGETS = {
    "commas": "/dues,4,april-and-may.html",
    "colons": "/index.php/Dues:April",
    "backslash": "/a%5Cb/dues-12.html",
    "decomposed": "/hafengebu%cc%88hren/dues-12/",
    "parentheses": "/Guides/DuesAndTolls%28part%29",
    "lower-case-escapes": "/quai%c3%a9/Dues-12",
    "double-slash": "/a//b/dues-12",
    "escaped-slash": "/dues%2F12/view",
    "tilde": "/%7Eharbour/dues-12.html",
    "plus": "/dues+april/page-12?q=a+b%20c",
    "pipe": "/dues-12?x=a|b&y=2",
    "brackets": "/dues-12?y=[1]",
    "full-stop": "/wiki/Harbour_Inc.",
}

ROWS: list[Row] = [
    *(
        row(f"odd-{name}", f"an address with {name}", site({target: _STORY}), "ok", path=target)
        for name, target in _ODD_TARGETS.items()
    ),
    row("r2---sn-huoa", "two hyphens in the third place of a name", _STORY, "ok"),
    row("harbour_dues", "an underscore in a name", _STORY, "ok"),
    row("loops-for-programs", "a redirect to itself for programs alone", _loops_for_programs, "ok"),
    row("front-for-programs", "the front page for programs alone", _front_for_programs, "ok"),
    row("radio", "a radio station without an end", _stream(b"audio/mpeg", _FRAME * 40), "ok", path="/live/news.mp3"),
    row("shoutcast", "a station that answers ICY", _stream(b"audio/mpeg", _FRAME * 10, b"ICY"), "ok", path="/live/12"),
    row(
        "webcam",
        "pictures without an end",
        _stream(
            b"multipart/x-mixed-replace; boundary=f",
            b"--f\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\xff" + b"J" * 5000,
        ),
        "ok",
        path="/harbour/cam-12.mjpg",
    ),
    row("events", "events without a first one", _stream(b"text/event-stream", b""), "timeout", path="/events/12"),
    row("revised", "a document that tells what was removed from it", _REVISED, "ok"),
    row("corrected", "a correction that says what was removed", _CORRECTED, "ok"),
    row(
        "case-right", "an address that differs in case from none", site({"/Docs/Dues": _STORY}), "ok", path="/Docs/Dues"
    ),
    row(
        "case-wrong",
        "the same in small letters",
        site({"/Docs/Dues": _STORY}),
        "not-found",
        broken=True,
        path="/docs/dues",
    ),
    row(
        "to-national-archive",
        "a redirect to the copy in a national web archive",
        redirect(
            "http://webarchive.nationalarchives.gov.uk/ukgwa/20140613220103/http://to-national-archive.test/dues-12",
            301,
        ),
        "redirected",
        path="/dues-12",
        also={
            "webarchive.nationalarchives.gov.uk": site(
                {"/ukgwa/20140613220103/http://to-national-archive.test/dues-12": _STORY}, NOT_FOUND
            )
        },
    ),
]
