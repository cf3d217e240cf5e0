"""Which links to ask next: those whose change is likeliest and matters most.

A link changes at its host's own rate (deaths a year of its links, drawn towards that of the whole corpus where the host
has few), its first years being the worst; what was suspected is confirmed a day later, and what could not be told is
asked again soon. Its rank is the chance of a change since the last look, times the square root of its citations.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from cite_audit.corpus.folder import CorpusFolder
from cite_audit.corpus.queries import fetch_rows, name_file, open_database
from cite_audit.errors import UsageError
from cite_audit.frozen_record import frozen_record

PRIOR_YEARS = 50.0  # link-years of the whole corpus that a host's own record is mixed with
YOUNG_YEARS, YOUNG_FACTOR = 2.0, 2.0  # links of the first years go at twice the rate
RECOVERY_RATE = 0.2  # a year, of links that are gone
UNKNOWN_RATE = 12.0  # a year, of links that could not be told
SUSPECTED_RATE = 120.0  # a year, of dead links that a second look has to confirm
LEAST_HOURS = 20  # between two looks at a link

_RANKED = """
    WITH facts AS (
           SELECT links.*, CAST(? AS TIMESTAMPTZ) AS today,
                  greatest(0, date_diff('day', near, CAST(? AS TIMESTAMPTZ)::DATE)) / 365.25 AS age,
                  coalesce(date_diff('hour', checked_at, CAST(? AS TIMESTAMPTZ)) / 24.0, 3650) AS idle FROM links
           WHERE health <> 'skipped'),
         whole AS (SELECT (count(*) FILTER (health = 'broken') + 1) / (sum(coalesce(age, 0)) + 10) AS rate FROM facts),
         hosts AS (SELECT host, (count(*) FILTER (health = 'broken') + any_value(whole.rate) * {prior})
                                / (sum(coalesce(age, 0)) + {prior}) AS rate FROM facts, whole GROUP BY host),
         risks AS (
           SELECT facts.*, CASE WHEN health = 'unchecked' THEN 1e6
                  WHEN health = 'unknown' THEN {unknown}
                  WHEN health = 'broken' AND state = 'suspected' THEN {suspected}
                  WHEN health = 'broken' THEN {recovery}
                  ELSE hosts.rate * CASE WHEN age < {young} THEN {factor} ELSE 1 END END AS rate
           FROM facts JOIN hosts USING (host))
    SELECT number, risks.url, citations, reports, health, checked_at, idle AS days_since,
           1 - exp(-rate * idle / 365.25) AS chance,
           (1 - exp(-rate * idle / 365.25)) * sqrt(citations) AS rank
    FROM risks JOIN (FROM {grouped} SELECT number, url) AS grouped USING (url)
    WHERE idle * 24 >= {least} ORDER BY rank DESC, risks.url LIMIT ?
"""


@frozen_record
class WatchBudget:
    """How many links may be asked in a time."""

    links: int
    window: timedelta | None = None  # None: at each call

    @classmethod
    def parse(cls, text: str) -> WatchBudget:
        """A budget from `500` or `20000/day`. Raises UsageError."""
        match = re.fullmatch(r"(\d{1,9})(?:/(hour|day|week))?", text.strip())
        if not match:
            raise UsageError(f"--budget: {text!r} is not a number of links, or one a day as in 20000/day")
        windows = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
        return cls(int(match[1]), windows.get(match[2] or ""))


def choose_links(folder: CorpusFolder, budget: WatchBudget, now: datetime) -> list[dict[str, Any]]:
    """The links to ask now, first the one that ranks highest; what was asked in the budget's time counts."""
    from cite_audit.corpus.link_groups import LINKS_FILE

    with open_database(folder, "watch") as db:
        asked = 0
        if budget.window and folder.parts("probes"):
            query = "SELECT count(*) AS asked FROM probes WHERE checked_at > ?"
            asked = fetch_rows(db, query, [now - budget.window])[0]["asked"]
        query = _RANKED.format(
            prior=PRIOR_YEARS,
            unknown=UNKNOWN_RATE,
            suspected=SUSPECTED_RATE,
            recovery=RECOVERY_RATE,
            young=YOUNG_YEARS,
            factor=YOUNG_FACTOR,
            least=LEAST_HOURS,
            grouped=name_file(folder.work / LINKS_FILE),
        )
        return fetch_rows(db, query, [now, now, now, max(0, budget.links - asked)])
