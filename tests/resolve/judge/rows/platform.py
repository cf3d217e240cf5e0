"""Platforms: their own services tell, their pages do not."""

from __future__ import annotations

import json

from cite_audit.model import Reason
from tests.loopback.web import Answer, Asked, Respond
from tests.loopback.web_behaviours import redirect
from tests.loopback.web_pages import bare
from tests.resolve.judge.rows import Row

JSON = (("Content-Type", "application/json"),)
VIDEO = Answer(200, json.dumps({"title": "A convoy", "html": "<iframe>"}).encode(), JSON)


def _post(text: str, post: str = "") -> bytes:
    mark = f' data-post="{post}"' if post else ""
    return f'<html><body><div class="tgme_widget_message"{mark}>{text}</div></body></html>'.encode()


def endpoint_row(
    name: str,
    says: str,
    url: str,
    endpoint: str,
    answer: Answer | bytes,
    reason: str,
    *,
    broken: bool = False,
    requests: int = 6,
) -> Row:
    """A link and what the endpoint (“host/path”) answers for it; every other address there shows the frame for all."""
    host, _, target = endpoint.partition("/")
    fixed = Answer(body=answer) if isinstance(answer, bytes) else answer

    def respond(asked: Asked) -> Answer:
        if asked.target.startswith("/" + target):
            return fixed
        raise LookupError(asked.target)

    return Row(name, says, url, {host: respond}, Reason(reason), broken, requests=requests)


def unasked_row(name: str, says: str, url: str, reason: str, sites: dict[str, Respond] | None = None) -> Row:
    return Row(name, says, url, sites or {}, Reason(reason))


_GONE = '<div class="tgme_widget_message_error">Post not found</div>'
_PRIVATE = '<div class="tgme_widget_message_error">Channel is private</div>'
_TEXT = '<div class="tgme_widget_message_text">A convoy passed the bridge.</div>'

ROWS: list[Row] = [
    endpoint_row(
        "tg-post",
        "a post",
        "https://t.me/frontnews/12",
        "t.me/frontnews/12?embed=1",
        _post(_TEXT, "frontnews/12"),
        "ok",
        requests=1,
    ),
    endpoint_row(
        "tg-gone",
        "a deleted post",
        "https://t.me/frontnews/13",
        "t.me/frontnews/13?embed=1",
        _post(_GONE),
        "not-found",
        broken=True,
    ),
    endpoint_row(
        "tg-private-post",
        "a post of a channel that went private",
        "https://t.me/frontnews/14",
        "t.me/frontnews/14?embed=1",
        _post(_PRIVATE),
        "login-required",
    ),
    endpoint_row(
        "tg-preview-post",
        "a post by its preview address",
        "https://t.me/s/frontnews/15",
        "t.me/frontnews/15?embed=1",
        _post(_TEXT, "frontnews/15"),
        "ok",
        requests=1,
    ),
    endpoint_row(
        "tg-quotes",
        "a post that says “not found”",
        "https://t.me/frontnews/16",
        "t.me/frontnews/16?embed=1",
        _post("<div class=tgme_widget_message_text>Error: post not found, they say.</div>", "frontnews/16"),
        "ok",
    ),
    endpoint_row(
        "tg-odd",
        "neither post nor error",
        "https://t.me/frontnews/17",
        "t.me/frontnews/17?embed=1",
        bare("Telegram", ""),
        "login-required",
    ),
    endpoint_row(
        "tg-ill",
        "the widget is ill",
        "https://t.me/frontnews/18",
        "t.me/frontnews/18?embed=1",
        Answer(502, b""),
        "server-error",
    ),
    endpoint_row(
        "tg-channel", "a channel", "https://t.me/rivernews", "t.me/s/rivernews", _post(_TEXT), "ok", requests=1
    ),
    endpoint_row(
        "tg-no-preview",
        "a channel without a preview",
        "https://t.me/quietnews",
        "t.me/s/quietnews",
        redirect("/quietnews", 302),
        "login-required",
    ),
    unasked_row("tg-members", "a private chat", "https://t.me/c/123/45", "login-required"),
    unasked_row("tg-invite", "an invitation", "https://t.me/+AbCdEf", "login-required"),
    endpoint_row(
        "yt",
        "a video",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DdQw4w9WgXcQ",
        VIDEO,
        "ok",
        requests=1,
    ),
    endpoint_row(
        "yt-short",
        "a video by its short link",
        "https://youtu.be/aaaaaaaaaaa",
        "www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3Daaaaaaaaaaa",
        VIDEO,
        "ok",
        requests=1,
    ),
    endpoint_row(
        "yt-gone",
        "a removed video",
        "https://www.youtube.com/watch?v=bbbbbbbbbbb",
        "www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3Dbbbbbbbbbbb",
        Answer(404, b"Not Found"),
        "not-found",
        broken=True,
    ),
    endpoint_row(
        "yt-bad",
        "a number that is none",
        "https://www.youtube.com/watch?v=ccc",
        "www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3Dccc",
        Answer(400, b"Bad Request"),
        "not-found",
        broken=True,
    ),
    endpoint_row(
        "yt-embed-off",
        "a video nobody may embed",
        "https://www.youtube.com/watch?v=ddddddddddd",
        "www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3Dddddddddddd",
        Answer(401, b"Unauthorized"),
        "ok",
        requests=1,
    ),
    endpoint_row(
        "yt-private",
        "a private video",
        "https://www.youtube.com/shorts/eeeeeeeeeee",
        "www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3Deeeeeeeeeee",
        Answer(403, b""),
        "login-required",
    ),
    endpoint_row(
        "x",
        "a post",
        "https://twitter.com/herald/status/111",
        "publish.twitter.com/oembed?omit_script=1&url=https%3A%2F%2Ftwitter.com%2Fherald%2Fstatus%2F111",
        Answer(200, b'{"html":"<blockquote>"}', JSON),
        "ok",
        requests=1,
    ),
    endpoint_row(
        "x-gone",
        "a deleted post",
        "https://x.com/herald/status/222",
        "publish.twitter.com/oembed?omit_script=1&url=https%3A%2F%2Ftwitter.com%2Fherald%2Fstatus%2F222",
        Answer(404, b"{}", JSON),
        "not-found",
        broken=True,
    ),
    endpoint_row(
        "x-protected",
        "a protected account",
        "https://x.com/herald/status/333?s=20",
        "publish.twitter.com/oembed?omit_script=1&url=https%3A%2F%2Ftwitter.com%2Fherald%2Fstatus%2F333",
        Answer(403, b"{}", JSON),
        "login-required",
    ),
    unasked_row("x-profile", "a profile", "https://x.com/herald", "js-shell"),
]
