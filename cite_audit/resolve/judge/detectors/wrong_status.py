"""A wrong status: the article stands under an error status, as a misconfigured server shows it to every reader."""

from __future__ import annotations

from cite_audit.model import Reason
from cite_audit.resolve.judge.assessment import Assessment, Want, make_assessment
from cite_audit.resolve.judge.look import Evidence, Look
from cite_audit.resolve.judge.page.error_phrases import PhraseKind, find_phrase, is_error_number, match_heading
from cite_audit.resolve.judge.page.similarity import is_title_cited, shingle_similarity
from cite_audit.resolve.judge.signs.control_answer import control_similarity
from cite_audit.resolve.judge.signs.status_table import assess_status

NAME = "wrong status"
ARTICLE_WORDS = 250  # words; error pages are shorter
COPY_SIMILARITY = 0.6  # of runs of three words, to the archived copy
_CONTROL_SIMILARITY = 0.5  # less alike than this is another page
_HEADING_KINDS = (PhraseKind.NOT_FOUND, PhraseKind.REMOVED, PhraseKind.MAINTENANCE)


def detect(look: Look, evidence: Evidence) -> Assessment | None:
    """Proof is the cited title or the archived copy; else a long page that invented addresses do not get."""
    page = look.page
    if look.is_success or look.status < 400 or not page.is_html or not page.has_words(ARTICLE_WORDS):
        return None
    if any(match_heading(text, *_HEADING_KINDS) or is_error_number(text) for text in page.headings):
        return None
    observation = f"the page is there although the status says {look.status}"
    if is_title_cited(page.title, evidence.quotes):
        return _accept_article(observation, "its title is the one cited", 0.8)
    if archived_copy := evidence.archived_copy:
        if shingle_similarity(page.main_text, archived_copy.page.main_text) >= COPY_SIMILARITY:
            return _accept_article(observation, "its text is the archived one", 0.8)
        return None
    if evidence.memento and evidence.memento.is_good:
        return make_assessment(assess_status(look.status).reason, observation, wants=(Want.MEMENTO,))
    if find_phrase(page.main_text[:600], PhraseKind.NOT_FOUND):
        return None
    control = evidence.control
    if control is None:
        return make_assessment(assess_status(look.status).reason, observation, wants=(Want.CONTROL,))
    if control.probe.status is not None and control_similarity(look, control) < _CONTROL_SIMILARITY:
        return _accept_article(observation, "an invented address beside it gets another text", 0.6)
    return None


def _accept_article(observation: str, proof: str, confidence: float) -> Assessment:
    return make_assessment(Reason.OK, observation, proof, detail="wrong-status", confidence=confidence)
