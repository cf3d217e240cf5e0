"""Soft 404: a page that answers 200 and means 404."""

from cite_audit.resolve.judge.detectors.soft404.detection import NAME, detect

__all__ = ["NAME", "detect"]
