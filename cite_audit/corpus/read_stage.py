"""The first stage: the reports of one bucket are read, and what they hold and cite becomes rows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import astuple, replace
from datetime import date
from typing import Any

from cite_audit import __version__
from cite_audit.config.settings import Settings
from cite_audit.corpus.corpus_input import CorpusInput, InputKind
from cite_audit.corpus.folder import CorpusFolder
from cite_audit.corpus.inputs import open_file_system
from cite_audit.errors import ReadError, UsageError
from cite_audit.model import Report, UnreadReport
from cite_audit.pipeline import collect_links, fetch_pages, read_reports

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
    folder.write_part("notes", name, _note_rows(reports))
    folder.write_part("citations", name, _citation_rows(reports))
    folder.write_part("cited", name, _cited_rows(reports, bucket))
    # The last one, since it says that the bucket is done. What no network gave is asked for again by the next run.
    is_settled = not unread or all(entry.kind in (InputKind.FILE, InputKind.RECORD) for entry in entries)
    folder.write_part("reports", name, _report_rows(reports, unread), {"inputs": digest if is_settled else ""})
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


def _report_rows(reports: Sequence[Report], unread: Sequence[UnreadReport]) -> Iterator[dict[str, Any]]:
    from msgspec.json import encode

    for report in reports:
        yield {
            "path": report.path,
            "title": report.title,
            "published": report.published,
            "publisher": report.publisher,
            "authors": report.authors,
            "language": report.language,
            "format": report.format,
            "notes": len(report.notes),
            "citations": len(report.citations),
            "missing_notes": report.missing_notes,
            "orphan_notes": report.orphan_notes,
            "problem": "",
            "empty": False,
            "document": encode(report, enc_hook=str),
        }
    for problem in unread:
        yield {"path": problem.path, "problem": problem.problem, "empty": problem.empty}


def _note_rows(reports: Sequence[Report]) -> Iterator[dict[str, Any]]:
    for report in reports:
        for note in report.notes:
            yield {
                "path": report.path,
                "section": note.section,
                "number": note.number,
                "label": note.label,
                "kind": note.kind.value,
                "text": note.text,
                "links": len(note.links),
            }


def _citation_rows(reports: Sequence[Report]) -> Iterator[dict[str, Any]]:
    for report in reports:
        for citation in report.citations:
            link, place = citation.link, citation.location
            yield {
                "path": report.path,
                "published": report.published,
                "section": citation.section,
                "note": citation.note,
                "url": link.url,
                "raw": link.raw,
                "style": link.style,
                "role": citation.role.value,
                "line": place.line,
                "column": place.column,
                "page": place.page,
                "repairs": [repair.kind.value for repair in link.repairs],
            }


def _cited_rows(reports: Sequence[Report], bucket: int) -> Iterator[dict[str, Any]]:
    """The distinct links of a bucket."""
    from cite_audit.urls import registrable_domain, url_host

    citations: Counter[str] = Counter()
    citing: Counter[str] = Counter()
    days: dict[str, list[date]] = {}
    for report in reports:
        urls = Counter(citation.link.url for citation in report.citations)
        citations.update(urls)
        citing.update(urls.keys())
        for url in urls if report.published else ():
            assert report.published
            days.setdefault(url, []).append(report.published)
    for link in collect_links(reports):
        host = url_host(link.url)
        yield {
            "bucket": bucket,
            "url": link.url,
            "host": host,
            "domain": registrable_domain(host) or host,
            "near": link.near,
            "language": link.language,
            "quotes": link.quotes[:MAX_QUOTES],
            "first_cited": min(days.get(link.url, ()), default=None),
            "last_cited": max(days.get(link.url, ()), default=None),
            "reports": citing[link.url],
            "citations": citations[link.url],
        }
