"""Captures by a real Chromium: parts, pages that scripts draw, bounces by cookie, and what is kept of the view."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("warcio")
pytest.importorskip("cryptography")

from cite_audit.resolve.http.client import Client
from cite_audit.resolve.http.exchange_recorder import Recording
from cite_audit.snapshot.browser.browser_capture import BrowserCapture
from cite_audit.snapshot.browser.devtools import BrowserError
from cite_audit.snapshot.folder import CaptureFolder
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.local_capture import CaptureExtras, LocalCapture
from cite_audit.snapshot.model import Capture, CaptureRequest, Outcome
from cite_audit.snapshot.screenshot import BROWSER_NAMES, find_browser
from tests.loopback.serving import Serving
from tests.loopback.wayback_answers import Answer
from tests.resolve.http.support import network
from tests.snapshot import parts_page
from tests.snapshot.test_local_capture import bundle, capture, records

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not any(map(shutil.which, BROWSER_NAMES)), reason="no Chromium here"),
]
HTML = ("Content-Type", "text/html; charset=utf-8")
STORY = "<h1>The story</h1>" + parts_page.WORDS
SHELL = (
    "<!DOCTYPE html><title>App</title><div id=root></div><noscript>You need to enable JavaScript to run this app."
    "</noscript><script>fetch('/story.json').then(a => a.json()).then(d => {"
    "document.title = d.title; document.getElementById('root').innerHTML = d.html })</script>"
)
LOST = SHELL.replace("/story.json", "/lost.json")
BANNER = (
    "<!DOCTYPE html><title>The story</title><div id=cookie-consent style='position:fixed;inset:0;background:#c00'>"
    "We use cookies. <button onclick='fetch(\"/accepted\")'>Accept all</button>"
    "<button onclick='fetch(\"/refused\").then(() => this.parentNode.remove())'>Reject all</button></div>" + STORY
)
BOUNCE = "<script>document.cookie = 'seen=1'; location.reload()</script>"


def site(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
    told = {"title": "The story", "html": STORY}
    lost = {"title": "Page not found", "html": "<h1>404</h1><p>Sorry, the page was not found.</p>"}
    has_cookie = "seen=1" in {name.lower(): value for name, value in headers.items()}.get("cookie", "")
    pages = {
        "/app": SHELL,
        "/lost": LOST,
        "/banner": BANNER,
        "/bounce": f"<!DOCTYPE html><title>The story</title>{STORY}" if has_cookie else BOUNCE,
        "/move": "<script>location.replace('/banner')</script>",
    }
    data = {"/story.json": told, "/lost.json": lost, "/refused": {}, "/accepted": {}}
    if target in pages:
        return Answer(200, pages[target].encode(), (HTML,))
    if target in data:
        return Answer(200, json.dumps(data[target]).encode(), (("Content-Type", "application/json"),))
    return Answer(404, b"<title>Not found</title><h1>Not found</h1>", (HTML,))


def browse(directory: Path, base: str, *paths: str, **options: Any) -> dict[str, Capture]:
    async def run() -> dict[str, Capture]:
        async with Client(network(timeout=20)) as client, BrowserCapture(find_browser(), client) as browser:
            with Journal(directory / "journal") as journal:
                extras = CaptureExtras(browser=browser, **options)
                local = LocalCapture(client, CaptureFolder(directory), journal, lambda: datetime.now(UTC), extras)
                with contextlib.closing(local):
                    wanted = [CaptureRequest(base + path) for path in paths]
                    return {one.uri_r.removeprefix(base): one async for one in local.save(wanted)}

    return asyncio.run(run())


def held_parts(directory: Path) -> set[str]:
    """The parts of the page that a folder holds."""
    stored = {uri.partition("/p/")[2] for kind, uri, _ in records(directory) if kind in ("response", "revisit")}
    return stored & set(parts_page.PARTS)


def test_a_browser_captures_the_parts_of_a_page(tmp_path: Path) -> None:
    with Serving(parts_page.answer) as serving:
        base = f"http://{serving.netloc}"
        capture(tmp_path / "static", [f"{base}/page"], with_requisites=True)
        made = browse(tmp_path / "browser", base, "/page")["/page"]
        browse(tmp_path / "both", base, "/page", with_requisites=True)
    assert made.outcome is Outcome.VERIFIED
    assert len(held_parts(tmp_path / "static")) >= 52  # without what scripts ask for
    assert len(held_parts(tmp_path / "browser")) >= 47  # without what this browser has no use for
    assert held_parts(tmp_path / "both") == set(parts_page.PARTS)


@pytest.fixture(scope="module")
def browsed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, Capture], Path, list[str]]]:
    directory = tmp_path_factory.mktemp("browsed")
    asked: list[str] = []

    def respond(method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        asked.append(target)
        return site(method, target, headers, body)

    with Serving(respond) as serving:
        paths = ("/app", "/lost", "/banner", "/bounce", "/move", "/gone")
        yield browse(directory, f"http://{serving.netloc}", *paths), directory, asked


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("/app", Outcome.VERIFIED),
        ("/lost", Outcome.BAD),
        ("/banner", Outcome.VERIFIED),
        ("/bounce", Outcome.VERIFIED),
        ("/move", Outcome.VERIFIED),
        ("/gone", Outcome.BAD),
    ],
)
def test_the_page_that_scripts_make_is_judged(
    browsed: tuple[dict[str, Capture], Path, list[str]], path: str, outcome: Outcome
) -> None:
    made = browsed[0][path]
    assert made.outcome is outcome, (made.code, made.message)
    if outcome is Outcome.VERIFIED:
        assert made.title == "The story"


def test_the_view_the_print_and_the_text_are_kept(browsed: tuple[dict[str, Capture], Path, list[str]]) -> None:
    resources = {uri: body for kind, uri, body in records(browsed[1]) if kind == "resource" and uri.endswith("/app")}
    kinds = {uri.partition(":http")[0]: body for uri, body in resources.items()}
    assert kinds["urn:view"].startswith(b"\x89PNG")
    assert kinds["urn:view:pdf"].startswith(b"%PDF")
    assert b"who had counted them" in kinds["urn:text"]


def test_consent_is_refused_where_that_can_be(browsed: tuple[dict[str, Capture], Path, list[str]]) -> None:
    assert "/refused" in browsed[2]
    assert "/accepted" not in browsed[2]


def test_the_bundle_is_valid_for_others(browsed: tuple[dict[str, Capture], Path, list[str]], tmp_path: Path) -> None:
    folder = tmp_path / "captures"
    shutil.copytree(browsed[1], folder)
    (warc,) = folder.rglob("*.warc.gz")
    command = [sys.executable, "-c", "import sys; from warcio.cli import main; main(sys.argv[1:])", "check", str(warc)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    path = bundle(folder)
    command = [sys.executable, "-c", "import sys; from wacz.main import main; main(sys.argv[1:])", "validate", "-f"]
    told = subprocess.run([*command, path], capture_output=True, text=True, check=True).stdout
    assert "Validation succeeded" in told
    with zipfile.ZipFile(path) as content:
        pages = [json.loads(line) for line in content.read("pages/pages.jsonl").splitlines()][1:]
    assert any("who had counted them" in page.get("text", "") for page in pages if page["url"].endswith("/app"))


def test_a_browser_that_dies_is_started_again_for_the_next_page(tmp_path: Path) -> None:
    async def run(base: str) -> list[str]:
        async with Client(network(timeout=20)) as client, BrowserCapture(find_browser(), client) as browser:
            first = await browser.capture_page(f"{base}/app", Recording(1 << 20, 30.0))
            await asyncio.to_thread(subprocess.run, ["pkill", "-KILL", "-P", str(os.getpid())], check=True)
            second = None
            while second is None:  # the page that finds the browser dead fails; it must not be the last
                with contextlib.suppress(BrowserError):
                    second = await browser.capture_page(f"{base}/app", Recording(1 << 20, 30.0))
            return [first.title, second.title]

    with Serving(site) as serving:
        assert asyncio.run(asyncio.wait_for(run(f"http://{serving.netloc}"), 120)) == ["The story", "The story"]
