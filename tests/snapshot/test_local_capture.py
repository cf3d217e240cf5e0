"""Captures on disk: WARC files that stay valid, a WACZ that others can read, digests that archives agree with."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import hashlib
import json
import resource
import subprocess
import sys
import zipfile
from base64 import b32encode
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cite_audit.errors import StoreError
from cite_audit.snapshot.collection import bundle_captures
from cite_audit.snapshot.folder import CaptureFolder
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.model import Capture, CaptureRequest, CitationPlace, Outcome
from tests.loopback.serving import Serving
from tests.loopback.wayback import Answer
from tests.resolve.http.support import network

pytest.importorskip("warcio")
pytest.importorskip("wacz")

from cite_audit.resolve.archive.warc_index import read_directory
from cite_audit.resolve.http.client import Client
from cite_audit.snapshot.local_capture import CaptureExtras, LocalCapture
from cite_audit.snapshot.wacz import ShortfallError

HTML = ("Content-Type", "text/html; charset=utf-8")
PAGE = (
    b'<html><head><title>A &amp; B</title><link rel="stylesheet" href="/s.css"></head>'
    b'<body><h1>News</h1><img src="/a.png"><p>Text that stands here.</p></body></html>'
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def web(method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
    answers = {
        "/gone": Answer(404, b"<title>404</title>", (HTML,)),
        "/moved": Answer(301, b"", (("Location", "/news"),)),
        "/s.css": Answer(200, b'@import "more.css"; body{background:url(bg.png)}', (("Content-Type", "text/css"),)),
        "/more.css": Answer(200, b"p{color:red}", (("Content-Type", "text/css"),)),
        "/a.png": Answer(200, PNG, (("Content-Type", "image/png"),)),
        "/bg.png": Answer(200, PNG + b"bg", (("Content-Type", "image/png"),)),
        "/report.pdf": Answer(200, b"%PDF-1.7 \xff\xfe binary", (("Content-Type", "application/pdf"),)),
        "/wall": Answer(403, b"<title>Just a moment...</title>", (HTML, ("cf-mitigated", "challenge"))),
        "/cut": Answer(200, PAGE * 40, (HTML,), cut=True),
        "/dead": Answer(drop=True),
        "/nowhere": Answer(302, b"", (("Location", "http://[half"),)),
        "/mail": Answer(302, b"", (("Location", "mailto:a@b.example"),)),
    }
    return answers.get(target, Answer(200, PAGE, (HTML, ("X-Kept", "yes"))))


@pytest.fixture
def base() -> Iterator[str]:
    with Serving(web) as serving:
        yield f"http://{serving.netloc}"


def capture(directory: Path, urls: Sequence[str], retries: int = 2, **options: Any) -> dict[str, Capture]:
    async def run() -> dict[str, Capture]:
        with Journal(directory / "journal") as journal:
            async with Client(network(backoff=0.05, retries=retries)) as client:
                folder = CaptureFolder(directory)
                local = LocalCapture(client, folder, journal, lambda: datetime.now(UTC), CaptureExtras(**options))
                with contextlib.closing(local):
                    return {one.uri_r: one async for one in local.save([CaptureRequest(url) for url in urls])}

    return asyncio.run(run())


def records(directory: Path) -> list[tuple[str, str, bytes]]:
    from warcio.archiveiterator import ArchiveIterator

    found = []
    for path in sorted(directory.rglob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                uri = record.rec_headers.get_header("WARC-Target-URI") or ""
                found.append((record.rec_type, uri, record.content_stream().read()))
    return found


OUTCOMES = {
    "/news": (Outcome.VERIFIED, ""),
    "/moved": (Outcome.VERIFIED, ""),
    "/report.pdf": (Outcome.VERIFIED, ""),
    "/gone": (Outcome.BAD, "status-404"),
    "/wall": (Outcome.BAD, "blocked"),
    "/cut": (Outcome.UNVERIFIED, "incomplete"),
    "/dead": (Outcome.FAILED, "empty-reply"),
    "/nowhere": (Outcome.BAD, "redirect-unresolved"),
    "/mail": (Outcome.BAD, "redirect-unresolved"),
}


@pytest.mark.parametrize("path", OUTCOMES)
def test_each_page_has_its_outcome(base: str, tmp_path: Path, path: str) -> None:
    made = capture(tmp_path, [base + path])[base + path]
    assert (made.outcome, made.code) == OUTCOMES[path]
    if made.outcome is Outcome.VERIFIED:
        body = b"%PDF-1.7 \xff\xfe binary" if path.endswith("pdf") else PAGE
        assert made.sha256 == hashlib.sha256(body).hexdigest()
        assert made.verified == "replay"
        assert any(kind == "response" and stored == body for kind, _, stored in records(tmp_path))


def test_trouble_that_passes_while_the_run_goes_on_costs_no_page(tmp_path: Path) -> None:
    troubles = 2  # one inquiry's looks

    def restarting_web(method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        nonlocal troubles
        if target == "/busy" or (target == "/restarts" and troubles > 0):
            troubles -= target == "/restarts"
            return Answer(502, b"<title>Bad gateway</title>", (HTML,))
        return web(method, target, headers, body)

    with Serving(restarting_web) as serving:
        base = f"http://{serving.netloc}"
        made = capture(tmp_path, [f"{base}{path}" for path in ("/restarts", "/busy", "/news")], retries=0)
    restarted, busy = made[f"{base}/restarts"], made[f"{base}/busy"]
    assert (restarted.outcome, restarted.attempts) == (Outcome.VERIFIED, 2)
    assert (busy.outcome, busy.attempts) == (Outcome.BAD, 2)
    assert made[f"{base}/news"].attempts == 1


def test_a_redirect_is_kept_hop_by_hop_and_cited_by_its_first(base: str, tmp_path: Path) -> None:
    made = capture(tmp_path, [f"{base}/moved"])[f"{base}/moved"]
    assert [uri for kind, uri, _ in records(tmp_path) if kind == "response"] == [f"{base}/moved", f"{base}/news"]
    assert made.uri_m.endswith(f"/{base}/moved")
    assert made.title == "A & B"


def test_the_payload_digest_is_the_one_the_wayback_machine_would_have(base: str, tmp_path: Path) -> None:
    capture(tmp_path, [f"{base}/news"])
    (path,) = tmp_path.rglob("*.warc.gz")
    stored = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
    assert f"WARC-Payload-Digest: sha1:{b32encode(hashlib.sha1(PAGE).digest()).decode()}" in stored
    assert stored.startswith("WARC/1.1")


def test_the_same_body_is_stored_once(base: str, tmp_path: Path) -> None:
    capture(tmp_path, [f"{base}/{n}" for n in range(4)])
    kinds = [kind for kind, _, _ in records(tmp_path)]
    assert kinds.count("response") == 1
    assert kinds.count("revisit") == 3
    assert kinds.count("request") == 4


def test_requisites_come_with_the_page_each_once(base: str, tmp_path: Path) -> None:
    capture(tmp_path, [f"{base}/news", f"{base}/other"], with_requisites=True)
    stored = [uri.removeprefix(base) for kind, uri, _ in records(tmp_path) if kind in ("response", "revisit")]
    assert sorted(stored) == ["/a.png", "/bg.png", "/more.css", "/news", "/other", "/s.css"]


def bundle(directory: Path, cited: Sequence[CaptureRequest] = ()) -> Path:
    folder = CaptureFolder(directory)
    with Journal(directory / "journal") as journal:
        journal.cite((one.uri_r, one.places) for one in cited)
        (file,) = folder.list_warcs()
        return bundle_captures(folder, journal, file)


def test_the_wacz_is_valid_and_says_who_cites_each_page(base: str, tmp_path: Path) -> None:
    capture(tmp_path, [f"{base}/news", f"{base}/report.pdf"])
    path = bundle(
        tmp_path, [CaptureRequest(f"{base}/news", None, (CitationPlace("r.md", 3, "hxxp://тасс[.]example/news"),))]
    )
    check = [sys.executable, "-c", "import sys; from wacz.main import main; main(sys.argv[1:])", "validate", "-f"]
    assert "Validation succeeded" in subprocess.run([*check, path], capture_output=True, text=True, check=True).stdout
    with zipfile.ZipFile(path) as content:
        pages = [json.loads(line) for line in content.read("pages/pages.jsonl").splitlines()]
    page = next(one for one in pages[1:] if one["url"] == f"{base}/news")
    assert page["citation"] == [{"report": "r.md", "note": 3}]
    assert page["originalDefanged"] == "hxxp://тасс[.]example/news"
    assert page["text"] == "News Text that stands here."
    assert pages[0]["hasText"]
    assert len(pages) == 3
    assert len(read_directory(tmp_path).records) == 2
    assert not list(tmp_path.rglob("*.warc.gz"))


def test_a_killed_run_leaves_a_warc_that_is_bundled_without_its_partial_record(base: str, tmp_path: Path) -> None:
    capture(tmp_path, [f"{base}/news"])
    (path,) = tmp_path.rglob("*.warc.gz")
    whole = path.read_bytes()
    path.write_bytes(whole + gzip.compress(b"WARC/1.1\r\nhalf a record" * 99)[:60])
    with zipfile.ZipFile(bundle(tmp_path)) as content:
        assert content.read(f"archive/{path.name}") == whole


def test_a_warc_with_a_damaged_record_stays_and_the_page_is_named(base: str, tmp_path: Path) -> None:
    made = capture(tmp_path, [f"{base}/news", f"{base}/report.pdf"])
    (path,) = tmp_path.rglob("*.warc.gz")
    content = bytearray(path.read_bytes())
    content[(made[f"{base}/news"].offset or 0) + 40] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(ShortfallError, match="damaged"):
        bundle(tmp_path)
    assert path.read_bytes() == content
    assert not list(tmp_path.rglob("*.wacz"))


@contextlib.contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """Files of this process can grow no larger: what a full disk does, for real."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_bundle_that_finds_the_disk_full_is_said_and_made_anew(tmp_path: Path) -> None:
    with Serving(lambda *_: Answer(200, b"<p>Words that stand here.</p>" * 40, (HTML,))) as serving:
        capture(tmp_path, [f"http://{serving.netloc}/news"])
    (warc,) = tmp_path.rglob("*.warc.gz")
    before = warc.read_bytes()
    with file_size_limit(len(before) + 200), pytest.raises(StoreError, match="cannot be written"):
        bundle(tmp_path)
    assert warc.read_bytes() == before
    assert not list(tmp_path.rglob("*.wacz"))
    bundle(tmp_path)
    (made,) = tmp_path.rglob("*.wacz")
    assert zipfile.is_zipfile(made)


def test_a_full_disk_leaves_a_valid_file_and_nothing_is_claimed(tmp_path: Path) -> None:
    import random

    noise = random.Random(1)

    def large(method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        return Answer(200, b"<p>Words</p>" + noise.randbytes(20_000), (HTML,))

    with Serving(large) as serving:
        urls = [f"http://{serving.netloc}/{n}" for n in range(8)]
        with file_size_limit(70_000):
            made = capture(tmp_path, urls)
        stored = [uri for kind, uri, _ in records(tmp_path) if kind == "response"]
        assert 1 <= len(stored) < len(urls)
        assert {url for url in urls if made[url].outcome is Outcome.VERIFIED} == set(stored)
        assert {one.code for one in made.values() if one.outcome is Outcome.UNKNOWN} == {"disk"}
        rest = capture(tmp_path, [url for url in urls if url not in stored])
        assert {one.outcome for one in rest.values()} == {Outcome.VERIFIED}
