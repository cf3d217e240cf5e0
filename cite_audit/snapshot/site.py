"""The archive site: a captures folder as static files that any host with Range requests serves.

`index.html` lists report → note → page; `captures/` has the bundles and `collection.json`; `pictures/` what browsers
saw; `replay/` opens a capture: with ReplayWeb.page where its package is given (AGPL, so it is not part of this
program), else at replayweb.page. A site that stands is brought up to date: bundles never change, so only new ones are
copied, and the index is written last.
"""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from cite_audit.errors import StoreError, UsageError
from cite_audit.files import check_inside, copy_file, make_private_folder, write_file
from cite_audit.resolve.archive.playback import format_stamp
from cite_audit.snapshot.collection import COLLECTION_NAME, COLLECTION_TITLE
from cite_audit.snapshot.fixity import require_captures
from cite_audit.snapshot.folder import CaptureFolder, bundle_name, read_index
from cite_audit.snapshot.folder_losses import follow_renamed
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.listing import list_copies
from cite_audit.snapshot.model import Capture, ListedCopy, SitePage, SiteResult, StoredFile
from cite_audit.snapshot.screenshot import SCREENSHOT_FOLDER, name_picture
from cite_audit.urls import url_host

INDEX_PAGE = "index.html"
GENERATOR_MARK = b'<meta name="generator" content="cite-audit'
PLAYER_FILES = ("ui.js", "sw.js", "LICENSE")  # of the npm package replaywebpage
UNFINISHED_PAGE = (  # what a run that was killed leaves, so that the next one knows the folder
    b'<!DOCTYPE html>\n<meta charset="utf-8">\n' + GENERATOR_MARK + b'">\n<title>Unfinished</title>\n'
    b"<p>This site is not finished: make it again with <code>cite-audit captures site</code>.</p>\n"
)
VIEW_PREFIX = "urn:view:"  # what the browser of a capture saw, in its WARC

RenderIndex = Callable[[Sequence[SitePage]], str]


def build_replay_address(base_url: str, capture: Capture) -> str:
    """Where a site at `base_url` replays a local capture; empty for one that is not on it."""
    if not capture.captured_at or not capture.file:
        return ""
    url = capture.uri_m.partition("#")[2].partition("/")[2]
    fragment = f"view=pages&url={quote(url, safe='')}&ts={format_stamp(capture.captured_at)}"
    return f"{base_url.rstrip('/')}/replay/#{fragment}" if base_url else f"replay/#{fragment}"


def write_site(
    directory: Path, journal_path: Path, out: Path, player: Path | None, render_index: RenderIndex, replay_page: str
) -> SiteResult:
    """Write or update the site `out`. Raises UsageError and StoreError."""
    require_captures(directory, journal_path)
    _check_target(directory, out, player)
    writer = _SiteWriter(CaptureFolder(directory), out)
    try:
        if not (out / INDEX_PAGE).exists():
            write_file(make_private_folder(out) / INDEX_PAGE, UNFINISHED_PAGE)
        with Journal(journal_path, writing=False) as journal:
            follow_renamed(CaptureFolder(directory), journal)
            bundles = writer.copy_bundles(journal.files)
        pages = [writer.place_page(copy, bundles) for copy in list_copies(directory, journal_path).copies]
        writer.write_player(player, replay_page)
        write_file(out / INDEX_PAGE, render_index(pages).encode())
    except OSError as error:
        raise StoreError(f"{out}: the site cannot be written ({error.strerror or error})") from error
    return SiteResult(out / INDEX_PAGE, pages, writer.losses)


def _check_target(directory: Path, out: Path, player: Path | None) -> None:
    if out.resolve().is_relative_to(directory.resolve()):
        raise UsageError(f"{out}: lies in the captures folder, which only captures write to")
    if player and not all((player / name).is_file() for name in ("ui.js", "sw.js")):
        raise UsageError(f"{player}: is no package of ReplayWeb.page (npm install replaywebpage): ui.js, sw.js")
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise UsageError(f"{out}: is no folder")
    index = out / INDEX_PAGE
    is_site = index.is_file() and GENERATOR_MARK in index.read_bytes()[:2000]
    # a page cut off as it was written for the first time is no other file
    if out.is_dir() and not is_site and any(not path.name.startswith(f".{INDEX_PAGE}.") for path in out.iterdir()):
        raise UsageError(f"{out}: holds other files than a site; name a new folder")


