"""The two ways to ask: saying who we are, and asking as a browser does.

Both are needed: Anubis challenges only those who call themselves Mozilla-like, others let in nobody else. The plain
name leaves out words that stock firewall rules refuse ("link", "bot", "crawler").
"""

from __future__ import annotations

from cite_audit import __version__
from cite_audit.project import PROJECT_URL

Fields = tuple[tuple[str, str], ...]

PLAIN_HEADERS: Fields = (
    ("User-Agent", f"Mozilla/5.0 (compatible; cite-audit/{__version__}; +{PROJECT_URL})"),
    ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
    ("Accept-Language", "en,*;q=0.5"),
    ("Accept-Encoding", "gzip"),
)
BROWSER_HEADERS: Fields = (
    (
        "User-Agent",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/142.0.0.0 Safari/537.36",
    ),
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"),
    ("Accept-Language", "en-US,en;q=0.9"),
    ("Accept-Encoding", "gzip, deflate"),
    ("Upgrade-Insecure-Requests", "1"),
    ("Sec-Fetch-Dest", "document"),
    ("Sec-Fetch-Mode", "navigate"),
    ("Sec-Fetch-Site", "none"),
    ("Sec-Fetch-User", "?1"),
)
PROFILES = {"plain": PLAIN_HEADERS, "browser": BROWSER_HEADERS}
