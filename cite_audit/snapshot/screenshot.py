"""Pictures of captured pages, by a local Chromium that sees the capture and nothing else.

Every connection of the browser ends at a proxy on this machine that answers from the WARC file, https included, so
that a picture shows what was captured, and no page reaches a network without the address guard. What does not go
through a proxy by itself is switched off: WebRTC, QUIC, look-ups of names.
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
from cite_audit.files import PRIVATE_FILE, check_inside, make_private_folder, replace_file, temporary_folder
from cite_audit.installation import format_install_command
from cite_audit.resolve.archive.playback import format_stamp
from cite_audit.snapshot.folder import CaptureFolder
from cite_audit.snapshot.model import Capture, Outcome, SnapshotTarget
from cite_audit.snapshot.replay import ReplayProxy
from cite_audit.urls import url_host

BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
SCREENSHOT_FOLDER = "screenshots"
WINDOW_SIZE = "1280,1600"
TIMEOUT = 60.0  # seconds for one page
BROWSER_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--ignore-certificate-errors",
    "--proxy-bypass-list=<-loopback>",  # not even this machine's own services without the proxy
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",  # no UDP: STUN, TURN
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",  # the same, as older versions spell it
    "--disable-quic",
    "--dns-prefetch-disable",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no name is looked up but by the proxy
    "--disable-features=WebRtcHideLocalIpsWithMdns,AsyncDns,DnsOverHttps,NetworkPrediction,WebTransport",
    "--disable-blink-features=RTCPeerConnection",
    f"--window-size={WINDOW_SIZE}",
)


def find_browser(option: str = "--screenshot") -> str:
    """The Chromium of this machine. Raises UsageError when there is none, or a part for it is missing."""
    found_paths = (shutil.which(name) for name in BROWSER_NAMES)
    executable = next((path for path in found_paths if path and os.path.isabs(path)), "")  # none of this folder
    if not executable:
        raise UsageError(f"{option} needs a Chromium (looked for {', '.join(BROWSER_NAMES)})")
    if find_spec("cryptography") is None:
        raise UsageError(f"{option} needs the extra “timestamp”: {format_install_command('timestamp')}")
    return executable


def name_picture(capture: Capture) -> str:
    """The name of a capture's picture in `screenshots/`."""
    digest = hashlib.sha256(capture.uri_r.encode()).hexdigest()[:8]
    return f"{format_stamp(capture.captured_at or capture.at)}-{url_host(capture.uri_r)}-{digest}.png"


def take_screenshots(
    captures_folder: CaptureFolder, captures: Sequence[Capture], chromium: str
) -> tuple[list[Path], list[str]]:
    """A PNG in `screenshots/` for each capture, and the pages that none could be taken of.

    A picture that exists is left alone. Raises StoreError.
    """
    folder = captures_folder.directory / SCREENSHOT_FOLDER
    saved_paths: list[Path] = []
    unpictured: list[str] = []
    try:
        make_private_folder(check_inside(folder / "x", captures_folder.directory).parent)
        with (
            temporary_folder(folder, "picture") as unfinished,
            ReplayProxy(captures_folder.list_places()) as replay,
            _make_browser_profile() as profile,
        ):
            for capture in captures:
                if (
                    capture.archive != SnapshotTarget.LOCAL
                    or capture.outcome not in (Outcome.VERIFIED, Outcome.BAD)
                    or not capture.captured_at
                ):
                    continue
                target = folder / name_picture(capture)
                url = capture.uri_m.partition("#")[2].partition("/")[2]
                picture = unfinished / target.name
                if target.is_file() or (
                    replay.has_page(url) and _take_screenshot(chromium, url, picture, replay.port, profile)
                ):
                    if picture.exists():
                        picture.chmod(PRIVATE_FILE)
                        replace_file(picture, target)
                    saved_paths.append(target)
                else:
                    unpictured.append(capture.uri_r)
    except OSError as error:
        raise StoreError(f"{folder}: {error.strerror or error}") from error
    return saved_paths, unpictured


def _make_browser_profile() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="cite-audit-", ignore_cleanup_errors=True)


def build_browser_command(chromium: str, url: str, target: Path, port: int, profile: str) -> list[str]:
    """The command that takes a picture of a page through the proxy at `port`, and through nothing else."""
    run_flags = (f"--proxy-server=http://127.0.0.1:{port}", f"--user-data-dir={profile}", f"--screenshot={target}")
    return [chromium, *BROWSER_FLAGS, *sandbox_flags(), *run_flags, url]


def sandbox_flags() -> tuple[str, ...]:
    """Chromium's own sandbox refuses to run as root; the page's scripts see loopback alone in any case."""
    return ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()


def _take_screenshot(chromium: str, url: str, target: Path, port: int, profile: str) -> bool:
    command = build_browser_command(chromium, url, target, port, profile)
    try:
        subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=False)  # noqa: S603  no shell, our arguments
    except subprocess.TimeoutExpired:
        return False
    return _is_whole_png(target)


def _is_whole_png(path: Path) -> bool:
    """Whether a file begins and ends as a PNG does (W3C PNG §5.2 and §11.2.5)."""
    content = path.read_bytes() if path.is_file() else b""
    return content.startswith(b"\x89PNG\r\n\x1a\n") and content.endswith(b"IEND\xaeB`\x82")
