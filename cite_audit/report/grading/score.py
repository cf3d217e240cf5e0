"""From measures to points, a score and a letter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from cite_audit.config.settings import Grading
from cite_audit.model import Deduction, Grade, Report, Share, Source, Verdict
from cite_audit.report.counts import format_count
from cite_audit.report.grading.claims import find_marked_sections, page_key
from cite_audit.report.grading.collect import collect_basis
from cite_audit.report.grading.improvements import suggest_improvements
from cite_audit.report.grading.measures import NETWORK_MEASURES, GradeBasis, Measure, MeasureResult, UnscoredMeasure
from cite_audit.report.grading.presets import Preset, choose_preset, compute_run_factor
from cite_audit.report.sources.classify import registry_version
from cite_audit.report.sources.groups import GROUPS

# measure → what is said of its notes
MEASURE_PHRASES: dict[str, str] = {
    Measure.STATE_MEDIA_ONLY: "rest on state media alone, and their sentence does not say who says so",
    Measure.SOCIAL_ONLY: "rest on Telegram, social media or parties alone, and their sentence does not say who says so",
    Measure.SINGLE_PUBLISHER: "state a fact on a single publisher or side",
    Measure.SELF_ONLY: "rest on the report's own publisher alone",
    Measure.CONCENTRATION: "rest on the publisher or side that most notes rest on alone",
    Measure.DANGLING: "lead to no source",
    Measure.DEAD_UNRECOVERABLE: "have a link that is dead and in no archive",
    Measure.UNARCHIVED: "have a live link without a good archived copy",
}


def grade_report(
    report: Report, verdicts: Mapping[str, Verdict], sources: Mapping[str, Source], settings: Grading
) -> Grade:
    """The grade of one report with its working; not gradable without notes that name a source.

    `verdicts` and `sources` by URL as cited; without verdicts the measures of link rot are not run. Raises ConfigError
    for an unknown preset or measure in `settings`.
    """
    return grade_with_basis(report, verdicts, sources, settings)[0]


def grade_with_basis(
    report: Report, verdicts: Mapping[str, Verdict], sources: Mapping[str, Source], settings: Grading
) -> tuple[Grade, GradeBasis]:
    """The grade as `grade_report` gives it, and everything it was made of."""
    chosen = choose_preset(settings.preset, settings.weights)
    basis = collect_basis(report, verdicts, sources, military_claims=chosen.military_claims, overrides=settings.roles)
    version = f"registry {registry_version(settings.overlays)}, weights {chosen.name} {chosen.version}"
    groups = count_group_shares(report, sources)
    reason = _explain_ungradable(report) if not basis.claims else _explain_unknown(basis, chosen)
    if reason:
        return Grade(False, provisional=bool(basis.claims), groups=groups, registry_version=version, text=reason), basis
    return _build_grade(basis, chosen, groups, version), basis


def _build_grade(basis: GradeBasis, preset: Preset, groups: dict[str, Share], version: str) -> Grade:
    score, points_taken = compute_points(basis.measures, preset)
    note_count = len({(claim.section, claim.note) for claim in basis.claims})
    results_run = {name: result for name, result in basis.measures.items() if not result.not_run_reason}
    return Grade(
        gradable=True,
        letter=assign_letter(score, basis.measures, preset) if note_count >= preset.fewest_notes else None,
        score=round(score, 1),
        provisional=_is_provisional(basis, preset),
        groups=groups,
        deductions=tuple(
            Deduction(
                name,
                round(points_taken[name], 1),
                value=round(result.value, 3),
                notes=result.notes,
                text=describe_deduction(name, result, preset),
            )
            for name, result in sorted(results_run.items(), key=lambda item: -points_taken.get(item[0], 0.0))
            if points_taken.get(name, 0.0) > 0
        ),
        not_run=tuple(name for name, result in basis.measures.items() if result.not_run_reason),
        registry_version=version,
        text=_collect_remarks(basis, preset, note_count),
        measures={
            name: round(result.value, 4)
            for name, result in (*results_run.items(), *basis.unscored.items())
            if not result.not_run_reason
        },
        suggestions=suggest_improvements(basis, preset, score if note_count >= preset.fewest_notes else None),
        ratings=basis.ratings,
        chains=basis.chains,
    )


def _is_provisional(basis: GradeBasis, preset: Preset) -> bool:
    """Whether too much is unknown: sources in no list, languages that no table reads, notes to be reviewed."""
    doubts = (UnscoredMeasure.UNKNOWN, UnscoredMeasure.LANGUAGE_UNREAD, UnscoredMeasure.STATE_MEDIA_UNSURE)
    return any(basis.unscored[doubt].value > preset.provisional_above for doubt in doubts)


def _explain_unknown(basis: GradeBasis, preset: Preset) -> str:
    """Why there is no grade where nearly nothing is known of the sources; empty where enough is."""
    unknown = basis.unscored[UnscoredMeasure.UNKNOWN_ONLY]
    if unknown.value <= preset.not_enough_above:
        return ""
    return (
        f"not enough is known: {len(unknown.notes)} of {format_count(unknown.total, 'note')} rest alone "
        "on sources in no list or on addresses that tell no publisher (sources list --unlisted prints the former)"
    )


def compute_points(measures: Mapping[str, MeasureResult], preset: Preset) -> tuple[float, dict[str, float]]:
    """The score (0–100) and the points each measure took; the weight of those not run is shared among the others."""
    factor = compute_run_factor(measures, preset)
    points_taken = {
        name: min(100.0, preset.measures[name].points_at(result.value, result.total) * factor)
        for name, result in measures.items()
        if name in preset.measures and not result.not_run_reason
    }
    return max(0.0, 100.0 - sum(points_taken.values())), points_taken


def assign_letter(score: float, measures: Mapping[str, MeasureResult], preset: Preset) -> str:
    """The letter of a score, under the ceilings of the preset."""
    letters = [*sorted(preset.letters, key=lambda each: -preset.letters[each]), "F"]
    earned_letter = next((letter for letter in letters[:-1] if round(score, 1) >= preset.letters[letter]), "F")
    letter_caps = [
        cap.letter for name, cap in preset.caps.items() if name in measures and measures[name].value > cap.above
    ]
    return max([earned_letter, *letter_caps], key=letters.index)


def count_group_shares(report: Report, sources: Mapping[str, Source]) -> dict[str, Share]:
    """Citations by group, in the order of the groups: each page once a note."""
    group_by_citation: dict[tuple[int, int | None, str], str] = {}
    marked_sections = find_marked_sections(report)
    for citation in report.citations:
        url, section = citation.link.url, citation.section
        if citation.note is not None:
            section = marked_sections.get((section, citation.note), section)
        if url in sources:
            group_by_citation[section, citation.note, page_key(url)] = sources[url].group
    if not group_by_citation:
        group_by_citation = {
            (note.section, note.number, page_key(link.url)): sources[link.url].group
            for note in report.notes
            for link in note.links
            if link.url in sources
        }
    counts, total = Counter(group_by_citation.values()), len(group_by_citation)
    return {group: Share(counts[group], round(counts[group] / total, 4)) for group in GROUPS if counts[group]}


def describe_deduction(name: str, result: MeasureResult, preset: Preset) -> str:
    """One deduction in words: `5 of 20 notes (19, 21 …) rest on Telegram alone [25%; up to 5% is fine]`."""
    weight = preset.measures[name]
    number_format = ".0%" if f"{weight.ok:.0%}" != f"{result.value:.0%}" else ".1%"
    value = f"index {result.value:.2f}" if name == Measure.CONCENTRATION else f"{result.value:{number_format}}"
    bound = f"{weight.ok:.2f}" if name == Measure.CONCENTRATION else f"{weight.ok:{number_format}}"
    bounds = f"[{value}; up to {bound} is fine]" if weight.ok else f"[{value}]"
    noun = "numbers" if name == Measure.DANGLING else "notes"
    phrase = _to_singular(MEASURE_PHRASES[name]) if len(result.notes) == 1 else MEASURE_PHRASES[name]
    return f"{len(result.notes)} of {result.total} {noun} ({list_note_numbers(result.notes)}) {phrase} {bounds}"


def _to_singular(phrase: str) -> str:
    verb, remainder = phrase.split(" ", 1)
    return f"{'has' if verb == 'have' else f'{verb}s'} {remainder}".replace("their sentence does", "its sentence does")


def list_note_numbers(notes: tuple[int, ...], limit: int = 12) -> str:
    """Note numbers for a person: the first dozen, then how many more."""
    listed_numbers = ", ".join(map(str, notes[:limit]))
    return listed_numbers + (f" and {len(notes) - limit} more" if len(notes) > limit else "")


def _explain_ungradable(report: Report) -> str:
    if not report.notes and not report.markers:
        inline = f"; {format_count(len(report.citations), 'inline link')} listed" if report.citations else ""
        return f"the report has no notes{inline}"
    return f"of its {format_count(len(report.notes), 'note')} none names a source that could be read"


def _collect_remarks(basis: GradeBasis, preset: Preset, note_count: int) -> str:
    remarks = []
    if note_count < preset.fewest_notes:
        remarks.append(f"{format_count(note_count, 'note')} {'is' if note_count == 1 else 'are'} too few for a letter")
    set_notes = {note for (_, note, _), role in basis.roles.items() if role.was_set}
    if set_notes:
        verb = "has" if len(set_notes) == 1 else "have"
        remarks.append(f"{format_count(len(set_notes), 'note')} {verb} a role that somebody set, taken as said")
    measures_not_run = [
        (name, result.not_run_reason) for name, result in basis.measures.items() if result.not_run_reason
    ]
    if measures_not_run:
        remarks.append(
            f"{measures_not_run[0][1]}, so the grade leaves out "
            + " and ".join(NETWORK_MEASURES[name] for name, _ in measures_not_run)
        )
    return "; ".join(remarks)
