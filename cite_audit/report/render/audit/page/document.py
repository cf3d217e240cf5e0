"""One HTML file that an editor opens, works through, mails or prints: no request leaves it, nothing remote acts in it.

A content security policy admits this page's own style and script by their digests and nothing else; every remote text
is cleaned and escaped; only http(s) addresses become links. Without script the page shows everything.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

from cite_audit import __version__
from cite_audit.model import Audit
from cite_audit.report.findings.rules import format_sentence
from cite_audit.report.render.audit.page.links import LinkState, count_states, list_links, list_other_advice
from cite_audit.report.render.audit.page.report import render_report
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.labels import format_count
from cite_audit.report.render.media.html import escape_html

FILTERS = (
    ("all", "All"),
    ("todo", "Undecided"),
    ("ready", "Ready"),
    ("needs", "Need you"),
    ("unknown", "Could not tell"),
    ("fine", "Fine"),
    ("advice", "On notes"),
)
MIN_CONTENTS = 2  # reports on a page from which it has a list of them


def render(audit: Audit, options: RenderOptions) -> str:
    """The audit as one self-contained HTML document."""
    return render_page(audit)


def render_page(audit: Audit, *, served: bool = False) -> str:
    """The page as a file, or as `cite-audit review --open` serves it: then it sends decisions to where it came from."""
    style, script = _read_asset("page.css"), _read_asset("page.js")
    title = f"Citation audit: {', '.join(r.title or r.path for r in audit.reports[:3]) or 'no reports'}"
    body = "\n".join([*_render_opening(audit), *_render_body(audit), *_render_footer(audit)])
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src {_hash_for_csp(style)}",
            f"script-src {_hash_for_csp(script)}",
            *(["connect-src 'self'"] if served else []),
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en"{" data-served" if served else ""}>\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape_html(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n"
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


@lru_cache(maxsize=4)
def _read_asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")


def _hash_for_csp(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _render_opening(audit: Audit) -> Iterator[str]:
    yield '<a class="skip" href="#reports">Skip to the reports</a>'
    warnings = [*_describe_run(audit)]
    is_single = len(audit.reports) == 1
    if is_single and not warnings:
        return
    yield "<header>"
    if not is_single:
        counts = audit.counts
        summary = f"{format_count(counts['citations'], 'citation')} of {format_count(counts['links'], 'link')} in "
        summary += f"{format_count(counts['reports'], 'report')}: {counts['alive']} alive, {counts['broken']} broken, "
        summary += f"{counts['unknown']} could not be told, {counts['skipped'] + counts['unchecked']} not asked."
        yield f"<h1>Citation audit</h1><p>{summary}</p>"
    yield from warnings
    if len(audit.reports) >= MIN_CONTENTS:
        yield from _render_contents(audit)
    yield "</header>"


def _describe_run(audit: Audit) -> Iterator[str]:
    """What is true of the whole run."""
    if audit.incomplete:
        yield "<p><strong>The run is incomplete: it ended before every link was judged.</strong></p>"
    yield from (f"<p>{escape_html(format_sentence(remark))}</p>" for remark in audit.remarks)
    yield from (
        f"<p><strong>{escape_html(unread.path)} could not be read:</strong> {escape_html(unread.problem)}</p>"
        for unread in audit.unread
    )


def _render_contents(audit: Audit) -> Iterator[str]:
    yield '<nav aria-label="Reports"><table class="contents"><thead><tr><th scope="col">report</th>'
    yield '<th scope="col">grade</th><th scope="col">ready</th><th scope="col">need you</th></tr></thead><tbody>'
    for number, report in enumerate(audit.reports):
        grade = audit.grades.get(report.path)
        counts = count_states(list_links(audit, report, ""))
        yield f'<tr><th scope="row"><a href="#r{number}">{escape_html(report.title or report.path)}</a></th>'
        yield f"<td>{escape_html(grade.letter or '–') if grade else '–'}</td>"
        yield f'<td class="number">{counts[LinkState.READY]}</td><td class="number">{counts[LinkState.NEEDS]}</td></tr>'
    yield "</tbody></table></nav>"


def _render_body(audit: Audit) -> Iterator[str]:
    yield '<main id="reports">'
    if not audit.reports:
        yield "<p>There is no report to show.</p>"
    tools = "".join(_render_tools(audit)) if audit.counts["citations"] else ""
    is_single = len(audit.reports) == 1
    if not is_single:
        yield tools
    for number, report in enumerate(audit.reports):
        yield from render_report(audit, report, number, 1 if is_single else 2, tools if is_single else "")
    yield "</main>"
    if audit.counts["citations"]:
        yield _KEYS


def _render_tools(audit: Audit) -> Iterator[str]:
    counts: Counter[str] = Counter()
    for report in audit.reports:
        states = count_states(list_links(audit, report, ""))
        counts.update(states)
        counts["all"] += states.total()
        counts["todo"] += states[LinkState.READY] + states[LinkState.NEEDS]
        counts["advice"] += len(list_other_advice(audit, report))
    yield '<section class="tools" aria-label="Choose what is shown" hidden><div class="set">'
    for name, label in FILTERS:
        pressed = str(name == "all").lower()
        yield f'<button type="button" data-show="{name}" aria-pressed="{pressed}">{label} '
        yield f"<b>{counts[name]}</b></button>"
    yield '</div><label>Find <input type="search"></label><label>Group by <select><option value="note">note</option>'
    yield '<option value="host">site</option></select></label><button type="button" data-act="help" '
    yield 'aria-label="Keys">?</button><span role="status" class="soft"></span></section>'


_KEYS = (
    '<dialog aria-labelledby="keys"><h2 id="keys">Keys</h2><dl><dt><kbd>j</kbd></dt><dd>the next link to decide on</dd>'
    "<dt><kbd>J</kbd> <kbd>p</kbd></dt><dd>the one before</dd><dt><kbd>a</kbd></dt><dd>use the copy, or the address "
    "that is offered</dd><dt><kbd>o</kbd></dt><dd>open it</dd><dt><kbd>k</kbd></dt><dd>keep the link; a reason is for "
    "whoever comes after</dd><dt><kbd>x</kbd></dt><dd>write another address</dd><dt><kbd>u</kbd></dt><dd>undecide</dd>"
    "<dt><kbd>s</kbd></dt><dd>save decisions</dd><dt><kbd>?</kbd></dt><dd>these keys</dd></dl><p><label><input "
    'type="checkbox" checked> keys of one letter are on</label></p><button type="button" data-act="close">Close'
    "</button></dialog>"
)


def _render_footer(audit: Audit) -> Iterator[str]:
    registries = ", ".join(
        sorted({grade.registry_version for grade in audit.grades.values() if grade.registry_version})
    )
    registry_text = f"; sources by registry {escape_html(registries)}" if registries else ""
    yield f'<footer class="soft"><p>Made by cite-audit {__version__}{registry_text}.'
    yield " The grade speaks of documentation, not of truth. Links that could not be judged never count against a "
    yield "report.</p></footer>"
