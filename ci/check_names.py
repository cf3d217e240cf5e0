"""One name, one meaning, and sizes: `python ci/check_names.py [PACKAGE]`, run by `make lint`.

Fails on a class name that two classes of the package have, on a public module-level function whose name stands in more
than two modules outside plug-in folders, on modules named by a gerund or participle, on modules over 300 lines and on
functions over 45.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from measure_code import Module, count_lines, find_repeated_classes, find_shared_functions, read_modules

MAX_MODULE_LINES, MAX_FUNCTION_LINES = 300, 45
MAX_SHARING_MODULES = 2
# nouns of the field that end like a gerund or participle
FIELD_NOUNS = frozenset({
    "coding", "encoding", "feed", "grading", "heading", "hedging", "listing", "pairing", "parking", "ranking",
    "seed", "string", "wording",
})  # fmt: skip
# past participles that do not end in -ed
IRREGULAR_PARTICIPLES = frozenset({
    "begun", "broken", "built", "caught", "chosen", "cut", "done", "drawn", "found", "given", "gone", "got",
    "heard", "held", "hidden", "kept", "known", "left", "lost", "made", "met", "put", "read", "said", "seen",
    "sent", "set", "shown", "split", "spoken", "taken", "thought", "told", "torn", "understood", "won",
    "written",
})  # fmt: skip
# longer than they may be, and to be shortened: nothing is added here
OVERSIZED: frozenset[str] = frozenset()


def is_participle(stem: str) -> bool:
    """Whether a module's name is a gerund or participle: its last word decides (`found_link` is a link)."""
    word = stem.strip("_").rpartition("_")[2].lower()
    return word not in FIELD_NOUNS and (
        word in IRREGULAR_PARTICIPLES or bool(re.fullmatch(r"[a-z]{2,}(?:ing|ed)", word))
    )


def find_faults(modules: Sequence[Module]) -> Iterator[str]:
    """A line for each fault, naming the modules."""
    for name, places in sorted(find_repeated_classes(modules).items()):
        yield f"class {name} is defined {len(places)} times: {', '.join(places)}"
    for name, places in sorted(find_shared_functions(modules).items()):
        if len(places) > MAX_SHARING_MODULES:
            yield f"function {name}() is public in {len(places)} modules: {', '.join(places)}"
    for module in modules:
        if is_participle(module.stem):
            yield f"{module.name}: a module is named by a noun, not by the gerund or participle “{module.stem}”"
        if module.line_count > MAX_MODULE_LINES and module.name not in OVERSIZED:
            yield f"{module.name}: {module.line_count} lines (at most {MAX_MODULE_LINES})"
        for function in module.functions:
            identity = f"{module.name}:{function.name}"
            if count_lines(function) > MAX_FUNCTION_LINES and identity not in OVERSIZED:
                place = f"{module.name}:{function.lineno}"
                yield f"{place}: {function.name}() has {count_lines(function)} lines (at most {MAX_FUNCTION_LINES})"


def main(arguments: Sequence[str]) -> int:
    folder = Path(arguments[0]) if arguments else Path(__file__).parents[1] / "cite_audit"
    faults = list(find_faults(read_modules(folder)))
    sys.stdout.write("".join(f"{fault}\n" for fault in faults))
    return int(bool(faults))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
