"""Mending reports: wishes from findings, edits from wishes, and nothing written that does not read back as meant.

`mend()` takes the bytes of a report and gives back new bytes with every other byte kept. Each change is proved by
reading the result again: what would not come back as the link that was meant is left alone and said.
"""

from __future__ import annotations

from cite_audit.fix.edit_plan import FixOptions, plan_edits
from cite_audit.fix.rewrite import LinkChange, RewriteResult, SkippedLink, rewrite_report

__all__ = ["FixOptions", "LinkChange", "RewriteResult", "SkippedLink", "plan_edits", "rewrite_report"]
