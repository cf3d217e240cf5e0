"""Mending reports: wishes from findings, edits from wishes, and nothing written that does not read back as meant.

`mend()` takes the bytes of a report and gives back new bytes with every other byte kept. Each change is proved by
reading the result again: what would not come back as the link that was meant is left alone and said.
"""

from __future__ import annotations

from cite_audit.fix.mend import Change, Left, Mended, mend
from cite_audit.fix.wishes import Options, wishes

__all__ = ["Change", "Left", "Mended", "Options", "mend", "wishes"]
