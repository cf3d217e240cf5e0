"""The facts of each citation's sentence, before the pages are read and after: a step of `pipeline`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cite_audit.model import Report

if TYPE_CHECKING:
    from cite_audit.resolve.check.checker import Resolution


def attach_report_facts(reports: Iterable[Report]) -> tuple[Report, ...]:
    """The reports with the facts of their sentences; one without them where that fails, by a fault of this program."""
    return tuple(map(_attach_facts, reports))


def _attach_facts(report: Report) -> Report:
    from cite_audit.parse.facts.attachment import attach_facts

    try:
        return attach_facts(report)
    except Exception:  # a help to the reader: an audit does not fail for it
        return report


def answer_reports(reports: tuple[Report, ...], resolution: Resolution) -> tuple[Report, ...]:
    """The reports; each citation says what of its facts stands on its page."""
    from cite_audit.resolve.judge.claims.note_answers import answer_report

    if resolution.run_facts is None:
        return reports
    return tuple(answer_report(report, resolution.run_facts, resolution.verdicts) for report in reports)
