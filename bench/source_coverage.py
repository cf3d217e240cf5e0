"""How much of what real reports cite the registry knows, and how often it is right.

`python -m bench.source_coverage LABELS.csv FREQ.json`. LABELS has the columns `host_or_channel` and `label` (acceptable
groups, `|` between them); FREQ is `{"H": {host: {theatre: citations}}, "C": {account: …}}`. Bars: of listed hosts and
channels 98 % right; 25 % of hosts and 30 % of channels unlisted at most; 95 % of site citations and 75 % of channel
citations listed.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cite_audit.model import Source
from cite_audit.report.sources import classify

# words of the labels that are no groups: the groups that they allow
_ALLOWED = {
    "social": {"telegram_social"},
    "party": {"party", "unknown", "armed_group"},
    "organization": {"unknown"},
    "research_ngo": {"research_ngo", "reference"},
    "RUside": {"telegram_social", "regime_aligned_private", "state_media", "covert", "official", "armed_group"},
}
_RIGHT = ("right", "right-unlisted")


class Score(NamedTuple):
    """One labelled address; `verdict`: right, right-unlisted, unlisted, wrong or shown-as-unknown (a row, no group)."""

    key: str
    label: str
    source: Source
    verdict: str


def score_labels(path: Path) -> list[Score]:
    """Every row of a table of labels, judged."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [_score_row(row["host_or_channel"], row["label"]) for row in csv.DictReader(lines)]


def _score_row(key: str, label: str) -> Score:
    source = classify(f"https://{key}")
    allowed = set().union(*(_ALLOWED.get(word, {word}) for word in label.split("|")))
    fits = source.group in allowed and not (label == "RUside" and source.country != "RU")
    if not source.listed:
        verdict = "right-unlisted" if fits else "unlisted"
    elif fits:
        verdict = "right"
    else:
        verdict = "shown-as-unknown" if source.group == "unknown" else "wrong"
    return Score(key, label, source, verdict)


def count_citations(path: Path) -> Iterator[tuple[str, str, int, bool]]:
    """Kind (`H` site, `C` channel), key, citations and whether a row speaks of it."""
    for kind, counts in json.loads(path.read_text("utf-8")).items():
        for key, by_theatre in counts.items():
            yield kind, key, sum(by_theatre.values()), classify(f"https://{key}").listed


def _format_labels(name: str, scores: list[Score]) -> Iterator[str]:
    verdicts = Counter(score.verdict for score in scores)
    listed = verdicts["right"] + verdicts["wrong"] + verdicts["shown-as-unknown"]
    yield (
        f"{name}: {len(scores)} labelled, listed right {verdicts['right'] / max(listed, 1):.1%} of {listed}, "
        f"unlisted {verdicts['unlisted'] / max(len(scores), 1):.1%}, {dict(verdicts)}"
    )
    for score in scores:
        if score.verdict in ("wrong", "shown-as-unknown"):
            yield f"  {score.verdict}: {score.key} is {score.label}, shown as {score.source.group}"


def main(labels: str, frequencies: str) -> None:
    """Print the figures of both files."""
    scores = score_labels(Path(labels))
    for name, is_channel in (("hosts", False), ("channels", True)):
        print("\n".join(_format_labels(name, [score for score in scores if ("/" in score.key) == is_channel])))
    citations = list(count_citations(Path(frequencies)))
    for name, wanted in (("site citations", "H"), ("channel citations", "C")):
        total = sum(count for kind, _, count, _ in citations if kind == wanted)
        known = sum(count for kind, _, count, is_known in citations if kind == wanted and is_known)
        print(f"{name}: {known / max(total, 1):.1%} of {total} listed")


if __name__ == "__main__":
    main(*sys.argv[1:3])
