"""The last stage over reports: a bucket is classified, graded and advised on by the code of `audit`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cite_audit.cited_links import collect_links as distinct_links
from cite_audit.config.settings import Settings
from cite_audit.corpus.folder import CorpusFolder, CorpusRun
from cite_audit.corpus.queries import copy_sorted, open_database
from cite_audit.corpus.verdict_rows import unpack_verdict
from cite_audit.model import Audit, Report, UnreadReport, Verdict
from cite_audit.pipeline import ReportSet, assess_reports, prepare_policy, unchecked_verdicts

VERDICTS_FILE = "verdicts.parquet"
_VERDICTS_BY_BUCKET = """
    SELECT DISTINCT cited.bucket, links.url, links.verdict FROM links JOIN cited USING (url) ORDER BY cited.bucket, url
"""


def sort_verdicts(folder: CorpusFolder) -> None:
    """Give each bucket the verdicts on the links that it cites."""
    with open_database(folder, "verdicts") as db:
        copy_sorted(db, _VERDICTS_BY_BUCKET, folder.work / VERDICTS_FILE)


def assess_bucket(folder: CorpusFolder, bucket: int, run: CorpusRun, settings: Settings) -> int:
    """Grade the reports of a bucket, and advise; returns how many there are."""
    name = f"{run.id}-{bucket:05}"
    if folder.has_part("grades", name):
        return 0
    audit = load_audit(folder, bucket, run, settings)
    folder.write_part("sources", name, _source_rows(audit))
    folder.write_part("findings", name, _finding_rows(audit))
    folder.write_part("grades", name, _grade_rows(audit))  # the last one, since it says that the bucket is done
    return len(audit.reports)


def load_audit(
    folder: CorpusFolder, bucket: int, run: CorpusRun, settings: Settings, paths: Iterable[str] = ()
) -> Audit:
    """The audit of a bucket's reports, or of those of them with the `paths`, from what the stages have stored."""
    from msgspec.json import decode

    wanted = set(paths)
    rows = folder.read_part("reports", f"{bucket:05}", ["path", "problem", "empty", "document"])
    rows = [row for row in rows if not wanted or row["path"] in wanted]
    reports = tuple(decode(row["document"], type=Report) for row in rows if row["document"])
    unread = tuple(UnreadReport(row["path"], row["problem"], row["empty"]) for row in rows if not row["document"])
    verdicts = load_verdicts(folder, bucket, reports)
    audit = assess_reports(ReportSet(reports, unread), verdicts, settings, now=run.now)
    return prepare_policy(settings.policy)(audit)


def load_verdicts(folder: CorpusFolder, bucket: int, reports: Iterable[Report]) -> dict[str, Verdict]:
    """The verdict on each link of the reports; `unchecked` on those that no stage has come to."""
    verdicts = unchecked_verdicts(distinct_links(reports))
    file = folder.work / VERDICTS_FILE
    for row in folder.read_rows(file, "bucket", bucket) if file.exists() else ():
        if row["url"] in verdicts:
            verdicts[row["url"]] = unpack_verdict(row["url"], row["verdict"])
    return verdicts


def _source_rows(audit: Audit) -> Iterator[dict[str, Any]]:
    for report in audit.reports:
        counts = Counter(citation.link.url for citation in report.citations)
        for url, count in counts.items():
            source = audit.sources[url]
            yield {
                "path": report.path,
                "published": report.published,
                "url": url,
                "citations": count,
                "source": source.id,
                "name": source.name,
                "group": source.group.value,
                "control": source.control,
                "country": source.country,
                "publisher": source.publisher,
                "side": source.side,
                "known": source.is_known,
            }


def _finding_rows(audit: Audit) -> Iterator[dict[str, Any]]:
    published = _dates(audit)
    for path, findings in audit.findings.items():
        for finding in findings:
            yield {
                "path": path,
                "published": published.get(path),
                "rule": finding.rule,
                "name": finding.name,
                "severity": finding.severity.value,
                "state": finding.state.value,
                "note": finding.note,
                "url": finding.url,
                "line": finding.location.line,
                "column": finding.location.column,
                "message": finding.message,
                "replacement": finding.fixes[0].replacement if finding.fixes else None,
            }


def _grade_rows(audit: Audit) -> Iterator[dict[str, Any]]:
    published = _dates(audit)
    for path, grade in audit.grades.items():
        yield {
            "path": path,
            "published": published.get(path),
            "gradable": grade.gradable,
            "letter": grade.letter,
            "score": grade.score,
            "provisional": grade.provisional,
            "text": grade.text,
            "measures": list(grade.measures.items()),
            "groups": [(str(group), share.share) for group, share in grade.groups.items()],
            "registry_version": grade.registry_version,
        }


def _dates(audit: Audit) -> Mapping[str, Any]:
    return {report.path: report.published for report in audit.reports}
