"""From measures to points, a score and a letter."""

from __future__ import annotations

from collections.abc import Mapping

from cite_audit.config import Grading
from cite_audit.model import Deduction, Grade, Report, Share, Source, Verdict
from cite_audit.report.grade.advice import raise_it
from cite_audit.report.grade.claims import page_of
from cite_audit.report.grade.measures import Measured, Reading
from cite_audit.report.grade.reading import read
from cite_audit.report.grade.weights import Preset, preset
from cite_audit.report.render.wording import count
from cite_audit.report.sources.classify import registry_version
from cite_audit.report.sources.groups import GROUPS

# measure → how its notes are spoken of
MEASURES: dict[str, str] = {
    "state_media_only_unattributed": "rest on state media alone, and their sentence does not say who says so",
    "social_only": "rest on Telegram or social media alone",
    "single_publisher": "rest on a single publisher",
    "self_only": "rest on the report's own publisher alone",
    "concentration": "cite the publisher that is cited most",
    "dangling": "lead to no source",
    "dead_unrecoverable": "have a link that is dead and in no archive",
    "unarchived": "have a live link without a good archived copy",
}

# the measures that need a network → what the grade leaves out without it
UNASKED: dict[str, str] = {"dead_unrecoverable": "dead links", "unarchived": "missing archived copies"}


def grade(report: Report, verdicts: Mapping[str, Verdict], sources: Mapping[str, Source], settings: Grading) -> Grade:
    """The grade of one report with its working; not gradable without notes that name a source.

    `verdicts` and `sources` by URL as cited; without verdicts the measures of link rot are not run. Raises ConfigError
    for an unknown preset or measure in `settings`.
    """
    return worked(report, verdicts, sources, settings)[0]


def worked(
    report: Report, verdicts: Mapping[str, Verdict], sources: Mapping[str, Source], settings: Grading
) -> tuple[Grade, Reading]:
    """`grade()` with everything it was made of."""
    chosen = preset(settings.preset, settings.weights)
    reading = read(report, verdicts, sources, military_claims=chosen.military_claims, overrides=settings.roles)
    version = f"registry {registry_version(settings.overlays)}, weights {chosen.name} {chosen.version}"
    groups = shares(report, sources)
    if not reading.claims:
        return Grade(False, groups=groups, registry_version=version, text=_why_not(report)), reading
    return _graded(reading, chosen, groups, version), reading


def _graded(reading: Reading, chosen: Preset, groups: dict[str, Share], version: str) -> Grade:
    score, taken = points(reading.measures, chosen)
    notes = len({(claim.section, claim.note) for claim in reading.claims})
    run = {name: each for name, each in reading.measures.items() if not each.not_run}
    return Grade(
        gradable=True,
        letter=letter(score, reading.measures, chosen) if notes >= chosen.fewest_notes else None,
        score=round(score, 1),
        provisional=reading.shown["unknown"].value > chosen.provisional_above,
        groups=groups,
        deductions=tuple(
            Deduction(name, round(taken[name], 1), round(each.value, 3), each.notes, sentence(name, each, chosen))
            for name, each in sorted(run.items(), key=lambda item: -taken.get(item[0], 0.0))
            if taken.get(name, 0.0) > 0
        ),
        not_run=tuple(name for name, each in reading.measures.items() if each.not_run),
        registry_version=version,
        text=_remarks(reading, chosen, notes),
        measures={name: round(each.value, 4) for name, each in (*run.items(), *reading.shown.items())},
        raise_it=raise_it(reading, chosen, score if notes >= chosen.fewest_notes else None),
    )


def points(measures: Mapping[str, Measured], chosen: Preset) -> tuple[float, dict[str, float]]:
    """The score (0–100) and the points each measure took; the weight of those not run is shared among the others."""
    weights = {name: each for name, each in chosen.measures.items() if name in measures and not measures[name].not_run}
    total = sum(each.weight for each in weights.values())
    if not total:
        return 100.0, {}
    taken = {name: each.points(measures[name].value) * 100 / total for name, each in weights.items()}
    return max(0.0, 100.0 - sum(taken.values())), taken


def letter(score: float, measures: Mapping[str, Measured], chosen: Preset) -> str:
    """The letter of a score, under the ceilings of the preset."""
    order = [*sorted(chosen.letters, key=lambda each: -chosen.letters[each]), "F"]
    earned = next((each for each in order[:-1] if round(score, 1) >= chosen.letters[each]), "F")
    capped = [cap.letter for name, cap in chosen.caps.items() if name in measures and measures[name].value > cap.above]
    return max([earned, *capped], key=order.index)


def shares(report: Report, sources: Mapping[str, Source]) -> dict[str, Share]:
    """Citations by group, in the order of the groups: each page once a note."""
    cited: dict[tuple[int, int | None, str], str] = {}
    for citation in report.citations:
        url = citation.link.url
        if url in sources:
            cited[citation.section, citation.note, page_of(url)] = sources[url].group
    if not cited:
        cited = {
            (note.section, note.number, page_of(link.url)): sources[link.url].group
            for note in report.notes
            for link in note.links
            if link.url in sources
        }
    counts = {group: sum(each == group for each in cited.values()) for group in GROUPS}
    return {group: Share(count, round(count / len(cited), 4)) for group, count in counts.items() if count}


def sentence(name: str, measured: Measured, chosen: Preset) -> str:
    """One deduction in words: `5 of 20 notes (19, 21 …) rest on Telegram alone [25%; up to 5% is fine]`."""
    weight = chosen.measures[name]
    form = ".0%" if f"{weight.ok:.0%}" != f"{measured.value:.0%}" else ".1%"
    bounds = f"[{measured.value:{form}}; {_fine(weight.ok, form)}]"
    if name == "concentration":
        return f"citations crowd on few publishers [index {measured.value:.2f}; {_fine(weight.ok, '.2f')}]"
    what = "numbers" if name == "dangling" else "notes"
    said = _of_one(MEASURES[name]) if len(measured.notes) == 1 else MEASURES[name]
    return f"{len(measured.notes)} of {measured.of} {what} ({listed(measured.notes)}) {said} {bounds}"


def _fine(bound: float, form: str) -> str:
    return f"up to {bound:{form}} is fine" if bound else "none is fine"


def _of_one(said: str) -> str:
    verb, rest = said.split(" ", 1)
    return f"{'has' if verb == 'have' else f'{verb}s'} {rest}".replace("their sentence does", "its sentence does")


def listed(notes: tuple[int, ...], most: int = 12) -> str:
    """Note numbers for a person: the first dozen, then how many more."""
    head = ", ".join(map(str, notes[:most]))
    return head + (f" and {len(notes) - most} more" if len(notes) > most else "")


def _why_not(report: Report) -> str:
    if not report.notes and not report.markers:
        inline = f"; {count(len(report.citations), 'inline link')} listed" if report.citations else ""
        return f"the report has no notes{inline}"
    return f"of its {count(len(report.notes), 'note')} none names a source that could be read"


def _remarks(reading: Reading, chosen: Preset, notes: int) -> str:
    said = []
    if notes < chosen.fewest_notes:
        said.append(f"{count(notes, 'note')} {'is' if notes == 1 else 'are'} too few for a letter")
    missing = [(name, each.not_run) for name, each in reading.measures.items() if each.not_run]
    if missing:
        said.append(f"{missing[0][1]}, so the grade leaves out {' and '.join(UNASKED[name] for name, _ in missing)}")
    return "; ".join(said)
