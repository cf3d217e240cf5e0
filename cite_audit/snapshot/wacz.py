"""WACZ: the WARC files of a directory with their index and the list of cited pages, in one file that replays anywhere.

Needs the extra `archive`. The format is WACZ 1.1.1 (webrecorder); py-wacz writes and checks it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC
from pathlib import Path

from cite_audit.errors import StoreError
from cite_audit.files import PRIVATE_FILE, replace_file, temporary_folder, write_file
from cite_audit.snapshot.model import Capture, CaptureRequest
from cite_audit.snapshot.wacz_check import find_bundle_fault
from cite_audit.urls import canonical_key

WACZ_NAME = "captures.wacz"


def write_wacz(
    directory: Path, captures: Sequence[Capture], requests: Sequence[CaptureRequest], title: str = "Cited pages"
) -> Path:
    """Write the bundle of a directory from the WARC files in its `archive/`. Raises StoreError.

    It gets its name once it is whole: until then, and where it cannot be made, an earlier one stays as it was. Each
    page of pages.jsonl carries `citation` (report and note of each place that cites it) and `originalDefanged`.
    """
    warcs = _list_warcs(directory)
    target = directory / WACZ_NAME
    if not warcs:
        raise StoreError(f"{directory}: there are no WARC files to bundle")
    lines = [
        json.dumps(page_entry, ensure_ascii=False) + "\n" for page_entry in _page_entries(captures, requests, title)
    ]
    try:
        with temporary_folder(directory.absolute(), "bundle") as folder:
            pages_path, bundle_path = folder / "pages.jsonl", folder / WACZ_NAME
            write_file(pages_path, "".join(lines).encode(), mode=PRIVATE_FILE)
            process = _run_wacz(
                ["create", "-o", str(bundle_path), "-p", str(pages_path), f"--title={title}", *map(str, warcs)]
            )
            fault = find_bundle_fault(bundle_path, warcs)
            if process.returncode or fault:
                raise StoreError(f"{target}: was not made: {_last_line(process) if process.returncode else fault}")
            bundle_path.chmod(PRIVATE_FILE)
            replace_file(bundle_path, target)
    except OSError as error:
        raise StoreError(f"{target}: cannot be written ({error.strerror})") from error
    return target


def is_bundle_current(directory: Path) -> bool:
    """Whether the bundle of a directory is whole and holds all that was captured there."""
    try:
        return not find_bundle_fault(directory / WACZ_NAME, _list_warcs(directory))
    except OSError:
        return False


def _list_warcs(directory: Path) -> list[Path]:
    """The WARC files of a directory, absolute; links are left out, since they may lead to foreign files."""
    paths = sorted((directory.absolute() / "archive").glob("*.warc.gz"))
    return [path for path in paths if path.is_file() and not path.is_symlink()]


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


def _run_wacz(arguments: list[str]) -> subprocess.CompletedProcess[bytes]:
    """Run py-wacz as a process of its own: it prints, leaves files open and holds whole indexes in memory.

    No module comes from the current folder (`-P`), nor from an empty entry of PYTHONPATH (`cwd`).
    """
    start = "import sys; from wacz.main import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-P", "-X", "utf8", "-W", "ignore", "-c", start, *arguments]
    return subprocess.run(  # noqa: S603  our own interpreter, no shell
        command, capture_output=True, check=False, cwd=Path(sys.executable).anchor
    )


def _last_line(process: subprocess.CompletedProcess[bytes]) -> str:
    output = (process.stdout + process.stderr).decode("utf-8", "replace").strip()
    return output.rpartition("\n")[2][-300:] or f"py-wacz ended with {process.returncode}"
