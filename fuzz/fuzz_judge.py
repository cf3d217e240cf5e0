"""An atheris target: any bytes as the answers of a site, through the judge; nothing is raised, a verdict is reached.

python -m fuzz.fuzz_judge [libFuzzer options] [corpus]
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import atheris

with atheris.instrument_imports(include=["cite_audit.resolve.judge"]):
    from cite_audit.model import Probe, Verdict
    from cite_audit.resolve.judge import judge
    from cite_audit.resolve.judge.look import Evidence, Look

from fuzz.harness import fuzz, split_input

URLS = (
    "http://h.test/news/2020/04/article-about-things-12345.html",
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
    "https://t.me/channel/123",
    "https://h.test/#fragment",
)
CONTENT_TYPES = ("text/html", "text/html; charset=windows-1251", "application/json", "text/plain", "", "image/png")
STATUSES = (200, 404, 403, 500, 301, 0)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def check(data: bytes) -> None:
    """Judges one link; its first bytes choose the address, the type and the status, the others are the page."""
    url, data = split_input(data, len(URLS))
    kind, data = split_input(data, len(CONTENT_TYPES))
    status, data = split_input(data, len(STATUSES))
    evidence = Evidence(URLS[url], NOW, near=date(2020, 4, 1), quotes=("a “sentence of many words, quoted” here",))
    headers = (("content-type", CONTENT_TYPES[kind]), ("refresh", data[:40].decode("latin-1")))
    for _ in range(12):
        answer = judge(evidence)
        if isinstance(answer, Verdict):
            return
        probe = Probe(answer.url, NOW, status=STATUSES[status], final_url=answer.url, headers=headers, body=data)
        evidence = evidence.with_look(Look(answer, probe))
    raise AssertionError("no verdict after twelve looks")


if __name__ == "__main__":
    fuzz(check)
