"""Reports made by hand, for grading."""

from __future__ import annotations

from collections.abc import Sequence

from cite_audit.config.settings import Grading
from cite_audit.model import (
    Archived,
    Citation,
    Grade,
    Health,
    Link,
    Location,
    Marker,
    Note,
    NoteKind,
    Reason,
    Report,
    Source,
    SourceGroup,
    Verdict,
)
from cite_audit.report.grading import grade_report

SAID = "The minister said that the bridge was open."
HAPPENED = "The bridge was opened on Tuesday."

KINDS = {
    "state": ("state_media", "state_run"),
    "official": ("official", "government"),
    "covert": ("covert", "covert_state"),
    "channel": ("telegram_social", "platform"),
    "party": ("party", "nonprofit"),
    "western": ("western_outlet", "private"),
    "regional": ("independent_regional", "private"),
    "self": ("self", "nonprofit"),
    "unknown": ("unknown", "unknown"),
    "aggregator": ("aggregator", "private"),
}


def source(url: str) -> Source:
    """A source named by its host: `https://state-1.example/a` is state media of the publisher state-1."""
    name = url.split("/")[2].split(".")[0]
    group, control = KINDS[name.split("-")[0]]
    return Source(id=name, name=name, group=SourceGroup(group), control=control, publisher=name, medium="news_outlet")


def url(name: str, page: str = "a") -> str:
    return f"https://{name}.example/{page}"


def report(
    notes: Sequence[Sequence[str]], sentence: str = HAPPENED, missing: Sequence[int] = (), text: str = ""
) -> Report:
    """A report whose note N names the publishers of `notes[N-1]`, each behind a sentence of its own."""
    at = Location("r.md", 1)
    made, markers, citations = [], [], []
    for number, names in enumerate(notes, 1):
        links = tuple(Link(each, each) for each in (n if "://" in n else url(n, str(number)) for n in names))
        made.append(Note(number, NoteKind.LINKS if links else NoteKind.EMPTY, text, links=links))
        markers.append(Marker(number, at, sentence=sentence))
        citations += [Citation(link, number, at) for link in links]
    markers += [Marker(number, at, sentence=sentence) for number in missing]
    return Report(
        "r.md", notes=tuple(made), markers=tuple(markers), citations=tuple(citations), missing_notes=tuple(missing)
    )


def graded(made: Report, verdicts: dict[str, Verdict] | None = None, settings: Grading | None = None) -> Grade:
    sources = {citation.link.url: source(citation.link.url) for citation in made.citations}
    return grade_report(made, verdicts or {}, sources, settings or Grading())


def verdict(address: str, health: Health = Health.ALIVE, archived: Archived = Archived.ARCHIVED) -> Verdict:
    reason = Reason.OK if health is Health.ALIVE else Reason.NOT_FOUND
    return Verdict(address, health, reason, archived=archived)
