"""WACZ: the WARC files of a directory with their index and the list of cited pages, in one file that replays anywhere.

Needs the extra `archive`. The format is WACZ 1.1.1 (webrecorder); py-wacz writes and checks it.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC
from pathlib import Path

from cite_audit.errors import StoreError
from cite_audit.snapshot.model import Capture, CaptureRequest
from cite_audit.urls import canonical_key

WACZ_NAME = "captures.wacz"


def write_wacz(
    directory: Path, captures: Sequence[Capture], requests: Sequence[CaptureRequest], title: str = "Cited pages"
) -> Path:
    """Write BUNDLE in a directory from the WARC files in its `archive/`. Raises StoreError.

    Each page of pages.jsonl carries `citation` (report and note of each place that cites it) and `originalDefanged`.
    """
    warcs = sorted((directory / "archive").glob("*.warc.gz"))
    if not warcs:
        raise StoreError(f"{directory}: there are no WARC files to bundle")
    target = directory / WACZ_NAME
    pages_path, unfinished_path = directory / "pages.jsonl", directory / ".captures.wacz"
    try:
        lines = (
            json.dumps(page_entry, ensure_ascii=False) + "\n" for page_entry in _page_entries(captures, requests, title)
        )
        pages_path.write_text("".join(lines), encoding="utf-8")
        output = _run_wacz(
            ["create", "-o", str(unfinished_path), "-p", str(pages_path), "--title", title, *map(str, warcs)]
        )
        if not unfinished_path.exists():
            raise StoreError(f"{target}: {output}")
        os.replace(unfinished_path, target)
    except OSError as error:
        raise StoreError(f"{target}: cannot be written ({error.strerror})") from error
    finally:
        with contextlib.suppress(OSError):
            unfinished_path.unlink(missing_ok=True)
    return target


def _page_entries(
    captures: Sequence[Capture], requests: Sequence[CaptureRequest], title: str
) -> list[Mapping[str, object]]:
    places = {canonical_key(capture_request.uri_r): capture_request.places for capture_request in requests}
    pages: list[Mapping[str, object]] = [{"format": "json-pages-1.0", "id": "pages", "title": title}]
    for capture in captures:
        if not capture.captured_at or not capture.file:
            continue
        cited_places = places.get(canonical_key(capture.uri_r), ())
        url = capture.uri_m.partition("#")[2].partition("/")[2]
        pages.append(
            {
                "url": url,
                "ts": capture.captured_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "title": capture.title or capture.uri_r,
                "citation": [{"report": place.report, "note": place.note} for place in cited_places],
                "report": cited_places[0].report if cited_places else "",
                "cited": capture.uri_r,
                "originalDefanged": cited_places[0].raw if cited_places else "",
                "sha256": capture.sha256,
            }
        )
    return pages


def _run_wacz(arguments: list[str]) -> str:
    """The output of py-wacz, run as a process: it prints, leaves files open and holds whole indexes in memory."""
    start = "import sys; from wacz.main import main; sys.exit(main(sys.argv[1:]))"
    process = subprocess.run(  # noqa: S603  our own interpreter, no shell
        [sys.executable, "-X", "utf8", "-W", "ignore", "-c", start, *arguments], capture_output=True, check=False
    )
    return (process.stdout + process.stderr).decode("utf-8", "replace").strip()[-2000:]
