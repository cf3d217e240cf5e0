"""Content drift: the live page against the archived copy nearest the citation date.

Measures and thresholds are OTMT's (AlNoamany et al. 2016): cosine of the main texts' words and change of their number.
A page that drifted is still there; the citation is broken only where the page is about something else, or where the
quoted sentence is in the copy and no longer in the page.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from cite_audit.frozen_record import frozen_record
from cite_audit.installation import format_install_command
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Health, Reason
from cite_audit.resolve.judge.address.redirects import is_home_url
from cite_audit.resolve.judge.assessment import Assessment, Want, make_assessment
from cite_audit.resolve.judge.look import Evidence, Look
from cite_audit.resolve.judge.page.html_page import WebPage, WholePage
from cite_audit.resolve.judge.page.similarity import cosine_similarity, shingle_containment, tokenize_text
from cite_audit.resolve.judge.page.text import count_words, fold_text
from cite_audit.resolve.judge.signs.trades import find_trade

OFF_TOPIC_COSINE = 0.12  # cosine
REWRITTEN_COSINE = 0.6
SHRINKAGE_LIMIT = -0.7  # share of the words gone
GROWTH_LIMIT = 0.5  # share of the words gained: the copy shows a teaser, or the text was continued
MIN_CONTAINMENT = 0.6  # of the copy's runs of three words
MIN_EXTRACTED_SHARE = 0.5  # of our own text's words, for trafilatura's to be believed
_MIN_WORDS = 50  # words of a text that can be compared
_QUOTATION = compile_lazily(r"[“«„\"]([^“”«»„\"]{20,400})[”»“\"]")
_VOLATILE_PATH = compile_lazily(r"/(?:search|tag|tags|category|topics?|feed|latest|news)/?$", re.I)


@frozen_record(kw_only=True)
class DriftMeasures:
    """How a page differs from its copy: cosine (0-1), share of words gained (or lost, negative), quotes missing."""

    cosine: float
    word_growth: float
    missing_quotes: tuple[str, ...] = ()
    old_title: str = ""
    new_title: str = ""

    def __str__(self) -> str:
        text = f"likeness {self.cosine:.2f} to the archived copy, {self.word_growth:+.0%} words"
        if self.old_title and self.old_title != self.new_title:
            text += f"; its title was “{self.old_title[:80]}” and is “{self.new_title[:80]}”"
        return text


def raw_memento_url(uri_m: str) -> str:
    """The address of a memento as it was captured, without the archive's frame and rewritten links."""
    return re.sub(r"(/web/\d{4,14})(?:[a-z]{2}_)?/", r"\1id_/", uri_m, count=1)


def describe_missing_extractor() -> str:
    """Why trafilatura cannot be used, as a remark on a run that compares every page; empty where it can."""
    try:
        import trafilatura  # noqa: F401
    except ImportError as error:
        cause = " ".join(str(error).split())
        return f"pages were compared without trafilatura ({cause}); {format_install_command('drift')} brings it"
    return ""


def extract_main_text(page: WebPage) -> str:
    """The main text of a page: trafilatura's where that is installed (extra `drift`), else our own.

    Trafilatura drops paragraphs that it takes for repetitions; where it loses most of the words, our own text counts.
    """
    try:
        import trafilatura
    except ImportError:
        return page.main_text
    extracted_text = trafilatura.extract(page.source, include_comments=False, favor_recall=True) if page.is_html else ""
    is_credible = count_words(extracted_text or "") >= max(20, MIN_EXTRACTED_SHARE * count_words(page.main_text))
    return extracted_text if extracted_text and is_credible else page.main_text


def measure_drift(live: WholePage, copy: WebPage, sentences: tuple[str, ...] = ()) -> DriftMeasures:
    """What changed from the copy to the live page; of a part of a page nothing could be missed."""
    live_text, copy_text = extract_main_text(live), extract_main_text(copy)
    copy_word_count = max(count_words(copy_text), 1)
    missing_quotes = tuple(
        passage
        for passage in _extract_passages(sentences)
        if _contains_words(passage, copy_text) and not _contains_words(passage, live.visible_text)
    )
    return DriftMeasures(
        cosine=cosine_similarity(live_text, copy_text),
        word_growth=count_words(live_text) / copy_word_count - 1,
        missing_quotes=missing_quotes,
        old_title=copy.title,
        new_title=live.title,
    )


