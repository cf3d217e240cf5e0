"""What the years show: each figure is a table with a title, made by one question to the dataset."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any

from cite_audit.corpus.folder import CorpusFolder
from cite_audit.corpus.queries import fetch_rows, open_database
from cite_audit.corpus.survival import SurvivalCurve, estimate_survival
from cite_audit.frozen_record import frozen_record

if TYPE_CHECKING:
    import duckdb

MOST_CURVES = 6  # groups, or platforms, in one chart
MOST_ROWS = 25
LEAST_CITATIONS = 5  # of a report that may be said to rest on one side
ONE_SIDE = 0.6  # share of its citations of known sources
DRAWN_AGES = (1, 2, 5, 10)  # years

# The last day on which a link is known to have been there, and the first on which it was seen to be gone.
LIFETIMES = """
    WITH seen AS (SELECT url, max(checked_at) FILTER (health = 'alive') AS alive_at,
                         min(checked_at) FILTER (health = 'broken') AS broken_at FROM {probes} GROUP BY url),
         copies AS (SELECT url, max(captured_at) AS copied_at FROM {mementos} WHERE good GROUP BY url),
         named AS (SELECT url, arg_max("group", citations) AS "group" FROM {sources} GROUP BY url),
         facts AS (SELECT links.url, domain, named."group", health, CAST(coalesce(near, first_cited) AS DATE) AS cited,
                   CAST(greatest(coalesce(near, first_cited), CAST(copied_at AS DATE), CAST(alive_at AS DATE)) AS DATE)
                   AS alive, CAST(CASE WHEN broken_at > alive_at THEN broken_at ELSE checked_at END AS DATE) AS looked
                   FROM links LEFT JOIN seen USING (url) LEFT JOIN copies USING (url) LEFT JOIN named USING (url))
    SELECT domain, "group", health = 'broken' AS gone,
           greatest(0, CASE health WHEN 'broken' THEN ((least(alive, looked) - cited) + (looked - cited)) / 2
                                   WHEN 'alive' THEN looked - cited ELSE alive - cited END) / 365.25 AS age
    FROM facts WHERE cited IS NOT NULL AND health IN ('alive', 'broken', 'unknown') AND looked IS NOT NULL
"""


@frozen_record
class CorpusFigure:
    """One figure: rows under columns, and what a reader should know; `curves` where it is drawn as such."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: Sequence[Mapping[str, Any]]
    note: str = ""
    curves: tuple[SurvivalCurve, ...] = field(default=())


def collect_figures(folder: CorpusFolder) -> list[CorpusFigure]:
    """All figures that the dataset has rows for."""
    with open_database(folder, "figures") as db:
        for table in ("reports", "links", "sources", "citations", "probes", "mementos", "grades", "findings"):
            if not folder.parts(table):
                _create_empty(db, table)
        figures = [*_survival_figures(db), *(build(db) for build in BUILDERS)]
    return [figure for figure in figures if figure.rows]


def _create_empty(db: duckdb.DuckDBPyConnection, table: str) -> None:
    from cite_audit.corpus.columns import build_schema

    db.register(table, build_schema(table).empty_table())


def _survival_figures(db: duckdb.DuckDBPyConnection) -> list[CorpusFigure]:
    lives = fetch_rows(db, LIFETIMES.format(probes="probes", mementos="mementos", sources="sources"))
    whole = estimate_survival("all links", [life["age"] for life in lives], [life["gone"] for life in lives])
    by_group = _split_curves(lives, lambda life: str(life["group"] or "unknown").replace("_", " "))
    by_domain = _split_curves(lives, lambda life: str(life["domain"]))
    note = (
        "Kaplan–Meier estimate with 95 % band. A death lies midway between the last sign of life (cited, archived or "
        "seen) and the first look that found the page gone; what could not be told is left out from its last sign on."
    )
    return [
        _curve_figure("rot", "Links still there, by years since they were cited", [whole] if whole else [], note),
        _curve_figure("rot-by-group", "Links still there, by kind of source", by_group, note),
        _curve_figure("rot-by-platform", "Links still there, by the most cited platforms and sites", by_domain, note),
    ]


def _split_curves(lives: Sequence[Mapping[str, Any]], key: Callable[[Mapping[str, Any]], str]) -> list[SurvivalCurve]:
    parts: dict[str, tuple[list[float], list[bool]]] = {}
    for life in lives:
        ages, gone = parts.setdefault(key(life), ([], []))
        ages.append(life["age"])
        gone.append(life["gone"])
    largest = sorted(parts.items(), key=lambda part: (-len(part[1][0]), part[0]))[:MOST_CURVES]
    return [curve for name, (ages, gone) in largest if (curve := estimate_survival(name, ages, gone))]


def _curve_figure(name: str, title: str, curves: Sequence[SurvivalCurve], note: str) -> CorpusFigure:
    rows = [
        {
            "links": curve.name,
            "count": curve.links,
            "gone": curve.gone,
            **{f"after {age} y": curve.share_at(age) for age in DRAWN_AGES},
            "half-life in years": curve.half_life,
        }
        for curve in curves
    ]
    columns = ("links", "count", "gone", *(f"after {age} y" for age in DRAWN_AGES), "half-life in years")
    return CorpusFigure(name, title, columns, rows, note, tuple(curves))