class _SiteWriter:
    """Copies into a site. `losses`: a sentence for each file that is missing or not as it was written."""

    def __init__(self, folder: CaptureFolder, out: Path) -> None:
        self.losses: list[str] = []
        self._folder = folder
        self._out = out
        self._views: dict[str, dict[str, int]] = {}

    def copy_bundles(self, files: Mapping[str, StoredFile]) -> set[str]:
        """Copy the bundles of the journal and list them; the pictures that were taken of them too."""
        bundles = [file for path in sorted(files) if path.endswith(".wacz") and (file := self._copy_file(files[path]))]
        resources = [
            {"name": file.path, "path": file.path, "hash": f"sha256:{file.sha256}", "bytes": file.size}
            for file in bundles
        ]
        content = {"profile": "multi-wacz-package", "title": COLLECTION_TITLE, "resources": resources}
        place = make_private_folder(self._out / "captures") / COLLECTION_NAME
        write_file(place, json.dumps(content, ensure_ascii=False, indent=2).encode())
        for path in sorted(files):
            if path.startswith(f"{SCREENSHOT_FOLDER}/"):
                self._copy_file(files[path])
        return {file.path for file in bundles}

    def place_page(self, copy: ListedCopy, bundles: set[str]) -> SitePage:
        """A page with its addresses on the site; none for a copy that is not there or cannot be read."""
        capture = copy.capture
        is_listed = bool(capture.file) and bundle_name(capture.file) in bundles
        is_there = is_listed and self._folder.read_capture(capture) is not None
        return SitePage(
            copy=copy,
            replay=build_replay_address("", capture) if is_there else "",
            picture=self._place_picture(capture) if is_there else "",
        )

    def write_player(self, player: Path | None, replay_page: str) -> None:
        """The page that opens captures, and the player where its package is given."""
        place = make_private_folder(self._out / "replay")
        for name in PLAYER_FILES if player else ():
            if player and (player / name).is_file():
                copy_file(player / name, place / name)
        write_file(place / INDEX_PAGE, replay_page.encode())

    def _copy_file(self, stored_file: StoredFile) -> StoredFile | None:
        """The file as it is on the site, where one that is there already stays; None for one that is missing.

        A damaged one is copied too: what is whole in it can be read.
        """
        source, target = self._folder.directory / stored_file.path, self._out / "captures" / stored_file.path
        try:
            check_inside(source, self._folder.directory)
            if source.is_symlink():
                raise OSError(errno.ELOOP, "it is a link")
            found_file = self._folder.measure_file(stored_file.path)
        except OSError as error:
            self.losses.append(f"{source}: left out ({error.strerror})")
            return None
        if found_file != stored_file:
            self.losses.append(f"{source}: damaged, not the bytes that were written")
        if not target.is_file() or target.stat().st_size != found_file.size:
            make_private_folder(target.parent)
            copy_file(source, check_inside(target, self._out))
        return found_file

    def _place_picture(self, capture: Capture) -> str:
        """The address of the page's picture on the site; empty when there is none."""
        taken_picture = f"captures/{SCREENSHOT_FOLDER}/{name_picture(capture)}"
        if (self._out / taken_picture).is_file():
            return quote(taken_picture)
        url = capture.uri_m.partition("#")[2].partition("/")[2]
        offset = self._find_views(bundle_name(capture.file)).get(url)
        record = None if offset is None else self._folder.read_record_at(capture.file, offset)
        if record is None:
            return ""
        name = f"{hashlib.sha256(record.block).hexdigest()[:16]}-{url_host(capture.uri_r)}.png"
        target = make_private_folder(self._out / "pictures") / name
        if not target.is_file():
            write_file(target, record.block)
        return quote(f"pictures/{name}")

    def _find_views(self, bundle: str) -> dict[str, int]:
        """Where a bundle's WARC has the picture of a page."""
        if bundle not in self._views:
            self._views[bundle] = dict(self._iter_views(bundle))
        return self._views[bundle]

    def _iter_views(self, bundle: str) -> Iterator[tuple[str, int]]:
        for entry in read_index(self._folder.directory / bundle):
            address = str(entry.get("url", ""))
            if address.startswith(VIEW_PREFIX) and entry.get("mime") == "image/png":
                yield address.removeprefix(VIEW_PREFIX), int(entry["offset"])


def publish_captures(captures: Sequence[Capture], base_url: str) -> list[Capture]:
    """The captures with the address that a site at `base_url` has for those on disk."""
    return [
        replace(capture, uri_m=address) if (address := build_replay_address(base_url, capture)) else capture
        for capture in captures
    ]
