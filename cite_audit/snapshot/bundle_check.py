"""Checks one WACZ or WARC: package, digests of its parts, digests of every record. Reads, never writes."""

from __future__ import annotations

import hashlib
import struct
import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cite_audit.foreign_json import MAX_LENGTH, parse_foreign_json
from cite_audit.frozen_record import frozen_record
from cite_audit.resolve.archive.warc_place import WarcPlace, locate_member
from cite_audit.snapshot.folder import read_index
from cite_audit.snapshot.signature_check import SignatureState, check_signature
from cite_audit.snapshot.warc_records import DamagedSpan, WarcRecord, is_intact, iter_records

PACKAGE_NAME = "datapackage.json"
PACKAGE_DIGEST_NAME = "datapackage-digest.json"
SPAN = 2 << 20  # bytes of a WARC that one thread reads at a time
MAX_THREADS = 2  # zlib and the digests run outside the interpreter's lock
_CHUNK = 1 << 20


@frozen_record(kw_only=True)
class Fault:
    """One thing wrong with a file; `url` when it is a record's; `is_unchecked`: it could not be checked."""

    problem: str
    url: str = ""
    is_unchecked: bool = False


@dataclass(slots=True)
class RecordSurvey:
    """What a WARC holds: intact records by offset, with the digest that each repeats or has; bytes of all blocks."""

    faults: list[Fault] = field(default_factory=list)
    bodies: dict[str, int] = field(default_factory=dict)  # digest → offset, of responses
    revisits: dict[int, str] = field(default_factory=dict)  # offset → digest
    offsets: set[int] = field(default_factory=set)
    block_bytes: int = 0


@dataclass(slots=True)
class BundleSurvey:
    """What a WACZ holds: the faults of the package, and each of its WARC files by name (`archive/…`)."""

    faults: list[Fault]
    members: dict[str, RecordSurvey] = field(default_factory=dict)

    @property
    def all_faults(self) -> list[Fault]:
        return self.faults + [fault for survey in self.members.values() for fault in survey.faults]


def check_bundle(bundle: Path, *, is_as_written: bool = False) -> BundleSurvey:
    """Check a WACZ whole: its package and every record of its WARC files.

    `is_as_written`: the whole file has the digest that the journal gives it, so that those of its parts need not be
    computed again.
    """
    bundle_survey = BundleSurvey(check_package(bundle, is_as_written=is_as_written))
    entries = list(read_index(bundle))
    for name in list_members(bundle):
        try:
            place = locate_member(bundle, name)
        except (OSError, zipfile.BadZipFile, KeyError, ValueError, struct.error) as error:
            bundle_survey.faults.append(Fault(problem=f"{name} cannot be read ({error})"))
            continue
        base = name.rpartition("/")[2]
        urls = {int(entry["offset"]): entry["url"] for entry in entries if entry.get("filename") == base}
        bundle_survey.members[name] = survey_records(place, urls)
    return bundle_survey


def list_members(bundle: Path) -> list[str]:
    """The WARC files of a WACZ; none when it is damaged."""
    try:
        with zipfile.ZipFile(bundle) as package:
            return [name for name in package.namelist() if name.startswith("archive/") and ".warc" in name]
    except Exception:  # whatever damage makes zipfile raise; `check_package` tells of it
        return []


def survey_records(place: WarcPlace, urls: Mapping[int, str], *, whole_bytes: int = 0) -> RecordSurvey:
    """Read every record of a WARC. `urls`: what the index says lies at an offset, to name what is damaged.

    A record that breaks off behind `whole_bytes` of a WARC that is a file of its own is no fault: a run was killed.
    A large WARC is read in parts side by side, which begin where the index has a record; with any fault, also one of
    the index, it is read once more from its beginning.
    """
    spans = _split_warc(place.size, sorted(urls))
    if len(spans) > 1:
        with ThreadPoolExecutor(MAX_THREADS) as pool:
            surveys = list(pool.map(lambda span: _survey_span(place, span[0], span[1], urls, whole_bytes), spans))
        if not any(survey.faults for survey in surveys):
            survey = _merge_surveys(surveys)
            survey.faults += _find_missing(survey, urls)
            return survey
    survey = _survey_span(place, 0, place.size, urls, whole_bytes)
    survey.faults += _find_missing(survey, urls)
    return survey


def _split_warc(size: int, offsets: Sequence[int]) -> list[tuple[int, int]]:
    """First byte and end of each part of a WARC: SPAN bytes or somewhat more."""
    starts = [0]
    for offset in offsets:
        if starts[-1] + SPAN <= offset < size:
            starts.append(offset)
    return list(zip(starts, [*starts[1:], size], strict=True))


