"""Captures as text: counts, remarks, and what could not be captured, by cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.media.sanitizer import sanitize_line
from cite_audit.report.render.snapshot.manifest import outcome_label, summarize_run
from cite_audit.snapshot.model import Capture, Outcome, SnapshotResult
from cite_audit.urls import url_host

MAX_HOSTS_NAMED = 5  # hosts named for one and the same cause; the manifest has all pages


def render(shown: SnapshotResult, options: RenderOptions) -> str:
    """The summary, then each cause with its pages by host, then the bundles."""
    lines = summarize_run(shown)
    troubles: dict[str, dict[str, list[Capture]]] = {}
    for capture in shown.captures:
        if capture.outcome not in (Outcome.VERIFIED, Outcome.KEPT) or capture.code:
            cause = f" ({capture.code or capture.message})" if capture.code or capture.message else ""
            trouble = f"{capture.archive}: {outcome_label(capture)}{cause}"
            troubles.setdefault(trouble, {}).setdefault(url_host(capture.uri_r), []).append(capture)
    for trouble, captures_by_host in troubles.items():
        lines += ["", sanitize_line(trouble), *(f"  {line}" for line in _list_hosts(captures_by_host))]
    bundles = ["", *(f"bundle: {sanitize_line(str(path))}" for path in shown.wacz_paths)] if shown.wacz_paths else []
    return "\n".join([*lines, *bundles]) + "\n"


def _list_hosts(captures_by_host: Mapping[str, Sequence[Capture]]) -> list[str]:
    """Each host's first page and how many more it has, the hosts with most pages first."""
    by_count = sorted(captures_by_host.values(), key=len, reverse=True)
    lines = []
    for captures in by_count[:MAX_HOSTS_NAMED]:
        more = f" and {len(captures) - 1} more of this host" if len(captures) > 1 else ""
        why = f": {captures[0].message}" if captures[0].code and captures[0].message else ""
        lines.append(sanitize_line(f"{captures[0].uri_r}{more}{why}"))
    omitted = sum(len(captures) for captures in by_count[MAX_HOSTS_NAMED:])
    return lines + ([f"… and {omitted} more"] if omitted else [])
