"""The pages of an archive site: its index by report, note and page, and the one that opens a capture.

A content security policy admits the index's own style and pictures of the site, and nothing else.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.resources import files
from pathlib import PurePosixPath

from cite_audit import __version__
from cite_audit.report.render.media.html import escape_html, render_link
from cite_audit.report.render.snapshot.manifest import OUTCOME_LABELS, outcome_label
from cite_audit.snapshot.model import CitationPlace, Outcome, SitePage

GENERATOR = f'<meta name="generator" content="cite-audit {__version__}">'
CHIPS = {Outcome.VERIFIED: "alive", Outcome.KEPT: "alive", Outcome.DIED: "warning", Outcome.UNVERIFIED: "warning"}
NOT_CITED = "cited by no report of the journal"
PLAYER_ADDRESS = "https://replayweb.page/"
_PICTURE_STYLE = "td.picture { width: 8rem; } td.picture img { display: block; width: 7.5rem; height: 5rem; "
_PICTURE_STYLE += "object-fit: cover; object-position: top; border: 1px solid var(--line); }\n"
_PICTURE_STYLE += "nav ul { columns: 18rem; } th.note, td.note { width: 3rem; } td.done { width: 11rem; }\n"
_ADDRESS_SCRIPT = 'const source = new URL("../captures/collection.json", location.href).href;\n'
_OWN_PLAYER_SCRIPT = (
    _ADDRESS_SCRIPT
    + 'if (new URLSearchParams(location.search).get("source") !== source)\n'
    + '  history.replaceState(null, "", "?source=" + encodeURIComponent(source) + location.hash);\n'
)
_FOREIGN_PLAYER_SCRIPT = (
    _ADDRESS_SCRIPT + f'location.replace("{PLAYER_ADDRESS}?source=" + encodeURIComponent(source) + location.hash);\n'
)


def render_site_index(pages: Sequence[SitePage]) -> str:
    """The index: a section for each report, a row for each note and page."""
    style = files("cite_audit.report.render.audit").joinpath("page", "page.css").read_text("utf-8") + _PICTURE_STYLE
    policy = f"default-src 'none'; style-src {_hash_for_policy(style)}; img-src 'self'; base-uri 'none'"
    body = "\n".join(_render_body(pages))
    return _render_document("Archive of cited pages", policy, f"<style>{style}</style>", body)


def render_replay_page(*, has_player: bool) -> str:
    """The page that opens a capture, named in its fragment, in the site's own player or at replayweb.page."""
    if has_player:
        head = f'<script>{_OWN_PLAYER_SCRIPT}</script>\n<script src="./ui.js"></script>'
        return _render_document("Replay", "", head, "<replay-app-main></replay-app-main>")
    policy = f"default-src 'none'; script-src {_hash_for_policy(_FOREIGN_PLAYER_SCRIPT)}; base-uri 'none'"
    body = (
        f"<p>The capture opens at {render_link(PLAYER_ADDRESS, 'ReplayWeb.page')}, a player that runs in the browser. "
    )
    body += 'Without script: open <a href="../captures/collection.json">the collection</a> there.</p>'
    return _render_document("Replay", policy, f"<script>{_FOREIGN_PLAYER_SCRIPT}</script>", body)


def _render_document(title: str, policy: str, head: str, body: str) -> str:
    """`policy`: what the page may load; empty for the player's page, which loads what was captured."""
    rule = f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n' if policy else ""
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n{GENERATOR}\n{rule}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _hash_for_policy(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _render_body(pages: Sequence[SitePage]) -> Iterator[str]:
    reports = _group_by_report(pages)
    names = _name_reports(list(reports))
    counts = Counter(page.copy.capture.outcome for page in pages)
    told = ", ".join(f"{counts[outcome]} {label}" for outcome, label in OUTCOME_LABELS.items() if counts[outcome])
    yield f"<header><h1>Archive of cited pages</h1>\n<p>{len(pages)} pages: {escape_html(told)}.</p></header>"
    yield "<main>"
    if len(reports) > 1:
        items = "".join(f'<li><a href="#r{n}">{escape_html(names[r])}</a></li>' for n, r in enumerate(reports, 1))
        yield f'<nav aria-label="Reports"><ul class="plain">{items}</ul></nav>'
    for number, (report, rows) in enumerate(reports.items(), start=1):
        yield f'<section class="report" id="r{number}"><h2>{escape_html(names[report])}</h2>'
        yield '<table><thead><tr><th class="note" scope="col">Note</th><th scope="col">Page</th>'
        yield '<th scope="col">Outcome</th><th scope="col">Picture</th></tr></thead><tbody>'
        for place, page in rows:
            yield _render_row(place, page)
        yield "</tbody></table></section>"
    yield "</main>"


def _render_row(place: CitationPlace | None, page: SitePage) -> str:
    capture = page.copy.capture
    note = "–" if place is None or place.note is None else str(place.note)
    label = f"{outcome_label(capture)}{f' ({capture.message})' if capture.message else ''}"
    day = f"<br><time>{capture.captured_at:%Y-%m-%d %H:%M} UTC</time>" if capture.captured_at else ""
    title = f"{escape_html(capture.title)}<br>" if capture.title else ""
    replay = f'<br><a href="{escape_html(page.replay)}">Replay the copy</a>' if page.replay else ""
    alt = escape_html(f"Picture of {capture.title or capture.uri_r}, as captured")
    picture = f'<a href="{page.picture}"><img src="{page.picture}" alt="{alt}" loading="lazy"></a>'
    chip = f'<span class="chip {CHIPS.get(capture.outcome, "broken")}">{escape_html(label)}</span>'
    return (
        f'<tr><td class="note">{note}</td><td>{title}{render_link(capture.uri_r)}{replay}</td>'
        f'<td class="done">{chip}{day}</td>'
        f'<td class="picture">{picture if page.picture else ""}</td></tr>'
    )


def _group_by_report(pages: Sequence[SitePage]) -> dict[str, list[tuple[CitationPlace | None, SitePage]]]:
    """Each report with its notes in order; what no report cites comes last."""
    reports: dict[str, list[tuple[CitationPlace | None, SitePage]]] = {}
    not_cited: list[tuple[CitationPlace | None, SitePage]] = []
    for page in pages:
        for place in page.copy.places:
            reports.setdefault(place.report, []).append((place, page))
        if not page.copy.places:
            not_cited.append((None, page))
    for rows in reports.values():
        rows.sort(key=lambda row: (row[0] is None or row[0].note is None, (row[0] and row[0].note) or 0))
    return {**dict(sorted(reports.items())), **({NOT_CITED: not_cited} if not_cited else {})}


def _name_reports(reports: Sequence[str]) -> dict[str, str]:
    """A name for each: that of the file, without the folders of the machine it was read on, unless two have it."""
    file_names = {report: PurePosixPath(report.replace("\\", "/")).name or report for report in reports}
    counts = Counter(file_names.values())
    return {report: name if counts[name] == 1 else report for report, name in file_names.items()}
