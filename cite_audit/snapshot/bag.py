"""Hand-over: a captures folder with its reports as a BagIt bag (RFC 8493), which repositories take in.

Payload: `captures/` as it lies, journal included, `reports/`, `copies.csv`. Tag files, in `metadata/`: a Dublin Core
record for each report, and what the check of the copied captures found. The captures folder is only read. The bag gets
its name when it is whole. Needs the extra `bag`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

from cite_audit import __version__
from cite_audit.errors import StoreError, UsageError
from cite_audit.files import copy_file, make_private_folder, move_folder, temporary_folder, write_file
from cite_audit.frozen_record import frozen_record
from cite_audit.model import Report
from cite_audit.snapshot.dublin_core import build_dublin_core
from cite_audit.snapshot.fixity import JOURNAL_NAME, check_folder, require_captures
from cite_audit.snapshot.folder import CaptureFolder, name_report_folder
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.model import BagResult, FixityResult

CAPTURES_PLACE = Path("data") / "captures"


@frozen_record
class BagContent:
    """What goes into a bag beside the captures: the reports as read, the table of copies, who hands over."""

    reports: Sequence[Report]
    copies_csv: bytes
    organization: str = ""


def check_bag_target(target: Path) -> None:
    """Raise UsageError where no bag can be written."""
    if find_spec("bagit") is None:
        raise UsageError("bags need the extra “bag”: pip install 'cite-audit[bag]'")
    if target.exists() or target.is_symlink():
        raise UsageError(f"{target}: stands already; name another place with --to")


def write_bag(
    directory: Path,
    journal_path: Path,
    target: Path,
    content: BagContent,
    now: datetime,
    describe_fixity: Callable[[FixityResult], bytes],
) -> BagResult:
    """Write the bag `target`. Raises UsageError and StoreError; nothing is left behind then."""
    check_bag_target(target)
    require_captures(directory, journal_path)
    if target.resolve().is_relative_to(directory.resolve()):
        raise UsageError(f"{target}: lies in the captures folder, which only captures write to")
    try:
        make_private_folder(target.parent)
        with temporary_folder(target.parent, "bag") as parent:
            stage = make_private_folder(parent / "bag")
            _copy_captures(directory, journal_path, stage / "captures")
            names = _copy_reports(content.reports, stage / "reports")
            write_file(stage / "copies.csv", content.copies_csv)
            fixity = _finish_bag(stage, names, content, now, describe_fixity)
            move_folder(stage, target)
    except UnicodeEncodeError as error:  # manifests are in UTF-8 (RFC 8493 §2.1.3)
        raise StoreError(f"{target}: the bag cannot be written (a file's name is no UTF-8; rename it)") from error
    except OSError as error:
        raise StoreError(f"{target}: the bag cannot be written ({error.strerror or error})") from error
    given_names = {Path(report.path).name for report in content.reports}
    absent_reports = [path for path in list_cited_reports(journal_path) if Path(path).name not in given_names]
    return BagResult(target, fixity, absent_reports)


def list_cited_reports(journal_path: Path) -> list[str]:
    """The reports that the journal names, as they were called then."""
    with Journal(journal_path, writing=False) as journal:
        return sorted({place.report for place in journal.iter_places()})


def _copy_captures(directory: Path, journal_path: Path, target: Path) -> None:
    for path in CaptureFolder(directory).list_files():
        make_private_folder((target / path).parent)
        copy_file(directory / path, target / path)
    if not (target / JOURNAL_NAME).exists() and journal_path.is_file():
        copy_file(journal_path, target / JOURNAL_NAME)


def _copy_reports(reports: Sequence[Report], target: Path) -> list[str]:
    """Copy the reports' files; the name of each in the bag, in their order."""
    names: list[str] = []
    for report in reports:
        path = Path(report.path)
        stem, ending, number = name_report_folder(report.path), re.sub(r"[^.\w]", "", path.suffix), 1
        name = f"{stem}{ending}"
        while name in names:
            number += 1
            name = f"{stem}-{number}{ending}"
        make_private_folder(target)
        copy_file(path, target / name)
        names.append(name)
    return names


def _finish_bag(
    stage: Path,
    names: Sequence[str],
    content: BagContent,
    now: datetime,
    describe_fixity: Callable[[FixityResult], bytes],
) -> FixityResult:
    """Make a bag of the staged payload, and check the captures in it."""
    import bagit

    bag = bagit.make_bag(str(stage), _describe_bag(content, now))
    fixity = check_folder(stage / CAPTURES_PLACE)
    fixity.directory = CAPTURES_PLACE
    metadata = make_private_folder(stage / "metadata")
    write_file(metadata / "fixity.json", describe_fixity(fixity))
    folder = CaptureFolder(stage / CAPTURES_PLACE)
    for report, name in zip(content.reports, names, strict=True):
        own_folder = name_report_folder(report.path)
        bundles = [f"data/captures/{path}" for path in folder.list_bundles() if path.startswith(f"{own_folder}/")]
        write_file(metadata / f"{name}.dc.xml", build_dublin_core(report, f"data/reports/{name}", bundles))
    bag.save()  # lists the tag files with their digests
    return fixity


def _describe_bag(content: BagContent, now: datetime) -> dict[str, str]:
    """`bag-info.txt` (RFC 8493 §2.2.2); values on one line each."""
    titles = "; ".join(" ".join((report.title or report.path).split()) for report in content.reports)
    organization = " ".join(content.organization.split())
    return {
        **({"Source-Organization": organization} if organization else {}),
        "External-Description": f"Captures of the pages cited in: {titles}" if titles else "Captures of cited pages",
        "Bagging-Date": f"{now:%Y-%m-%d}",
        "Bag-Software-Agent": f"cite-audit {__version__}",
    }
