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
from cite_audit.snapshot.model import Capture, Wish
from cite_audit.urls import key

BUNDLE = "captures.wacz"


def bundle(directory: Path, captures: Sequence[Capture], wishes: Sequence[Wish], title: str = "Cited pages") -> Path:
    """Write BUNDLE in a directory from the WARC files in its `archive/`. Raises StoreError.

    Each page of pages.jsonl carries `citation` (report and note of each place that cites it) and `originalDefanged`.
    """
    warcs = sorted((directory / "archive").glob("*.warc.gz"))
    if not warcs:
        raise StoreError(f"{directory}: there are no WARC files to bundle")
    target = directory / BUNDLE
    pages, unfinished = directory / "pages.jsonl", directory / ".captures.wacz"
    try:
        lines = (json.dumps(one, ensure_ascii=False) + "\n" for one in _pages(captures, wishes, title))
        pages.write_text("".join(lines), encoding="utf-8")
        said = _run(["create", "-o", str(unfinished), "-p", str(pages), "--title", title, *map(str, warcs)])
        if not unfinished.exists():
            raise StoreError(f"{target}: {said}")
        os.replace(unfinished, target)
    except OSError as error:
        raise StoreError(f"{target}: cannot be written ({error.strerror})") from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return target


def _pages(captures: Sequence[Capture], wishes: Sequence[Wish], title: str) -> list[Mapping[str, object]]:
    places = {key(wish.uri_r): wish.places for wish in wishes}
    pages: list[Mapping[str, object]] = [{"format": "json-pages-1.0", "id": "pages", "title": title}]
    for one in captures:
        if not one.captured_at or not one.file:
            continue
        cited = places.get(key(one.uri_r), ())
        url = one.uri_m.partition("#")[2].partition("/")[2]
        pages.append(
            {
                "url": url,
                "ts": one.captured_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "title": one.title or one.uri_r,
                "citation": [{"report": place.report, "note": place.note} for place in cited],
                "report": cited[0].report if cited else "",
                "cited": one.uri_r,
                "originalDefanged": cited[0].raw if cited else "",
                "sha256": one.sha256,
            }
        )
    return pages


def _run(arguments: list[str]) -> str:
    """What py-wacz says. In a process of its own: it prints, leaves files open, and holds whole indexes in memory."""
    start = "import sys; from wacz.main import main; sys.exit(main(sys.argv[1:]))"
    ended = subprocess.run(  # noqa: S603  our own interpreter, no shell
        [sys.executable, "-X", "utf8", "-W", "ignore", "-c", start, *arguments], capture_output=True, check=False
    )
    return (ended.stdout + ended.stderr).decode("utf-8", "replace").strip()[-2000:]
