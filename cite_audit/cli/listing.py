"""What `sources list` and `sources check` print."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cite_audit.cli.exits import unreadable
from cite_audit.config import Grading, Settings
from cite_audit.errors import ConfigError, UsageError
from cite_audit.model import Source
from cite_audit.pipeline import classified, read
from cite_audit.report.render.clean import clean
from cite_audit.report.render.json import dumps
from cite_audit.report.render.wording import count
from cite_audit.report.sources import GROUPS
from cite_audit.report.sources.check import problems, tidy_key
from cite_audit.report.sources.classify import listed, source_of
from cite_audit.report.sources.match import match
from cite_audit.report.sources.registry import COLUMNS, DATA, OURS, load, read_rows
from cite_audit.urls import host, registrable, unwrap


@dataclass(slots=True)
class Tally:
    """How often a source is cited, and where."""

    source: Source
    key: str  # what a row of the registry for it would stand under
    citations: int = 0
    notes: dict[str, set[int]] = field(default_factory=dict)

    @property
    def where(self) -> str:
        return "; ".join(f"{path} notes {', '.join(map(str, sorted(found)))}" for path, found in self.notes.items())


def sources_of(
    paths: Sequence[str], given: Mapping[str, bytes], settings: Settings, *, unlisted: bool, format: str
) -> str:
    """The sources of some reports, most cited first; for those unlisted, rows to fill in."""
    tallies: dict[str, Tally] = {}
    reading = read(paths, settings, given=given)
    if why := unreadable(reading.unread, allow_empty=settings.policy.allow_empty):
        raise UsageError(why)
    for report in reading.reports:
        found = classified(report, settings)
        for citation in report.citations:
            source = found[citation.link.url]
            if unlisted and source.group != "unknown" and listed(source):
                continue
            key = _key(citation.link.url, source)
            tally = tallies.setdefault(source.id if listed(source) else key, Tally(source, key))
            tally.citations += 1
            if citation.note is not None:
                tally.notes.setdefault(report.path, set()).add(citation.note)
    ordered = sorted(tallies.values(), key=lambda each: (-each.citations, each.source.id))
    if format == "json":
        return (
            dumps(
                [
                    {"id": t.source.id, "citations": t.citations, "group": t.source.group, "where": t.where}
                    for t in ordered
                ],
                2,
            )
            + "\n"
        )
    if format == "csv":
        return _rows(ordered)
    if format != "text":
        raise UsageError(f"unknown format {format!r}; there are text, csv and json")
    lines = [f"{t.citations:>5}  {t.source.group:<22}  {clean(_label(t))}  {clean(t.where)}" for t in ordered]
    text = "".join(f"{line}\n" for line in lines)
    if unlisted and ordered:
        text += "\nrows to fill in (columns as in report/sources/data/README.md), for --sources:\n" + _rows(ordered)
    return text or "every source is in the registry\n"


def _label(tally: Tally) -> str:
    return tally.source.id if listed(tally.source) else tally.key


def _key(url: str, source: Source) -> str:
    if source.channel:
        return source.id if "." in source.id else tidy_key(url)
    inner = unwrap(url)
    return registrable(host(inner.url if inner else url))


def _rows(tallies: Sequence[Tally]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for each in tallies:
        known = each.source
        name = known.name if known.name not in (each.key, known.channel) else ""
        times = "once" if each.citations == 1 else f"{each.citations} times"
        writer.writerow({"key": each.key, "name": name, "country": known.country, "basis": f"cited {times}"})
    return out.getvalue()


def registry_counts(grading: Grading, format: str) -> str:
    """How many keys the registry has by group and by country."""
    registry = load(grading.overlays)
    keys = {row.key for row in registry.rows() if not row.key.startswith(".")}
    groups: Counter[str] = Counter()
    countries: Counter[str] = Counter()
    for key in keys:
        found = source_of(match(key, "", registry), registry, publisher="", taxonomy=grading.taxonomy, on="")
        groups[found.group] += 1
        countries[found.origin or found.country or "–"] += 1
    if format == "json":
        return dumps({"version": registry.version, "groups": groups, "countries": countries}, 2) + "\n"
    if format == "csv":
        rows = [("group", n, c) for n, c in groups.most_common()] + [
            ("country", n, c) for n, c in countries.most_common()
        ]
        return "kind,name,keys\n" + "".join(f"{kind},{name},{count}\n" for kind, name, count in rows)
    lines = [f"registry {registry.version}: {len(keys)} hosts, paths and channels", ""]
    lines += [f"{count:>6}  {group:<22}  {GROUPS[group]}" for group, count in groups.most_common()] + [""]
    names = [f"{country} {count}" for country, count in countries.most_common()]
    lines += [
        "  " + "  ".join(f"{name:<7}" for name in names[at : at + 10]).rstrip() for at in range(0, len(names), 10)
    ]
    return "\n".join(lines) + "\n"


def checked_tables(paths: Sequence[str]) -> tuple[list[str], str]:
    """Every problem as `file:line: column: problem`, and their sum; of our own tables when none is named."""
    ours = sorted({path for pattern in OURS for path in DATA.glob(pattern)})
    found: list[str] = []
    total = 0
    for path in map(Path, paths) if paths else ours:
        try:
            rows = list(read_rows(io.StringIO(path.read_text("utf-8-sig"), newline=""), str(path)))
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{path}: cannot be read ({error})") from error
        except ConfigError as error:
            found.append(str(error))
            continue
        total += len(rows)
        wrong = problems(rows, strict=not paths)
        found += [clean(f"{path}:{line}: {column}: {problem}") for line, column, problem in wrong]
    return found, f"{count(len(found), 'problem')} in {count(total, 'row')}"
