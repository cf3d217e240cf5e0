"""A grade as an editor reads it: what the report leans on, what rests on what, the points taken, the letter last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cite_audit.report.grade.score import MEASURES, listed
from cite_audit.report.grade.shown import Graded, rests_on
from cite_audit.report.render.clean import clean, width
from cite_audit.report.render.ink import GRADES, Ink
from cite_audit.report.render.wording import count
from cite_audit.report.rules import sentence
from cite_audit.report.sources.groups import GROUPS

_TONES = {"state_media": "warning", "covert": "error", "telegram_social": "warning", "unknown": "faint"}
_NO_PUBLISHER = "the report does not say who published it, so none of its sources counts as its own (--publisher HOST)"
_MOTTO = "The grade speaks of how the claims are documented, not of whether they are true."


def render(reports: Sequence[Graded], ink: Ink, verbose: int = 0) -> str:
    """One screen for each report, and a table of them all where there are several."""
    lines = [line for graded in reports for line in _screen(graded, ink, verbose)]
    if len(reports) > 1:
        lines += _table(reports, ink)
    return "\n".join(ink.plain(line) for line in lines) + "\n"


def _screen(graded: Graded, ink: Ink, verbose: int) -> Iterator[str]:
    report, grade = graded.report, graded.grade
    yield ink.paint(clean(report.path), "strong")
    dated = (
        f", {report.published.isoformat()}" if report.published else ", undated (the registry's latest rows are used)"
    )
    yield from ink.paragraph(
        f"{report.title or 'untitled'}{dated}{f', {report.publisher}' if report.publisher else ''}", 2, "  "
    )
    yield ""
    if grade.groups:
        yield ink.paint("  who is cited", "strong") + ink.paint(f"  {_size(graded)}", "faint")
        yield from _bars(graded, ink)
        yield ""
    if grade.gradable:
        yield from _sections(graded, ink)
    if verbose:
        yield from _notes(graded, ink)
    yield from _letter(graded, ink)
    yield ""


def _size(graded: Graded) -> str:
    publishers = {name for claim in graded.reading.claims for name in claim.publishers}
    citations = sum(share.citations for share in graded.grade.groups.values())
    effective = graded.reading.shown["effective_publishers"].value
    evenness = (
        f", as varied as {effective:.0f} cited equally" if publishers and effective < len(publishers) * 0.8 else ""
    )
    where = f"{count(citations, 'citation')} in {count(len(graded.report.notes), 'note')}"
    return f"{where}, {count(len(publishers), 'publisher')}{evenness}"


def _bars(graded: Graded, ink: Ink) -> Iterator[str]:
    names = max(width(GROUPS[name]) for name in graded.grade.groups)
    cells = max(min(30, ink.columns - names - 20), 4)
    for name, share in sorted(graded.grade.groups.items(), key=lambda item: -item[1].share):
        bar = ink.paint(ink.bar(share.share, cells), _TONES.get(name, "note"))
        yield f"    {GROUPS[name]:<{names}}  {share.citations:>4}  {share.share:>4.0%}  {bar}"


def _sections(graded: Graded, ink: Ink) -> Iterator[str]:
    yield ink.paint("  what rests on what", "strong")
    rows = list(rests_on(graded))
    names = max((width(words) for _, words, _ in rows), default=0)
    for _, words, measured in rows:
        part = f"{len(measured.notes)} of {measured.of}"
        yield from ink.paragraph(listed(measured.notes, 20), names + 17, f"    {words:<{names}}  {part:>9}  ")
    if not rows:
        yield "    every note rests on several publishers"
    yield ""
    if graded.grade.deductions:
        yield ink.paint("  points taken", "strong")
        for each in graded.grade.deductions:
            yield from ink.paragraph(each.text, 13, f"    {'−' + format(each.points, '.1f'):>6}  ")
        yield ""
    if graded.grade.raise_it:
        yield ink.paint("  what would raise it", "strong")
        for hint in graded.grade.raise_it:
            yield from ink.paragraph(hint, 4, "    ")
        yield ""


def _notes(graded: Graded, ink: Ink) -> Iterator[str]:
    yield ink.paint("  note by note", "strong")
    for claim in graded.reading.claims:
        for place, each in enumerate(claim.cited):
            role = graded.reading.role(claim, each.url)
            source = each.source
            head = f"    {claim.note if not place else '':>4}  "
            way = f" via {source.via}" if source.via else ""
            yield from ink.paragraph(f"{source.name or source.id} ({source.group}{way}): {role.name}", 10, head)
            yield from ink.paragraph(each.url, 10)
            if role.sentence:
                yield from ink.paragraph(f"{role.rule}: {role.sentence}", 10)
    yield ""


def _letter(graded: Graded, ink: Ink) -> Iterator[str]:
    grade = graded.grade
    if not grade.gradable:
        yield from ink.paragraph(f"not gradable: {grade.text}. {grade.registry_version}", 2, "  ")
        return
    for remark in filter(None, (grade.text, "" if graded.report.publisher else _NO_PUBLISHER)):
        yield from ink.paragraph(sentence(remark), 2, "  ")
    yield from ink.paragraph(_MOTTO, 2, "  ")
    yield from ink.paragraph(sentence(grade.registry_version), 2, "  ")
    letter = grade.letter or "none"
    provisional = (
        f", provisional: {grade.measures['unknown']:.0%} of the sources are in no list" if grade.provisional else ""
    )
    tone = GRADES.get(letter[0], "strong")
    yield "  " + ink.paint(f"grade {letter}", tone) + f"  {grade.score:.1f} of 100{provisional}"


def _table(reports: Sequence[Graded], ink: Ink) -> Iterator[str]:
    yield ink.paint("  grade  score  notes  report", "strong")
    for each in reports:
        letter = each.grade.letter or "–"
        score = "–" if each.grade.score is None else f"{each.grade.score:.1f}"
        yield f"  {letter:<5}  {score:>5}  {len(each.report.notes):>5}  {clean(each.report.path)}"


def compare(one: Graded, other: Graded, ink: Ink) -> str:
    """Two reports measure by measure, the difference last."""
    a, b = one.grade, other.grade
    names = max(len(name) for name in (*MEASURES, *GROUPS)) + 2
    measured = [name for name in (*MEASURES, "unknown") if name in a.measures or name in b.measures]
    cited = [name for name in GROUPS if name in a.groups or name in b.groups]
    lines = [
        ink.paint(f"  A  {clean(one.report.path)}", "strong"),
        ink.paint(f"  B  {clean(other.report.path)}", "strong"),
        "",
        f"  {'':<{names}}  {'A':>6}  {'B':>6}  {'B−A':>6}",
        f"  {'grade':<{names}}  {a.letter or '–':>6}  {b.letter or '–':>6}",
        _difference("score", a.score, b.score, names, "{:.1f}"),
        *(_difference(name, a.measures.get(name), b.measures.get(name), names, "{:.0%}") for name in measured),
        ink.paint("  shares of citations", "strong"),
        *(_difference(name, _share(one, name), _share(other, name), names, "{:.0%}") for name in cited),
    ]
    return "\n".join(ink.plain(line) for line in lines) + "\n"


def _share(graded: Graded, group: str) -> float:
    return graded.grade.groups[group].share if group in graded.grade.groups else 0.0


def _difference(name: str, a: float | None, b: float | None, names: int, form: str) -> str:
    left, right = ("–" if value is None else form.format(value) for value in (a, b))
    change = "" if a is None or b is None else form.replace(":", ":+").format(b - a)
    return f"  {name:<{names}}  {left:>6}  {right:>6}  {change:>6}"
