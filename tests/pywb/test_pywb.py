"""A real archive: what we capture replays in pywb, and our look-ups find it there."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
from base64 import b32encode
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from cite_audit.config.settings import Archiving, Network
from cite_audit.model import Archived, CitedLink
from cite_audit.resolve.archive import find_mementos, open_archives
from cite_audit.resolve.check.base import ArchiveAnswer
from cite_audit.resolve.http.client import Client
from cite_audit.snapshot.screenshot import BROWSER_NAMES
from tests.loopback.clock import VirtualClock
from tests.loopback.serving import Serving
from tests.loopback.shelf import MemoryShelf
from tests.pywb.server import Pywb, installed
from tests.resolve.archive.test_warc import warc
from tests.snapshot.test_local_capture import PAGE, bundle, capture, web

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not installed(), reason="no pywb here; make test-slow installs it"),
]
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def captured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A WACZ of five pages of a site that is gone by now, and where it was."""
    directory = tmp_path_factory.mktemp("captured")
    with Serving(web) as serving:
        base = f"http://{serving.netloc}"
        capture(
            directory,
            [base + path for path in ("/news", "/moved", "/report.pdf", "/gone", "/again")],
            with_requisites=True,
        )
    return bundle(directory), base


@pytest.fixture(scope="module", params=[False, True], ids=["redirects", "frames"])
def pywb(
    request: pytest.FixtureRequest, captured: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pywb]:
    with Pywb(tmp_path_factory.mktemp("pywb"), captured[0], framed=request.param) as server:
        yield server


def look(archive: str, *urls: str, near: date | None = None) -> list[ArchiveAnswer]:
    async def run() -> list[ArchiveAnswer]:
        clock = VirtualClock()
        async with Client(Network(allow_addresses=("127.0.0.0/8",))) as fetcher:
            settings, later = Archiving(archives=(archive,)), NOW + timedelta(hours=1)
            archives = open_archives(settings, fetcher, MemoryShelf(), later, clock=clock)
            found = {one.url: one async for one in find_mementos([CitedLink(url, near) for url in urls], archives)}
        return [found[url] for url in urls]

    return asyncio.run(run())


def test_our_wacz_replays(pywb: Pywb, captured: tuple[Path, str]) -> None:
    base = captured[1]
    stamp = f"{NOW:%Y%m%d%H%M%S}"
    for path, body in (("/news", PAGE), ("/again", PAGE), ("/report.pdf", b"%PDF-1.7 \xff\xfe binary")):
        asked = Request(f"{pywb.url}/{stamp}id_/{base}{path}", headers={"User-Agent": "test"})
        with urlopen(asked, timeout=20) as answer:
            assert answer.read() == body
            assert answer.headers["Memento-Datetime"]
    with pytest.raises(HTTPError) as missing:
        urlopen(f"{pywb.url}/{stamp}id_/{base}/gone", timeout=20)
    assert missing.value.code == 404
    assert missing.value.headers["Memento-Datetime"]
    missing.value.close()


def test_look_ups_by_timegate(pywb: Pywb, captured: tuple[Path, str]) -> None:
    base = captured[1]
    news, moved, gone, never = look(
        f"memento:{pywb.url}", f"{base}/news", f"{base}/moved", f"{base}/gone", f"{base}/never"
    )
    assert news.outcome is Archived.ARCHIVED
    assert abs(news.mementos[0].captured_at - NOW) < timedelta(hours=1)
    assert moved.outcome is Archived.ARCHIVED
    assert gone.outcome is Archived.ARCHIVED_BAD
    assert gone.mementos[0].quality[0] == "status-404"
    assert never.outcome is Archived.NOT_ARCHIVED


def test_its_index_has_the_digests_we_wrote(pywb: Pywb, captured: tuple[Path, str]) -> None:
    address = f"{pywb.url}/cdx?url={captured[1]}/news&output=json&allowFuzzy=0"
    with urlopen(address, timeout=20) as answer:
        rows = [json.loads(line) for line in answer.read().splitlines()]
    digest = b32encode(hashlib.sha1(PAGE).digest()).decode()
    assert {row["digest"].removeprefix("sha1:") for row in rows} == {digest}


def test_a_bad_capture_is_replaced_from_its_timemap(tmp_path: Path) -> None:
    url = "http://127.0.0.1:8/politics"
    (tmp_path / "a.warc.gz").write_bytes(
        warc((url, "2024-01-14T00:00:00Z", 404, b"no"), (url, "2024-01-02T00:00:00Z", 200, PAGE))
    )
    with Pywb(tmp_path / "pywb", tmp_path / "a.warc.gz") as server:
        (answer,) = look(f"memento:{server.url}", url, near=date(2024, 1, 15))
    assert answer.outcome is Archived.ARCHIVED
    assert answer.mementos[0].captured_at == datetime(2024, 1, 2, tzinfo=UTC)


def test_the_same_wacz_without_a_server(captured: tuple[Path, str]) -> None:
    news, never = look(f"warc:{captured[0].parent}", f"{captured[1]}/news", f"{captured[1]}/never")
    assert news.outcome is Archived.ARCHIVED
    assert never.outcome is Archived.NOT_ARCHIVED


@pytest.mark.skipif(not any(map(shutil.which, BROWSER_NAMES)), reason="no Chromium here")
def test_what_a_browser_captured_replays_with_what_its_scripts_asked_for(tmp_path: Path) -> None:
    from tests.snapshot.test_browser_capture import SHELL, browse, site

    with Serving(site) as serving:
        base = f"http://{serving.netloc}"
        browse(tmp_path / "captured", base, "/app", "/bounce")
    wacz = bundle(tmp_path / "captured")
    with Pywb(tmp_path / "pywb", wacz, framed=False) as server:
        for path, expected in (("/app", SHELL.encode()), ("/story.json", b"counted"), ("/bounce", b"counted")):
            asked = Request(f"{server.url}/{NOW:%Y%m%d%H%M%S}id_/{base}{path}", headers={"User-Agent": "test"})
            with urlopen(asked, timeout=20) as answer:
                assert expected in answer.read()
