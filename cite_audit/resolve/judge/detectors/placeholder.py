"""A placeholder picture: a few bytes where a photograph or a document was cited."""

from __future__ import annotations

import re

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Reason
from cite_audit.resolve.judge.address.redirects import is_document_url
from cite_audit.resolve.judge.assessment import Assessment, Want, make_assessment
from cite_audit.resolve.judge.look import Evidence, Look
from cite_audit.resolve.judge.signs.control_answer import ControlAnswer, compare_with_control

NAME = "placeholder"
_IMAGE_SUFFIX = compile_lazily(r"\.(?:jpe?g|png|gif|webp|bmp|tiff?)$", re.I)
MAX_BYTES = 200  # bytes; no photograph is smaller


def detect(look: Look, evidence: Evidence) -> Assessment | None:
    """A tiny picture: no document, and under the address of a picture none either where an invented one gets it too."""
    page = look.page
    if not look.is_success or look.shows_text or not page.content_type.startswith("image/"):
        return None
    if not page.body or len(page.body) > MAX_BYTES:
        return None
    observation = f"the picture has {len(page.body)} bytes"
    if not _IMAGE_SUFFIX.search(look.probe.url.partition("?")[0]):
        if not is_document_url(look.probe.url):
            return None
        return make_assessment(Reason.EMPTY, observation, detail="tiny", wants=(Want.BROWSER,))
    if evidence.control is None:
        return make_assessment(
            Reason.SOFT_404, observation, detail="placeholder", wants=(Want.CONTROL,), confidence=0.5
        )
    if compare_with_control(look, evidence.control) is not ControlAnswer.SAME:
        return None
    return make_assessment(
        Reason.SOFT_404, observation, "an invented address gets the same picture", detail="placeholder"
    )
