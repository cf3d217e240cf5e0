"""The judge: from what was seen of a link to what it means. Pure; tables in `data/`."""

from cite_audit.resolve.judge.ladder import judge

__all__ = ["judge"]
