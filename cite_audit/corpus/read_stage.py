"""The first stage: the reports of one bucket are read, and what they hold and cite becomes rows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, replace
from datetime import date
from operator import itemgetter
from typing import Any

from cite_audit import __version__
from cite_audit.cited_links import collect_links
from cite_audit.config.settings import Settings
from cite_audit.corpus.corpus_input import CorpusInput, InputKind
from cite_audit.corpus.folder import CorpusFolder
from cite_audit.corpus.inputs import open_file_system
from cite_audit.errors import ReadError, UsageError
from cite_audit.model import Report, UnreadReport
from cite_audit.pipeline import fetch_pages, read_reports

Columns = dict[str, list[Any]]
MAX_QUOTES = 20  # sentences kept for a link of one bucket


def read_bucket(folder: CorpusFolder, bucket: int, settings: Settings) -> int:
    """Read the reports of a bucket into the tables; one whose inputs have not changed stays. Returns how many."""
    entries = load_inputs(folder, bucket)
    name = f"{bucket:05}"
    digest = digest_inputs(entries, settings)
    if folder.part_metadata("reports", name).get("inputs") == digest:
        return len(entries)
    reports: list[Report] = []
    unread: list[UnreadReport] = []
    for entry in entries:
        report, problems = read_input(entry, settings)
        reports += [report] if report else []
        unread += problems
    folder.write_columns("notes", name, _note_columns(reports))
    folder.write_columns("citations", name, _citation_columns(reports))
    folder.write_columns("cited", name, _cited_columns(reports, bucket))
    # The last one, since it says that the bucket is done. What no network gave is asked for again by the next run.
    is_settled = not unread or all(entry.kind in (InputKind.FILE, InputKind.RECORD) for entry in entries)
    folder.write_columns("reports", name, _report_columns(reports, unread), {"inputs": digest if is_settled else ""})
    return len(entries)


def load_inputs(folder: CorpusFolder, bucket: int) -> list[CorpusInput]:
    """The reports of a bucket."""
    rows = folder.read_rows(folder.work / "inputs.parquet", "bucket", bucket)
    return [
        CorpusInput(
            **{**{name: value for name, value in row.items() if name != "bucket"}, "kind": InputKind(row["kind"])}
        )
        for row in rows
    ]


def digest_inputs(entries: Sequence[CorpusInput], settings: Settings) -> str:
    """A digest of what the rows of a bucket are made from."""
    parts = (__version__, settings.grading.publisher, settings.indicators, [astuple(entry) for entry in entries])
    return hashlib.sha256(repr(parts).encode("utf-8", "backslashreplace")).hexdigest()


def read_input(entry: CorpusInput, settings: Settings) -> tuple[Report | None, Sequence[UnreadReport]]:
    """A report as `audit` reads it; what a manifest says of it wins. What cannot be read is told."""
    try:
        contents, unread = _fetch_bytes(entry, settings)
    except (ReadError, UsageError) as error:
        return None, [UnreadReport(entry.path, getattr(error, "problem", str(error)))]
    report_set = read_reports([entry.path], settings, contents=contents, unread=unread)
    if not report_set.reports:
        return None, report_set.unread
    report = report_set.reports[0]
    return replace(report, title=entry.title or report.title, published=entry.published or report.published), ()


def _fetch_bytes(entry: CorpusInput, settings: Settings) -> tuple[dict[str, bytes], list[UnreadReport]]:
    if entry.kind is InputKind.PAGE:
        from cite_audit import event_loop

        return event_loop.run_coroutine(fetch_pages([entry.path], settings))
    if entry.kind is InputKind.RECORD:
        from cite_audit.corpus.warc_reports import read_record

        return {entry.path: read_record(entry)}, []
    if entry.kind is InputKind.REMOTE:
        file_system, inner = open_file_system(entry.path)
        try:
            return {entry.path: file_system.cat_file(inner)}, []
        except Exception as error:  # each file system has errors of its own
            raise ReadError(entry.path, f"cannot be read: {error}") from error
    return {}, []


def _report_columns(reports: Sequence[Report], unread: Sequence[UnreadReport]) -> Columns:
    from msgspec.json import Encoder

    encode = Encoder(enc_hook=str).encode
    nothing: list[Any] = [None] * len(unread)
    columns: Columns = {
        "title": [report.title for report in reports],
        "published": [report.published for report in reports],
        "publisher": [report.publisher for report in reports],
        "authors": [report.authors for report in reports],
        "language": [report.language for report in reports],
        "format": [report.format for report in reports],
        "notes": [len(report.notes) for report in reports],
        "citations": [len(report.citations) for report in reports],
        "missing_notes": [report.missing_notes for report in reports],
        "orphan_notes": [report.orphan_notes for report in reports],
        "document": [encode(report) for report in reports],
    }
    return {
        **{name: [*values, *nothing] for name, values in columns.items()},
        "path": [*(report.path for report in reports), *(problem.path for problem in unread)],
        "problem": [*([""] * len(reports)), *(problem.problem for problem in unread)],
        "empty": [*([False] * len(reports)), *(problem.empty for problem in unread)],
    }


def _note_columns(reports: Sequence[Report]) -> Columns:
    notes = [note for report in reports for note in report.notes]
    return {
        "path": [report.path for report in reports for _ in report.notes],
        "section": [note.section for note in notes],
        "number": [note.number for note in notes],
        "label": [note.label for note in notes],
        "kind": [note.kind for note in notes],
        "text": [note.text for note in notes],
        "links": [len(note.links) for note in notes],
    }


def _citation_columns(reports: Sequence[Report]) -> Columns:
    citations = [citation for report in reports for citation in report.citations]
    links = [citation.link for citation in citations]
    places = [citation.location for citation in citations]
    return {
        "path": [report.path for report in reports for _ in report.citations],
        "published": [report.published for report in reports for _ in report.citations],
        "section": [citation.section for citation in citations],
        "note": [citation.note for citation in citations],
        "url": [link.url for link in links],
        "raw": [link.raw for link in links],
        "style": [link.style for link in links],
        "role": [citation.role for citation in citations],
        "line": [place.line for place in places],
        "column": [place.column for place in places],
        "page": [place.page for place in places],
        "repairs": [[repair.kind for repair in link.repairs] for link in links],
    }


def _cited_columns(reports: Sequence[Report], bucket: int) -> Columns:
    """The distinct links of a bucket."""
    from cite_audit.urls import registrable_domain, url_host

    citations: Counter[str] = Counter()
    citing: Counter[str] = Counter()
    dated: list[tuple[date, list[str]]] = []
    for report in reports:
        urls = [citation.link.url for citation in report.citations]
        citations.update(urls)
        citing.update(set(urls))
        dated += [(report.published, urls)] if report.published else []
    first_cited: dict[str, date] = {}
    last_cited: dict[str, date] = {}
    dated.sort(key=itemgetter(0))
    for (first_day, first_urls), (last_day, last_urls) in zip(reversed(dated), dated, strict=True):
        first_cited.update(dict.fromkeys(first_urls, first_day))  # the earliest and the latest are written last
        last_cited.update(dict.fromkeys(last_urls, last_day))
    links = collect_links(reports)
    hosts = [url_host(link.url) for link in links]
    return {
        "bucket": [bucket] * len(links),
        "url": [link.url for link in links],
        "host": hosts,
        "domain": [registrable_domain(host) or host for host in hosts],
        "near": [link.near for link in links],
        "language": [link.language for link in links],
        "quotes": [link.quotes[:MAX_QUOTES] for link in links],
        "first_cited": [first_cited.get(link.url) for link in links],
        "last_cited": [last_cited.get(link.url) for link in links],
        "reports": [citing[link.url] for link in links],
        "citations": [citations[link.url] for link in links],
    }
