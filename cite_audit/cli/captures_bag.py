"""The command line's side of a hand-over: from reports to a bag, from what was found to an exit code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from cite_audit.cli.captures_run import fixity_exit_code
from cite_audit.cli.exit_codes import ExitCode, describe_unread, gravest_exit_code
from cite_audit.cli.output_files import write_document
from cite_audit.cli.progress import progress_observer
from cite_audit.config.settings import Settings
from cite_audit.errors import UsageError
from cite_audit.model import Report
from cite_audit.report.render import Subject, render
from cite_audit.report.render.media.sanitizer import sanitize_line
from cite_audit.snapshot.bag import BagContent, check_bag_target, write_bag
from cite_audit.snapshot.fixity import JOURNAL_NAME, require_captures
from cite_audit.snapshot.listing import list_copies
from cite_audit.snapshot.model import BagResult, CopyList, FixityResult


def package_captures(
    directory: str, reports: Sequence[str], target: str, journal: str, organization: str, *, quiet: int
) -> ExitCode:
    """Write the bag and say what is in it. Raises UsageError, also for a report that cannot be read."""
    folder, bag = Path(directory), Path(target or f"{directory.rstrip('/')}-bag")
    journal_path = Path(journal) if journal else folder / JOURNAL_NAME
    check_bag_target(bag)
    require_captures(folder, journal_path)
    copies = list_copies(folder, journal_path) if journal_path.is_file() else CopyList([])
    copies_csv = render("csv", copies, subject=Subject.CAPTURES).encode()
    content = BagContent(_read_given_reports(reports, quiet=bool(quiet)), copies_csv, organization)
    result = write_bag(folder, journal_path, bag, content, datetime.now(UTC), _describe_fixity)
    if quiet < 2:
        write_document("".join(f"{sanitize_line(line)}\n" for line in _describe_bag(result)))
    is_incomplete = ExitCode.INCOMPLETE if result.absent_reports else ExitCode.OK
    return gravest_exit_code([fixity_exit_code(result.fixity), is_incomplete])


def _read_given_reports(paths: Sequence[str], *, quiet: bool) -> tuple[Report, ...]:
    if not paths:
        return ()
    from cite_audit.pipeline import read_reports

    with progress_observer(quiet=quiet) as observer:
        reading = read_reports(paths, Settings(), observer)
    if problem := describe_unread(reading.unread, allow_empty=True):
        raise UsageError(problem)
    return reading.reports


def _describe_fixity(fixity: FixityResult) -> bytes:
    return render("json", fixity, subject=Subject.FIXITY).encode()


def _describe_bag(result: BagResult) -> list[str]:
    lines = render("text", result.fixity, subject=Subject.FIXITY).splitlines()
    lines += [f"not in the bag: {report}, which cites its pages" for report in result.absent_reports]
    return [*lines, f"bag: {result.path}"]
