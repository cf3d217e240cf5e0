"""What `fix --decisions` does: exactly what an editor decided, told one by one; links kept for a reason are ignored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from cite_audit.cli.exit_codes import ExitCode
from cite_audit.cli.fix_run import FixedReport, rewrite_with, show_fixes
from cite_audit.errors import UsageError

if TYPE_CHECKING:
    from cite_audit.config.settings import Ignore, Settings
    from cite_audit.fix import FixOptions
    from cite_audit.model import Report
    from cite_audit.review.decision_plan import DecisionOutcome
    from cite_audit.review.decisions import DecisionFile

__all__ = ["apply_decisions"]

OWN_CONFIG = "cite-audit.toml"


def apply_decisions(
    flags: Mapping[str, Any], settings: Settings, options: FixOptions, config: str, *, write: bool
) -> ExitCode:
    """Apply the decisions of a file to one report. Nothing is asked of the network. Raises UsageError and ReadError."""
    from datetime import UTC, datetime

    from cite_audit.parse import content_of, read_report
    from cite_audit.review.decision_plan import plan_decisions

    path = _only_report(flags["reports"])
    file = read_decision_file(flags["decisions"])
    data = content_of(path)
    report = read_report(path, data, publisher=settings.grading.publisher)
    is_same = hashlib.sha256(data).hexdigest() == file.sha256
    outcomes = plan_decisions(report, file, is_same=is_same)
    edits = [outcome.edit for outcome in outcomes if outcome.edit is not None]
    fixed = rewrite_with(report, edits, options, settings, datetime.now(UTC))
    quiet = flags["quiet"]
    is_whole = show_fixes([fixed], write=write, backup=not flags["no_backup"], colour=flags["colour"], quiet=quiet)
    if not quiet:
        _tell(_describe_outcomes(file, outcomes, fixed, is_same=is_same, write=write))
    ignores = list(_list_ignores(report, outcomes, settings))
    if ignores and is_whole:
        _keep_ignores(ignores, path, "" if flags["no_config"] else config, write=write and not flags["no_config"])
    return ExitCode.OK if is_whole else ExitCode.INTERRUPTED


def _only_report(paths: Sequence[str]) -> str:
    from cite_audit.report_paths import expand_paths

    files = list(expand_paths(paths))
    if len(files) != 1:
        raise UsageError(f"decisions are about one report; {len(files)} were named")
    return files[0]


def read_decision_file(path: str) -> DecisionFile:
    """The decisions in a file. Raises UsageError where it cannot be read."""
    from cite_audit.files import read_small_file
    from cite_audit.review.decisions import parse_decisions

    try:
        return parse_decisions(read_small_file(path))
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from None


def _tell(lines: Iterator[str]) -> None:
    from cite_audit.report.render.media.sanitizer import sanitize_line

    for line in lines:
        typer.echo(f"  {sanitize_line(line)}", err=True)


def _describe_outcomes(
    file: DecisionFile, outcomes: Sequence[DecisionOutcome], fixed: FixedReport, *, is_same: bool, write: bool
) -> Iterator[str]:
    """One line a decision, then one for each row that was refused."""
    if not is_same:
        yield "the report has changed since these decisions were taken; what no longer fits is told"
    applied = {id(edit) for edit in fixed.result.applied}
    skipped = {(left.note, left.location, left.link): left.why for left in fixed.result.skipped}
    for outcome in outcomes:
        place = outcome.decision.place
        where = f"note {place.note}" if place.note is not None else "text"
        text = outcome.text
        if outcome.edit is not None:
            citation = outcome.edit.citation
            left = skipped.get((citation.note, citation.location, citation.link.raw), "not found where it was read")
            done = "replaced by" if write else "would be replaced by"
            text = f"{done} {outcome.edit.url}" if id(outcome.edit) in applied else f"left alone, {left}"
        yield f"{where} {place.printed}: {text}"
    yield from (f"refused: {reason}" for reason in file.refused)


def _list_ignores(report: Report, outcomes: Sequence[DecisionOutcome], settings: Settings) -> Iterator[Ignore]:
    """An ignore for each link kept with a reason, unless the settings have it; of one note where others cite it too."""
    from cite_audit.config.settings import Ignore
    from cite_audit.report.render.media.sanitizer import sanitize_line
    from cite_audit.review.decisions import DecisionAction

    known = {(ignore.url, ignore.note, ignore.reason) for ignore in settings.policy.ignores}
    for outcome in outcomes:
        decision, citation = outcome.decision, outcome.citation
        if citation is None or decision.action is not DecisionAction.KEEP or not decision.reason:
            continue
        url = citation.link.url
        if "*" in url:  # in an ignore it would stand for other addresses too
            typer.echo(f"cite-audit: not ignored, its address holds a *: {sanitize_line(url)}", err=True)
            continue
        notes = {other.note for other in report.citations if other.link.url == url}
        note = citation.note if len(notes) > 1 else None
        if (url, note, decision.reason) not in known:
            known.add((url, note, decision.reason))
            yield Ignore(decision.reason, url=url, note=note, report=Path(report.path).name)


def _keep_ignores(ignores: Sequence[Ignore], report: str, config: str, *, write: bool) -> None:
    """Add the ignores to the configuration file in force, else to one beside the report; or print them to be copied."""
    from cite_audit.cli.output_files import write_atomically, write_document
    from cite_audit.config.ignores import format_ignore

    place = Path(config) if config else Path(report).with_name(OWN_CONFIG)
    header = "[[tool.cite-audit.ignore]]" if place.name == "pyproject.toml" else "[[ignore]]"
    text = "\n".join(format_ignore(replace(ignore, origin=(str(place), 1)), header) for ignore in ignores)
    if not write:
        write_document(f"# for {place}:\n{text}")
        return
    write_atomically(str(place), _append_ignores(place, text))
    typer.echo(f"cite-audit: {place} now ignores what was kept for a reason ({len(ignores)})", err=True)


def _append_ignores(place: Path, text: str) -> bytes:
    """The content of a configuration file with these ignores behind it. Raises UsageError where it would say more."""
    if place.is_symlink():
        raise UsageError(f"{place}: is a link, and nothing is added to what it leads to; add by hand:\n{text}")
    try:
        old = place.read_bytes() if place.exists() else b""
        new = old.rstrip() + b"\n\n" + text.encode() if old.strip() else text.encode()
        if _without_ignores(old) == _without_ignores(new):
            return new
    except OSError as error:
        raise UsageError(f"{place}: cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError):
        pass
    raise UsageError(f"{place}: ignores cannot be added behind what it holds; add by hand:\n{text}")


def _without_ignores(content: bytes) -> Any:
    """What a configuration file says, but for its ignores. Raises ValueError for what is no TOML."""
    import tomllib

    tables = tomllib.loads(content.decode("utf-8"))
    tables.pop("ignore", None)
    tables.get("tool", {}).get("cite-audit", {}).pop("ignore", None)
    return {name: table for name, table in tables.items() if table != {"cite-audit": {}}}
