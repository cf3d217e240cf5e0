"""Advice as text: place by place in the order of the report; what many links share is said once, with all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from cite_audit.model import Finding, FindingState, Report
from cite_audit.report.findings.rules import load_catalogue
from cite_audit.report.render.locations import describe_place, describe_places, shorten_words
from cite_audit.report.render.media.sanitizer import display_width, sanitize_line
from cite_audit.report.render.media.terminal import Terminal

MARGIN = 12  # where a note's advice begins
MAX_REPEATED = 3  # the same advice on more places than this is given once
MIN_QUOTE = 24  # columns that a quoted sentence needs to be of use


class AdviceText:
    """Writes the advice on one report."""

    def __init__(self, report: Report, terminal: Terminal) -> None:
        self.report, self.terminal = report, terminal
        self._citations = {(c.note, c.location.offset, c.link.url): c for c in reversed(report.citations)}
        self._printed = {(c.note, c.link.url): c for c in reversed(report.citations)}
        self._advised: set[str] = set()  # rules whose remedy was told
        self._sentences = {marker.number: marker.sentence for marker in reversed(report.markers)}

    def write_places(self, findings: Iterable[Finding]) -> Iterator[str]:
        """Place by place: what is said of the note itself, then each of its links with what is said of it."""
        in_order = sorted(findings, key=_text_order)
        for place_label, place_findings in groupby(in_order, key=self._place_heading):
            same_place = sorted(place_findings, key=lambda finding: bool(finding.url))
            head = f"  {place_label}"
            if heading := self._quote_sentence(head, same_place[0]):
                yield heading
                head = ""
            for url, link_findings in groupby(same_place, key=lambda finding: finding.url):
                listed = list(link_findings)
                if url:
                    yield self._write_address(listed[0], head)
                    head = ""
                for finding in listed:
                    yield from self._write_finding(finding, head)
                    head = ""
                yield from self._write_remedy(listed)
        yield ""

    def write_repeated(self, code: str, findings: Sequence[Finding]) -> Iterator[str]:
        """One cause of many links: the rule once, then each link with what is its own."""
        rule = load_catalogue()[code]
        details = [finding.message.removeprefix(rule.what).strip() for finding in findings]
        shared, times = Counter(details).most_common(1)[0]
        shared = shared if times > 1 else ""
        head, places = f"{code} {rule.name}{mark_known(findings)}", describe_places(self.report, findings)
        remedy = "" if rule.on or rule.measure or any(finding.fixes for finding in findings) else rule.fix
        text = f"{head}{places and f', {places}'}. {rule.what} {shared} {remedy}"
        lines = self.terminal.wrap_paragraph(text, 4, "  ")
        lines[0] = lines[0].replace(head, self.terminal.style_text(head, findings[0].severity.value), 1)
        yield from lines
        previous_place = ""
        for finding, detail in sorted(zip(findings, details, strict=True), key=lambda pair: _text_order(pair[0])):
            place = self._place_heading(finding)
            label = f"    {place}" if place != previous_place else ""
            previous_place = place
            known_mark = "" if mark_known(findings) else mark_known([finding])
            yield f"{self._write_address(finding, label, MARGIN + 2)}{known_mark}"
            if detail and detail != shared:
                yield from self.terminal.wrap_paragraph(detail, MARGIN + 2)
            yield from self._write_fixes(finding, MARGIN + 2)
        yield ""

    def _write_remedy(self, findings: Sequence[Finding]) -> Iterator[str]:
        """What to do where nothing is offered instead, once for each rule.

        A page that is gone without a copy is advised on by the rules of archives, the sourcing of a note by the grade.
        """
        rules = [rule for finding in findings if (rule := load_catalogue().get(finding.rule)) and not rule.measure]
        remedy = next((rule for rule in rules if not rule.on), None)
        if remedy and remedy.code not in self._advised and not any(finding.fixes for finding in findings):
            self._advised.add(remedy.code)
            yield from self.terminal.wrap_paragraph(remedy.fix, MARGIN)

    def _place_heading(self, finding: Finding) -> str:
        if finding.note is None and not finding.url and finding.location.line == 1:
            return "report"
        return self.terminal.to_plain(describe_place(self.report, finding))

    def _quote_sentence(self, head: str, finding: Finding) -> str:
        """The heading of a place with the claim that rests on it, on one line; empty where there is none to quote."""
        cited = self._citations.get((finding.note, finding.location.offset, finding.url))
        sentence = cited.sentence if cited else self._sentences.get(finding.note or -1, "")
        padded = f"{head:<{MARGIN - 1}} "
        room = self.terminal.columns - display_width(padded) - 2
        head_text = self.terminal.style_text(padded, "strong")
        if not sentence or room < MIN_QUOTE:
            return head_text if len(head) >= MARGIN else ""
        quoted = self.terminal.to_plain(f"“{_cut_to_width(sanitize_line(sentence), room)}”")
        return f"{head_text}{self.terminal.style_text(quoted, 'faint')}"

    def _write_address(self, finding: Finding, head: str, margin: int = MARGIN) -> str:
        """The link as printed, so that it is found in the document, on one line whatever its length.

        What was printed in pieces is shown mended; words that stand in its place come first.
        """
        cited = self._printed.get((finding.note, finding.url))
        address = finding.url
        if cited:
            address = cited.link.url if cited.link.repairs or cited.text else cited.link.raw
        words = cited.text if cited and finding.note is not None else ""
        text = f"‘{shorten_words(words)}’ " if words else ""
        start = f"{head:<{margin - 1}} " if head else " " * margin
        return f"{self.terminal.style_text(start, 'strong')}{self.terminal.to_plain(text + sanitize_line(address))}"

    def _write_finding(self, finding: Finding, head: str) -> Iterator[str]:
        name = f"{finding.rule} {finding.name}"
        lines = self.terminal.wrap_paragraph(f"{name}{mark_known([finding])}: {finding.message}", MARGIN, head)
        lines[0] = lines[0].replace(name, self.terminal.style_text(name, finding.severity.value), 1)
        if head.strip():
            lines[0] = lines[0].replace(head, self.terminal.style_text(head, "strong"), 1)
        yield from lines
        yield from self._write_fixes(finding, MARGIN)

    def _write_fixes(self, finding: Finding, margin: int) -> Iterator[str]:
        terminal = self.terminal
        for fix in finding.fixes[:3]:
            title = terminal.to_plain(sanitize_line(fix.title))
            target = terminal.to_plain(f"→ {sanitize_line(fix.replacement)}")
            if title and margin + len(title) + 1 + len(target) > terminal.columns:
                yield from terminal.wrap_paragraph(fix.title, margin)
                title = ""
            yield f"{' ' * margin}{title}{' ' if title else ''}{terminal.style_text(target, 'good')}"


def mark_known(findings: Iterable[Finding]) -> str:
    """` (known)` where all findings stand in the baseline."""
    return " (known)" if all(finding.state == FindingState.KNOWN for finding in findings) else ""


def _text_order(finding: Finding) -> tuple[int, int, int]:
    note = finding.note if finding.note is not None else -1
    return (note, finding.location.line, finding.location.column)


def _cut_to_width(text: str, columns: int) -> str:
    """As many words as fit, with an ellipsis for the rest."""
    if display_width(text) <= columns:
        return text
    while text and display_width(text) >= columns:
        text = text[:-1]
    return f"{text.rsplit(' ', 1)[0]}…"
