"""One playback answer at a time: the decision table, and the odd headers it must survive."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cite_audit.errors import ArchiveError
from cite_audit.resolve.archive.link_format import memento_relations, parse_http_date, parse_relations
from cite_audit.resolve.archive.playback import (
    PlaybackKind,
    citable_url,
    encode_url,
    parse_stamp,
    raw_playback_url,
    read_playback,
    split_playback_url,
)
from cite_audit.resolve.check.base import Reply

BASE = "https://web.archive.org/web"
URL = "https://tass.example/1"
ASKED = f"{BASE}/20240115120000id_/{URL}"
MEMENTO = ("memento-datetime", "Sun, 14 Jan 2024 10:11:12 GMT")


@pytest.mark.parametrize(
    ("reply", "kind", "location"),
    [
        (Reply(ASKED, 200, (MEMENTO,)), PlaybackKind.CAPTURE, ""),
        (Reply(ASKED, 404, (MEMENTO,)), PlaybackKind.CAPTURE, ""),
        (Reply(ASKED, 429, (MEMENTO,)), PlaybackKind.CAPTURE, ""),
        (
            Reply(ASKED, 302, (MEMENTO, ("location", f"{BASE}/20240114101112id_/https://tass.example/2"))),
            PlaybackKind.REDIRECT,
            f"{BASE}/20240114101112id_/https://tass.example/2",
        ),
        (
            Reply(ASKED, 302, (MEMENTO, ("location", "/2"))),  # the original Location, as pywb gives it
            PlaybackKind.REDIRECT,
            f"{BASE}/20240114101112id_/https://tass.example/2",
        ),
        (
            Reply(ASKED, 302, (MEMENTO, ("x-archive-orig-location", "https://tass.example/2"))),
            PlaybackKind.REDIRECT,
            f"{BASE}/20240114101112id_/https://tass.example/2",
        ),
        (Reply(ASKED, 302, (MEMENTO, ("location", "mailto:x@y.example"))), PlaybackKind.CAPTURE, ""),
        (Reply(ASKED, 302, (MEMENTO,)), PlaybackKind.CAPTURE, ""),
        (
            Reply(ASKED, 302, (("location", f"/web/20200101000000/{URL}"),)),
            PlaybackKind.ELSEWHERE,
            f"{BASE}/20200101000000id_/{URL}",
        ),
        (Reply(ASKED, 404, (("x-app-server", "w1"),)), PlaybackKind.MISSING, ""),
        (
            Reply(ASKED, 403, (), b"org...AdministrativeAccessControlException: Blocked Site Error"),
            PlaybackKind.EXCLUDED,
            "",
        ),
        (Reply(ASKED, 200, (), b"This URL has been excluded from the Wayback Machine."), PlaybackKind.EXCLUDED, ""),
    ],
)
def test_one_header_decides(reply: Reply, kind: PlaybackKind, location: str) -> None:
    answer = read_playback(reply)
    assert (answer.kind, answer.location) == (kind, location)


@pytest.mark.parametrize("status", [200, 204, 301, 302, 400, 401, 403, 418])
def test_an_answer_without_it_is_none_unless_the_archive_says_so(status: int) -> None:
    with pytest.raises(ArchiveError):
        read_playback(Reply(ASKED, status, (("location", "http://login.example/"),), b"<h1>Welcome</h1>"))


def test_a_time_that_cannot_be_read_is_taken_from_the_address() -> None:
    answer = read_playback(Reply(ASKED, 200, (("memento-datetime", "yesterday"),)))
    assert answer.captured_at == datetime(2024, 1, 15, 12, tzinfo=UTC)
    with pytest.raises(ArchiveError):
        read_playback(Reply("https://perma.cc/85LS-BXV7", 200, (("memento-datetime", "yesterday"),)))


def test_addresses() -> None:
    assert split_playback_url(f"{BASE}/20240115120000im_/http:/tass.example/1")[2] == "http://tass.example/1"
    assert raw_playback_url(f"{BASE}/2024/{URL}") == f"{BASE}/2024id_/{URL}"
    assert citable_url(ASKED) == f"{BASE}/20240115120000/{URL}"
    assert raw_playback_url("https://perma.cc/85LS-BXV7") == "https://perma.cc/85LS-BXV7"
    assert encode_url("https://сайт.example/а б?q=%20&x=[1]#part") == (
        "https://xn--80aswg.example/%D0%B0%20%D0%B1?q=%20&x=[1]"
    )
    assert parse_stamp("2024") == datetime(2024, 1, 1, tzinfo=UTC)
    assert parse_stamp("20249999999999") is None


def test_links_are_read_in_any_order_quoted_or_not_and_damage_is_passed_over() -> None:
    text = (
        '<http://a.example/1,2>; rel=original, <x>; rel="first memento"; datetime="Wed, 23 Mar 2005 15:53:00 GMT",\n'
        '<y>; datetime="Fri, 24 Nov 2017 15:13:15 GMT"; rel="memento", <z; broken, <w>; rel="memento"; datetime="soon"'
    )
    found = list(parse_relations(text))
    assert found[0].uri == "http://a.example/1,2"
    assert [(one.uri, one.memento_time.year) for one in memento_relations(iter(found)) if one.memento_time] == [
        ("x", 2005),
        ("y", 2017),
    ]


@pytest.mark.parametrize(
    "text", ["", "soon", "Fri, 31 Dec 9999 23:59:59 -2359", "Sun, 22 Nov 2026 11:00:00 +99999999999999999999"]
)
def test_a_date_that_is_none_is_no_date(text: str) -> None:
    assert parse_http_date(text) is None
