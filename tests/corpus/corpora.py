"""Small corpora on loopback: reports in a folder, a web that answers for their links, a run in this process."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cite_audit.config.settings import Network, Settings
from cite_audit.corpus.audit import CorpusPlan, CorpusResult, audit_corpus
from cite_audit.corpus.folder import CorpusFolder
from cite_audit.progress import SilentObserver
from tests.loopback.web import Answer, Asked, LoopbackWeb

NOW = datetime.now(UTC)
OFFLINE = Settings(offline=True)
WORDS = "The mayor told those who had gathered that the bridge will open again in spring, and who pays for it. "


def write_report(folder: Path, name: str, *urls: str, day: str = "June 2, 2019") -> Path:
    """A report with one note for each address."""
    folder.mkdir(parents=True, exist_ok=True)
    body = "\n\n".join(f"Claim number {number}.[^{number}]" for number in range(1, len(urls) + 1))
    notes = "\n".join(f"[^{number}]: <{url}>" for number, url in enumerate(urls, 1))
    path = folder / name
    path.write_text(f"# {name}\n\n{day}\n\n{body}\n\n{notes}\n", "utf-8")
    return path


def run_audit(
    paths: Sequence[str | Path],
    out: Path,
    settings: Settings = OFFLINE,
    *,
    now: datetime | None = None,
    interrupted: Callable[[], bool] = lambda: False,
    **plan: Any,
) -> CorpusResult:
    """A run in this process."""
    corpus_plan = CorpusPlan(paths=[str(path) for path in paths], out=out, **plan)
    return audit_corpus(corpus_plan, settings, now or datetime.now(UTC), SilentObserver(), interrupted)


def rows(out: Path, table: str) -> list[dict[str, Any]]:
    """All rows of a table."""
    folder = CorpusFolder(out)
    return [row for part in folder.parts(table) for row in folder.read_part(table, part.stem)]


@dataclass
class SmallWeb:
    """Sites whose pages are there, but for the paths in `gone`."""

    gone: set[str]

    def answer(self, asked: Asked) -> Answer:
        if asked.path in self.gone or not asked.path.startswith("/p"):
            return Answer(404, f"<title>404 Not Found</title><h1>{asked.host}: Not Found</h1>".encode())
        own = [f"{zlib.crc32(f'{asked.host}{asked.path}{number}'.encode()):x}" for number in range(60)]
        text = "".join(f"<p>{WORDS}{' '.join(own[number : number + 5])}</p>" for number in range(0, 60, 5))
        return Answer(200, f"<title>{own[0]} {own[1]}</title><h1>{own[0]}</h1>{text}".encode())

    def serve(self, *hosts: str) -> LoopbackWeb:
        return LoopbackWeb(dict.fromkeys(hosts, self.answer))


def online(web: LoopbackWeb, **archiving: Any) -> Settings:
    """The settings under which a run meets a web of this machine, and no archive unless one is named."""
    network: Network = web.network(host_interval=0.0, retries=0, backoff=0.01, timeout=30.0, canaries=(), proxy="none")
    settings = Settings(network=network, archive=bool(archiving))
    return replace(settings, archiving=replace(settings.archiving, **archiving)) if archiving else settings
