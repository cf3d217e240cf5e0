"""`make demo`: audits the sample reports against a web and a Wayback Machine on this machine.

Every host that the reports cite is served here, so that live, dead, moved, blocked and archived links can be seen
without internet. What each host does is the table below; it says nothing about the real sites.
"""

from __future__ import annotations

import re
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from os.path import relpath
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import trustme

from cite_audit.cited_links import collect_links
from cite_audit.config.settings import Settings
from cite_audit.pipeline import read_reports
from tests.loopback import web_behaviours as does
from tests.loopback.wayback import Capture, LoopbackWayback
from tests.loopback.web import Answer, Asked, LoopbackWeb, Respond, Site
from tests.loopback.web_pages import article

REPORTS = Path(__file__).parent.parent / "fixtures" / "reports"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PDF_TYPE = ("Content-Type", "application/pdf")


def telegram(asked: Asked) -> Answer:
    """Telegram's post widget: one post is gone, the others are there."""
    post = asked.path.strip("/")
    shown = f'<div class="tgme_widget_message" data-post="{post}"><p>On the square.</p></div>'
    if post.endswith("/10302"):
        shown = '<div class="tgme_widget_message_error">Post not found</div>'
    return Answer(body=f"<html><body>{shown}</body></html>".encode())


def youtube(asked: Asked) -> Answer:
    """YouTube's oEmbed service knows every video; the watch page is a shell."""
    if asked.path == "/oembed":
        return Answer(
            body=b'{"title": "A statement", "html": "<iframe></iframe>"}',
            headers=(("Content-Type", "application/json"),),
        )
    return Answer(body=b"<html><head><title>YouTube</title></head><body><div id='app'></div></body></html>")


def tweets(asked: Asked) -> Answer:
    """X's oEmbed service: one post is gone."""
    url = parse_qs(urlsplit(asked.target).query).get("url", [""])[0]
    if url.endswith("1301221144004042753"):
        return Answer(404, b'{"error": "Not Found"}', (("Content-Type", "application/json"),))
    return Answer(body=b'{"html": "<blockquote>A post</blockquote>"}', headers=(("Content-Type", "application/json"),))


def files(otherwise: Respond) -> Respond:
    """A site whose addresses that end like a file give the file."""

    def respond(asked: Asked) -> Answer:
        return Answer(body=PDF, headers=(PDF_TYPE,)) if asked.path.endswith(".pdf") else otherwise(asked)

    return respond


# What a cited host does here; all others serve an article at every path.
SITES: dict[str, Respond | Site] = {
    "t.me": telegram,
    "www.youtube.com": youtube,
    "publish.twitter.com": tweets,
    "news.tut.by": does.dead(410),
    "openmedia.io": does.dead(404),
    "belaruspartisan.by": does.parked(),
    "belapan.com": Site(does.dead(), refuses=frozenset({80, 443})),
    "nsn.fm": does.soft_404(),
    "www.vedomosti.ru": does.blocked(),
    "www.rosbalt.ru": does.hangs(),
    "112.ua": does.faulty(503),
    "www.bloomberg.com": does.login(),
    "kremlin.ru": does.everywhere(Answer(451, b"Unavailable For Legal Reasons")),
    "udf.by": Site(does.live(), certificate="expired"),
    "www.euronews.com": does.moved("/my-europe/2020/01/04/russia-resumes-limited-oil-supplies-to-belarus"),
}

# Hosts whose pages the archive does not have, or has only badly.
UNARCHIVED = {"nsn.fm", "gordonua.com", "www.uawire.org"}
BADLY_ARCHIVED = {"112.ua": 404, "dni.ru": 403}


@dataclass
class Certificates:
    """An authority of our own, and a server context for each name; `expired` ones are made on request."""

    authority: trustme.CA

    def __post_init__(self) -> None:
        self.context = lru_cache(maxsize=None)(self._context)

    def _context(self, fault: str, name: str) -> ssl.SSLContext:
        from datetime import UTC, datetime

        until = datetime(2021, 1, 1, tzinfo=UTC) if fault == "expired" else None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(name, not_after=until).configure_cert(context)
        return context


def _title_of(url: str) -> str:
    """A title with the words of an address, as pages have: one without any might be shown for every lost page."""
    return " ".join(["As it stood:", *re.findall(r"[^\W\d_]+", urlsplit(url).path)])


def captures(links: Mapping[str, str]) -> Iterator[Capture]:
    """A capture of each archived link a few days after the report that cites it; `links`: URL → ISO date."""
    for url, day in links.items():
        name = urlsplit(url).hostname or ""
        stamp = day.replace("-", "") + "093000"
        if url.endswith(".pdf"):
            yield Capture(url, stamp, body=PDF, headers=(PDF_TYPE,))
        elif name not in UNARCHIVED:
            yield Capture(url, stamp, BADLY_ARCHIVED.get(name, 200), article(_title_of(url), 400, seed=url))


@contextmanager
def loopback(reports: Path = REPORTS) -> Iterator[tuple[LoopbackWeb, LoopbackWayback]]:
    """A web that serves every host the reports cite, and an archive that holds most of their links."""
    links = {
        w.url: str(w.near)
        for w in collect_links(read_reports([str(reports)], Settings(offline=True)).reports)
        if w.near
    }
    hosts = {urlsplit(url).hostname or "" for url in links}
    sites = {name: SITES.get(name, files(does.live())) for name in hosts | SITES.keys()}
    with tempfile.TemporaryDirectory() as folder:
        certificates = Certificates(trustme.CA())
        bundle = Path(folder) / "authority.pem"
        certificates.authority.cert_pem.write_to_path(str(bundle))
        web = LoopbackWeb(sites, certificates.context, str(bundle))
        with web, LoopbackWayback(captures(links)) as wayback:
            yield web, wayback


def flags(web: LoopbackWeb, wayback: LoopbackWayback) -> list[str]:
    """The options of `cite-audit audit` under which it meets this web and this archive, and nothing else."""
    routes = [f"--connect-to={name}={place}" for name, place in web.connect_to.items()]
    return [
        *routes,
        "--allow-address=127.0.0.0/8",
        f"--ca-bundle={web.ca_bundle}",
        f"--wayback={wayback.url}",
        f"--availability={wayback.availability}",
        "--no-cache",
        "--host-interval=0",
        "--timeout=2",
    ]


def main() -> int:
    """Run the audit as a person would, and give back its exit code; findings are what the demo is for."""
    with loopback() as (web, wayback):
        command = [sys.executable, "-m", "cite_audit", "audit", relpath(REPORTS), *flags(web, wayback), *sys.argv[1:]]
        code = subprocess.run(command, check=False).returncode
        print(
            f"\nThat was {len(web.log)} requests to the web and {len(wayback.log)} to the archive, all on this machine."
        )
    return 0 if code == 1 else code


if __name__ == "__main__":
    raise SystemExit(main())
