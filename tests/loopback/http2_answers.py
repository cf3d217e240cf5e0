"""Ways to answer a request by HTTP/2, right and wrong, for `Http2Server`."""

from __future__ import annotations

import gzip

from tests.loopback.http2 import GOODBYE, Talk

PAGE = b"<p>" + b"by frames alone " * 20_000


async def page(talk: Talk) -> None:
    talk.head(200, ("content-type", "text/html"))
    await talk.body(b"<p>page")


async def in_pieces(talk: Talk) -> None:
    talk.head(103, ("link", "</a.css>"))
    talk.head(200, ("content-type", "text/html"), ("content-encoding", "gzip"), ("X-Odd", "name"))
    await talk.body(gzip.compress(PAGE), size=500)


async def not_found(talk: Talk) -> None:
    talk.head(404, end=True)


async def resets(talk: Talk) -> None:
    talk.reset(7)


async def goes_away(talk: Talk) -> None:
    talk.raw(GOODBYE)


async def goes_away_when_done(talk: Talk) -> None:
    talk.raw(b"\x00\x00\x08\x07\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00")
    await page(talk)


async def silent(talk: Talk) -> None:
    await talk.request()


async def half(talk: Talk) -> None:
    talk.head(200)
    await talk.body(b"half", end=False)
    await talk.request()


async def cut_off(talk: Talk) -> None:
    talk.head(200, ("content-length", "9"))
    await talk.body(b"half", end=False)
    await talk.writer.drain()
    talk.writer.close()


async def resets_in_body(talk: Talk) -> None:
    talk.head(200)
    await talk.body(b"half", end=False)
    talk.reset(2)


async def closes(talk: Talk) -> None:
    talk.writer.close()


async def endless(talk: Talk) -> None:
    talk.head(200)
    while not talk.gone:
        await talk.body(b"x" * 100_000, end=False)


async def pings(talk: Talk) -> None:
    talk.raw(b"\x00\x00\x08\x06\x00\x00\x00\x00\x00pingpong" * 200)


async def empty_frames(talk: Talk) -> None:
    talk.head(200)
    talk.raw(b"\x00\x00\x00\x00\x00\x00\x00\x00\x01" * 200)


async def pushes(talk: Talk) -> None:
    talk.raw(b"\x00\x00\x05\x05\x04\x00\x00\x00\x01\x00\x00\x00\x02\x88")


async def many_fields(talk: Talk) -> None:
    talk.head(200, *((f"x-{n}", "1") for n in range(513)), end=True)


async def large_fields(talk: Talk) -> None:
    talk.head(200, *((f"x-{n}", "x" * 12_000) for n in range(25)), end=True)


async def large_frame(talk: Talk) -> None:
    talk.raw(b"\x00\x40\x01\x00\x00\x00\x00\x00\x01" + b"x" * 16_385)


async def garbage(talk: Talk) -> None:
    talk.raw(b"HTTP/1.1 200 OK\r\n\r\n")


async def no_status(talk: Talk) -> None:
    talk.head("abc", end=True)
