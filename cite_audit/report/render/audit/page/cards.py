"""The cards of a report: each link that needs a hand, with the claim, what is wrong, and the choices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cite_audit.model import Fix, Report
from cite_audit.report.render.audit.page.facts import render_facts
from cite_audit.report.render.audit.page.links import WEB_ADDRESS, LinkState, PageLink, describe_words
from cite_audit.report.render.audit.page.notes import MAX_EXCERPT, label_place, render_evidence
from cite_audit.report.render.locations import shorten_words
from cite_audit.report.render.media.html import encode_attribute, escape_html, render_link
from cite_audit.report.render.media.sanitizer import sanitize_line
from cite_audit.urls import unwrap_url

MAX_OTHERS = 3  # other replacements shown on a card


def render_cards(report: Report, links: Sequence[PageLink], level: int) -> Iterator[str]:
    """A list with a card for each link that needs a hand; nothing where none does. `level` of their headings."""
    pressing = [link for link in links if link.state in (LinkState.READY, LinkState.NEEDS)]
    if not pressing:
        return
    notes = {(note.section, note.number): note.text for note in report.notes}
    yield '<ol class="cards">'
    for link in pressing:
        text = notes.get((link.citation.section, link.citation.note or -1), "")
        yield _render_card(report, link, sanitize_line(text), level)
    yield "</ol>"


def _render_card(report: Report, link: PageLink, note_text: str, level: int) -> str:
    citation, offered = link.citation, link.offered
    words = describe_words(citation) if citation.note is not None else ""
    title = " · ".join(
        part
        for part in (
            label_place(report, citation),
            f"<bdi>‘{escape_html(shorten_words(words))}’</bdi>" if words else "",
            escape_html(link.headline),
        )
        if part
    )
    parts = [f'<h{level} class="label">{title}</h{level}>']
    if citation.sentence:
        parts.append(f"<blockquote><bdi>“{escape_html(citation.sentence)}”</bdi></blockquote>")
    parts += render_facts(citation)
    parts.append(_render_change(link, offered))
    parts.append(_render_choices(link, offered))
    parts.append(_render_reasons(link, note_text))
    offer = f' data-to="{escape_html(offered.replacement)}"' if offered else ""
    head = f'<li class="card {link.state}" id="{link.anchor}" tabindex="-1" data-state="{link.state}"'
    return f'{head} data-link="{encode_attribute(link.key)}"{offer}>{"".join(parts)}</li>'


def _render_change(link: PageLink, offered: Fix | None) -> str:
    url = link.citation.link.url
    old = render_link(url) if link.is_safe_to_open else f'<bdi class="url">{escape_html(url)}</bdi>'
    if not offered:
        return f'<p class="change">{old}</p>'
    new = render_link(offered.replacement)
    return f'<p class="change"><del>{old}</del></p><p class="change"><ins>{new}</ins></p>'


def _render_choices(link: PageLink, offered: Fix | None) -> str:
    """The buttons, hidden until there is script to press them; without it the links above do the opening."""
    is_copy = offered is not None and unwrap_url(offered.replacement) is not None
    buttons = []
    if offered:
        buttons.append(_button("use", "a", "Use the copy" if is_copy else "Use this address", "main"))
    target = offered.replacement if offered else link.citation.link.url
    if WEB_ADDRESS.match(target) and (offered or link.is_safe_to_open):
        label = "Open the copy" if is_copy else "Open the page"
        buttons.append(
            f'<a class="button" data-act="open" href="{escape_html(target)}" target="_blank" '
            f'rel="noopener noreferrer nofollow">{label} <kbd>o</kbd></a>'
        )
    buttons += [_button("keep", "k", "Keep the link"), _button("other", "x", "Other …")]
    facts = " · ".join([*([escape_html(offered.title)] if offered and offered.title else []), *_name_rules(link)])
    pressed = f'<span class="set" hidden>{"".join(buttons)}</span>'
    return f'<div class="choices">{pressed}<span class="soft">{facts}</span></div>'


def _button(action: str, key: str, label: str, kind: str = "") -> str:
    return f'<button type="button" class="{kind}" data-act="{action}">{label} <kbd>{key}</kbd></button>'


def _name_rules(link: PageLink) -> list[str]:
    return [f"<code>{rule}</code>" for rule in dict.fromkeys(finding.rule for finding in link.open_findings)]


def _render_reasons(link: PageLink, note_text: str) -> str:
    """What is behind it, folded: each finding, other replacements, what the note says, what was seen."""
    rows = [f"<p>{escape_html(finding.message)}</p>" for finding in link.open_findings]
    others = dict.fromkeys(fix.replacement for finding in link.open_findings for fix in finding.fixes)
    others |= dict.fromkeys(memento.uri_m for memento in (link.verdict.mementos if link.verdict else ()))
    others.pop(link.offered.replacement if link.offered else "", None)
    rows += [f"<p>another: {render_link(address)}</p>" for address in list(others)[:MAX_OTHERS]]
    if note_text:
        cut = "…" if len(note_text) > MAX_EXCERPT else ""
        rows.append(f'<p class="soft">the note: <bdi>{escape_html(note_text[:MAX_EXCERPT])}{cut}</bdi></p>')
    raw = link.citation.link.raw
    if sanitize_line(raw) != sanitize_line(link.citation.link.url):
        rows.append(f'<p class="soft">printed as <bdi class="url">{escape_html(raw)}</bdi></p>')
    rows += render_evidence(link.verdict)
    return f"<details><summary>why</summary>{''.join(rows)}</details>"
