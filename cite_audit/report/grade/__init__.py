"""How well a report documents its claims: measures of its notes, points taken, and a letter that comes last.

`docs/grading.md` explains the method, its precedents and its limits.
"""

from cite_audit.report.grade.reading import read
from cite_audit.report.grade.score import MEASURES, grade, worked

__all__ = ["MEASURES", "grade", "read", "worked"]
