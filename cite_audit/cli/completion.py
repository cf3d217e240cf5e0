"""The values that a shell completes: formats, rules, and the words of the settings whose words are few."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cite_audit.report.render import Subject, list_formats

__all__ = ["Complete", "complete_formats", "complete_rules", "complete_setting", "complete_words"]

Complete = Callable[
    [str], list[str]
]  # what has been typed → what it may become; typer knows the parameter by its name, `incomplete`


def complete_words(words: Iterable[str]) -> Complete:
    """A completion of these words."""
    return lambda incomplete: [word for word in words if word.startswith(incomplete)]


def complete_formats(subject: Subject) -> Complete:
    """The formats of a subject."""
    return complete_words(list_formats(subject))


def complete_rules(incomplete: str) -> list[str]:
    """Codes, in any case, and names."""
    from cite_audit.report.findings.rules import load_catalogue

    rules = load_catalogue().values()
    typed = len(incomplete)  # a shell keeps no suggestion that begins in another case
    codes = [incomplete + rule.code[typed:] for rule in rules if rule.code.startswith(incomplete.upper())]
    return codes or [rule.name for rule in rules if rule.name.startswith(incomplete.lower())]


def complete_setting(key: str) -> Complete | None:
    """The words of a setting; None where any text will do."""
    list_words = _WORDS.get(key)
    return (lambda incomplete: complete_words(list_words())(incomplete)) if list_words else None


def _list_severities() -> Iterable[str]:
    from cite_audit.model import FailOn

    return list(FailOn)


def _list_letters() -> Iterable[str]:
    from cite_audit.report.findings.policy import GRADES

    return GRADES


def _list_taxonomies() -> Iterable[str]:
    from cite_audit.report.sources import TAXONOMIES

    return TAXONOMIES


def _list_presets() -> Iterable[str]:
    from cite_audit.report.grading.presets import load_presets

    return load_presets()


def _list_archives() -> Iterable[str]:
    from cite_audit.resolve.archive.drivers import DRIVERS

    return DRIVERS


_WORDS: dict[str, Callable[[], Iterable[str]]] = {
    "fail-on": _list_severities,
    "fail-grade": _list_letters,
    "grading.taxonomy": _list_taxonomies,
    "grading.preset": _list_presets,
    "archiving.archives": _list_archives,
}
