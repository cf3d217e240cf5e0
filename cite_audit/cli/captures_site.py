"""The command line's side of an archive site: from flags to a folder of static files, from losses to an exit code."""

from __future__ import annotations

from pathlib import Path

from cite_audit.cli.exit_codes import ExitCode
from cite_audit.cli.output_files import write_document
from cite_audit.report.render.captures.site import render_replay_page, render_site_index
from cite_audit.report.render.media.sanitizer import sanitize_line
from cite_audit.snapshot.fixity import JOURNAL_NAME
from cite_audit.snapshot.site import write_site


def build_site(out: str, directory: str, journal: str, player: str, *, quiet: int) -> ExitCode:
    """Write the site and say what is in it; 1 where a file is damaged or missing."""
    folder = Path(directory)
    journal_path = Path(journal) if journal else folder / JOURNAL_NAME
    replay_page = render_replay_page(has_player=bool(player))
    player_folder = Path(player) if player else None
    result = write_site(folder, journal_path, Path(out), player_folder, render_site_index, replay_page)
    replayed, pictured = (sum(bool(getattr(page, name)) for page in result.pages) for name in ("replay", "picture"))
    lines = [*result.losses, f"{result.index}: {len(result.pages)} pages, {replayed} replay, {pictured} pictures"]
    if quiet < 2:
        write_document("".join(f"{sanitize_line(line)}\n" for line in lines))
    return ExitCode.FINDINGS if result.losses else ExitCode.OK
