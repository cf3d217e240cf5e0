"""Signatures that pages share: what one look at a text shows says nothing of a look with another status."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cite_audit.model import Probe
from cite_audit.resolve.judge.look import Look, LookKind, LookRequest
from cite_audit.resolve.judge.signs.signatures import SignatureTable, find_signatures

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HTML = ("content-type", "text/html")
BLOCKED = b"<html><title>Notice</title><body><p>Error code: 1020</p><p>Seen at %d</p></body></html>"


def find_rules(number: int, status: int, *headers: tuple[str, str]) -> list[str]:
    """The rules of walls that a look at the text of that number shows."""
    url = f"http://a.test/{number}"
    probe = Probe(url, NOW, status=status, final_url=url, headers=(HTML, *headers), body=BLOCKED % number)
    look = Look(LookRequest(LookKind.PAGE, url), probe)
    return [signature.rule for signature in find_signatures(SignatureTable.WALLS, look)]


@pytest.mark.parametrize(("number", "statuses"), [(1, (200, 403, 200)), (2, (403, 200, 403))])
def test_a_status_is_told_for_each_look_at_the_same_text(number: int, statuses: tuple[int, ...]) -> None:
    found = [find_rules(number, status) for status in statuses]
    assert found == [["cloudflare-block"] if status == 403 else [] for status in statuses]


def test_headers_are_told_for_each_look_at_the_same_text() -> None:
    assert find_rules(3, 200) == []
    assert find_rules(3, 200, ("cf-mitigated", "challenge")) == ["cloudflare-challenge"]
    assert find_rules(3, 200) == []
