"""What `sources list` and `sources check` print."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cite_audit.cli.exit_codes import describe_unread
from cite_audit.config.settings import Grading, Settings
from cite_audit.errors import ConfigError, UsageError
from cite_audit.model import Source, SourceGroup
from cite_audit.pipeline import classify_links, read_reports
from cite_audit.report.render.audit.json import dump_json
from cite_audit.report.render.labels import format_count
from cite_audit.report.render.media.sanitizer import sanitize_line
from cite_audit.report.sources import GROUPS
from cite_audit.report.sources.classify import build_source
from cite_audit.report.sources.match import match_address
from cite_audit.report.sources.registry import (
    COLUMNS,
    DATA,
    TABLE_PATTERNS,
    load_registry,
    normalize_key,
    read_table_rows,
)
from cite_audit.report.sources.registry_check import find_table_problems
from cite_audit.urls import registrable_domain, unwrap_url, url_host


@dataclass(slots=True)
class SourceTally:
    """How often a source is cited, and where."""

    source: Source
    key: str  # what a row of the registry for it would stand under
    citations: int = 0
    notes: dict[str, set[int]] = field(default_factory=dict)

    @property
    def places(self) -> str:
        return "; ".join(f"{path} notes {', '.join(map(str, sorted(numbers)))}" for path, numbers in self.notes.items())


def render_source_list(
    paths: Sequence[str], contents: Mapping[str, bytes], settings: Settings, *, unlisted: bool, format: str
) -> str:
    """The sources of some reports, most cited first; for those unlisted, rows to fill in."""
    tallies: dict[str, SourceTally] = {}
    reading = read_reports(paths, settings, contents=contents)
    if why := describe_unread(reading.unread, allow_empty=settings.policy.allow_empty):
        raise UsageError(why)
    for report in reading.reports:
        link_sources = classify_links(report, settings)
        for citation in report.citations:
            source = link_sources[citation.link.url]
            if unlisted and source.group != SourceGroup.UNKNOWN and source.listed:
                continue
            key = _registry_key(citation.link.url, source)
            tally = tallies.setdefault(source.id if source.listed else key, SourceTally(source, key))
            tally.citations += 1
            if citation.note is not None:
                tally.notes.setdefault(report.path, set()).add(citation.note)
    ordered = sorted(tallies.values(), key=lambda tally_entry: (-tally_entry.citations, tally_entry.source.id))
    if format == "json":
        return (
            dump_json(
                [
                    {
                        "id": entry.source.id,
                        "citations": entry.citations,
                        "group": entry.source.group,
                        "where": entry.places,
                    }
                    for entry in ordered
                ],
                2,
            )
            + "\n"
        )
    if format == "csv":
        return _render_registry_rows(ordered)
    if format != "text":
        raise UsageError(f"unknown format {format!r}; there are text, csv and json")
    lines = [
        f"{entry.citations:>5}  {entry.source.group:<22}  "
        f"{sanitize_line(_tally_label(entry))}  {sanitize_line(entry.places)}"
        for entry in ordered
    ]
    text = "".join(f"{line}\n" for line in lines)
    if unlisted and ordered:
        text += (
            "\nrows to fill in (columns as in report/sources/data/README.md), for --sources:\n"
            + _render_registry_rows(ordered)
        )
    return text or "every source is in the registry\n"


def _tally_label(tally: SourceTally) -> str:
    return tally.source.id if tally.source.listed else tally.key


def _registry_key(url: str, source: Source) -> str:
    if source.channel:
        return source.id if "." in source.id else normalize_key(url)
    inner = unwrap_url(url)
    return registrable_domain(url_host(inner.url if inner else url))


def _render_registry_rows(tallies: Sequence[SourceTally]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for tally in tallies:
        source = tally.source
        name = source.name if source.name not in (tally.key, source.channel) else ""
        times = "once" if tally.citations == 1 else f"{tally.citations} times"
        writer.writerow({"key": tally.key, "name": name, "country": source.country, "basis": f"cited {times}"})
    return out.getvalue()


def render_registry_counts(grading: Grading, format: str) -> str:
    """How many keys the registry has by group and by country."""
    registry = load_registry(grading.overlays)
    keys = {row.key for row in registry.iterate_rows() if not row.key.startswith(".")}
    groups: Counter[str] = Counter()
    countries: Counter[str] = Counter()
    for key in keys:
        source = build_source(
            match_address(key, "", registry), registry, publisher="", taxonomy=grading.taxonomy, on=""
        )
        groups[source.group] += 1
        countries[source.origin or source.country or "–"] += 1
    if format == "json":
        return dump_json({"version": registry.version, "groups": groups, "countries": countries}, 2) + "\n"
    if format == "csv":
        rows = [("group", label, number) for label, number in groups.most_common()] + [
            ("country", label, number) for label, number in countries.most_common()
        ]
        return "kind,name,keys\n" + "".join(f"{kind},{name},{count}\n" for kind, name, count in rows)
    lines = [f"registry {registry.version}: {len(keys)} hosts, paths and channels", ""]
    lines += [f"{count:>6}  {group:<22}  {GROUPS[group]}" for group, count in groups.most_common()] + [""]
    names = [f"{country} {count}" for country, count in countries.most_common()]
    lines += [
        "  " + "  ".join(f"{name:<7}" for name in names[start : start + 10]).rstrip()
        for start in range(0, len(names), 10)
    ]
    return "\n".join(lines) + "\n"


def check_tables(paths: Sequence[str]) -> tuple[list[str], str]:
    """Every problem as `file:line: column: problem`, and their sum; of our own tables when none is named."""
    ours = sorted({path for pattern in TABLE_PATTERNS for path in DATA.glob(pattern)})
    messages: list[str] = []
    total = 0
    for path in map(Path, paths) if paths else ours:
        try:
            rows = list(read_table_rows(io.StringIO(path.read_text("utf-8-sig"), newline=""), str(path)))
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{path}: cannot be read ({error})") from error
        except ConfigError as error:
            messages.append(str(error))
            continue
        total += len(rows)
        row_problems = find_table_problems(rows, strict=not paths)
        messages += [sanitize_line(f"{path}:{line}: {column}: {problem}") for line, column, problem in row_problems]
    return messages, f"{format_count(len(messages), 'problem')} in {format_count(total, 'row')}"
