"""cite-audit: what a report's footnotes link to, whether it is still there, and what the report rests on."""

__version__ = "0.1.0"
