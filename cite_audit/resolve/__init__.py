"""Links to verdicts and mementos: the only part that touches a network."""

from cite_audit.resolve.check.run import Resolution, resolve

__all__ = ["Resolution", "resolve"]
