"""The comments of a review: what is wrong, what was seen, what to do, and the rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cite_audit.frozen_record import frozen_record
from cite_audit.model import Citation, Finding, Report
from cite_audit.report.findings.rules import load_catalogue
from cite_audit.report.render.locations import describe_places
from cite_audit.report.render.media.sanitizer import encode_hidden, sanitize_line

__all__ = ["ReviewComment", "build_comments", "find_first_markers"]

MAX_SUMMARY_LINES = 12
MAX_LINE = 600  # characters; evidence may quote a page
_ARCHIVE_RULES = "CA2"
_COMMAND_BEHIND = re.compile(
    r": `[^`]*`(?: does it)?\."
)  # a command at the end of a sentence that says enough without it
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`])")


@frozen_record
class ReviewComment:
    """One comment. It speaks of `citation`, else of the note numbered `note`, else of the whole report."""

    lines: tuple[str, ...]
    note: int | None = None
    section: int = 0
    citation: Citation | None = None

    @property
    def text(self) -> str:
        """The lines as one."""
        return " ".join(self.lines)


def build_comments(report: Report, findings: Iterable[Finding]) -> list[ReviewComment]:
    """A comment for each link or note that findings speak of; before them one for what has no place of its own."""
    judged: dict[tuple[int | None, int, int | None], list[Finding]] = {}
    cited: dict[tuple[int | None, int, int | None], Citation | None] = {}
    common: dict[str, list[Finding]] = {}
    by_place = {(citation.note, citation.location.offset): citation for citation in report.citations}
    by_link: dict[tuple[int | None, str], Citation] = {}
    for one in report.citations:
        by_link.setdefault((one.note, one.link.url), one)
    for finding in findings:
        rule = load_catalogue().get(finding.rule)
        citation = by_place.get((finding.note, finding.location.offset)) or by_link.get((finding.note, finding.url))
        if (rule is not None and rule.together) or (finding.note is None and (citation is None or not finding.url)):
            common.setdefault(finding.rule, []).append(finding)
            continue
        about = citation if finding.url else None
        place = (finding.note, citation.section if citation else 0, id(about) if about else None)
        judged.setdefault(place, []).append(finding)
        cited[place] = about
    comments = [
        ReviewComment(_describe_findings(together), place[0], place[1], cited[place])
        for place, together in judged.items()
    ]
    summary = _summarize(report, common)
    return [ReviewComment(summary), *comments] if summary else comments


def find_first_markers(report: Report) -> dict[tuple[int, int | None], int]:
    """The offset of the first marker of each note, by section and number."""
    return {(marker.section, marker.number): marker.location.offset for marker in reversed(report.markers)}


def _describe_findings(findings: Sequence[Finding]) -> tuple[str, ...]:
    """What is wrong and was seen, what to do, and the rules: of a lost source the advice on lost sources."""
    url = encode_hidden(findings[0].url)
    fixes = {fix.replacement: fix for finding in findings for fix in finding.fixes if fix.replacement}
    advice = [f"{_first_up(fix.title) or 'Instead'}: {encode_hidden(fix.replacement)}" for fix in fixes.values()]
    ranked = sorted(findings, key=lambda finding: not finding.rule.startswith(_ARCHIVE_RULES))
    rules = ", ".join(f"{finding.rule} {finding.name}" for finding in findings)
    lines = [*(f.message for f in findings), *(advice or [_advise(ranked[0].rule)]), f"{rules} {url}"]
    return tuple(_shorten(sanitize_line(line)) for line in lines if line.strip())


def _advise(code: str) -> str:
    """What to do, in the rule's words, without the commands of the terminal."""
    rule = load_catalogue().get(code)
    sentences = _SENTENCE.split(_COMMAND_BEHIND.sub(".", rule.fix)) if rule else []
    return " ".join(sentence for sentence in sentences if "`" not in sentence)


def _summarize(report: Report, common: dict[str, list[Finding]]) -> tuple[str, ...]:
    lines: list[str] = []
    for code, findings in common.items():
        rule = load_catalogue().get(code)
        places = describe_places(report, findings)
        if rule is not None and rule.together and places:
            lines.append(f"{rule.what.rstrip('.')}: {places} ({code} {rule.name})")
        else:
            lines += [f"{finding.message} ({code} {finding.name})" for finding in findings]
    shown = [_shorten(sanitize_line(line)) for line in lines[:MAX_SUMMARY_LINES]]
    left = len(lines) - len(shown)
    return (*shown, *([f"… and {left} more: see the audit of this report."] if left else []))


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


def _shorten(text: str) -> str:
    return text if len(text) <= MAX_LINE else f"{text[: MAX_LINE - 1]}…"
