"""Fixes reports: a plan from findings, and edits from the plan that are verified by reading the result again.

`rewrite_report` takes the bytes of a report and returns new bytes in which all others are kept. A change that would not
read back as the intended link is skipped, with the reason.
"""

from __future__ import annotations

from cite_audit.fix.edit_plan import FixOptions, plan_edits
from cite_audit.fix.rewrite import LinkChange, RewriteResult, SkippedLink, rewrite_report

__all__ = ["FixOptions", "LinkChange", "RewriteResult", "SkippedLink", "plan_edits", "rewrite_report"]
