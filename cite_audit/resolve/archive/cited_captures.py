"""Links that are addresses of captures of the Wayback Machine: looked up, and judged, as any copy is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from cite_audit.frozen_record import frozen_record
from cite_audit.model import Archived, CitedLink, Memento
from cite_audit.resolve.archive.archive_urls import answer_if_memento
from cite_audit.resolve.archive.messages import describe_bad_capture
from cite_audit.resolve.check.base import ArchiveAnswer
from cite_audit.urls import unwrap_url, url_host

CITED_ARCHIVE = "cited"  # the archive of a memento that a report cites
_WAYBACK_HOSTS = frozenset({"web.archive.org", "archive.org", "www.archive.org"})
_SAME_CAPTURE = timedelta(days=1)  # a difference that needs no word


@frozen_record
class CitedCapture:
    """A cited capture: of which page, and the time that its address names."""

    link: CitedLink
    page_url: str
    named_at: datetime

    def lookup_link(self) -> CitedLink:
        """The look-up of the page at the named time, to the second."""
        return CitedLink(self.page_url, self.named_at, quotes=self.link.quotes)

    def read_answer(self, answer: ArchiveAnswer) -> ArchiveAnswer:
        """The answer on the page as one on the cited capture."""
        if not answer.mementos or answer.outcome not in (Archived.ARCHIVED, Archived.ARCHIVED_BAD):
            return replace(answer, url=self.link.url)
        shown = min(answer.mementos, key=lambda memento: abs(memento.captured_at - self.named_at))
        if not shown.is_good:
            return self._reject_capture(shown, answer)
        cited = replace(shown, uri_m=self.link.url, archive=CITED_ARCHIVE)
        sentence = f"the report cites an archived copy, captured {shown.captured_at:%Y-%m-%d}"
        if abs(shown.captured_at - self.named_at) > _SAME_CAPTURE:
            sentence += f"; its address names {self.named_at:%Y-%m-%d}"
        return replace(answer, url=self.link.url, outcome=Archived.ARCHIVED, mementos=(cited,), evidence=(sentence,))

    def _reject_capture(self, shown: Memento, answer: ArchiveAnswer) -> ArchiveAnswer:
        """The cited capture does not show its page; other captures, good ones first, are what to cite instead."""
        others = [memento for memento in answer.mementos if memento is not shown]
        better = next((memento for memento in others if memento.is_good), None)
        evidence = [describe_bad_capture(shown)]
        if better is not None:
            evidence.append(f"the capture of {better.captured_at:%Y-%m-%d} shows the page")
        mementos = (*others, shown) if better is not None else (shown, *others)
        return replace(
            answer,
            url=self.link.url,
            outcome=Archived.ARCHIVED_BAD,
            mementos=mementos,
            evidence=tuple(evidence),
        )


def read_cited_capture(link: CitedLink) -> CitedCapture | None:
    """The capture that a link cites; None for a link that is no capture of the Wayback Machine."""
    answer = answer_if_memento(link)
    inner = unwrap_url(link.url)
    if answer is None or not answer.mementos or inner is None or inner.captured_at is None:
        return None
    return CitedCapture(link, inner.url, inner.captured_at) if url_host(link.url) in _WAYBACK_HOSTS else None


def split_rounds(captures: Iterable[CitedCapture]) -> Iterator[list[CitedCapture]]:
    """Rounds of captures in which no page is looked up at two times."""
    rounds: list[dict[str, CitedCapture]] = []
    for capture in captures:
        free_round = next((pages for pages in rounds if capture.page_url not in pages), None)
        if free_round is None:
            free_round = {}
            rounds.append(free_round)
        free_round[capture.page_url] = capture
    return (list(pages.values()) for pages in rounds)
