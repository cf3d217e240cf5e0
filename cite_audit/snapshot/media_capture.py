"""Videos and sounds of posts, got by yt-dlp where the user has it: a process whose only way out is our proxy.

It is started without a shell, a configuration or a folder of its own, and without ffmpeg, which would not be held to
the proxy; a medium that comes in one file is what can be got so.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import ssl
import tempfile
from contextlib import suppress
from pathlib import Path

from cite_audit.resolve.http.client import Client
from cite_audit.resolve.http.exchange_recorder import Exchange
from cite_audit.snapshot.browser.recording_proxy import ProxyLimits, RecordingProxy
from cite_audit.snapshot.recorded_inquiry import InquiredPage
from cite_audit.snapshot.warc_files import WarcFile

PROGRAM = "yt-dlp"
MAX_MEDIUM = 256 << 20  # bytes of one file
MAX_TRAFFIC = 2 * MAX_MEDIUM  # bytes for one page in all
MAX_REQUESTS = 2000
MAX_INFO = 8 << 20  # bytes of what is known of a medium
TIMEOUT = 900.0  # seconds for one page
_MEDIA_SIGNS = (b"<video", b"<audio", b"og:video", b"og:audio", b"twitter:player", b"VideoObject")
_PACKET = 188  # bytes of one packet of an MPEG transport stream, each of which begins with G (ISO/IEC 13818-1 §2.4.3.2)
_CONTENT_TYPES = {
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
}


def find_program() -> str:
    """The yt-dlp of this machine; empty when there is none."""
    path = shutil.which(PROGRAM)
    return path if path and os.path.isabs(path) else ""


class MediaCapture:
    """Gets the medium of a page, one page at a time."""

    def __init__(self, program: str, client: Client) -> None:
        self._program = program
        self._client = client
        self._turn = asyncio.Lock()
        self._tls_context: ssl.SSLContext | None = None

    async def capture_media(self, page: InquiredPage, warc: WarcFile) -> str:
        """Write the medium of a page and what is known of it; a remark where that fails, empty for a page without one.

        Raises StoreError.
        """
        if not may_hold_media(page):
            return ""
        exchange = (page.exchanges or page.service_exchanges)[0]
        async with self._turn:
            with tempfile.TemporaryDirectory(prefix="cite-audit-", ignore_cleanup_errors=True) as name:
                problem = await self._run_program(exchange.request.url, Path(name))
                is_got = await asyncio.to_thread(_write_media, Path(name), exchange, warc)
        return "" if is_got else f"no medium could be got: {problem or 'none in one file'}"

    async def _run_program(self, url: str, folder: Path) -> str:
        """Run yt-dlp on an address; why it failed, empty when it did not."""
        from cite_audit.snapshot.replay import make_tls_context

        if self._tls_context is None:
            self._tls_context = await asyncio.to_thread(make_tls_context)
        limits = ProxyLimits(MAX_REQUESTS, MAX_TRAFFIC)
        async with RecordingProxy(self._client, None, self._tls_context, limits) as proxy:
            process = await asyncio.create_subprocess_exec(
                *build_command(self._program, url, folder, proxy.port),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                cwd=folder,
                env=_build_environment(folder, proxy.port),
                start_new_session=True,
            )
            try:
                async with asyncio.timeout(TIMEOUT):
                    _, errors = await process.communicate()
            except TimeoutError:
                return f"it took more than {TIMEOUT:g} s"
            finally:
                if process.returncode is None:
                    with suppress(ProcessLookupError):
                        os.killpg(process.pid, signal.SIGKILL)
                    await process.wait()
        lines = [line for line in errors.decode("utf-8", "replace").splitlines() if line.startswith("ERROR")]
        return "" if process.returncode == 0 else (lines[-1][:200] if lines else f"exit code {process.returncode}")


def _write_media(folder: Path, exchange: Exchange, warc: WarcFile) -> bool:
    """Write what yt-dlp left in a folder; whether a medium was among it."""
    is_got, url = False, exchange.request.url
    for path in sorted(folder.iterdir()):
        if not path.name.startswith("medium.") or path.suffix == ".part" or path.stat().st_size > _limit_of(path):
            continue
        is_info = path.suffix == ".json"
        uri = f"urn:media:info:{url}" if is_info else f"urn:media:{url}"
        content = path.read_bytes()
        content_type = "application/json" if is_info else _type_of(path.suffix, content)
        warc.write_resource(uri, content, content_type, exchange.sent_at)
        is_got = is_got or not is_info
    return is_got


def may_hold_media(page: InquiredPage) -> bool:
    """Whether a page is a post, or says that it holds a video or a sound."""
    if page.service_exchanges:
        return True
    return bool(page.exchanges) and any(sign in page.exchanges[-1].reply.body for sign in _MEDIA_SIGNS)


def build_command(program: str, url: str, folder: Path, port: int) -> list[str]:
    """The command that gets a medium through the proxy at `port`."""
    return [
        program,
        *("--ignore-config", "--no-cache-dir", "--no-progress", "--no-mtime", "--no-playlist"),
        *("--playlist-items", "1", "--write-info-json", "--clean-info-json"),
        # the proxy ends TLS; the client behind it checks every certificate
        *("--proxy", f"http://127.0.0.1:{port}", "--no-check-certificates"),
        *("--downloader", "native", "--ffmpeg-location", str(folder / "none"), "--format", "b"),
        *("--max-filesize", str(MAX_MEDIUM), "--http-chunk-size", "8M", "--socket-timeout", "60", "--retries", "2"),
        *("--paths", str(folder), "--output", "medium.%(ext)s"),
        "--",
        url,
    ]


def _build_environment(folder: Path, port: int) -> dict[str, str]:
    proxy = f"http://127.0.0.1:{port}"
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "HOME": str(folder), "LANG": "C.UTF-8", "http_proxy": proxy, "https_proxy": proxy}


def _limit_of(path: Path) -> int:
    return MAX_INFO if path.suffix == ".json" else MAX_MEDIUM


def _type_of(suffix: str, content: bytes) -> str:
    """The content type; the joined segments of a stream are no MP4, whatever yt-dlp calls them."""
    is_stream = content[: 2 * _PACKET : _PACKET] == b"GG"
    return "video/mp2t" if is_stream else _CONTENT_TYPES.get(suffix.lower(), "application/octet-stream")
