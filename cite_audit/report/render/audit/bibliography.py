"""The cited works for a reference program: BibTeX, RIS, CSL-JSON, with what is printed of each and its copy."""

from __future__ import annotations

from collections.abc import Iterator

from cite_audit.model import Audit, CitedWork
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.media.bibliography import ListedWork, write_bibtex, write_csl, write_ris


def list_works(audit: Audit) -> Iterator[ListedWork]:
    """Each distinct link once, in the order of the reports, with the first that is printed of its work."""
    works: dict[str, CitedWork] = {}
    for report in audit.reports:
        for citation in report.citations:
            url = citation.link.url
            works[url] = works[url] if works.get(url, CitedWork()) != CitedWork() else citation.work
    for url, work in works.items():
        verdict = audit.verdicts.get(url)
        memento = next(iter(verdict.mementos), None) if verdict else None
        copy_address, archive = (memento.uri_m, memento.archive) if memento else ("", "")
        yield ListedWork(url=url, work=work, copy_address=copy_address, archive=archive)


def render_bibtex(audit: Audit, options: RenderOptions) -> str:
    """BibTeX (biblatex `online`), the copy in `note`."""
    return write_bibtex(list_works(audit))


def render_csl(audit: Audit, options: RenderOptions) -> str:
    """CSL-JSON, `archive_location` filled in."""
    return write_csl(list_works(audit))


def render_ris(audit: Audit, options: RenderOptions) -> str:
    """RIS, the copy in `N1`."""
    return write_ris(list_works(audit))
