"""The command line's side of a captures folder: from flags to a check or a list, from a result to an exit code."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from cite_audit.cli.exit_codes import ExitCode
from cite_audit.cli.output import parse_outputs, write_documents
from cite_audit.cli.progress import progress_observer
from cite_audit.errors import UsageError
from cite_audit.report.render import Subject, render
from cite_audit.snapshot.best_copy import find_best_copy
from cite_audit.snapshot.fixity import check_folder
from cite_audit.snapshot.listing import list_copies
from cite_audit.snapshot.model import FixityResult


def verify_captures(directory: str, journal: str, sample: float, *, quiet: bool) -> FixityResult:
    """Check a folder, with progress. Raises UsageError when it holds no captures."""
    with progress_observer(quiet=quiet) as observer:
        return check_folder(Path(directory), Path(journal) if journal else None, sample=sample, observer=observer)


def fixity_exit_code(result: FixityResult) -> ExitCode:
    """1 something is damaged, 3 something could not be checked."""
    if result.damages:
        return ExitCode.FINDINGS
    return ExitCode.INCOMPLETE if result.unchecked else ExitCode.OK


def show_copies(directory: str, journal: str, url: str, formats: Sequence[str], output: str) -> None:
    """Write the leading copy of every page, or every copy of one."""
    outputs = parse_outputs(formats, output, Subject.CAPTURES)
    copies = list_copies(Path(directory), Path(journal) if journal else None, url)
    write_documents((partial(render, out.format, copies, subject=Subject.CAPTURES), out.path) for out in outputs)


def find_best_path(directory: str, journal: str, url: str) -> str:
    """The file with the verified copy of a page nearest its citation. Raises UsageError when there is none."""
    copies = list_copies(Path(directory), Path(journal) if journal else None, url).copies
    near = min((place.cited_on for copy in copies for place in copy.places if place.cited_on), default=None)
    best_copy = find_best_copy([copy.capture for copy in copies if copy.path], near)
    if best_copy is None:
        raise UsageError(f"{url}: there is no good copy in {directory}")
    return next(copy.path for copy in copies if copy.capture is best_copy)
