"""The live inquiry is the capture: what an audit's looks see is what is stored, and its verdict is the outcome."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("warcio")

from cite_audit.model import CitedLink
from cite_audit.resolve.archive.drivers.warc import WarcDirectory
from cite_audit.resolve.http.client import Client
from cite_audit.resolve.http.cookies import read_cookie_file
from cite_audit.snapshot.folder import CaptureFolder
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.local_capture import CaptureExtras, LocalCapture
from cite_audit.snapshot.model import Capture, CaptureRequest, Outcome
from tests.loopback.web import NOT_FOUND, Answer, Asked, LoopbackWeb
from tests.loopback.web_pages import article
from tests.loopback.web_tls import TlsWorkshop
from tests.snapshot.test_local_capture import records

STORY = article("Ferry counts rise", 300, seed="ferry")
PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(40)


def bounce(asked: Asked) -> Answer:
    """Sends first visitors away for a cookie."""
    if asked.path == "/set":
        return Answer(302, headers=(("Location", "/story"), ("Set-Cookie", "seen=1; Path=/")))
    if "seen=1" in asked.headers.get("cookie", ""):
        return Answer(body=STORY)
    return Answer(302, headers=(("Location", "/set"),))


def busy_once(asked: Asked) -> Answer:
    return Answer(503, b"busy") if asked.count == 1 else Answer(body=STORY)


def refreshing(asked: Asked) -> Answer:
    if asked.path == "/story":
        return Answer(body=b'<title>Moved</title><meta http-equiv="refresh" content="0; url=/2023/ferry-counts-rise">')
    return Answer(body=STORY)


def browsers_only(asked: Asked) -> Answer:
    return Answer(body=STORY) if asked.browser else Answer(403, b"no programs")


def soft_404(asked: Asked) -> Answer:
    return Answer(body=b"<title>Page not found</title><h1>Page not found</h1><p>Sorry, it is not here any more.</p>")


def telegram(asked: Asked) -> Answer:
    if asked.target.startswith("/quay/7?embed"):
        style = "background-image:url('http://cdn.test/photo.png')"
        return Answer(body=f'<div data-post="quay/7"><a style="{style}"></a><p>Seen at the quay</p></div>'.encode())
    if "embed" in asked.target:
        return Answer(body=b'<div class="tgme_widget_message_error">Post not found</div>')
    return Answer(body=b"<title>Telegram: Contact</title><p>Open the app.</p>")


def youtube(asked: Asked) -> Answer:
    if asked.path == "/oembed":
        told = b'{"title": "At the quay", "thumbnail_url": "http://cdn.test/thumb.png", "html": "<iframe></iframe>"}'
        return Answer(body=told, headers=(("Content-Type", "application/json"),))
    return Answer(body=b"<title>YouTube</title><script>var a = 1;</script>")


SITES: dict[str, Callable[[Asked], Answer]] = {
    "bounce.test": bounce,
    "busy.test": busy_once,
    "refresh.test": refreshing,
    "browsers.test": browsers_only,
    "soft.test": soft_404,
    "t.me": telegram,
    "www.youtube.com": youtube,
    "cdn.test": lambda asked: Answer(body=PIXEL, headers=(("Content-Type", "image/png"),)),
    "member.test": lambda asked: (
        Answer(302, headers=(("Location", "http://stranger.test/"), ("Set-Cookie", "session=next-secret")))
        if asked.path == "/away"
        else Answer(body=STORY, headers=(("Set-Cookie", "session=next-secret; Path=/"),))
        if "session=top-secret" in asked.headers.get("cookie", "")
        else Answer(401, b"who are you?")
    ),
    "stranger.test": lambda asked: Answer(body=STORY),
    "none.test": lambda asked: NOT_FOUND,
}


@pytest.fixture
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoopbackWeb]:
    workshop = TlsWorkshop(tmp_path_factory.mktemp("tls"))
    with LoopbackWeb(SITES, workshop.context, workshop.bundle) as made:
        yield made


def save(web: LoopbackWeb, directory: Path, *urls: str, **options: Any) -> dict[str, Capture]:
    async def run() -> dict[str, Capture]:
        network = web.network(backoff=0.01, host_interval=0.0)
        async with Client(network, lookup=web.lookup) as client:
            with Journal(directory / "journal") as journal:
                extras = CaptureExtras(**options)
                local = LocalCapture(client, CaptureFolder(directory), journal, lambda: datetime.now(UTC), extras)
                with contextlib.closing(local):
                    return {one.uri_r: one async for one in local.save([CaptureRequest(url) for url in urls])}

    return asyncio.run(run())


@pytest.mark.parametrize("host", ["bounce", "busy", "refresh", "browsers"])
def test_what_an_audit_sees_is_captured_and_replays(web: LoopbackWeb, tmp_path: Path, host: str) -> None:
    url = f"http://{host}.test/story"
    made = save(web, tmp_path, url)[url]
    assert (made.outcome, made.code) == (Outcome.VERIFIED, "")
    assert STORY in {body for kind, _, body in records(tmp_path) if kind == "response"}

    async def look_up() -> list[tuple[str, tuple[str, ...]]]:
        answers = WarcDirectory(tmp_path, datetime.now(UTC)).lookup([CitedLink(url)])
        return [(answer.outcome.value, answer.mementos[0].quality) async for answer in answers]

    assert asyncio.run(look_up()) == [("archived", ())]


def test_the_captures_of_one_look_cost_no_request_more(web: LoopbackWeb, tmp_path: Path) -> None:
    save(web, tmp_path, "http://stranger.test/story")
    assert len(web.asked("stranger.test")) == 1


def test_a_page_that_is_not_there_is_no_good_capture(web: LoopbackWeb, tmp_path: Path) -> None:
    urls = ["http://soft.test/story", "http://none.test/story", "https://t.me/quay/8"]
    made = save(web, tmp_path, *(url.replace("https", "http") for url in urls))
    assert {one.outcome for one in made.values()} == {Outcome.BAD}


@pytest.mark.parametrize(
    ("url", "service", "picture"),
    [
        ("http://t.me/quay/7", "embed=1", "http://cdn.test/photo.png"),
        ("http://www.youtube.com/watch?v=abc123", "/oembed", "http://cdn.test/thumb.png"),
    ],
)
def test_a_post_comes_with_what_its_platform_tells_of_it(
    web: LoopbackWeb, tmp_path: Path, url: str, service: str, picture: str
) -> None:
    made = save(web, tmp_path, url)[url]
    stored = [uri for kind, uri, _ in records(tmp_path) if kind in ("response", "revisit")]
    assert made.outcome is Outcome.VERIFIED
    assert any(service in uri for uri in stored)
    assert picture in stored
    assert url in stored


def write_cookies(path: Path, *lines: str) -> Path:
    path.write_text("# Netscape HTTP Cookie File\n" + "".join(line + "\n" for line in lines))
    return path


def test_a_members_page_is_captured_and_no_file_or_stranger_gets_the_cookie(
    web: LoopbackWeb, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    cookie_file = write_cookies(
        tmp_path / "cookies.txt",
        "member.test\tFALSE\t/\tFALSE\t0\tsession\ttop-secret",
        "#HttpOnly_member.test\tFALSE\t/\tTRUE\t0\tsafe\tonly-encrypted",
        "member.test\tFALSE\t/\tFALSE\t1\told\tlong-expired",
    )
    folder = tmp_path / "captures"
    jar = read_cookie_file(cookie_file, datetime.now(UTC))
    made = save(web, folder, "http://member.test/story", "http://member.test/away", cookies=jar)
    assert made["http://member.test/story"].outcome is Outcome.VERIFIED
    sent = {asked.headers.get("cookie", "") for asked in web.log}
    assert "session=top-secret" in sent
    assert not any("only-encrypted" in line or "long-expired" in line for line in sent)
    assert all("secret" not in asked.headers.get("cookie", "") for asked in web.asked("stranger.test"))
    import gzip

    kept = b"".join(
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    )
    assert b"secret" not in kept
    assert "secret" not in caplog.text
    assert "secret" not in repr(jar)


@pytest.mark.parametrize(
    "line",
    [
        "member.test\tFALSE\t/",
        "a=b; top-secret",
        *(f"m.test\tFALSE\t/\tTRUE\t{when}\ta\ttop-secret" for when in ("soon", "²", "1.2.3", "1e9", "9" * 400, "")),
    ],
)
def test_a_file_of_something_else_is_refused_without_showing_it(tmp_path: Path, line: str) -> None:
    from cite_audit.errors import UsageError

    path = write_cookies(tmp_path / "c.txt", line)
    with pytest.raises(UsageError, match="line 2") as error:
        read_cookie_file(path, datetime.now(UTC))
    assert "secret" not in str(error.value)


def test_a_record_says_who_answered_and_how(web: LoopbackWeb, tmp_path: Path) -> None:
    import gzip

    save(web, tmp_path, "http://stranger.test/story", operator="A library <archive@library.example>")
    (path,) = tmp_path.rglob("*.warc.gz")
    text = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
    assert "WARC-IP-Address: 127.0.0.1" in text
    assert "WARC-Protocol: http/1.1" in text
    assert "operator: A library <archive@library.example>" in text
