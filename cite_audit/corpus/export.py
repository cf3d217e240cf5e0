"""One report of a corpus as the audit that it is."""

from __future__ import annotations

from dataclasses import replace

from cite_audit.config.settings import Settings
from cite_audit.corpus.assess_stage import load_audit
from cite_audit.corpus.folder import CorpusFolder
from cite_audit.errors import UsageError
from cite_audit.model import Audit


def export_report(folder: CorpusFolder, path: str, settings: Settings) -> Audit:
    """The audit of one report, as `cite-audit audit` would show it. Raises UsageError for one that is not there.

    The name may be the whole path, or the end of one, where only one report ends so.
    """
    import pyarrow.parquet as pq

    run = folder.open_run()
    found: dict[str, int] = {}
    for part in folder.parts("reports"):
        for name in pq.read_table(part, columns=["path"], use_threads=False).column("path").to_pylist():
            if name == path:
                found = {name: int(part.stem)}
                break
            if name.endswith(path):
                found[name] = int(part.stem)
        if path in found:
            break
    if len(found) != 1:
        what = f"{len(found)} reports end so: {', '.join(sorted(found)[:3])}" if found else "there is no such report"
        raise UsageError(f"{path}: {what}")
    name, bucket = next(iter(found.items()))
    audit = load_audit(folder, bucket, run, settings, [name])
    used = {citation.link.url for report in audit.reports for citation in report.citations}
    return replace(
        audit,
        verdicts={url: verdict for url, verdict in audit.verdicts.items() if url in used},
        incomplete="archives" not in run.finished,
        offline=settings.offline,
        remarks=run.remarks,
    )
