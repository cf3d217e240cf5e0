"""An audit as a document: one module for each format, imported only when it is asked for.

A renderer is a module with `render(audit, **options) -> str` and `OPTIONS`, the names of the options it knows.
It adds no judgement: what an ignore or a baseline makes of a finding stands in the finding's `state`.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module

from cite_audit.errors import UsageError
from cite_audit.model import Audit

__all__ = ["RENDERERS", "checked", "render"]

# format → module
RENDERERS = {
    "text": "cite_audit.report.render.text",
    "concise": "cite_audit.report.render.concise",
    "json": "cite_audit.report.render.json",
    "json-v1": "cite_audit.report.render.json",
    "jsonl": "cite_audit.report.render.jsonl",
    "csv": "cite_audit.report.render.csv",
    "markdown": "cite_audit.report.render.markdown",
    "html": "cite_audit.report.render.html",
    "sarif": "cite_audit.report.render.sarif",
    "github": "cite_audit.report.render.github",
    "junit": "cite_audit.report.render.junit",
}
LISTING = "cite_audit.report.render.listing"  # what `links` shows as text


def checked(format: str) -> str:
    """The format's name when there is such a format; raises UsageError with the nearest one when not."""
    if format not in RENDERERS:
        near = get_close_matches(format, RENDERERS, 1)
        hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(RENDERERS)}"
        raise UsageError(f"unknown format {format!r}{hint}")
    return format


def render(format: str, audit: Audit, **options: object) -> str:
    """The audit in one format; options the format does not know are left out. Raises UsageError for an unknown one.

    Options: width, colour, unicode, verbose (text, listing), fail_on (junit), listing (jsonl: links only), raw (csv:
    formulas left alone), relative (github, junit, sarif: writes a path from the repository's root).
    """
    module = import_module(LISTING if format == "listing" else RENDERERS[checked(format)])
    known = {name: value for name, value in options.items() if name in module.OPTIONS}
    return str(module.render(audit, **known))
