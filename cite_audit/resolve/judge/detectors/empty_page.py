"""An answer of success without content."""

from __future__ import annotations

from cite_audit.model import Reason
from cite_audit.resolve.judge.assessment import Assessment, Want, make_assessment
from cite_audit.resolve.judge.look import Evidence, Look

NAME = "empty answer"


def detect(look: Look, evidence: Evidence) -> Assessment | None:
    """No byte of a body, and no refresh that leads on."""
    if not look.is_success or look.page.body or look.page.refresh_directive:
        return None
    return make_assessment(Reason.EMPTY, f"the answer ({look.status}) has no content", wants=(Want.BROWSER,))
