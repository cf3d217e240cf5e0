"""How well a report documents its claims: measures of its notes, points taken, a score and a letter.

`docs/grading.md` explains the method, its precedents and its limits.
"""

from cite_audit.report.grading.collect import collect_basis
from cite_audit.report.grading.score import MEASURE_PHRASES, grade_report, grade_with_basis

__all__ = ["MEASURE_PHRASES", "collect_basis", "grade_report", "grade_with_basis"]
