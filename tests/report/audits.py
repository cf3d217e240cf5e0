"""Audits made by hand: clean, empty, everything wrong, hostile, interrupted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from cite_audit.model import (
    Archived,
    Audit,
    Citation,
    Deduction,
    Fact,
    FactAnswer,
    FactKind,
    Grade,
    Health,
    Link,
    Location,
    Marker,
    Memento,
    NewHome,
    Note,
    NoteKind,
    PageFacts,
    Probe,
    Reason,
    Repair,
    RepairKind,
    Report,
    Share,
    Source,
    SourceGroup,
    Suspect,
    SuspectKind,
    UnreadReport,
    Verdict,
    VerdictState,
)
from cite_audit.report.findings.evaluation import evaluate_report

NOW = datetime(2026, 3, 2, 10, 11, 12, tzinfo=UTC)
PUBLISHED = date(2021, 6, 2)
HOSTILE = (
    "</script><img src=x onerror=alert(1)>\x1b[2J\x9b31m [/red]"
    " | `x` ::error::boom\r\n::error file=a::forged \u202eevil\u200b =cmd()"
)


def memento(url: str, days: int = 12, quality: tuple[str, ...] = ()) -> Memento:
    captured = datetime(2021, 6, 2, 8, 30, 5, tzinfo=UTC) + timedelta(days=days)
    uri_m = f"https://web.archive.org/web/{captured:%Y%m%d%H%M%S}/{url}"
    return Memento(url, uri_m, captured_at=captured, archive="wayback", status=200, quality=quality)


def verdict(
    url: str,
    health: Health = Health.ALIVE,
    reason: Reason = Reason.OK,
    *,
    status: int | None = 200,
    archived: Archived = Archived.ARCHIVED,
    days: int = 12,
    quality: tuple[str, ...] = (),
    evidence: tuple[str, ...] = (),
    moved_to: str = "",
    confidence: float = 0.97,
    state: VerdictState = VerdictState.CONFIRMED,
    suggestions: tuple[NewHome, ...] = (),
) -> Verdict:
    probe = Probe(url, NOW, status=status, final_url=url) if status else None
    has = archived in (Archived.ARCHIVED, Archived.ARCHIVED_BAD)
    return Verdict(
        url,
        health,
        reason,
        confidence=confidence,
        evidence=evidence,
        probe=probe,
        mementos=(memento(url, days, quality),) if has else (),
        archived=archived,
        moved_to=moved_to,
        suggestions=suggestions,
        state=state,
        checked_at=NOW,
        attempts=1,
    )


def report(
    notes: Mapping[int, Sequence[Link | str]],
    *,
    path: str = "reports/grid.md",
    kinds: Mapping[int, NoteKind] | None = None,
    lost: Mapping[int, int] | None = None,
    inline: Sequence[Link | str] = (),
    missing: tuple[int, ...] = (),
    orphans: tuple[int, ...] = (),
    title: str = "Grid resilience",
    published: date | None = PUBLISHED,
) -> Report:
    """A report whose note n stands on line 40 + n; links are spelled as given."""
    bodies, citations = [], []
    for number, links in notes.items():
        printed = tuple(Link(link, link) if isinstance(link, str) else link for link in links)
        where = Location(path, 40 + number, column=1, page=None, note=number)
        kind = (kinds or {}).get(number, NoteKind.LINKS if printed else NoteKind.PROSE)
        bodies.append(
            Note(
                number,
                kind,
                " ".join(p.raw for p in printed),
                links=printed,
                lost_slots=(lost or {}).get(number, 0),
                locations=(where,),
            )
        )
        citations += [
            Citation(
                p,
                number,
                Location(path, 40 + number, column=5 + 20 * i, page=None, note=number),
                sentence=f"Bridge {number} was rebuilt.",
            )
            for i, p in enumerate(printed)
        ]
    for i, link in enumerate(inline):
        printed_link = Link(link, link) if isinstance(link, str) else link
        citations.append(Citation(printed_link, None, Location(path, 10 + i, column=3)))
    markers = [
        Marker(n, Location(path, 5 + n, column=30, page=None, note=n), sentence=f"Bridge {n} was rebuilt.")
        for n in sorted({*notes, *missing} - set(orphans))
    ]
    return Report(
        path,
        title=title,
        authors=("A. Author",),
        published=published,
        publisher="example.org",
        notes=tuple(bodies),
        markers=tuple(markers),
        citations=tuple(citations),
        missing_notes=missing,
        orphan_notes=orphans,
        format="markdown",
    )


def audit(
    reports: Sequence[Report],
    verdicts: Sequence[Verdict] = (),
    *,
    grade: Grade | None = None,
    sources: Mapping[str, Source] | None = None,
    incomplete: bool = False,
    offline: bool = False,
    remarks: tuple[str, ...] = (),
    unread: tuple[UnreadReport, ...] = (),
) -> Audit:
    """What the pipeline would make of these; links without a verdict are unchecked."""
    known = {v.url: v for v in verdicts}
    for one in reports:
        for citation in one.citations:
            url = citation.link.url
            known.setdefault(url, Verdict(url, Health.UNCHECKED, Reason.OFFLINE))
    given = grade or Grade(True, letter="A", score=96.0, groups={"western_outlet": Share(1, 1.0)}, registry_version="1")
    found = {
        url: (sources or {}).get(url, Source(f"site:{url}", group=SourceGroup.WESTERN_OUTLET, country="US"))
        for url in known
    }
    return Audit(
        reports=tuple(reports),
        verdicts=known,
        sources=found,
        findings={one.path: evaluate_report(one, known, found, given, NOW) for one in reports},
        grades={one.path: given for one in reports},
        generated_at=NOW,
        incomplete=incomplete,
        offline=offline,
        unread=unread,
        remarks=remarks,
    )


def clean() -> Audit:
    urls = ["https://news.example.com/a", "https://energy.example.gov/b.pdf"]
    return audit([report({1: [urls[0]], 2: [urls[1]]})], [verdict(u) for u in urls])


def empty() -> Audit:
    return audit([report({}, path="empty.md", title="")], grade=Grade(False, text="There are no notes."))


def nothing() -> Audit:
    """Not a single report could be read."""
    return audit([], unread=(UnreadReport("gone.docx", "no such file"),))


def not_asked() -> Audit:
    urls = [f"https://news.example.com/{i}" for i in range(1, 4)]
    remarks = ("The live web was not asked (--offline).",)
    return audit([report({i: [u] for i, u in enumerate(urls, 1)})], offline=True, remarks=remarks)


def ask_about_sentence(citation: Citation) -> Citation:
    """The citation with a sentence of which its page mentions nothing."""
    sentence = "On 4 May Lozova lost 91 of its 4,200 houses."
    lost = tuple(
        Fact(kind, text, sentence.index(text), sentence.index(text) + len(text))
        for kind, text in ((FactKind.DATE, "4 May"), (FactKind.NAME, "Lozova"), (FactKind.NUMBER, "4,200"))
    )
    answer = PageFacts(answer=FactAnswer.NONE, missing=lost, telling=3)
    return replace(citation, sentence=sentence, facts=lost, page_facts=answer)


def everything_wrong() -> Audit:
    """Every rule that speaks of a report fires at least once."""
    base = "https://site{}.example.com/page"
    cases: list[tuple[str, Verdict]] = []
    number = 0

    def case(health: Health, reason: Reason, **more: object) -> None:
        nonlocal number
        number += 1
        url = base.format(number)
        cases.append((url, verdict(url, health, reason, **more)))  # type: ignore[arg-type]

    gone = ("404 Not Found (asked twice)",)
    home = NewHome(
        "https://new.example.com/story",
        found_by="redirect",
        title="Grid warnings ignored",
        likeness=0.92,
        evidence=("a copy of 2022-03-01 records a redirect to it", "its title is like that of the copy of 2021-06-14"),
    )
    case(Health.BROKEN, Reason.NOT_FOUND, status=404, evidence=gone, suggestions=(home,))
    for reason in (Reason.SOFT_404, Reason.PARKED, Reason.HIJACKED, Reason.DNS_FAILURE, Reason.TIMEOUT):
        case(Health.BROKEN, reason)
    for reason in (Reason.REDIRECT_LOOP, Reason.INVALID, Reason.UNSAFE, Reason.DRIFTED):
        case(Health.BROKEN, reason, status=None)
    for reason in (Reason.BLOCKED, Reason.PAYWALL, Reason.TIMEOUT, Reason.EMPTY, Reason.UNSAFE, Reason.TLS_FAILURE):
        case(Health.UNKNOWN, reason)
    case(Health.ALIVE, Reason.DRIFTED, evidence=("title was “Grid warnings ignored”",))
    case(Health.ALIVE, Reason.MOVED_PERMANENTLY, moved_to="https://new.example.com/page")
    case(Health.ALIVE, Reason.FRAGMENT_MISSING)
    case(Health.ALIVE, Reason.OK, archived=Archived.NOT_ARCHIVED)
    case(Health.BROKEN, Reason.GONE, status=410, archived=Archived.NOT_ARCHIVED)
    case(Health.ALIVE, Reason.OK, archived=Archived.ARCHIVED_BAD, quality=("challenge page",))
    case(Health.ALIVE, Reason.OK, days=900)
    case(Health.ALIVE, Reason.OK, archived=Archived.EXCLUDED)
    copy = "https://web.archive.org/web/20210614000000/https://site25.example.com/page"
    cases.append((copy, verdict(copy, archived=Archived.ARCHIVED_BAD, quality=("soft-404",))))
    links: dict[int, list[Link | str]] = {i: [u] for i, (u, _) in enumerate(cases, 1)}
    links[30] = [
        Link("hxxp://exa mple[.]org/x", "http://exa mple.org/x", style="[.]", alternatives=("http://example.org/x",))
    ]
    healed = Link(
        "https://example(.)org/a b",
        "https://example.org/ab",
        style="(.)",
        repairs=(Repair(RepairKind.JOINED_OVER_BLANK_LINE, "line end"),),
    )
    links[31] = [healed]
    ocr = Suspect(SuspectKind.OCR, "https://example.org/l1", "l read as 1")
    links[32] = [Link("https://example.org/11", "https://example.org/11", suspects=(ocr,))]
    links[33] = [Link("https://example.org/2", "https://example.org/2", alternatives=("https://example.org/2-",))]
    links[34] = ["https://twice.example.com/", "https://twice.example.com/"]
    links |= {35: [], 36: [], 37: []}
    kinds = {35: NoteKind.EMPTY, 36: NoteKind.ON_REQUEST, 37: NoteKind.LOST_LINK}
    one = report(
        links, kinds=kinds, lost={37: 2}, missing=(41,), orphans=(34,), inline=("https://inline.example.net/",)
    )
    one = replace(one, citations=(*one.citations[:-1], ask_about_sentence(one.citations[-1])))
    sources = {"https://twice.example.com/": Source("twice.example.com")}
    bad = Grade(
        True,
        letter="C+",
        score=66.2,
        groups={"state_media": Share(12, 0.4), "telegram_social": Share(6, 0.2), "western_outlet": Share(12, 0.4)},
        deductions=(
            Deduction(
                "state_media_only_unattributed",
                20.0,
                value=0.4,
                notes=(1, 2),
                text="12 of 30 notes rest on state media alone",
            ),
            Deduction(
                "social_only", 6.7, value=0.25, notes=(3, 4), text="6 of 30 notes (3, 4 …) rest on Telegram alone"
            ),
            Deduction("single_publisher", 5.1, value=0.6, notes=(1, 2, 3), text="18 of 30 notes rest on one publisher"),
            Deduction("self_only", 1.0, value=0.2, notes=(5,), text="6 of 30 notes rest on the report's own publisher"),
            Deduction("concentration", 1.0, value=0.2, notes=(), text="3 publishers have 60 % of the citations"),
        ),
        not_run=("dead_unrecoverable",),
        registry_version="2026.11",
        suggestions=("a second source for notes 1 and 2: +4.0",),
    )
    return audit([one], [v for _, v in cases], grade=bad, sources=sources)


def hostile() -> Audit:
    """A report and a web that try to speak to the terminal, the browser, the spreadsheet and the CI service."""
    url = 'https://evil.example.com/\x1b]0;t\x07?a=|b`c"><script>alert(1)</script>&\u202egpj.exe'
    bad = Link(f"{url}{HOSTILE}", url, suspects=(Suspect(SuspectKind.OCR, HOSTILE, HOSTILE),))
    formula = '=HYPERLINK("https://evil.example.com/")'
    one = report({1: [bad], 2: [formula, "javascript:alert(1)"]}, path=f"reports/{HOSTILE}.md", title=HOSTILE)
    one = replace(one, authors=(HOSTILE,))
    judged = [
        verdict(url, Health.BROKEN, Reason.NOT_FOUND, status=404, evidence=(HOSTILE,)),
        verdict("javascript:alert(1)", Health.SKIPPED, Reason.SKIPPED, status=None, archived=Archived.UNCHECKED),
    ]
    grade = Grade(True, letter="B", score=80.0, groups={HOSTILE: Share(1, 1.0)}, text=HOSTILE, suggestions=(HOSTILE,))
    grade = replace(grade, deductions=(Deduction(HOSTILE, 1.0, value=0.5, notes=(1,), text=HOSTILE),))
    return audit([one], judged, grade=grade, remarks=(HOSTILE,), unread=(UnreadReport(HOSTILE, HOSTILE),))


def interrupted() -> Audit:
    done = clean()
    url = "https://news.example.com/later"
    first = done.reports[0]
    more = report({1: [first.citations[0].link], 2: [first.citations[1].link], 3: [url]})
    late = [*done.verdicts.values(), Verdict(url, Health.UNCHECKED, Reason.DEADLINE)]
    return audit([more], late, incomplete=True, remarks=("Interrupted: 1 link was not asked.",))


AUDITS = {
    "clean": clean,
    "empty": empty,
    "nothing": nothing,
    "not-asked": not_asked,
    "everything-wrong": everything_wrong,
    "hostile": hostile,
    "interrupted": interrupted,
}
