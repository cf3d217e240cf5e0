"""The counts of a corpus, and how far its run has come."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from cite_audit.corpus.columns import TABLES
from cite_audit.corpus.folder import CorpusFolder, CorpusRun
from cite_audit.corpus.queries import fetch_rows, fetch_value, open_database

_COUNTS = {
    "reports": "SELECT count(*) FROM reports WHERE problem = ''",
    "unread": "SELECT count(*) FROM reports WHERE problem <> ''",
    "notes": "SELECT count(*) FROM notes",
    "citations": "SELECT count(*) FROM citations",
    "links": "SELECT count(*) FROM links",
    "findings": "SELECT count(*) FROM findings",
}
_WORDS = {
    "health": ("links", "health"),
    "archived": ("links", "archived"),
    "letter": ("grades", "coalesce(letter, 'not gradable')"),
    "rule": ("findings", "rule || ' ' || name"),
}


def count_corpus(folder: CorpusFolder) -> dict[str, Any]:
    """Totals, and how many there are of each health, state of archiving, grade and rule."""
    counts: dict[str, Any] = {}
    present = {table for table in TABLES if folder.parts(table)}
    with open_database(folder, "summary") as db:
        for name, query in _COUNTS.items():
            table = "reports" if name == "unread" else name
            counts[name] = int(fetch_value(db, query)) if table in present else 0
        for name, (table, expression) in _WORDS.items():
            query = f"SELECT {expression} AS word, count(*) AS count FROM {table} GROUP BY 1 ORDER BY 2 DESC, 1"  # noqa: S608
            rows = fetch_rows(db, query) if table in present else []
            counts[name] = {row["word"]: row["count"] for row in rows}
    return counts


def describe_progress(folder: CorpusFolder, run: CorpusRun, stages: tuple[str, ...]) -> list[dict[str, Any]]:
    """How far each stage is: parts done of all, and for the live web the links that have a verdict."""

    counts = {
        "read": (len(folder.parts("reports")), run.buckets),
        "live": (_count_parts(folder, "probes", run), run.groups),
        "archives": (_count_parts(folder, "links", run), run.groups),
        "assess": (_count_parts(folder, "grades", run), run.buckets),
    }
    progress: list[dict[str, Any]] = []
    for stage in stages:
        done, parts = counts.get(stage, (0, 1))
        is_done = stage in run.finished
        row = {"stage": stage, "state": "done" if is_done else "to do", "parts": parts, "parts_done": parts}
        if not is_done:
            row["parts_done"] = min(done, parts)
            if done:
                row["state"] = "begun"
        progress.append(row)
    return progress


def count_seen_links(folder: CorpusFolder) -> int:
    """Links of groups under way that have a verdict in the stores."""
    total = 0
    for path in folder.stores.glob("[0-9]*.sqlite"):
        try:
            with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
                total += int(db.execute("SELECT count(*) FROM verdict").fetchone()[0])
        except sqlite3.Error:
            continue  # just being made
    return total


def _count_parts(folder: CorpusFolder, table: str, run: CorpusRun) -> int:
    return sum(path.name.startswith(run.id) for path in folder.parts(table))
