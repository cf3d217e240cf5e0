"""What `sources list`, `check` and `explain` ask for: from paths and flags to what is shown."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from cite_audit.cli.exit_codes import describe_unread
from cite_audit.cli.stdin import parse_address
from cite_audit.config.settings import Grading, Settings
from cite_audit.errors import ConfigError, UsageError
from cite_audit.pipeline import classify_links, read_reports
from cite_audit.report.sources.explanation import SourceExplanation, explain_source
from cite_audit.report.sources.registry import DATA, TABLE_PATTERNS, RegistryRow, read_table_rows
from cite_audit.report.sources.registry_check import TableProblem, find_table_problems
from cite_audit.report.sources.registry_conflicts import find_registry_problems, read_cited_keys
from cite_audit.report.sources.tally import SourceList, TableCheck, tally_sources


def list_sources(
    paths: Sequence[str], contents: Mapping[str, bytes], settings: Settings, *, unlisted: bool
) -> SourceList:
    """The sources of some reports. Raises UsageError for a report that cannot be read."""
    reading = read_reports(paths, settings, contents=contents)
    if why := describe_unread(reading.unread, allow_empty=settings.policy.allow_empty):
        raise UsageError(why)
    return tally_sources(((report, classify_links(report, settings)) for report in reading.reports), unlisted=unlisted)


def explain_sources(addresses: Sequence[str], on: date | None, grading: Grading) -> list[SourceExplanation]:
    """Why each address is called what it is called, as of a day. Raises UsageError for what is no address."""
    return [
        explain_source(parse_address(item), on, grading.publisher, taxonomy=grading.taxonomy, overlays=grading.overlays)
        for item in addresses
    ]


def parse_day_flag(text: str) -> date | None:
    """A day from `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, its first; None for nothing. Raises UsageError."""
    if not text:
        return None
    try:
        return date.fromisoformat(f"{text}-01-01"[:10] if len(text) == 4 else f"{text}-01"[:10])
    except ValueError:
        raise UsageError(f"--on {text}: no day (YYYY-MM-DD)") from None


def check_tables(paths: Sequence[str], cited: str = "") -> TableCheck:
    """Every problem of some tables; of our own when none is named. Raises UsageError for one that cannot be read.

    `cited` is the path of a text with cited addresses; empty: rows that nobody cites are no problem.
    """
    problems: list[tuple[str, TableProblem]] = []
    every_row: list[RegistryRow] = []
    cited_keys = _read_cited_keys(cited) if cited else frozenset()
    for path in paths or sorted({str(path) for pattern in TABLE_PATTERNS for path in DATA.glob(pattern)}):
        try:
            rows = list(_read_table(path))
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{path}: cannot be read ({error})") from error
        except ConfigError as error:
            problems.append((path, TableProblem(0, "", str(error).removeprefix(f"{path}: "))))
            continue
        every_row += rows
        problems += [(path, problem) for problem in find_table_problems(rows, strict=not paths)]
    problems += [(str(file), problem) for file, problem in find_registry_problems(every_row, cited_keys)]
    return TableCheck(problems, len(every_row))


def _read_cited_keys(path: str) -> frozenset[str]:
    try:
        return read_cited_keys(Path(path).read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error})") from error


def _read_table(path: str) -> Iterator[RegistryRow]:
    return read_table_rows(io.StringIO(Path(path).read_text("utf-8-sig"), newline=""), path)
