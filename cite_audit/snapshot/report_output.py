"""What a run writes for one report: its WARC, and the texts of its pages until both are bundled."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime

from cite_audit.errors import StoreError
from cite_audit.files import open_for_update
from cite_audit.snapshot.collection import TEXT_ENDING
from cite_audit.snapshot.folder import WARC_ENDING, CaptureFolder
from cite_audit.snapshot.warc_files import WarcFile

MAX_TEXT = 20_000  # characters of a page's text, which players search
_UNSEEN_ELEMENTS = ["script", "style", "noscript", "template", "svg"]


class ReportOutput:
    """The files of one report in one run; `name`: of the WARC, as a path in the folder. Raises StoreError."""

    def __init__(self, folder: CaptureFolder, name: str, report: str, operator: str = "") -> None:
        self.name = name
        self._folder = folder
        self.warc = WarcFile(
            folder.directory / name, is_part_of=report, operator=operator, find_earlier=self._find_earlier
        )
        path = self.warc.path
        text_path = path.with_name(path.name.removesuffix(WARC_ENDING) + TEXT_ENDING)
        try:
            self._texts = open_for_update(text_path, append=True)
        except OSError as error:
            raise StoreError(f"{text_path}: cannot be written ({error.strerror})") from error

    def close(self) -> None:
        with suppress(OSError):
            self._texts.close()
        self.warc.__exit__(None, None, None)

    def keep_text(self, captured_at: datetime, url: str, text: str) -> None:
        """Keep the text of a page for the page list, unless the disk is full."""
        ts = captured_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        line = json.dumps({"ts": ts, "url": url, "text": " ".join(text.split())[:MAX_TEXT]})
        with suppress(OSError):
            self._texts.write(line.encode() + b"\n")

    def _find_earlier(self, digest: str) -> tuple[str, str] | None:
        """A response of an earlier run that can be read now: a damaged one is stored anew."""
        record = self._folder.find_body(digest)
        return (record.url, record.date) if record else None


def extract_text(body: bytes) -> str:
    """The text of an HTML page."""
    from cite_audit.foreign_html import parse_foreign_html

    tree = parse_foreign_html(body)
    tree.strip_tags(_UNSEEN_ELEMENTS)
    return tree.body.text(separator=" ") if tree.body else ""
