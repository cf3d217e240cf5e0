"""Captures as text: counts, remarks, and what could not be captured, by cause."""

from __future__ import annotations

from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.media.sanitizer import sanitize_line
from cite_audit.report.render.snapshot.manifest import outcome_label, summarize_run
from cite_audit.snapshot.model import Outcome, SnapshotResult

MAX_PAGES_NAMED = 5  # pages named for one and the same cause; the manifest has them all


def render(shown: SnapshotResult, options: RenderOptions) -> str:
    """The summary, then each cause with its pages, then the bundles."""
    lines = summarize_run(shown)
    troubles: dict[str, list[str]] = {}
    for capture in shown.captures:
        if capture.outcome not in (Outcome.VERIFIED, Outcome.KEPT) or capture.code:
            why = ": ".join(part for part in (capture.code, capture.message) if part)
            trouble = f"{capture.archive}: {outcome_label(capture)}" + (f" ({why})" if why else "")
            troubles.setdefault(sanitize_line(trouble), []).append(sanitize_line(capture.uri_r))
    for trouble, pages in troubles.items():
        omitted = [f"… and {len(pages) - MAX_PAGES_NAMED} more"] if len(pages) > MAX_PAGES_NAMED else []
        lines += ["", trouble, *(f"  {page}" for page in (*pages[:MAX_PAGES_NAMED], *omitted))]
    bundles = ["", *(f"bundle: {sanitize_line(str(path))}" for path in shown.wacz_paths)] if shown.wacz_paths else []
    return "\n".join([*lines, *bundles]) + "\n"