def _ask(name: str, title: str, query: str, note: str = "") -> Callable[[duckdb.DuckDBPyConnection], CorpusFigure]:
    def build(db: duckdb.DuckDBPyConnection) -> CorpusFigure:
        rows = fetch_rows(db, query)
        columns = tuple(column[0] for column in db.description or ())
        return CorpusFigure(name, title, columns or tuple(rows[0] if rows else ()), rows, note)

    return build


BUILDERS = (
    _ask(
        "archived",
        "What is archived, by year of citation",
        """SELECT year(coalesce(near, first_cited)) AS year, count(*) AS links,
           avg(CAST(archived = 'archived' AS INT)) AS archived,
           avg(CAST(archived = 'not_archived' AS INT)) AS "not archived",
           avg(CAST(health = 'broken' AND archived IN ('not_archived', 'archived_bad') AS INT))
             AS "gone and not archived",
           median(distance_days) AS "median days to the copy"
           FROM links WHERE coalesce(near, first_cited) IS NOT NULL GROUP BY 1 ORDER BY 1""",
        "Archived: a good copy is known. Days: between the day of citation and the best copy.",
    ),
    _ask(
        "distance",
        "How near the copies are",
        """SELECT CASE WHEN distance_days <= 1 THEN 'within a day' WHEN distance_days <= 7 THEN 'within a week'
           WHEN distance_days <= 30 THEN 'within a month' WHEN distance_days <= 365 THEN 'within a year'
           ELSE 'farther' END AS nearness, count(*) AS links, count(*) / sum(count(*)) OVER () AS share
           FROM links WHERE archived = 'archived' AND distance_days IS NOT NULL
           GROUP BY 1 ORDER BY min(distance_days)""",
    ),
    _ask(
        "drift",
        "Content drift and hijacked pages, by year of citation",
        """SELECT year(coalesce(near, first_cited)) AS year,
           count(*) FILTER (health IN ('alive', 'broken')) AS judged,
           count(*) FILTER (reason = 'drifted') AS drifted,
           count(*) FILTER (reason IN ('hijacked', 'parked')) AS "taken over"
           FROM links WHERE coalesce(near, first_cited) IS NOT NULL GROUP BY 1 ORDER BY 1""",
        "Drift is looked for with --drift; without it only pages that look taken over are compared with their copy.",
    ),
    _ask(
        "groups",
        "Who is cited over the years, by kind of source",
        """SELECT year(published) AS year, "group" AS kind, CAST(sum(citations) AS BIGINT) AS citations,
           sum(citations) / sum(sum(citations)) OVER (PARTITION BY year(published)) AS share
           FROM sources WHERE published IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2""",
    ),
    _ask(
        "countries",
        "Who is cited over the years, by country of the source",
        """WITH largest AS (SELECT country FROM sources WHERE country <> '' GROUP BY 1
                            ORDER BY sum(citations) DESC, 1 LIMIT 10)
           SELECT year(published) AS year, country, CAST(sum(citations) AS BIGINT) AS citations,
           sum(citations) / sum(sum(citations)) OVER (PARTITION BY year(published)) AS share
           FROM sources WHERE published IS NOT NULL AND country IN (FROM largest)
           GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2""",
        "The ten most cited countries; shares are of the citations whose source has one of these.",
    ),
    _ask(
        "one-sided",
        "Reports that rest on one side",
        f"""WITH voices AS (SELECT path, published, coalesce(nullif(side, ''), nullif(publisher, ''), source) AS voice,
                           sum(citations) AS citations FROM sources WHERE known AND "group" <> 'self' GROUP BY ALL),
           shares AS (SELECT *, citations / sum(citations) OVER (PARTITION BY path) AS share,
                      sum(citations) OVER (PARTITION BY path) AS total FROM voices)
           SELECT path AS report, published, voice AS side, CAST(total AS BIGINT) AS "known citations", share
           FROM shares WHERE share >= {ONE_SIDE} AND total >= {LEAST_CITATIONS}
           ORDER BY share DESC, total DESC, path LIMIT {MOST_ROWS}""",  # noqa: S608
        f"At least {ONE_SIDE:.0%} of {LEAST_CITATIONS} or more citations of known sources are of one voice.",
    ),
    _ask(
        "broken-hosts",
        "Hosts with most broken links",
        f"""SELECT host, count(*) AS links, count(*) FILTER (health = 'broken') AS broken,
           avg(CAST(health = 'broken' AS INT)) AS share,
           CAST(sum(citations) FILTER (health = 'broken') AS BIGINT) AS "broken citations",
           count(*) FILTER (health = 'broken' AND archived IN ('not_archived', 'archived_bad')) AS "not archived"
           FROM links GROUP BY host HAVING broken > 0 ORDER BY broken DESC, host LIMIT {MOST_ROWS}""",  # noqa: S608
    ),
    _ask(
        "captures",
        "Captures to make first",
        f"""WITH hosts AS (SELECT host, (count(*) FILTER (health = 'broken') + 1) / (count(*) + 10) AS risk
                          FROM links WHERE health IN ('alive', 'broken') GROUP BY host)
           SELECT url, citations, reports, risk AS "share of the host's links that is gone"
           FROM links JOIN hosts USING (host)
           WHERE health = 'alive' AND archived IN ('not_archived', 'archived_bad')
           ORDER BY citations * risk DESC, url LIMIT {MOST_ROWS}""",  # noqa: S608
        "Pages that are there, have no good copy, are cited most and stand on hosts that lose most.",
    ),
)