def assess_drift(evidence: Evidence, live_look: Look, archived: Look, live_assessment: Assessment) -> Assessment:
    """The assessment of a live page in the light of its copy; `live_assessment` where nothing speaks against it."""
    copy, live = archived.whole_page, live_look.whole_page
    if live is None or copy is None:
        return live_assessment.with_observations("page or copy was read in part, so they are not compared")
    has_text = archived.probe.status == 200 and copy.is_html and live.is_html
    if not has_text or count_words(extract_main_text(copy)) < _MIN_WORDS:
        return live_assessment.with_observations("the archived copy cannot be compared")
    if is_home_url(evidence.url) or _VOLATILE_PATH.search(urlsplit(evidence.url).path):
        return live_assessment.with_observations("a front page or list changes by nature; not compared with its copy")
    measures = measure_drift(live, copy, evidence.quotes)
    if (
        measures.word_growth > GROWTH_LIMIT
        and not measures.missing_quotes
        and shingle_containment(extract_main_text(copy), live.visible_text) >= MIN_CONTAINMENT
    ):
        growth = f"the page has grown and still holds what the copy does ({measures.word_growth:+.0%} words)"
        return live_assessment.with_observations(growth)
    if count_words(extract_main_text(live)) < _MIN_WORDS:  # a script may draw the rest
        return _mark_drifted(live_assessment, measures, "shrunk")
    if measures.cosine < OFF_TOPIC_COSINE:
        return _assess_off_topic(live, copy, measures)
    if measures.missing_quotes:
        passage = measures.missing_quotes[0][:160]
        observation = f"the copy holds the quoted sentence and the page no longer does: “{passage}”"
        return make_assessment(
            Reason.DRIFTED, observation, str(measures), detail="quote-gone", health=Health.BROKEN, confidence=0.85
        )
    if measures.cosine < REWRITTEN_COSINE or measures.word_growth < SHRINKAGE_LIMIT:
        return _mark_drifted(live_assessment, measures, "rewritten")
    return live_assessment.with_observations(str(measures))


def _mark_drifted(live_assessment: Assessment, measures: DriftMeasures, detail: str) -> Assessment:
    """The page is there, and says something else."""
    observations = live_assessment.with_observations(str(measures)).observations
    return make_assessment(Reason.DRIFTED, *observations, detail=detail, moved_to=live_assessment.moved_to)


def _assess_off_topic(live: WebPage, copy: WebPage, measures: DriftMeasures) -> Assessment:
    """A page about something else: another owner's, or the same owner's."""
    trade = find_trade(live)
    if trade or not _keeps_owner(live, copy):
        observation = f"the page is about {trade}" if trade else "nothing of the former site is left on the page"
        return make_assessment(
            Reason.HIJACKED,
            observation,
            str(measures),
            detail=trade or "new-owner",
            wants=(Want.BROWSER,),
            confidence=0.8,
        )
    return make_assessment(Reason.DRIFTED, str(measures), detail="off-topic", health=Health.BROKEN, confidence=0.75)


def _keeps_owner(live: WebPage, copy: WebPage) -> bool:
    """Whether the page still names the site; where the site has no name, whether much of its frame is left."""
    site_name = copy.meta_content("og:site_name")
    if site_name and site_name == live.meta_content("og:site_name"):
        return True
    copy_names, live_names = (
        {part.casefold() for part in re.split(r"\s+[|–—·-]\s+", page.title)[1:]} for page in (copy, live)
    )
    if copy_names & live_names:
        return True
    if owner_names := {part.casefold() for part in (site_name, *copy_names) if len(part) > 3}:
        return any(part in live.visible_text.casefold() for part in owner_names)
    copy_frame, live_frame = (
        set(tokenize_text(page.visible_text)) - set(tokenize_text(page.main_text)) for page in (copy, live)
    )
    return len(copy_frame & live_frame) > 0.3 * max(len(copy_frame), 3)


def _extract_passages(sentences: tuple[str, ...]) -> list[str]:
    """The passages of the citing sentences that the page may hold word for word: quotations, or the whole sentence."""
    passages: list[str] = []
    for sentence in sentences:
        quotations = [match[1] for match in _QUOTATION.finditer(sentence)]
        passages += quotations or [sentence.strip(' .“”«»"')]
    return [passage for passage in passages if len(passage.split()) >= 4]


def _contains_words(passage: str, text: str) -> bool:
    """Whether a text holds the letters of a passage; blanks and punctuation do not count, nor do accents."""
    return "".join(re.findall(r"\w+", fold_text(passage))) in "".join(re.findall(r"\w+", fold_text(text)))
