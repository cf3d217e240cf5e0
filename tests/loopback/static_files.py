"""A static host: files of a folder, with Range requests, as object stores and web servers answer them."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.loopback.serving import Serving
from tests.loopback.wayback_answers import Answer


class StaticFiles(Serving):
    """Serves a folder on loopback; `ranges`: how many Range requests were answered with a part."""

    def __init__(self, folder: Path) -> None:
        super().__init__(self._answer)
        self.ranges = 0
        self.missing: list[str] = []
        self._folder = folder

    def _answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        path = self._folder / unquote(urlsplit(target).path).lstrip("/")
        file = path / "index.html" if path.is_dir() else path
        if not file.is_file():
            self.missing.append(target)
            return Answer(404, b"not here", (("Content-Type", "text/plain"),))
        content = file.read_bytes()
        kind = ("Content-Type", mimetypes.guess_type(file.name)[0] or "application/octet-stream")
        common = (kind, ("Accept-Ranges", "bytes"), ("Cache-Control", "no-store"))
        wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", headers.get("range", headers.get("Range", "")))
        if not wanted:
            return Answer(200, content, common)
        start = int(wanted[1]) if wanted[1] else max(0, len(content) - int(wanted[2]))
        end = min(len(content) - 1, int(wanted[2])) if wanted[1] and wanted[2] else len(content) - 1
        if start > end:
            return Answer(416, b"", (("Content-Range", f"bytes */{len(content)}"),))
        self.ranges += 1
        return Answer(
            206, content[start : end + 1], (*common, ("Content-Range", f"bytes {start}-{end}/{len(content)}"))
        )
