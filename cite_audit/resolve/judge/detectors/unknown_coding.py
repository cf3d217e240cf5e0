"""A text under a content coding that the client does not undo."""

from __future__ import annotations

from cite_audit.model import Reason
from cite_audit.resolve.judge.assessment import Assessment, Want, make_assessment
from cite_audit.resolve.judge.look import Evidence, Look

NAME = "unknown coding"


def detect(look: Look, evidence: Evidence) -> Assessment | None:
    """Nothing can be read of such a page, so that nothing is concluded from it."""
    if not look.is_success or not look.page.unknown_coding or not look.page.is_textual:
        return None
    observation = f"the text is packed in a way that we do not undo ({look.page.unknown_coding})"
    return make_assessment(Reason.PROTOCOL_ERROR, observation, detail="coding", wants=(Want.BROWSER,))
