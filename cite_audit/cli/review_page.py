"""What `review --open` does: the page of one report in a browser, decisions kept beside the report, a document made."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cite_audit.cli.exit_codes import describe_unread
from cite_audit.errors import UsageError

if TYPE_CHECKING:
    from cite_audit.config.settings import Settings
    from cite_audit.model import Audit
    from cite_audit.review.decisions import DecisionFile

MAX_FILES = 1000  # of decisions on one report


class DecisionShelf:
    """The decisions on the one report of an audit, in a file beside it, and the document made from them."""

    def __init__(self, audit: Audit, settings: Settings) -> None:
        self.audit, self.settings = audit, settings
        self.report = audit.reports[0]
        self.path = self._choose_file()

    def load(self) -> str:
        """The decisions so far, as JSON. Raises UsageError."""
        from cite_audit.review.decisions import dump_decisions

        return dump_decisions(self.read())

    def read(self) -> DecisionFile:
        """The decisions so far; none where there is no file yet. Raises UsageError."""
        from cite_audit.cli.decision_run import read_decision_file
        from cite_audit.review.decisions import DecisionFile

        if self.path.exists():
            return read_decision_file(str(self.path))
        return DecisionFile(report=Path(self.report.path).name, sha256=self.report.sha256)

    def save(self, content: bytes) -> str:
        """Keep decisions on this report, in place of those so far. Raises UsageError and OutputError."""
        from cite_audit.cli.output_files import write_atomically
        from cite_audit.review.decisions import dump_decisions, parse_decisions

        given = parse_decisions(content)
        if given.sha256 != self.report.sha256:
            raise UsageError("these decisions are about another report")
        write_atomically(str(self.path), dump_decisions(given).encode())
        return f"Saved, except: {'; '.join(given.refused)}" if given.refused else f"Saved in {self.path.name}."

    def review(self) -> str:
        """Make the reviewed document from what is decided. Raises UsageError, OutputError and ReadError."""
        from cite_audit.cli.review_run import build_review, write_copy
        from cite_audit.report.render.labels import format_count

        reviewed = build_review(self.audit, self.report, self.settings, decisions=self.read())
        written = write_copy(Path(self.report.path), reviewed.data, "")
        changes = format_count(len(reviewed.applied), "change")
        return f"{written.name} is beside the report: {changes}, {format_count(len(reviewed.comments), 'comment')}."

    def _choose_file(self) -> Path:
        """draft.decisions.json, or the next name that is free where it is about another version of the report."""
        from cite_audit.cli.decision_run import read_decision_file

        report = Path(self.report.path)
        for number in range(1, MAX_FILES + 1):
            place = report.with_name(f"{report.stem}{f'-{number}' if number > 1 else ''}.decisions.json")
            try:
                if not place.exists() or read_decision_file(str(place)).sha256 == self.report.sha256:
                    return place
            except UsageError:
                continue
        raise UsageError(f"{report}: has {MAX_FILES} files of decisions; remove some")


def open_review_page(audit: Audit, settings: Settings, *, quiet: int = 0) -> None:
    """Serve the page until it is closed, or ^C. Raises UsageError."""
    from cite_audit.cli.stop_signals import request_stop_on_signal
    from cite_audit.report.render.audit.page.document import render_page
    from cite_audit.review.page_server import ReviewDesk, ReviewServer

    if why := describe_unread(audit.unread, allow_empty=settings.policy.allow_empty):
        raise UsageError(why)
    if len(audit.reports) != 1:
        raise UsageError(f"--open is for one report; {len(audit.reports)} were named")
    shelf = DecisionShelf(audit, settings)
    desk = ReviewDesk(render_page(audit, served=True), load=shelf.load, save=shelf.save, review=shelf.review)
    with ReviewServer(desk) as server:
        if quiet < 2:
            typer.echo(f"cite-audit: {server.url}\ncite-audit: ends when the page is closed, or with ^C", err=True)
        webbrowser.open(server.url)
        request_stop_on_signal(server.stop, "the page is closed")
        server.await_close()
    if quiet < 2 and shelf.path.exists():
        typer.echo(f"cite-audit: decisions are in {shelf.path}", err=True)
