"""How old a source was when the report cited it, by the date in its address; shown, takes no points."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.report.grading.claims import Claim
from cite_audit.report.grading.measures import MeasureResult
from cite_audit.urls import unwrap_url

# 2025/05/12, 2025-05-12, 20250512 as a part of the path
_DATE = compile_lazily(
    r"(?<!\d)(19[89]\d|20[0-4]\d)(?:([/_.-])(1[0-2]|0?[1-9])\2(3[01]|[12]\d|0?[1-9])|(1[0-2]|0[1-9])(3[01]|[12]\d|0[1-9]))(?!\d)"
)


def find_url_date(url: str) -> date | None:
    """The day that stands in the path of an address, or None; that of a copy is not the page's."""
    inner = unwrap_url(url)
    address = inner.url if inner else url
    match = _DATE.search(address.partition("://")[2].partition("/")[2])
    if not match:
        return None
    try:
        return date(int(match[1]), int(match[3] or match[5]), int(match[4] or match[6]))
    except ValueError:
        return None


def measure_ages(claims: Iterable[Claim], published: date | None) -> dict[str, int]:
    """Days between each dated source and the report, by URL as cited; later ones are left out."""
    if published is None:
        return {}
    days = {citation.url: find_url_date(citation.url) for claim in claims for citation in claim.citations}
    return {url: (published - day).days for url, day in days.items() if day and day <= published}


def measure_median_age(ages: dict[str, int]) -> MeasureResult:
    """The median age in days, over how many dated sources."""
    if not ages:
        return MeasureResult(0.0, not_run_reason="no source bears its date in its address")
    days, count = sorted(ages.values()), len(ages)
    return MeasureResult((days[(count - 1) // 2] + days[count // 2]) / 2, total=count)