def _survey_span(place: WarcPlace, first: int, end: int, urls: Mapping[int, str], whole_bytes: int) -> RecordSurvey:
    survey = RecordSurvey()
    is_own_file = place.start == 0
    with place.path.open("rb") as stream:
        for record in iter_records(stream, place.start, end, first):
            if isinstance(record, DamagedSpan):
                if not (record.is_cut and is_own_file and record.offset >= whole_bytes):
                    hit = [url for offset, url in urls.items() if 0 <= offset - record.offset < record.length]
                    hit = hit or [_find_exchange(urls, record.offset)]
                    problem = f"the record at byte {record.offset} is damaged"
                    survey.faults += [Fault(problem=problem, url=url) for url in hit]
            elif not is_intact(record):
                problem = f"the record at byte {record.offset} has another digest than it was written with"
                survey.faults.append(Fault(problem=problem, url=record.url))
            else:
                _count_record(record, survey)
    return survey


def _merge_surveys(surveys: Sequence[RecordSurvey]) -> RecordSurvey:
    merged = RecordSurvey()
    for survey in surveys:
        merged.bodies = survey.bodies | merged.bodies  # the first of each digest
        merged.revisits |= survey.revisits
        merged.offsets |= survey.offsets
        merged.block_bytes += survey.block_bytes
    return merged


def _find_missing(survey: RecordSurvey, urls: Mapping[int, str]) -> list[Fault]:
    """Records that only the index has."""
    reported = {fault.url for fault in survey.faults}
    return [
        Fault(problem=f"no record at byte {offset}, where the index has one", url=url)
        for offset, url in urls.items()
        if offset not in survey.offsets and url not in reported
    ]


def check_package(bundle: Path, *, is_as_written: bool = False) -> list[Fault]:
    """Faults of a WACZ as a package: ZIP, datapackage and the digests of its parts, signature."""
    faults: list[Fault] = []
    try:
        with zipfile.ZipFile(bundle) as package:
            content = _read_member(package, PACKAGE_NAME)
            resources = {str(resource["path"]): resource for resource in parse_foreign_json(content)["resources"]}
            if PACKAGE_DIGEST_NAME in package.namelist():
                faults += check_package_digest(content, _read_member(package, PACKAGE_DIGEST_NAME))
            for name in package.namelist():
                if name not in resources and name not in (PACKAGE_NAME, PACKAGE_DIGEST_NAME):
                    faults.append(Fault(problem=f"{name} is not in {PACKAGE_NAME}"))
            for name, resource in () if is_as_written else resources.items():
                if hash_member(package, name, str(resource["hash"]).partition(":")[0]) != resource["hash"]:
                    faults.append(Fault(problem=f"{name} has another digest than {PACKAGE_NAME} says"))
    except Exception as error:  # whatever damage makes zipfile and zlib raise
        faults.append(Fault(problem=f"it cannot be read as a WACZ ({type(error).__name__}: {error})"))
    return faults


def _read_member(package: zipfile.ZipFile, name: str) -> bytes:
    """A member, up to the length from which it is no JSON for us."""
    with package.open(name) as stream:
        return stream.read(MAX_LENGTH + 1)


def check_package_digest(content: bytes, digest_content: bytes) -> list[Fault]:
    """Whether `datapackage-digest.json` is of this datapackage, and its signature (if any) of this digest."""
    digest: dict[str, Any] = parse_foreign_json(digest_content)
    sha256 = f"sha256:{hashlib.sha256(content).hexdigest()}"
    if digest.get("hash") != sha256:
        return [Fault(problem=f"{PACKAGE_NAME} has another digest than {PACKAGE_DIGEST_NAME} says")]
    signed = digest.get("signedData")
    if signed and signed.get("hash") != sha256:
        return [Fault(problem="its signature is of another datapackage")]
    state = check_signature(signed) if signed else SignatureState.VALID
    if state is SignatureState.UNCHECKED:
        return [Fault(problem="its signature cannot be checked here", is_unchecked=True)]
    return [Fault(problem="its signature does not hold")] if state is SignatureState.INVALID else []


def hash_member(package: zipfile.ZipFile, name: str, kind: str) -> str:
    """`sha256:…` of a member, by the algorithm that the datapackage names."""
    digest = hashlib.new(kind)
    with package.open(name) as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return f"{kind}:{digest.hexdigest()}"


def _find_exchange(urls: Mapping[int, str], offset: int) -> str:
    """The address of the exchange that a request belongs to: it lies behind its response."""
    earlier_offsets = [indexed for indexed in urls if indexed < offset]
    return urls[max(earlier_offsets)] if earlier_offsets else ""


def _count_record(record: WarcRecord, survey: RecordSurvey) -> None:
    survey.offsets.add(record.offset)
    survey.block_bytes += len(record.block)
    if record.kind == "response" and record.digest:
        survey.bodies.setdefault(record.digest, record.offset)
    elif record.kind == "revisit":
        survey.revisits[record.offset] = record.digest
