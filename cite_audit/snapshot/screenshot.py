"""Pictures of captured pages, by a local Chromium that sees the capture and nothing else.

Every connection of the browser ends at a proxy on this machine that answers from the WARC file, https included, so
that a picture shows what was captured, and no page reaches a network behind the guard's back.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from cite_audit.errors import StoreError, UsageError
from cite_audit.resolve.archive.playback import stamp
from cite_audit.snapshot.model import Capture, Outcome
from cite_audit.snapshot.replay import Replay
from cite_audit.urls import host

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
SIZE = "1280,1600"
TIMEOUT = 60.0  # seconds for one page
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--ignore-certificate-errors",
    "--proxy-bypass-list=<-loopback>",
    f"--window-size={SIZE}",
)


def browser() -> str:
    """The Chromium of this machine. Raises UsageError when there is none, or a part for it is missing."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), "")
    if not found:
        raise UsageError(f"--screenshot needs a Chromium (looked for {', '.join(BROWSERS)})")
    if find_spec("cryptography") is None:
        raise UsageError("--screenshot needs the extra “timestamp”: pip install 'cite-audit[timestamp]'")
    return found


def pictures(directory: Path, captures: Sequence[Capture], chromium: str) -> list[Path]:
    """A PNG in `screenshots/` for each page captured to `directory`, those that exist left alone. Raises StoreError."""
    folder = directory / "screenshots"
    made: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with Replay(sorted((directory / "archive").glob("*.warc.gz"))) as replay, _profile() as profile:
            for one in captures:
                if one.archive != "local" or one.outcome not in (Outcome.VERIFIED, Outcome.BAD) or not one.captured_at:
                    continue
                name = hashlib.sha256(one.uri_r.encode()).hexdigest()[:8]
                target = folder / f"{stamp(one.captured_at)}-{host(one.uri_r)}-{name}.png"
                url = one.uri_m.partition("#")[2].partition("/")[2]
                if target.exists() or (replay.shows(url) and _picture(chromium, url, target, replay.port, profile)):
                    made.append(target)
    except OSError as error:
        raise StoreError(f"{folder}: {error.strerror or error}") from error
    return made


def _profile() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="cite-audit-", ignore_cleanup_errors=True)


def _picture(chromium: str, url: str, target: Path, port: int, profile: str) -> bool:
    # Chromium's own sandbox refuses to run as root; the page's scripts see loopback alone in any case.
    alone = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
    place = (f"--proxy-server=http://127.0.0.1:{port}", f"--user-data-dir={profile}", f"--screenshot={target}")
    command = [chromium, *_FLAGS, *alone, *place, url]
    try:
        subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=False)  # noqa: S603  no shell, our arguments
    except subprocess.TimeoutExpired:
        return False
    return target.exists()
