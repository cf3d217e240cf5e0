"""Servers that are busy or ill."""

from __future__ import annotations

from email.utils import formatdate
from time import time

from tests.loopback.web import Answer, Asked, Respond
from tests.loopback.web_behaviours import everywhere
from tests.loopback.web_pages import article, bare
from tests.resolve.judge.rows import Row, row

_STORY = article("Wheat prices at a five-year high", 800)


def _first(answer: Answer) -> Respond:
    return lambda asked: answer if asked.count == 1 else Answer(body=_STORY)


def _dated(asked: Asked) -> Answer:
    if asked.count > 1:
        return Answer(body=_STORY)
    return Answer(429, b"", (("Retry-After", formatdate(time() + 1, usegmt=True)),))


ROWS: list[Row] = [
    row("busy-seconds", "429 with a pause, then the page", _first(Answer(429, b"", (("Retry-After", "1"),))), "ok"),
    row("busy-date", "429 until a date, then the page", _dated, "ok"),
    row("busy-always", "429 for ever", everywhere(Answer(429, b"slow down")), "rate-limited"),
    row("busy-once", "503, then the page", _first(Answer(503, b"busy")), "ok"),
    row("ill", "503 for ever", everywhere(Answer(503, bare("Service Unavailable", ""))), "server-error"),
    row(
        "gateway",
        "504 from the network in front",
        everywhere(Answer(504, bare("504 Gateway Time-out", "nginx"))),
        "server-error",
    ),
    row(
        "500-article",
        "status 500 over the article cited",
        Answer(500, _STORY),
        "ok",
        quotes=("“Wheat prices at a five-year high”, the Herald, 2019.",),
    ),
    row("500-bare", "status 500", everywhere(Answer(500, b"err")), "server-error"),
    row(
        "origin-gone",
        "the network in front cannot find the origin",
        everywhere(Answer(530, bare("Error 1016", "Origin DNS error"))),
        "server-error",
    ),
    row(
        "bandwidth", "bandwidth used up", everywhere(Answer(509, bare("Bandwidth Limit Exceeded", "x"))), "server-error"
    ),
]
