"""The second stage: the distinct links of all reports, in groups of hosts that are asked together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from cite_audit.corpus.folder import CorpusFolder
from cite_audit.corpus.queries import copy_sorted, fetch_value, name_file, open_database
from cite_audit.model import CitedLink

GROUP_LINKS = 1000  # links of a group, unless one domain alone has more
MAX_LINK_QUOTES = 20
LINKS_FILE = "links.parquet"

_DISTINCT_LINKS = """
    SELECT url, any_value(host) AS host, any_value(domain) AS domain, min(near) AS near,
           arg_max(language, bucket) AS language,
           list_slice(list_sort(list_distinct(flatten(list(quotes)))), 1, {quotes}) AS quotes,
           min(first_cited) AS first_cited, max(last_cited) AS last_cited,
           CAST(sum(reports) AS BIGINT) AS reports, CAST(sum(citations) AS BIGINT) AS citations
    FROM cited GROUP BY url
"""
# A registrable domain is whole in one group. The longest domains come first: a run ends with the short ones, which
# fill whatever worker is free.
_GROUPED_LINKS = """
    WITH domains AS (SELECT domain, count(*) AS size FROM links GROUP BY domain),
         numbered AS (SELECT domain, size,
                      CAST(floor((sum(size) OVER (ORDER BY size DESC, domain) - size) / {links}) AS BIGINT) AS place
                      FROM domains),
         grouped AS (SELECT domain, size, dense_rank() OVER (ORDER BY place) - 1 AS number FROM numbered)
    SELECT CAST(grouped.number AS BIGINT) AS number, links.* FROM links JOIN grouped USING (domain)
    ORDER BY grouped.number, grouped.size DESC, domain, url
"""


def group_links(folder: CorpusFolder, group_size: int = GROUP_LINKS) -> tuple[int, int]:
    """Write the distinct links by group; returns how many links and groups there are."""
    if not folder.parts("cited"):
        return 0, 0
    target = folder.work / LINKS_FILE
    with open_database(folder, "links") as db:
        spill = folder.work / ".distinct.parquet"
        copy_sorted(db, _DISTINCT_LINKS.format(quotes=MAX_LINK_QUOTES), spill)
        db.execute(f"CREATE OR REPLACE VIEW links AS FROM {name_file(spill)}")
        copy_sorted(db, _GROUPED_LINKS.format(links=group_size), target)
        links = int(fetch_value(db, "SELECT count(*) FROM links"))
        groups = fetch_value(db, f"FROM {name_file(target)} SELECT max(number) + 1")
        spill.unlink()
    return links, int(groups or 0)


def load_group(folder: CorpusFolder, group: int) -> list[dict[str, Any]]:
    """The rows of the links of a group."""
    return folder.read_rows(folder.work / LINKS_FILE, "number", group)


def build_cited_links(rows: Sequence[Mapping[str, Any]]) -> list[CitedLink]:
    """The links to resolve, as `cited_links.collect_links` builds them."""
    return [
        CitedLink(
            row["url"], _plain_day(row["near"]), quotes=tuple(row["quotes"] or ()), language=row["language"] or ""
        )
        for row in rows
    ]


def _plain_day(day: date | datetime | None) -> date | None:
    return day.date() if isinstance(day, datetime) else day
