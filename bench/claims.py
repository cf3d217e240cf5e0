"""What the facts of a sentence say of its page, on pairs of a sentence and a page: `make score-claims PAIRS=folder`.

`PAIRS` holds `NAME.jsonl.gz`: a JSON object a line with sentence, sentence_lang, page_text, page_lang and
label (true, partly, unsupported, swapped_random, swapped_hard, altered with altered_to). One language of one set
stands for a run, its sentences for the report. Bars: no alarm on a right pair, at most one on a partly right one; of
random wrong links 35 % caught on ntrex and 48 % on wice; altered facts shown missing 70 %; 2 ms a pair, 30 ms a page.
`-v` prints false alarms and chance finds, `-m` why random wrong links were missed, `-lCODE` takes one language.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cite_audit.model import Fact, FactAnswer, PageFacts
from cite_audit.parse.facts.extraction import extract_facts
from cite_audit.parse.facts.names import WordForms
from cite_audit.resolve.judge.claims.answer import (
    MIN_FIRM,
    MIN_OTHERS,
    MIN_TELLING,
    PageMatch,
    answer_for,
    is_telling,
    match_page,
)
from cite_audit.resolve.judge.claims.page_index import PageIndex

Pair = dict[str, Any]
COLUMNS = (
    ("right", "true", "none"),
    ("partly", "partly", "none"),
    ("random", "swapped_random", "none"),
    ("hard", "swapped_hard", "none"),
    ("unsupported", "unsupported", "none"),
    ("altered", "altered", "shown"),
)


class Run:
    """The pairs of one language of one set."""

    def __init__(self, pairs: list[Pair]) -> None:
        self.pairs = pairs
        forms = WordForms(dict.fromkeys(pair["sentence"] for pair in pairs))
        started = time.process_time()
        self.facts = {pair["sentence"]: extract_facts(pair["sentence"], forms, pair["sentence_lang"]) for pair in pairs}
        self.reading = time.process_time() - started
        self.language = pairs[0]["sentence_lang"]
        self.all_facts = list({fact.key: fact for facts in self.facts.values() for fact in facts}.values())
        started = time.process_time()
        self.indexes = {text: _make_index(text) for text in dict.fromkeys(pair["page_text"] for pair in pairs)}
        self.indexing = (time.process_time() - started) / len(self.indexes)
        started = time.process_time()
        for pair in pairs:
            match_page(self.indexes[pair["page_text"]], self.facts[pair["sentence"]], self.language, ())
        self.matching = (time.process_time() - started + self.reading) / len(pairs)
        self.matches = {
            text: match_page(index, self.all_facts, self.language, ()) for text, index in self.indexes.items()
        }

    def list_others(self, pair: Pair) -> list[PageMatch]:
        return [match for text, match in self.matches.items() if text != pair["page_text"]]

    def answer(self, pair: Pair) -> PageFacts:
        return answer_for(self.facts[pair["sentence"]], self.matches[pair["page_text"]], self.list_others(pair))

    def name_miss(self, pair: Pair) -> str:
        """Why nothing is told of a wrong link: the first condition that its sentence and page do not meet."""
        facts, page, others = self.facts[pair["sentence"]], self.matches[pair["page_text"]], self.list_others(pair)
        telling = [fact for fact in facts if is_telling(fact.key, others)]
        absent = [fact for fact in telling if fact.key not in page.found]
        comparable = [fact for fact in absent if fact.key in page.comparable]
        causes = (
            (page.problem, bool(page.problem)),
            (f"fewer than {MIN_OTHERS} other pages", len(others) < MIN_OTHERS),
            ("no fact in the sentence", not facts),
            (f"fewer than {MIN_TELLING} facts in the sentence", len(facts) < MIN_TELLING),
            ("a telling fact stands on the wrong page, too", any(not f.is_weak for f in telling if f not in absent)),
            (f"fewer than {MIN_TELLING} facts that few pages have", len(telling) < MIN_TELLING),
            ("a weak fact stands on the wrong page, too", len(absent) < MIN_TELLING),
            ("facts that cannot be compared in this language", len(comparable) < MIN_TELLING),
            (f"fewer than {MIN_FIRM} facts that are no chance", sum(not f.is_weak for f in comparable) < MIN_FIRM),
        )
        return next((name for name, holds in causes if holds), "numbers alone")

    def count_misses(self) -> Counter[str]:
        wrong = [pair for pair in self.pairs if pair["label"] == "swapped_random"]
        return Counter(self.name_miss(pair) for pair in wrong if self.answer(pair).answer is not FactAnswer.NONE)

    def count(self, *, details: bool) -> Counter[tuple[str, str]]:
        counts: Counter[tuple[str, str]] = Counter()
        for pair in self.pairs:
            answer, label = self.answer(pair), pair["label"]
            counts[label, "all"] += 1
            counts[label, "none"] += answer.answer is FactAnswer.NONE
            counts[label, answer.reason] += answer.answer is FactAnswer.CANNOT_TELL
            counts[label, "shown"] += label == "altered" and _is_shown(pair["altered_to"], answer.missing)
            if details:
                _print_details(pair, answer, self.matches[pair["page_text"]])
        return counts


def _make_index(text: str) -> PageIndex:
    """An index with all its parts."""
    index = PageIndex(text)
    for part in (
        "places",
        "sorted_words",
        "values",
        "days",
        *(("han_names",) if index.language == "zh" else ("by_sound",)),
    ):
        getattr(index, part)
    return index


def _is_shown(altered: str, missing: tuple[Fact, ...]) -> bool:
    return any(altered.lower() in fact.text.lower() or fact.text.lower() in altered.lower() for fact in missing)


def _print_details(pair: Pair, answer: PageFacts, match: PageMatch) -> None:
    if answer.answer is FactAnswer.NONE and pair["label"] in ("true", "partly"):
        print(
            "  FALSE", pair["page_lang"], pair["label"], [fact.text for fact in answer.missing], "|", pair["sentence"]
        )
    if answer.answer is FactAnswer.MENTIONS and pair["label"] == "swapped_random" and answer.telling > 1:
        print("  HELD", pair["page_lang"], [(f.fact.text, f.snippet[f.start : f.end]) for f in answer.found])


def _read_sets(folder: Path) -> Iterator[tuple[str, list[Pair]]]:
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            yield path.name.partition(".")[0], [json.loads(line) for line in file]


def _format_row(name: str, counts: Counter[tuple[str, str]], rest: str = "") -> str:
    cells = []
    for _, label, what in COLUMNS:
        total = counts[label, "all"]
        cells.append(f"{counts[label, what]:4}/{total:<4}{counts[label, what] / total:4.0%}" if total else " " * 13)
    return f"{name:12}" + " ".join(cells) + rest


def main(arguments: list[str]) -> None:
    details, misses = "-v" in arguments, "-m" in arguments
    only = [argument[2:] for argument in arguments if argument.startswith("-l")]
    folder = next(argument for argument in arguments if not argument.startswith("-"))
    print(" " * 12 + " ".join(f"{name:>13}" for name, _, _ in COLUMNS) + "  ms/page ms/pair  cannot tell (right)")
    for set_name, pairs in _read_sets(Path(folder)):
        total: Counter[tuple[str, str]] = Counter()
        for language in sorted({pair["page_lang"] for pair in pairs}):
            if only and language not in only:
                continue
            run = Run([pair for pair in pairs if pair["page_lang"] == language])
            counts = run.count(details=details)
            total += counts
            silent = sum(n for (label, reason), n in counts.items() if label == "true" and " " in reason)
            rest = f" {1000 * run.indexing:7.1f} {1000 * run.matching:7.2f} {silent:6}"
            print(_format_row(f"{set_name[:8]} {language}", counts, rest), flush=True)
            for cause, number in run.count_misses().most_common() if misses else ():
                print(f"{number:8} missed: {cause}")
        print(_format_row(set_name, total), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
