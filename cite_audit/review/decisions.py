"""The file of an editor's decisions on the links of one report: read within bounds, written, matched to the report.

A row names its link by the note's number, the link as printed, its address, and which of those alike in that note it
is. A row that is not fit to be applied is refused alone, with the reason.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY
from enum import StrEnum
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from cite_audit.errors import UsageError
from cite_audit.foreign_json import parse_foreign_json
from cite_audit.frozen_record import frozen_record
from cite_audit.model import Report
from cite_audit.urls import canonical_key

__all__ = [
    "Decision",
    "DecisionAction",
    "DecisionFile",
    "LinkPlace",
    "dump_decisions",
    "list_link_places",
    "parse_decision",
    "parse_decisions",
]

VERSION = 1
MAX_ROWS = 20_000  # more than ten times the links of the longest reports
MAX_TEXT = 8_000  # characters of an address or a link as printed
MAX_REASON = 500
# C0, C1, line and paragraph separators, marks that turn the direction of text, lone surrogates
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class DecisionAction(StrEnum):
    """What an editor decided on a link."""

    REPLACE = "replace"
    KEEP = "keep"


class LinkPlace(NamedTuple):
    """What names one link of a report. `note`: its number as text; `occurrence`, from 1, among those alike in it."""

    note: str | None
    printed: str
    url: str
    occurrence: int

    @property
    def key(self) -> tuple[str | None, str, str, int]:
        """What two names of the same link share, however its address is written."""
        return self.note, self.printed, canonical_key(self.url), self.occurrence


@frozen_record
class Decision:
    """One decision: `to` is the address to write instead (replace only), `reason` why a link is kept."""

    place: LinkPlace
    action: DecisionAction
    _: KW_ONLY
    to: str = ""
    reason: str = ""


@frozen_record(kw_only=True)
class DecisionFile:
    """The decisions on one report, whose bytes had the hash `sha256`. `refused`: a sentence for each unfit row."""

    report: str
    sha256: str
    decided: str = ""  # a day, YYYY-MM-DD
    decisions: tuple[Decision, ...] = ()
    refused: tuple[str, ...] = ()


def list_link_places(report: Report) -> list[LinkPlace]:
    """The place of each citation of a report, in the order of its citations."""
    counts: Counter[tuple[str | None, str, str]] = Counter()
    places = []
    for citation in report.citations:
        note = None if citation.note is None else str(citation.note)
        names = note, citation.link.raw, canonical_key(citation.link.url)
        counts[names] += 1
        places.append(LinkPlace(note, citation.link.raw, citation.link.url, counts[names]))
    return places


def parse_decisions(content: bytes | str) -> DecisionFile:
    """The decisions in a file that may come from anybody. Raises UsageError for what is no such file at all."""
    try:
        outer = parse_foreign_json(content)
    except ValueError as error:
        raise UsageError(f"this is no file of decisions: {error}") from None
    version = outer.get("cite_audit_decisions") if isinstance(outer, dict) else None
    if type(version) is not int:
        raise UsageError('this is no file of decisions: "cite_audit_decisions" is missing')
    if version != VERSION:
        raise UsageError(f"decisions of version {version}: this program reads version {VERSION}")
    rows = outer.get("decisions")
    if not isinstance(rows, list):
        raise UsageError('this is no file of decisions: "decisions" is no list')
    if len(rows) > MAX_ROWS:
        raise UsageError(f"{len(rows):,} decisions are more than {MAX_ROWS:,}")
    decisions, refused = _sort_rows(rows)
    sha256, decided = outer.get("sha256"), outer.get("decided")
    return DecisionFile(
        report=_clean_text(outer.get("report")),
        sha256=sha256 if isinstance(sha256, str) and _SHA256.fullmatch(sha256) else "",
        decided=decided if isinstance(decided, str) and _DAY.fullmatch(decided) else "",
        decisions=tuple(decisions),
        refused=tuple(refused),
    )


def _sort_rows(rows: Iterable[Any]) -> tuple[list[Decision], list[str]]:
    """The fit decisions, and why the other rows are refused. Of two that contradict each other neither counts."""
    decisions: dict[tuple[str | None, str, str, int], Decision] = {}
    contradicted = set()
    refused: list[str] = []
    for number, row in enumerate(rows, 1):
        try:
            decision = parse_decision(row)
        except ValueError as error:
            refused.append(f"decision {number}: {error}")
            continue
        if decisions.setdefault(decision.place.key, decision) != decision:
            contradicted.add(decision.place.key)
            refused.append(f"decision {number}: contradicts an earlier one on the same link; neither is applied")
    return [decision for key, decision in decisions.items() if key not in contradicted], refused


def parse_decision(row: Any) -> Decision:
    """One row of a file. Raises ValueError with the reason for one that is not fit to be applied."""
    if not isinstance(row, dict):
        raise ValueError("is no object")
    note, occurrence = row.get("note"), row.get("occurrence", 1)
    if type(note) is int:
        note = str(note)
    if note is not None and not (isinstance(note, str) and 0 < len(note) <= 20 and not _CONTROLS.search(note)):
        raise ValueError("note is neither a number nor null")
    if type(occurrence) is not int or not 0 < occurrence <= MAX_ROWS:
        raise ValueError("occurrence is no number from 1")
    printed, url = (_required_text(row, name, MAX_TEXT) for name in ("printed", "url"))
    if row.get("action") not in tuple(DecisionAction):
        raise ValueError(f"action is none of {', '.join(DecisionAction)}")
    action = DecisionAction(row["action"])
    to = check_new_address(row.get("to")) if action is DecisionAction.REPLACE else ""
    return Decision(LinkPlace(note, printed, url, occurrence), action, to=to, reason=_read_reason(row.get("reason")))


def _required_text(row: Mapping[str, Any], name: str, limit: int) -> str:
    text = row.get(name)
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{name} is no text")
    if len(text) > limit:
        raise ValueError(f"{name} is longer than {limit:,} characters")
    return text


def check_new_address(address: Any) -> str:
    """An address that may be written into a report. Raises ValueError for any other."""
    if not isinstance(address, str) or not address:
        raise ValueError("to is missing")
    if len(address) > MAX_TEXT:
        raise ValueError(f"to is longer than {MAX_TEXT:,} characters")
    if _CONTROLS.search(address) or any(character.isspace() or character in '<>"' for character in address):
        raise ValueError("to holds control characters, spaces, quotation marks or angle brackets")
    try:
        parts = urlsplit(address)
        is_web = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_web = False
    if not is_web:
        raise ValueError("to is no http or https address")
    return address


def _read_reason(reason: Any) -> str:
    if reason is None:
        return ""
    if not isinstance(reason, str) or len(reason) > MAX_REASON:
        raise ValueError(f"reason is no text of at most {MAX_REASON} characters")
    return _clean_text(reason)


def _clean_text(text: Any) -> str:
    """A text on one line without control characters."""
    return " ".join(_CONTROLS.sub(" ", text).split())[:MAX_TEXT] if isinstance(text, str) else ""


def dump_decisions(file: DecisionFile) -> str:
    """The file as JSON, as `parse_decisions` reads it."""
    rows = [
        {
            **decision.place._asdict(),
            "action": decision.action.value,
            **({"to": decision.to} if decision.action is DecisionAction.REPLACE else {}),
            "reason": decision.reason or None,
        }
        for decision in file.decisions
    ]
    outer = {"cite_audit_decisions": VERSION, "report": file.report, "sha256": file.sha256, "decided": file.decided}
    return json.dumps({**outer, "decisions": rows}, ensure_ascii=False, indent=2) + "\n"
