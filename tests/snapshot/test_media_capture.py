"""Media by yt-dlp: a program in its place that does what it is told, and what it may not do."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

pytest.importorskip("warcio")
pytest.importorskip("cryptography")

from cite_audit.resolve.http.client import Client
from cite_audit.snapshot.folder import CaptureFolder
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.local_capture import CaptureExtras, LocalCapture
from cite_audit.snapshot.media_capture import MediaCapture, build_command
from cite_audit.snapshot.model import Capture, CaptureRequest, Outcome
from cite_audit.snapshot.warc_records import WarcRecord, iter_records
from tests.loopback.serving import Serving
from tests.loopback.wayback_answers import Answer
from tests.resolve.http.support import network
from tests.snapshot.parts_page import WORDS
from tests.snapshot.test_local_capture import HTML, records

FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40
PROGRAM = f"""#!{sys.executable}
import json, os, sys, urllib.request
words = sys.argv[1:]
url, folder = words[-1], words[words.index("--paths") + 1]
assert words[-2] == "--"
proxies = {{name: words[words.index("--proxy") + 1] for name in ("http", "https")}}
opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies))
try:
    address = url.rsplit("/", 1)[0] + "/film.mp4"
    film = opener.open(urllib.request.Request(address, headers={{"Range": "bytes=0-99999"}})).read()
    opener.open("http://10.0.0.1/inside", timeout=5)
except Exception as error:
    told = str(error)
open(os.path.join(folder, "medium.mp4"), "wb").write(film)
with open(os.path.join(folder, "medium.info.json"), "w") as info:
    json.dump({{"told": told, "home": os.environ["HOME"]}}, info)
"""


def web(method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
    if target == "/film.mp4":
        return Answer(200, FILM, (("Content-Type", "video/mp4"),))
    player = '<video src="/film.mp4"></video>' if target == "/film" else ""
    return Answer(200, f"<title>The quay</title><h1>The quay</h1>{player}{WORDS}".encode(), (HTML,))


def save(directory: Path, program: str, url: str) -> Capture:
    async def run() -> Capture:
        async with Client(network()) as client:
            with Journal(directory / "journal") as journal:
                extras = CaptureExtras(media=MediaCapture(program, client))
                local = LocalCapture(client, CaptureFolder(directory), journal, lambda: datetime.now(UTC), extras)
                with contextlib.closing(local):
                    (made,) = [one async for one in local.save([CaptureRequest(url)])]
                    return made

    return asyncio.run(run())


def test_a_film_and_what_is_known_of_it_are_kept(tmp_path: Path) -> None:
    program = tmp_path / "yt-dlp"
    program.write_text(PROGRAM)
    program.chmod(0o755)
    with Serving(web) as serving:
        url = f"http://{serving.netloc}/film"
        made = save(tmp_path / "captures", str(program), url)
        plain = save(tmp_path / "plain", str(program), f"http://{serving.netloc}/plain")
    assert (made.outcome, made.message) == (Outcome.VERIFIED, "")
    kept = {uri: body for kind, uri, body in records(tmp_path / "captures") if kind == "resource"}
    assert kept[f"urn:media:{url}"] == FILM
    told = json.loads(kept[f"urn:media:info:{url}"])
    assert "502" in told["told"], "the guard of the client holds for the program, too"
    assert "cite-audit-" in told["home"]
    assert plain.outcome is Outcome.VERIFIED
    assert not [uri for kind, uri, _ in records(tmp_path / "plain") if kind == "resource"]


def test_the_joined_segments_of_a_stream_are_called_so(tmp_path: Path) -> None:
    program = tmp_path / "yt-dlp"
    program.write_text(PROGRAM.replace("/film.mp4", "/stream"))
    program.chmod(0o755)
    packets = (b"G" + bytes(187)) * 9

    def streaming_web(method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        return Answer(200, packets) if target == "/stream" else web(method, target, headers, body)

    with Serving(streaming_web) as serving:
        save(tmp_path / "captures", str(program), f"http://{serving.netloc}/film")
    (warc,) = (tmp_path / "captures").rglob("*.warc.gz")
    places = [(record.url, record.headers["content-type"]) for record in iter_own_records(warc)]
    assert [kind for url, kind in places if url.startswith("urn:media:http")] == ["video/mp2t"]


def iter_own_records(warc: Path) -> list[WarcRecord]:
    with warc.open("rb") as stream:
        found = list(iter_records(stream, 0, warc.stat().st_size))
    return [record for record in found if isinstance(record, WarcRecord)]


def test_a_program_that_fails_costs_a_remark_and_not_the_page(tmp_path: Path) -> None:
    program = tmp_path / "yt-dlp"
    program.write_text("#!/bin/sh\necho 'ERROR: no such thing' >&2\nexit 1\n")
    program.chmod(0o755)
    with Serving(web) as serving:
        made = save(tmp_path / "captures", str(program), f"http://{serving.netloc}/film")
    assert made.outcome is Outcome.VERIFIED
    assert "no such thing" in made.message


def test_an_address_is_never_taken_for_an_option(tmp_path: Path) -> None:
    assert build_command("yt-dlp", "--exec=rm", tmp_path, 1)[-2:] == ["--", "--exec=rm"]
