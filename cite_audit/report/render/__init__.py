"""An audit as a document: one module for each format, imported only when it is asked for.

A renderer is a module with `render(audit, **options) -> str` and `OPTIONS`, the names of the options it knows.
It adds no judgement: what an ignore or a baseline makes of a finding stands in the finding's `state`.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module

from cite_audit.errors import UsageError
from cite_audit.model import Audit

__all__ = ["RENDERERS", "check_format", "render"]

# format → module
RENDERERS = {
    "text": "cite_audit.report.render.audit.text",
    "concise": "cite_audit.report.render.audit.concise",
    "json": "cite_audit.report.render.audit.json",
    "json-v1": "cite_audit.report.render.audit.json",
    "jsonl": "cite_audit.report.render.audit.jsonl",
    "csv": "cite_audit.report.render.audit.csv",
    "markdown": "cite_audit.report.render.audit.markdown",
    "html": "cite_audit.report.render.audit.html",
    "sarif": "cite_audit.report.render.audit.sarif",
    "github": "cite_audit.report.render.audit.github",
    "junit": "cite_audit.report.render.audit.junit",
}
LISTING = "cite_audit.report.render.audit.link_listing"  # what `links` shows as text


def check_format(format: str) -> str:
    """The format's name when there is such a format; raises UsageError with the nearest one when not."""
    if format not in RENDERERS:
        close_names = get_close_matches(format, RENDERERS, 1)
        hint = f"; did you mean {close_names[0]}?" if close_names else f"; there are {', '.join(RENDERERS)}"
        raise UsageError(f"unknown format {format!r}{hint}")
    return format


def render(format: str, audit: Audit, **options: object) -> str:
    """The audit in one format; options the format does not know are left out. Raises UsageError for an unknown one.

    Options: width, colour, unicode, verbose (text, listing), fail_on (junit), listing (jsonl: links only), raw (csv:
    formulas left alone), relative (github, junit, sarif: writes a path from the repository's root).
    """
    module = import_module(LISTING if format == "listing" else RENDERERS[check_format(format)])
    known_options = {name: value for name, value in options.items() if name in module.OPTIONS}
    return str(module.render(audit, **known_options))
