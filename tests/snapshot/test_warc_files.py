"""What a WARC holds of an exchange: fields as they were sent, in records that no field can break out of."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("warcio")

from cite_audit.resolve.check.base import Reply, Request
from cite_audit.snapshot.warc_files import WarcFile

WHEN = datetime(2026, 1, 1, 12, tzinfo=UTC)
URL = "https://site.example/a?b=c"


def read_back(path: Path) -> list[Any]:
    """The records as warcio reads them, their digests checked; the payload as `content`."""
    from warcio.archiveiterator import ArchiveIterator

    records = []
    for record in ArchiveIterator(io.BytesIO(path.read_bytes()), check_digests="raise"):
        record.content = record.content_stream().read()
        records.append(record)
    return records


def test_fields_are_kept_and_those_of_a_transfer_renamed(tmp_path: Path) -> None:
    fields = (
        ("content-type", "text/html"),
        ("content-encoding", "gzip"),
        ("content-disposition", 'attachment; filename="Зошит.pdf"'),
        ("x-empty", ""),
        ("x-empty", "twice"),
    )
    with WarcFile(
        tmp_path / "r" / "a.warc.gz", is_part_of="Bericht\r\nWARC-Type: false", operator="Бібліотека"
    ) as warc:
        warc.write(Request(URL, headers=(("Accept", "*/*"),)), Reply(URL, 200, fields, b"body"), WHEN)
        warc.write_resource("urn:view:" + URL, b"HTTP/1.1 picture", "image/png", WHEN)
    info, response, request, resource = read_back(warc.path)
    assert "isPartOf: Bericht  WARC-Type: false\r\noperator: Бібліотека" in info.content.decode()
    assert response.http_headers.statusline == "200 OK"
    assert response.http_headers.headers == [
        ("content-type", "text/html"),
        ("x-orig-content-encoding", "gzip"),
        ("content-disposition", 'attachment; filename="%D0%97%D0%BE%D1%88%D0%B8%D1%82.pdf"'),
        ("x-empty", ""),
        ("x-empty", "twice"),
        ("content-length", "4"),
    ]
    assert response.content == b"body"
    assert request.http_headers.headers == [("Host", "site.example"), ("Accept", "*/*")]
    assert request.rec_headers["WARC-Concurrent-To"] == response.rec_headers["WARC-Record-ID"]
    assert (resource.rec_type, resource.content) == ("resource", b"HTTP/1.1 picture")
    assert resource.rec_headers["Content-Type"] == "image/png"


def test_a_field_with_a_line_end_begins_no_other(tmp_path: Path) -> None:
    fields = (("x-note", "one\r\nset-cookie: two\r\n\r\nthree"),)
    with WarcFile(tmp_path / "r" / "a.warc.gz") as warc:
        warc.write(Request(URL), Reply(URL, 999, fields, b"body"), WHEN)
    response = read_back(warc.path)[1]
    assert response.http_headers.headers[0][0] == "x-note"
    assert [name for name, _ in response.http_headers.headers] == ["x-note", "content-length"]
    assert response.http_headers.statusline == "999"
    assert response.content == b"body"
