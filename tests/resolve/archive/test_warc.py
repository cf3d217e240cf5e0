"""A directory of WARC and WACZ files as an archive."""

from __future__ import annotations

import hashlib
import io
import zipfile
from base64 import b32encode
from dataclasses import replace
from pathlib import Path

import pytest

from cite_audit.model import Archived, CitedLink
from cite_audit.resolve.check.base import ArchiveAnswer
from tests.resolve.archive.conftest import NEAR, Desk

pytest.importorskip("warcio")
URL = "https://tass.example/politics/1"
PAGE = b"<title>An article</title><p>Its text, as it stood then.</p>"


def warc(*captures: tuple[str, str, int, bytes]) -> bytes:
    """A WARC file with one response for each (link, WARC-Date, status, body)."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for url, when, status, body in captures:
        http = StatusAndHeaders(f"{status} X", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=http,
            warc_headers_dict={"WARC-Date": when},
        )
        writer.write_record(record)
    return out.getvalue()


def look(desk: Desk, directory: Path, url: str = URL) -> ArchiveAnswer:
    settings = replace(desk.settings, archives=(f"warc:{directory}",))
    return desk.answers([CitedLink(url, NEAR)], settings)[url]


def test_the_capture_nearest_the_date_is_found(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(
        warc((URL, "2020-01-01T00:00:00Z", 200, PAGE), (URL, "2024-01-10T00:00:00Z", 200, PAGE))
    )
    answer = look(desk, tmp_path)
    assert answer.outcome is Archived.ARCHIVED
    assert answer.mementos[0].captured_at.date().isoformat() == "2024-01-10"
    assert answer.mementos[0].uri_m == f"{(tmp_path / 'a.warc.gz').as_uri()}#20240110000000/{URL}"
    assert answer.mementos[0].digest
    assert not desk.wayback.asked()


def test_a_wacz_is_read_too(desk: Desk, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "site.wacz", "w") as bundle:
        bundle.writestr("archive/data.warc.gz", warc((URL, "2024-01-10T00:00:00Z", 200, PAGE)))
    assert look(desk, tmp_path).outcome is Archived.ARCHIVED


def test_an_archived_error_is_no_archived_page(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(warc((URL, "2024-01-10T00:00:00Z", 404, b"no")))
    answer = look(desk, tmp_path)
    assert answer.outcome is Archived.ARCHIVED_BAD
    assert answer.mementos[0].quality == ("status-404",)


def test_what_is_not_there_is_not_archived(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(warc((URL, "2024-01-10T00:00:00Z", 200, PAGE)))
    assert look(desk, tmp_path, "https://tass.example/other").outcome is Archived.NOT_ARCHIVED


@pytest.mark.parametrize("damage", ["truncated", "no zip", "garbage"])
def test_what_is_not_there_while_a_file_is_broken_is_unknown(desk: Desk, tmp_path: Path, damage: str) -> None:
    whole = warc(
        (URL, "2024-01-10T00:00:00Z", 200, PAGE * 50), ("https://b.example/", "2024-01-10T00:00:00Z", 200, PAGE)
    )
    content = {"truncated": whole[:-40], "no zip": b"PK no", "garbage": b"\x1f\x8bgarbage" * 9}[damage]
    (tmp_path / ("a.wacz" if damage == "no zip" else "a.warc.gz")).write_bytes(content)
    answer = look(desk, tmp_path, "https://tass.example/other")
    assert answer.outcome is Archived.UNKNOWN
    assert "cannot be read" in answer.evidence[0]
    if damage == "truncated":
        assert look(desk, tmp_path).outcome is Archived.ARCHIVED


def record(kind: str, url: str, when: str, status: int, body: bytes, **more: str) -> bytes:
    """One record; `more`: further WARC fields (underscores for hyphens), and `location` of its redirect."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    location = more.pop("location", "")
    fields = [("Content-Type", "text/html"), *([("Location", location)] if location else [])]
    headers = {"WARC-Date": when, **{name.replace("_", "-"): value for name, value in more.items()}}
    made = WARCWriter(out, gzip=True).create_warc_record(
        url,
        kind,
        payload=io.BytesIO(body),
        length=len(body),
        http_headers=StatusAndHeaders(f"{status} X", fields, protocol="HTTP/1.1"),
        warc_headers_dict=headers,
    )
    WARCWriter(out, gzip=True).write_record(made)
    return out.getvalue()


def test_an_archived_redirect_is_followed_within_the_files(desk: Desk, tmp_path: Path) -> None:
    target = "https://tass.example/politics/the-story-1"
    (tmp_path / "a.warc.gz").write_bytes(
        record("response", URL, "2024-01-10T00:00:00Z", 301, b"", location="/politics/the-story-1")
    )
    assert look(desk, tmp_path).mementos[0].quality == ("redirect-unresolved",)
    (tmp_path / "b.warc.gz").write_bytes(warc((target, "2024-01-10T00:00:05Z", 200, PAGE)))
    answer = look(desk, tmp_path)
    assert answer.outcome is Archived.ARCHIVED
    assert answer.mementos[0].uri_r == URL


@pytest.mark.parametrize(
    ("body", "outcome"),
    [(PAGE, Archived.ARCHIVED), (b"<title>Page not found</title><p>Sorry.</p>", Archived.ARCHIVED_BAD)],
)
def test_a_revisit_is_as_good_as_the_record_it_refers_to(
    desk: Desk, tmp_path: Path, body: bytes, outcome: Archived
) -> None:
    digest = f"sha1:{b32encode(hashlib.sha1(body).digest()).decode()}"
    revisit = record("revisit", URL, "2024-01-10T00:00:00Z", 200, b"", WARC_Payload_Digest=digest)
    (tmp_path / "a.warc.gz").write_bytes(revisit)
    alone = look(desk, tmp_path)
    assert (alone.outcome, alone.mementos[0].is_suspect) == (Archived.ARCHIVED_BAD, True)
    (tmp_path / "b.warc.gz").write_bytes(warc(("https://tass.example/x", "2024-01-01T00:00:00Z", 200, body)))
    assert look(desk, tmp_path).outcome is outcome
