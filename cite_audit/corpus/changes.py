"""What changed between two looks at a corpus: newly dead, recovered, newly archived, no longer archived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cite_audit.corpus.folder import CorpusFolder
from cite_audit.corpus.queries import fetch_rows, open_database, quote_text
from cite_audit.frozen_record import frozen_record
from cite_audit.report.render.media.sanitizer import sanitize_line

NEWLY_DEAD, RECOVERED = "newly dead", "recovered"
NEWLY_ARCHIVED, LOST_COPY = "newly archived", "no longer archived"
CHANGE_KINDS = (NEWLY_DEAD, RECOVERED, NEWLY_ARCHIVED, LOST_COPY)
MOST_NAMED = 5  # reports that a change names


@frozen_record
class CorpusChange:
    """One change of one link, with the reports that cite it."""

    kind: str
    url: str
    before: str
    after: str
    citations: int = 0
    reports: tuple[str, ...] = ()


def find_changes(url: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[CorpusChange]:
    """The changes between two rows of a link. What could not be told on either side is none."""
    citations = int(after.get("citations") or 0)
    if before["health"] == "alive" and after["health"] == "broken":
        yield CorpusChange(NEWLY_DEAD, url, "alive", f"broken: {after['reason']}", citations)
    if before["health"] == "broken" and after["health"] == "alive":
        yield CorpusChange(RECOVERED, url, f"broken: {before['reason']}", "alive", citations)
    if after["archived"] == "archived" and before["archived"] in ("not_archived", "archived_bad", "excluded"):
        yield CorpusChange(NEWLY_ARCHIVED, url, before["archived"], after["memento"] or "archived", citations)
    if before["archived"] == "archived" and after["archived"] in ("not_archived", "archived_bad", "excluded"):
        yield CorpusChange(LOST_COPY, url, before["memento"] or "archived", after["archived"], citations)


def compare_corpora(old: CorpusFolder, new: CorpusFolder) -> list[CorpusChange]:
    """The changes from one corpus to another, or to a later copy of itself; links that only one has are none."""
    columns = ("health", "reason", "archived", "memento")
    pairs = ", ".join(f"old.{name} AS old_{name}, links.{name}" for name in columns)
    pattern = quote_text(old.table("links") / "[!.]*.parquet")
    query = (
        f"SELECT url, links.citations, {pairs} FROM links JOIN read_parquet({pattern}) AS old USING (url) "  # noqa: S608
        "WHERE old.health IS DISTINCT FROM links.health OR old.archived IS DISTINCT FROM links.archived ORDER BY url"
    )
    if not old.parts("links") or not new.parts("links"):
        return []
    with open_database(new, "diff") as db:
        rows = fetch_rows(db, query)
    changes = [
        change
        for row in rows
        for change in find_changes(row["url"], {name: row[f"old_{name}"] for name in columns}, row)
    ]
    return name_reports(new, changes)


def name_reports(folder: CorpusFolder, changes: Sequence[CorpusChange]) -> list[CorpusChange]:
    """The changes with the reports that cite their links, most cited first."""
    from dataclasses import replace

    if not changes:
        return []
    import pyarrow as pa

    with open_database(folder, "citing") as db:
        db.register("changed", pa.table({"url": sorted({change.url for change in changes})}))
        query = (
            "SELECT url, list_sort(list(DISTINCT path)) AS paths FROM citations JOIN changed USING (url) GROUP BY url"
        )
        paths = {row["url"]: tuple(row["paths"]) for row in fetch_rows(db, query)}
    named = [replace(change, reports=paths.get(change.url, ())) for change in changes]
    return sorted(named, key=lambda each: (CHANGE_KINDS.index(each.kind), -each.citations, each.url))


def encode_changes(changes: Sequence[CorpusChange]) -> dict[str, Any]:
    """The changes as plain values, and how many there are by report."""
    return {
        "counts": {kind: sum(change.kind == kind for change in changes) for kind in CHANGE_KINDS},
        "changes": [
            {
                "change": change.kind,
                "url": change.url,
                "before": change.before,
                "after": change.after,
                "citations": change.citations,
                "reports": list(change.reports),
            }
            for change in changes
        ],
        "by_report": {path: dict(counts) for path, counts in _count_by_report(changes)},
    }


def describe_changes(changes: Sequence[CorpusChange]) -> str:
    """The changes for a person, and the reports with most of them."""
    if not changes:
        return "nothing changed\n"
    lines: list[str] = []
    for kind in CHANGE_KINDS:
        own = [change for change in changes if change.kind == kind]
        lines += [f"{kind}: {len(own)}"] if own else []
        for change in own:
            more = f" and {len(change.reports) - MOST_NAMED} more" if len(change.reports) > MOST_NAMED else ""
            lines.append(f"  {change.url}  {change.before} → {change.after}")
            lines.append(f"    cited in {', '.join(change.reports[:MOST_NAMED])}{more}")
    lines.append("by report:")
    for path, counts in _count_by_report(changes):
        lines.append(f"  {path}: {', '.join(f'{count} {kind}' for kind, count in counts.items())}")
    return "".join(f"{sanitize_line(line)}\n" if line.strip() else "\n" for line in lines)


def _count_by_report(changes: Iterable[CorpusChange]) -> list[tuple[str, Counter[str]]]:
    by_report: dict[str, Counter[str]] = {}
    for change in changes:
        for path in change.reports:
            by_report.setdefault(path, Counter())[change.kind] += 1
    return sorted(by_report.items(), key=lambda entry: (-entry[1].total(), entry[0]))
