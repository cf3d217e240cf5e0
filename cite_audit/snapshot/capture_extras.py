"""What a user asks of a run, and what captures on disk take along: browser, media, cookies."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cite_audit.config.settings import Settings
from cite_audit.errors import UsageError
from cite_audit.frozen_record import frozen_record
from cite_audit.progress import Observer
from cite_audit.resolve.archive.base import Clock
from cite_audit.resolve.check.base import KeyValueStore
from cite_audit.resolve.http.client import Client
from cite_audit.resolve.http.cookies import read_cookie_file
from cite_audit.snapshot.credentials import ArchiveKeys
from cite_audit.snapshot.local_capture import CaptureExtras
from cite_audit.snapshot.model import SnapshotResult
from cite_audit.snapshot.screenshot import find_browser


@frozen_record
class SnapshotOptions:
    """What a user asked for. `directory`: of the local captures; `journal`: of all.

    `within`: how far from the day of citation a copy may lie to count, with `only_missing`.
    """

    targets: tuple[str, ...]
    directory: Path
    journal_path: Path
    only_missing: bool = False
    newer_than: timedelta | None = None
    dry_run: bool = False
    with_requisites: bool = False
    with_screenshots: bool = False
    with_browser: bool = False
    with_media: bool = False
    cookie_path: Path | None = None
    retry_failed: bool = False
    within: timedelta | None = None
    is_archive_named: bool = False  # by the command line or a variable, not by a file


@frozen_record
class SnapshotContext:
    """What a run captures with."""

    settings: Settings
    client: Client
    shelf: KeyValueStore
    clock: Clock
    keys: ArchiveKeys | None
    observer: Observer

    def current_time(self) -> datetime:
        return datetime.fromtimestamp(self.clock.time(), UTC)


async def prepare_extras(
    options: SnapshotOptions, context: SnapshotContext, stack: AsyncExitStack, result: SnapshotResult
) -> CaptureExtras:
    """What is captured besides the pages; that the programs for it are missing is a remark."""
    browser = media = None
    if options.with_browser:
        from cite_audit.snapshot.browser.browser_capture import BrowserCapture

        try:
            browser = await stack.enter_async_context(BrowserCapture(find_browser("--browser"), context.client))
        except UsageError as error:
            result.remarks.append(f"captured without a browser: {error}")
    if options.with_media:
        from cite_audit.snapshot.media_capture import PROGRAM, MediaCapture, find_program

        program = find_program()
        media = MediaCapture(program, context.client) if program else None
        result.remarks += [] if program else [f"captured without media: --media needs {PROGRAM}"]
    now, path = context.current_time(), options.cookie_path
    return CaptureExtras(
        with_requisites=options.with_requisites,
        cookies=read_cookie_file(path, now) if path else None,
        browser=browser,
        media=media,
        operator=context.settings.archiving.operator,
    )
