"""The proxy that shows a browser what was captured, and the browser's picture of it."""

from __future__ import annotations

import json
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.loopback.serving import Serving
from tests.snapshot.test_local_capture import PAGE, capture, web

pytest.importorskip("warcio")
pytest.importorskip("cryptography")

from cite_audit.snapshot.folder import CaptureFolder
from cite_audit.snapshot.replay import ReplayProxy
from cite_audit.snapshot.screenshot import BROWSER_NAMES, find_browser, take_screenshots


@pytest.fixture(scope="module")
def captured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    directory = tmp_path_factory.mktemp("captured")
    with Serving(web) as serving:
        base = f"http://{serving.netloc}"
        capture(directory, [f"{base}/news", f"{base}/same", f"{base}/moved"], with_requisites=True)
    return directory, base


@pytest.fixture(scope="module")
def proxied(captured: tuple[Path, str]) -> Iterator[urllib.request.OpenerDirector]:
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    with ReplayProxy(CaptureFolder(captured[0]).list_places()) as replay:
        place = f"http://127.0.0.1:{replay.port}"
        ways = urllib.request.ProxyHandler({"http": place, "https": place})
        yield urllib.request.build_opener(ways, urllib.request.HTTPSHandler(context=trusting))


@pytest.mark.parametrize("address", ["http /news", "http /same", "http /moved", "https /news", "https /same"])
def test_the_proxy_answers_with_what_was_captured(
    captured: tuple[Path, str], proxied: urllib.request.OpenerDirector, address: str
) -> None:
    scheme, path = address.split()
    with proxied.open(captured[1].replace("http", scheme) + path, timeout=20) as answer:
        assert answer.read() == PAGE


def test_the_proxy_reaches_nothing_else(proxied: urllib.request.OpenerDirector) -> None:
    with Serving(web) as alive, pytest.raises(urllib.error.HTTPError) as missing:
        proxied.open(f"http://{alive.netloc}/news", timeout=20)
    assert missing.value.code == 404
    missing.value.close()


@pytest.mark.skipif(not any(map(shutil.which, BROWSER_NAMES)), reason="no Chromium here")
def test_a_picture_is_taken_of_each_page_once(captured: tuple[Path, str]) -> None:
    from cite_audit.snapshot.journal import Journal

    with Journal(captured[0] / "journal") as journal:
        news = [one for one in journal.entries("local") if one.uri_r.endswith("/news")]
    (picture,), unpictured = take_screenshots(CaptureFolder(captured[0]), news, find_browser())
    first = picture.stat().st_mtime_ns
    assert not unpictured
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert take_screenshots(CaptureFolder(captured[0]), news, find_browser()) == ([picture], [])
    assert picture.stat().st_mtime_ns == first


def can_make_networks() -> bool:
    """Whether this user may make a network namespace here, and has what sets one up."""
    if not (shutil.which("unshare") and shutil.which("ip") and any(map(shutil.which, BROWSER_NAMES))):
        return False
    return subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(not can_make_networks(), reason="no root, no ip or no Chromium here")
def test_no_packet_of_the_browser_reaches_a_network() -> None:
    command = ["unshare", "--net", sys.executable, "-m", "tests.snapshot.netns_canary"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stderr
    heard = json.loads(done.stdout)
    assert any(name.startswith("udp:") for name in heard["bare"]), (
        "the canary heard nothing of a browser without our flags"
    )
    assert heard["ours"] == ["picture"]
    assert heard["capture"] == ["archived_verified"]
