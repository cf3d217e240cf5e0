"""An archive site: every report, note and page in one index, from files alone; and in ReplayWeb.page (slow)."""

from __future__ import annotations

import asyncio
import base64
import html
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("warcio")

from selectolax.lexbor import LexborHTMLParser, LexborNode

from cite_audit.cli.captures_site import build_site
from cite_audit.errors import UsageError
from cite_audit.snapshot.folder import CaptureFolder
from cite_audit.snapshot.listing import list_copies
from cite_audit.snapshot.model import Outcome
from cite_audit.snapshot.screenshot import BROWSER_NAMES
from cite_audit.snapshot.site import UNFINISHED_PAGE
from tests.loopback.static_files import StaticFiles
from tests.snapshot.captured_site import WEEK, Site

PLAYER = Path(__file__).parents[2] / ".replaywebpage" / "package"


@pytest.fixture(scope="module")
def captures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three weeks of two reports that share a page; one page died; the site is gone."""
    directory = tmp_path_factory.mktemp("site") / "captures"
    site = Site()
    with site.serving:
        for _ in range(2):
            site.snapshot(directory, "/home/ada/one.md", "/1", "/<b>2", again=True)
            site.clock.now += WEEK
        site.gone.add("/1")
        site.snapshot(directory, "two.md", "/<b>2", "/1", again=True)
    return directory


def write(out: Path, captures: Path, player: str = "") -> int:
    return build_site(str(out), str(captures), "", player, quiet=2)


def read_rows(out: Path) -> dict[str, list[LexborNode]]:
    tree = LexborHTMLParser((out / "index.html").read_bytes())
    return {section.css("h2")[0].text(): section.css("tbody tr") for section in tree.css("section")}


def test_the_index_goes_from_report_to_note_to_page(captures: Path, tmp_path: Path) -> None:
    assert write(tmp_path / "out", captures) == 0
    rows = read_rows(tmp_path / "out")
    assert list(rows) == ["one.md", "two.md"]  # without the folders of the machine
    assert [row.css("td")[0].text() for row in rows["two.md"]] == ["1", "2"]
    died = rows["one.md"][0].text()
    assert "died; copy of 2025-10-16 kept" in died
    live, replay = rows["one.md"][0].css("a")
    assert str(live.attributes["href"]).endswith("/1")
    assert "ts=20251016" in str(replay.attributes["href"])
    assert "<b>" not in (tmp_path / "out" / "index.html").read_text("utf-8")
    assert "/home/ada" not in (tmp_path / "out" / "index.html").read_text("utf-8")


def test_the_collection_lists_each_bundle_with_its_digest_and_no_journal(captures: Path, tmp_path: Path) -> None:
    write(tmp_path / "out", captures)
    folder = tmp_path / "out" / "captures"
    collection = json.loads((folder / "collection.json").read_bytes())
    paths = [resource["path"] for resource in collection["resources"]]
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.wacz")) == paths
    assert all((folder / path).read_bytes() == (captures / path).read_bytes() for path in paths)
    assert "journal" not in collection
    assert not list((tmp_path / "out").rglob("*.journal"))


def test_without_a_player_the_replay_page_leads_to_one(captures: Path, tmp_path: Path) -> None:
    write(tmp_path / "out", captures)
    page = (tmp_path / "out" / "replay" / "index.html").read_text("utf-8")
    assert "https://replayweb.page/" in page
    assert "ui.js" not in page


def test_a_site_is_brought_up_to_date_and_other_folders_are_left_alone(captures: Path, tmp_path: Path) -> None:
    write(tmp_path / "out", captures)
    first = next((tmp_path / "out").rglob("*.wacz"))
    before = first.stat().st_mtime_ns
    assert write(tmp_path / "out", captures) == 0
    assert first.stat().st_mtime_ns == before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "index.html").write_text("<h1>My own page</h1>", "utf-8")
    for wrong_place in (tmp_path / "mine", captures / "site"):
        with pytest.raises(UsageError):
            write(wrong_place, captures)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["index.html"]


def test_a_site_that_was_begun_is_finished(captures: Path, tmp_path: Path) -> None:
    """What a killed run leaves: the first page cut off as it was written, or whole with a part of the bundles."""
    out = tmp_path / "out"
    out.mkdir()
    (out / ".index.html.x1y2").write_bytes(b"<!DOC")
    assert write(out, captures) == 0
    (out / "index.html").write_bytes(UNFINISHED_PAGE)
    next(out.rglob("*.wacz")).unlink()
    assert write(out, captures) == 0
    assert list(read_rows(out)) == ["one.md", "two.md"]


@pytest.mark.parametrize("is_missing", [False, True])
def test_what_is_lost_is_told_and_the_rest_replays(captures: Path, tmp_path: Path, is_missing: bool) -> None:
    """The first bundle holds the bodies that the others repeat."""
    damaged = Path(shutil.copytree(captures, tmp_path / "captures"))
    bundle = sorted((damaged / "one").glob("*.wacz"))[0]
    if is_missing:
        bundle.unlink()
    else:
        died = next(copy.capture for copy in list_copies(damaged).copies if copy.capture.outcome is Outcome.DIED)
        first = list_copies(damaged, uri_r=died.uri_r).copies[0].capture
        content = bytearray(bundle.read_bytes())
        content[CaptureFolder(damaged).find_warc(first.file)[-1].start + (first.offset or 0) + 60] ^= 1
        bundle.write_bytes(content)
    assert write(tmp_path / "out", damaged) == 1
    one, two = read_rows(tmp_path / "out")["one.md"]
    assert "Replay" not in one.text()
    assert ("Replay" in two.text()) is not is_missing


def test_a_folder_without_the_player_is_a_wrong_call(captures: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="npm install replaywebpage"):
        write(tmp_path / "out", captures, str(tmp_path))
    assert not (tmp_path / "out").exists()


# the text of the page and of every frame in it, once it holds the words
FIND_TEXT = """new Promise((done) => {
  const dive = (root) => [...root.querySelectorAll("*")].reduce((text, one) => text
    + (one.shadowRoot ? dive(one.shadowRoot) : "")
    + (one.tagName === "IFRAME" && one.contentDocument ? dive(one.contentDocument) : ""),
    root.body ? root.body.innerText : "");
  setInterval(() => { const text = dive(document); if (text.includes(WORDS)) done(text); }, 100);
})"""


async def open_page(address: str, words: str) -> tuple[str, bytes]:
    """What a Chromium shows at an address, once the words are there, and a picture of it."""
    from cite_audit.snapshot.browser.devtools import DevTools

    chromium = next(path for path in map(shutil.which, BROWSER_NAMES) if path)
    async with DevTools(chromium) as browser:
        context = await browser.call("Target.createBrowserContext", proxyServer="direct://")
        target = await browser.call(
            "Target.createTarget", url="about:blank", browserContextId=context["browserContextId"]
        )
        attached = await browser.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        session = str(attached["sessionId"])
        for method, parameters in _preparation(address):
            await browser.call(method, session, **parameters)
        expression = FIND_TEXT.replace("WORDS", json.dumps(words))
        found = await browser.call(
            "Runtime.evaluate", session, expression=expression, awaitPromise=True, returnByValue=True
        )
        shot = await browser.call("Page.captureScreenshot", session, format="png")
        return str(found["result"]["value"]), base64.b64decode(shot["data"])


def _preparation(address: str) -> list[tuple[str, dict[str, Any]]]:
    metrics = {"width": 1280, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    return [
        ("Page.enable", {}),
        ("Emulation.setDeviceMetricsOverride", metrics),
        ("Page.navigate", {"url": address}),
    ]


@pytest.mark.slow
@pytest.mark.skipif(not any(map(shutil.which, BROWSER_NAMES)), reason="no Chromium here")
@pytest.mark.skipif(not (PLAYER / "ui.js").is_file(), reason="no ReplayWeb.page here; make test-slow installs it")
def test_a_copy_replays_from_a_static_host(captures: Path, tmp_path: Path) -> None:
    """The second week's bundle holds a revisit alone, so its page needs the first week's bundle too."""
    out = tmp_path / "out"
    write(out, captures, str(PLAYER))
    link = read_rows(out)["one.md"][0].css("a")[1].attributes["href"]
    with StaticFiles(out) as host:
        index, index_picture = asyncio.run(open_page(f"http://{host.netloc}/", "Archive of cited pages"))
        address = f"http://{host.netloc}/{html.unescape(str(link))}"
        shown, picture = asyncio.run(open_page(address, "/1" * 30))
    (tmp_path / "index.png").write_bytes(index_picture)
    (tmp_path / "replay.png").write_bytes(picture)
    assert "died, a good copy is kept" in index
    assert "As it stood." in shown
    assert host.ranges
    assert len(picture) > 5000
