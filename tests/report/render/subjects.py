"""Everything that can be shown, made of texts that the caller supplies: hostile ones, above all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from cite_audit.config.settings import Grading
from cite_audit.model import (
    Applicability,
    Audit,
    Deduction,
    Finding,
    FindingState,
    Fix,
    Grade,
    Link,
    Location,
    Severity,
    Share,
    Source,
    SourceGroup,
    Suspect,
    SuspectKind,
    UnreadReport,
)
from cite_audit.report.findings.history import LinkEvent, LinkEventKind
from cite_audit.report.grading import grade_with_basis
from cite_audit.report.render import Subject
from cite_audit.report.render.grade.grade_table import GradedReport, GradeSet
from cite_audit.report.sources.explanation import SourceExplanation
from cite_audit.report.sources.registry import COLUMNS, RegistryRow
from cite_audit.report.sources.registry_check import TableProblem
from cite_audit.report.sources.tally import RegistryCounts, SourceList, SourceTally, TableCheck
from cite_audit.snapshot.model import (
    Capture,
    CaptureRequest,
    CitationPlace,
    CopyList,
    Damage,
    FixityResult,
    ListedCopy,
    Outcome,
    SnapshotResult,
)
from tests.report.audits import NOW, audit, report, verdict

NextText = Callable[[], str]
WEB = "https://news.example.com/"


def make_audit(text: NextText) -> Audit:
    urls = [text(), WEB + text()]
    links = [Link(text(), url, suspects=(Suspect(SuspectKind.OCR, text(), text()),)) for url in urls]
    one = replace(report({1: links[:1], 2: links[1:]}, title=text()), path=text() or "a.md")
    grade = Grade(True, letter="B", score=81.0, groups={text(): Share(1, 0.5)}, text=text())
    grade = replace(grade, deductions=(Deduction(text(), 1.0, value=0.1, notes=(1,), text=text()),))
    made = audit([one], [verdict(url, evidence=(text(),)) for url in urls], grade=grade, remarks=(text(),))
    findings = tuple(
        Finding(
            "CA101",
            "link-gone",
            severity=severity,
            message=text() or "x",
            location=Location(one.path, 9),
            note=1,
            url=urls[0],
            fixes=(Fix(Applicability.SAFE, text(), text()),),
            state=state,
        )
        for severity, state in zip(Severity, (FindingState.NEW, FindingState.KNOWN, FindingState.IGNORED), strict=True)
    )
    return replace(
        made, findings={one.path: (*findings, *made.findings[one.path])}, unread=(UnreadReport(text(), text()),)
    )


def make_grades(text: NextText) -> GradeSet:
    graded = []
    for path in (text() or "a.md", text() or "b.md"):
        one = replace(report({1: [WEB + text()], 2: [text(), WEB]}, title=text()), path=path, publisher=text())
        links = {citation.link.url for citation in one.citations}
        sources = {
            url: Source(text(), name=text(), group=SourceGroup.WESTERN_OUTLET, publisher=text(), via=text())
            for url in links
        }
        grade, basis = grade_with_basis(one, {}, sources, Grading())
        deductions = (*grade.deductions, Deduction("social_only", 1.0, value=0.1, notes=(1,), text=text()))
        grade = replace(grade, deductions=deductions, text=text(), suggestions=(text(),), registry_version=text())
        graded.append(GradedReport(one, sources, grade, basis))
    return GradeSet(graded, NOW)


def make_source_list(text: NextText) -> SourceList:
    tallies = [SourceTally(Source(text(), name=text(), country=text()), text(), 2, {text(): {1, 2}})]
    return SourceList(tallies, unlisted=True)


def make_row(text: NextText) -> RegistryRow:
    return RegistryRow(**{name: text() for name in COLUMNS}, file=text(), line=3)


def make_explanation(text: NextText) -> list[SourceExplanation]:
    row = make_row(text)
    facts = ((text(), text(), row, text()), (text(), text(), None, text()))
    return [
        SourceExplanation(
            url=text(),
            inner=text(),
            source=Source(text(), name=text()),
            facts=facts,
            rows=(row,),
            periods=((row, text()),),
        )
    ]


def make_history(text: NextText) -> list[tuple[object, list[LinkEvent]]]:
    url = WEB + text()
    one = replace(report({1: [url]}), path=text() or "a.md")
    return [
        (
            one,
            [
                LinkEvent(url, NOW, kind=LinkEventKind.NEWLY_DEAD, reason=text()),
                LinkEvent(text(), NOW, kind=LinkEventKind.RECOVERED, previous_seen_at=NOW),
            ],
        )
    ]


def make_snapshot(text: NextText) -> SnapshotResult:
    pages = [WEB + text() for _ in range(3)] + [text()]
    captures = [
        Capture(page, "wayback", outcome, NOW, copy, NOW, 1, code=text(), message=text(), title=text())
        for page, outcome, copy in zip(
            pages,
            (Outcome.VERIFIED, Outcome.KEPT, Outcome.REFUSED, Outcome.VERIFIED),
            (f"https://web.archive.org/web/1/{text()}", f"https://a.example/{text()}", text(), f"https://{text()}"),
            strict=True,
        )
    ]
    requests = [CaptureRequest(page, date(2021, 6, 2), (CitationPlace(text(), 1, text()),)) for page in pages]
    bundle = Path(text().replace("\0", "") or "x.wacz")
    return SnapshotResult([text()], captures, [text()], [text()], [bundle], requests)


def make_copies(text: NextText) -> CopyList:
    capture = Capture(WEB + text(), "local", Outcome.DIED, NOW, text(), NOW, 1, message=text(), title=text())
    place = CitationPlace(text(), 1, text())
    return CopyList([ListedCopy(capture=capture, path=text(), places=(place,), good_copies=1)])


def make_fixity(text: NextText) -> FixityResult:
    damage = Damage(file=text(), problem=text(), uri_r=WEB + text(), good_copy=text())
    return FixityResult(Path("captures"), 1, 2, 3, damages=[damage], unlisted=[text()], unchecked=[text()])


MADE: dict[Subject, Callable[[NextText], object]] = {
    Subject.AUDIT: make_audit,
    Subject.LINKS: make_audit,
    Subject.GRADE: make_grades,
    Subject.SOURCES: make_source_list,
    Subject.REGISTRY: lambda text: RegistryCounts(text(), 3, Counter(state_media=2), Counter({text(): 1, text(): 2})),
    Subject.EXPLANATION: make_explanation,
    Subject.TABLE_CHECK: lambda text: TableCheck(
        [(text(), TableProblem(3, text(), text())), (text(), TableProblem(0, "", text()))], 2
    ),
    Subject.HISTORY: make_history,
    Subject.SNAPSHOT: make_snapshot,
    Subject.CAPTURES: make_copies,
    Subject.FIXITY: make_fixity,
}
