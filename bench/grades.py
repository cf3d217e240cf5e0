"""How well grades tell reports apart, and whether they can be gamed: `python -m bench.grades FOLDER [REPORT…]`.

FOLDER holds reports named by what they try: `game-BASE_ADDED.md` adds links to `game-BASE.md` or `game-base-BASE.md`,
`lang-CODE.md` says one thing in one language each. The REPORTs (files or folders) give the distribution. Bars: no game
above its base; every language equal to English or to be reviewed; over 40 graded reports no score held by more than a
tenth of them and an interquartile range of 12 points; mending a note never lowers a score, and below A something is
always said that would raise it; rewritings change nothing.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench.rewritings import REWRITINGS
from cite_audit.config.settings import Settings
from cite_audit.model import Grade
from cite_audit.pipeline import classify_links, read_reports
from cite_audit.report.grading import grade_with_basis
from cite_audit.report.grading.measures import GradeBasis

MIN_REPORTS, MAX_HELD, MIN_RANGE = 40, 0.10, 12.0
SECOND_LINKS = " ; https://www.reuters.com/world/bench-{n} ; https://www.bbc.com/news/bench-{n}"
NEUTRAL_LINKS = ("https://archive.ph/b{n}Xy", "https://bit.ly/b{n}", "https://www.google.com/maps/place/b{n}")
NOTE_LINE = re.compile(r"^\[(\d+)\] .*https?://\S+.*$", re.M)


class Scored(NamedTuple):
    """A graded report."""

    name: str
    grade: Grade
    basis: GradeBasis


def grade_files(*paths: str) -> Iterator[Scored]:
    """The grades of reports as `cite-audit grade` gives them."""
    settings = Settings()
    for report in read_reports(paths, settings).reports:
        sources = classify_links(report, settings)
        yield Scored(Path(report.path).name, *grade_with_basis(report, {}, sources, settings.grading))


def grade_text(text: str) -> Grade:
    """The grade of a report in Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "r.md")
        path.write_bytes(text.encode())
        return next(grade_files(str(path))).grade


def find_base(name: str, grades: dict[str, Grade]) -> str:
    """The report that a game adds links to; empty for one that adds none."""
    base, _, added = name.removesuffix(".md").partition("_")
    candidates = (f"{base}.md", base.replace("game-", "game-base-") + ".md")
    return next((each for each in candidates if added and each in grades), "")


def score_games(folder: Path) -> list[str]:
    """What is wrong with the games and the languages of a folder; prints their table."""
    grades = {scored.name: scored.grade for scored in grade_files(*map(str, sorted(folder.glob("*.md"))))}
    problems = []
    for name, grade in sorted(grades.items()):
        base = find_base(name, grades)
        print(f"  {name:<42} {grade.letter or '–':<2} {_format_score(grade):>6}  {f'over {base}' if base else ''}")
        if base and (grade.score or 0.0) > (grades[base].score or 0.0):
            problems.append(f"{name} is above {base}")
    english = grades.get("lang-en.md")
    for name, grade in grades.items():
        if english and name.startswith("lang-") and not (grade.provisional or grade.score == english.score):
            problems.append(f"{name} is neither equal to English nor to be reviewed")
    return problems


def score_distribution(paths: list[str]) -> list[str]:
    """What is wrong with the distribution of the grades of real reports; prints it."""
    graded = [scored for scored in grade_files(*paths) if scored.grade.letter]  # of fewer notes a score says little
    scores = [scored.grade.score for scored in graded if scored.grade.score is not None]
    if len(scores) < 2:
        return ["too few graded reports for a distribution"]
    low, middle, high = statistics.quantiles(scores, n=4)
    value, held = Counter(scores).most_common(1)[0]
    letters = Counter(scored.grade.letter or "–" for scored in graded)
    print(
        f"  {len(scores)} graded reports, quartiles {low:.1f} {middle:.1f} {high:.1f}, {dict(sorted(letters.items()))}"
    )
    print(f"  the score held most is {value} ({held} of {len(scores)})")
    problems = [f"{name} says nothing that would raise it" for name in _find_silent(graded)]
    if len(scores) >= MIN_REPORTS and held > MAX_HELD * len(scores):
        problems.append(f"{held} of {len(scores)} reports have {value}")
    if high - low < MIN_RANGE:
        problems.append(f"the interquartile range is {high - low:.1f}")
    return problems


def _find_silent(graded: list[Scored]) -> Iterator[str]:
    for scored in graded:
        if scored.grade.letter not in ("A", None) and not scored.grade.suggestions:
            yield scored.name


def score_changes(folder: Path) -> list[str]:
    """What is wrong with mended, padded and rewritten reports of a folder."""
    problems = []
    for path in sorted(folder.glob("*.md")):
        text = path.read_text("utf-8")
        before = grade_text(text)
        for number, line in [(match[1], match[0]) for match in NOTE_LINE.finditer(text)]:
            mended = grade_text(text.replace(line, line + SECOND_LINKS.format(n=number), 1))
            if _lowers(before, mended):
                problems.append(f"{path.name}: mending note {number} lowers it")
        for link in NEUTRAL_LINKS:
            padded = NOTE_LINE.sub(lambda match, link=link: f"{match[0]} ; {link.format(n=match[1])}", text)
            if _lowers(grade_text(padded), before):
                problems.append(f"{path.name}: {link} in every note raises it")
        for name, rewrite in REWRITINGS.items():
            if grade_text(rewrite(text)).score != before.score:
                problems.append(f"{path.name}: rewritten ({name}) it has another score")
    return problems


def _lowers(before: Grade, after: Grade) -> bool:
    return before.score is not None and after.score is not None and after.score < before.score


def _format_score(grade: Grade) -> str:
    return "–" if grade.score is None else f"{grade.score:.1f}" + ("?" if grade.provisional else "")


def main(folder: Path, reports: list[str]) -> int:
    """Print the tables; the exit code is 1 where a bar is missed."""
    print("games and languages (? provisional)")
    problems = score_games(folder)
    if reports:
        print("distribution")
        problems += score_distribution(reports)
    problems += score_changes(folder)
    print(*(problems or ["every bar is met"]), sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
