"""Where the project lives: one constant, set by `python ci/set_release.py` and copied from here wherever it is said."""

from __future__ import annotations

from cite_audit import __version__

# A name that is nobody's (RFC 2606) until there is a release: what says it leads nowhere, and runs no stranger's code.
PROJECT_URL = "https://cite-audit.example/cite-audit/cite-audit"
RULES_URL = f"{PROJECT_URL}/blob/v{__version__}/docs/rules.md"
