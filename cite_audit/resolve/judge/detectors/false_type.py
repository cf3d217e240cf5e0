"""False types: an answer under the type of a file, which is no such file."""

from __future__ import annotations

from cite_audit.model import Reason
from cite_audit.resolve.judge.assessment import Assessment, Want, make_assessment
from cite_audit.resolve.judge.look import Evidence, Look
from cite_audit.resolve.judge.page.content_type import has_signature, is_signed_type

NAME = "false type"
_ARTICLE_WORDS = 120  # words of a page that may be the document, in another form
_MIN_BYTES = 24  # bytes; the smallest picture that is one has more


def detect(look: Look, evidence: Evidence) -> Assessment | None:
    """A text that no other detector knows, a few bytes, or a PDF without its mark: no file, and no proof of loss.

    A long page may be the document in another form.
    """
    media_type = look.page.declared_type.partition(";")[0].strip()
    if not look.is_success or not is_signed_type(media_type, look.page.body):
        return None
    byte_count, is_signed = len(look.page.body), has_signature(media_type, look.page.body)
    if byte_count < _MIN_BYTES and not is_signed:
        observation = f"the answer is called {media_type} and has {byte_count} bytes"
        return make_assessment(Reason.EMPTY, observation, detail="tiny", wants=(Want.BROWSER,))
    if is_signed or not (look.page.is_textual or media_type.endswith("pdf")):
        return None
    contents = "a web page" if look.page.is_html else "a text" if look.page.is_textual else "something else"
    observation = f"the answer is called {media_type} and is {contents}"
    if look.page.is_html and look.page.main_word_count >= _ARTICLE_WORDS:
        return make_assessment(Reason.REDIRECTED, observation, detail="type-changed", confidence=0.7)
    return make_assessment(Reason.EMPTY, observation, detail="false-type", wants=(Want.BROWSER,))
