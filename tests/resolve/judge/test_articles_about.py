"""No signature fires on an article about the thing, though it be called like it and quote it."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import UTC, datetime
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as reader  # type: ignore[attr-defined]
from typing import Any

import pytest

from cite_audit.model import Health, Probe, Reason, Verdict
from cite_audit.resolve.judge import judge
from cite_audit.resolve.judge.look import Evidence, Look, LookKind, LookRequest
from cite_audit.resolve.judge.signs.signatures import (
    Condition,
    Signature,
    SignaturePlace,
    SignatureTable,
    load_signatures,
)
from cite_audit.resolve.judge.tables import read_table
from tests.loopback.web_pages import article, page, prose

_TEXT, _SHORT = prose(400, "about"), prose(150, "short")
NOW = datetime(2026, 3, 1, tzinfo=UTC)
URL = "http://herald.test/2019/05/story-12"
MARKS = [mark for name in SignatureTable for mark in load_signatures(name) if mark.condition is not Condition.ALONE]


def _shortest(items: Any) -> str:
    """The shortest text that a pattern matches, the first branch taken everywhere."""
    text = ""
    for kind, value in items:
        if kind is code.LITERAL:
            text += chr(value)
        elif kind is code.ANY:
            text += "x"
        elif kind is code.IN:
            text += _one_of(value)
        elif kind is code.SUBPATTERN:
            text += _shortest(value[-1])
        elif kind is code.BRANCH:
            text += _shortest(value[1][0])
        elif kind in (code.MAX_REPEAT, code.MIN_REPEAT):
            text += _shortest(value[2]) * value[0]
    return text


def _one_of(values: Any) -> str:
    for kind, value in values:
        if kind is code.LITERAL:
            return chr(value)
        if kind is code.RANGE:
            return chr(value[0])
        if kind is code.CATEGORY:
            return "1" if value is code.CATEGORY_DIGIT else "x"
    return "x"


def examples(mark: Signature) -> Iterator[str]:
    """What a mark matches: one text for each of its alternatives."""
    if mark.strings:
        yield from mark.strings
        return
    parsed = reader.parse(mark.pattern.pattern, mark.pattern.flags & 0xFF)
    branches = [items for kind, value in parsed if kind is code.BRANCH for items in value[1]]
    found = [_shortest(items) for items in branches] or [_shortest(parsed)]
    yield from (text for text in found if mark.pattern.search(text))


def _verdict(
    url: str, body: bytes, headers: tuple[tuple[str, str], ...] = (), *, invented: bytes = b"Not found"
) -> Verdict:
    """The verdict on a page that invented addresses do not get, or on the one that they get."""
    evidence = Evidence(url, NOW)
    for _ in range(8):
        answer = judge(evidence)
        if isinstance(answer, Verdict):
            return answer
        fields = (("content-type", "text/html; charset=utf-8"), *headers)
        shown = Probe(answer.url, NOW, status=200, final_url=answer.url, headers=fields, body=body)
        status = 200 if invented is body else 404
        missing = Probe(answer.url, NOW, status=status, final_url=answer.url, headers=fields, body=invented)
        evidence = evidence.with_look(Look(answer, shown if answer.kind is LookKind.PAGE else missing))
    raise AssertionError("no end of looks")


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: f"{mark.rule}-{mark.place}-{mark.condition}")
def test_an_article_about_a_mark_stays_alive(mark: Signature) -> None:
    for example in examples(mark) if mark.place is not SignaturePlace.LANDING else ():
        headers = ((mark.header, example),) if mark.header else ()
        quoted = html.escape(example)
        head = (
            f"<script>/* {example} */</script><!-- {example} -->"
            if mark.place in (SignaturePlace.SOURCE, SignaturePlace.CODE)
            else ""
        )
        title = (
            quoted if mark.place in (SignaturePlace.TITLE, SignaturePlace.TEXT) else "How the guards of the net work"
        )
        body = article(title, 600, head=head, extra=f"<p>{quoted}</p><pre>{quoted}</pre>")
        verdict = _verdict(URL, body, headers)
        assert verdict.health is Health.ALIVE, f"{example!r}: {verdict.reason} {verdict.evidence}"


@pytest.mark.parametrize("mark", [m for m in MARKS if m.place is SignaturePlace.LANDING], ids=lambda mark: mark.rule)
def test_a_link_to_the_place_itself_is_no_redirect_to_it(mark: Signature) -> None:
    address = "https://accounts.google.com/signin" if mark.rule.startswith("login") else "https://sedo.com/search/x"
    assert _verdict(address, article("A page one may well cite", 500)).health is Health.ALIVE


PHRASES = [row for row in read_table("phrases") if row["kind"] != "noise" and not row["kind"].endswith("-text")]


@pytest.mark.parametrize("kind", sorted({row["kind"] for row in PHRASES}))
def test_an_article_called_like_an_error_stays_alive(kind: str) -> None:
    for phrase in (row["phrase"] for row in PHRASES if row["kind"] == kind):
        title = phrase[0].upper() + phrase[1:]
        verdict = _verdict(URL, page(f"{title} | Herald", f"<h1>{title}</h1><p>{title}.</p>{_TEXT}"))
        assert verdict.health is Health.ALIVE, f"{title}: {verdict.reason} {verdict.evidence}"


@pytest.mark.parametrize("kind", ["not-found", "removed", "suspended", "default-page"])
def test_a_short_piece_called_like_an_error_stays_alive(kind: str) -> None:
    """A hundred and fifty words, headed with the phrase itself, and an invented address is refused honestly."""
    for phrase in (row["phrase"] for row in PHRASES if row["kind"] == kind):
        verdict = _verdict(URL, page(f"{phrase} | Herald", f"<h1>{phrase}</h1>{_SHORT}"))
        assert verdict.health is Health.ALIVE, f"{phrase}: {verdict.reason} {verdict.evidence}"


@pytest.mark.parametrize("kind", sorted({row["kind"] for row in PHRASES} - {"login", "home", "unconfirmed"}))
def test_every_phrase_is_seen_on_a_page_that_says_nothing_else(kind: str) -> None:
    for phrase in (row["phrase"] for row in PHRASES if row["kind"] == kind):
        body = f"<html><head><title>{phrase} | Herald</title></head><body><h1>{phrase}</h1></body></html>".encode()
        verdict = _verdict(URL, body)
        expected = Health.UNKNOWN if kind == "maintenance" else Health.BROKEN
        assert verdict.health is expected, f"{phrase}: {verdict.health} {verdict.reason}"


def test_a_wording_that_nobody_has_seen_counts_only_where_an_invented_address_gets_the_same() -> None:
    for phrase in (row["phrase"] for row in PHRASES if row["kind"] == "unconfirmed"):
        body = f"<html><head><title>{phrase} | Herald</title></head><body><h1>{phrase}</h1></body></html>".encode()
        assert _verdict(URL, body).health is Health.ALIVE, phrase
        same = _verdict(URL, body, invented=body)
        assert (same.health, same.reason) == (Health.BROKEN, Reason.SOFT_404), phrase


def test_every_row_names_its_source() -> None:
    for name in ("walls", "gates", "parked", "phrases", "spam", "fenced", "shorteners", "statuses"):
        assert all(row["source"].strip() for row in read_table(name)), name


def test_asks_are_few_for_the_worst_article() -> None:
    evidence = Evidence(URL, NOW)
    answer = judge(evidence)
    assert answer == LookRequest(LookKind.PAGE, URL)
