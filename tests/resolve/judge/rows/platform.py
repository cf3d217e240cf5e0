"""Platforms: their own services tell, their pages do not."""

from __future__ import annotations

import json

from cite_audit.model import Reason
from tests.loopback.web import Answer, Asked, Respond
from tests.loopback.web_behaviours import everywhere, redirect
from tests.loopback.web_pages import bare, page, prose
from tests.resolve.judge.rows import Row

_JSON = (("Content-Type", "application/json"),)
_VIDEO = Answer(200, json.dumps({"title": "A convoy", "html": "<iframe>"}).encode(), _JSON)


def _post(text: str, post: str = "") -> bytes:
    mark = f' data-post="{post}"' if post else ""
    return f'<html><body><div class="tgme_widget_message"{mark}>{text}</div></body></html>'.encode()


def _ask(
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


def _silent(name: str, says: str, url: str, reason: str, sites: dict[str, Respond] | None = None) -> Row:
    return Row(name, says, url, sites or {}, Reason(reason))


_GONE = '<div class="tgme_widget_message_error">Post not found</div>'
_PRIVATE = '<div class="tgme_widget_message_error">Channel is private</div>'
_TEXT = '<div class="tgme_widget_message_text">A convoy passed the bridge.</div>'

ROWS: list[Row] = [
    _ask(
        "tg-post",
        "a post",
        "https://t.me/frontnews/12",
        "t.me/frontnews/12?embed=1",
        _post(_TEXT, "frontnews/12"),
        "ok",
        requests=1,
    ),
    _ask(
        "tg-gone",
        "a deleted post",
        "https://t.me/frontnews/13",
        "t.me/frontnews/13?embed=1",
        _post(_GONE),
        "not-found",
        broken=True,
    ),
    _ask(
        "tg-private-post",
        "a post of a channel that went private",
        "https://t.me/frontnews/14",
        "t.me/frontnews/14?embed=1",
        _post(_PRIVATE),
        "login-required",
    ),
    _ask(
        "tg-preview-post",
        "a post by its preview address",
        "https://t.me/s/frontnews/15",
        "t.me/frontnews/15?embed=1",
        _post(_TEXT, "frontnews/15"),
        "ok",
        requests=1,
    ),
    _ask(
        "tg-quotes",
        "a post that says “not found”",
        "https://t.me/frontnews/16",
        "t.me/frontnews/16?embed=1",
        _post("<div class=tgme_widget_message_text>Error: post not found, they say.</div>", "frontnews/16"),
        "ok",
    ),
    _ask(
        "tg-odd",
        "neither post nor error",
        "https://t.me/frontnews/17",
        "t.me/frontnews/17?embed=1",
        bare("Telegram", ""),
        "login-required",
    ),
    _ask(
        "tg-ill",
        "the widget is ill",
        "https://t.me/frontnews/18",
        "t.me/frontnews/18?embed=1",
        Answer(502, b""),
        "server-error",
    ),
    _ask("tg-channel", "a channel", "https://t.me/rivernews", "t.me/s/rivernews", _post(_TEXT), "ok", requests=1),
    _ask(
        "tg-no-preview",
        "a channel without a preview",
        "https://t.me/quietnews",
        "t.me/s/quietnews",
        redirect("/quietnews", 302),
        "login-required",
    ),
    _silent("tg-members", "a private chat", "https://t.me/c/123/45", "login-required"),
    _silent("tg-invite", "an invitation", "https://t.me/+AbCdEf", "login-required"),
    _ask(
        "yt",
        "a video",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DdQw4w9WgXcQ",
        _VIDEO,
        "ok",
        requests=1,
    ),
    _ask(
        "yt-short",
        "a video by its short link",
        "https://youtu.be/aaaaaaaaaaa",
        "www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3Daaaaaaaaaaa",
        _VIDEO,
        "ok",
        requests=1,
    ),
    _ask(
        "yt-gone",
        "a removed video",
        "https://www.youtube.com/watch?v=bbbbbbbbbbb",
        "www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3Dbbbbbbbbbbb",
        Answer(404, b"Not Found"),
        "not-found",
        broken=True,
    ),
    _ask(
        "yt-bad",
        "a number that is none",
        "https://www.youtube.com/watch?v=ccc",
        "www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3Dccc",
        Answer(400, b"Bad Request"),
        "not-found",
        broken=True,
    ),
    _ask(
        "yt-embed-off",
        "a video nobody may embed",
        "https://www.youtube.com/watch?v=ddddddddddd",
        "www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3Dddddddddddd",
        Answer(401, b"Unauthorized"),
        "ok",
        requests=1,
    ),
    _ask(
        "yt-private",
        "a private video",
        "https://www.youtube.com/shorts/eeeeeeeeeee",
        "www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3Deeeeeeeeeee",
        Answer(403, b""),
        "login-required",
    ),
    _ask(
        "x",
        "a post",
        "https://twitter.com/herald/status/111",
        "publish.twitter.com/oembed?omit_script=1&url=https%3A%2F%2Ftwitter.com%2Fherald%2Fstatus%2F111",
        Answer(200, b'{"html":"<blockquote>"}', _JSON),
        "ok",
        requests=1,
    ),
    _ask(
        "x-gone",
        "a deleted post",
        "https://x.com/herald/status/222",
        "publish.twitter.com/oembed?omit_script=1&url=https%3A%2F%2Ftwitter.com%2Fherald%2Fstatus%2F222",
        Answer(404, b"{}", _JSON),
        "not-found",
        broken=True,
    ),
    _ask(
        "x-protected",
        "a protected account",
        "https://x.com/herald/status/333?s=20",
        "publish.twitter.com/oembed?omit_script=1&url=https%3A%2F%2Ftwitter.com%2Fherald%2Fstatus%2F333",
        Answer(403, b"{}", _JSON),
        "login-required",
    ),
    _silent("x-profile", "a profile", "https://x.com/herald", "js-shell"),
    _ask(
        "vk",
        "a post",
        "https://vk.com/wall-1_2",
        "vk.com/wall-1_2",
        page("Post", prose(100), head='<meta property="og:title" content="A post">'),
        "ok",
        requests=1,
    ),
    _ask(
        "vk-gone",
        "a deleted post, 404",
        "https://vk.com/wall-1_3",
        "vk.com/wall-1_3",
        Answer(404, bare("Ошибка", "Запись удалена или ещё не опубликована")),
        "not-found",
        broken=True,
    ),
    _ask(
        "vk-gone-200",
        "a deleted post, 200",
        "https://vk.com/wall-1_4",
        "vk.com/wall-1_4",
        bare("Error", "Post not found"),
        "not-found",
        broken=True,
    ),
    _ask(
        "vk-browser",
        "another browser wanted",
        "https://vk.com/wall-1_5",
        "vk.com/wall-1_5",
        redirect("/badbrowser.php", 302),
        "blocked",
    ),
    _ask(
        "vk-login",
        "a login wanted",
        "https://vk.com/video-1_6",
        "vk.com/video-1_6",
        redirect("/login?to=x", 302),
        "login-required",
    ),
    _ask(
        "vk-regulator",
        "a regulator's page",
        "https://vk.com/wall-1_7",
        "vk.com/wall-1_7",
        redirect("/blank.php?rkn=32274", 302),
        "geo-blocked",
    ),
    _ask(
        "vk-mute-404",
        "404 that does not say why",
        "https://vk.com/wall-1_8",
        "vk.com/wall-1_8",
        Answer(404, bare("VK", "")),
        "blocked",
    ),
    _ask(
        "fb",
        "a post",
        "https://www.facebook.com/herald/posts/1",
        "www.facebook.com/plugins/post.php",
        redirect("/login/?next=x", 302),
        "login-required",
    ),
    _ask(
        "fb-400",
        "a post, 400",
        "https://m.facebook.com/herald/posts/2",
        "www.facebook.com/plugins/post.php",
        Answer(400, bare("Error", "Sorry, this content isn't available right now")),
        "login-required",
    ),
    _ask(
        "ig",
        "a post",
        "https://www.instagram.com/p/AAA/",
        "www.instagram.com/p/AAA/embed/captioned/",
        b'<div class="Caption">A bridge.</div>',
        "ok",
        requests=1,
    ),
    _ask(
        "ig-gone",
        "a removed post",
        "https://www.instagram.com/p/BBB/",
        "www.instagram.com/p/BBB/embed/captioned/",
        bare("Instagram", "The link to this photo or video may be broken, or the post may have been removed."),
        "not-found",
        broken=True,
    ),
    _ask(
        "ig-login",
        "a login wanted",
        "https://www.instagram.com/reel/CCC/",
        "www.instagram.com/p/CCC/embed/captioned/",
        redirect("/accounts/login/", 302),
        "login-required",
    ),
    _silent("ig-account", "an account", "https://www.instagram.com/herald/", "login-required"),
    _ask(
        "tiktok",
        "a video",
        "https://www.tiktok.com/@herald/video/1",
        "www.tiktok.com/oembed?url=https%3A%2F%2Fwww.tiktok.com%2F%40herald",
        _VIDEO,
        "ok",
        requests=1,
    ),
    _ask(
        "tiktok-gone",
        "a removed video",
        "https://www.tiktok.com/@gone/video/2",
        "www.tiktok.com/oembed?url=https%3A%2F%2Fwww.tiktok.com%2F%40gone",
        Answer(400, b'{"code":400}', _JSON),
        "not-found",
        broken=True,
    ),
    _ask(
        "rutube",
        "a video",
        "https://rutube.ru/video/" + "a" * 32 + "/",
        "rutube.ru/api/oembed/",
        _VIDEO,
        "ok",
        requests=1,
    ),
    _ask("linkedin", "a post", "https://www.linkedin.com/posts/x-1", "www.linkedin.com/posts", Answer(999), "blocked"),
    _ask(
        "doi",
        "a DOI that is registered",
        "https://doi.org/10.1234/abc.5",
        "doi.org/api/handles/10.1234/abc.5",
        Answer(200, b'{"responseCode":1,"values":[]}', _JSON),
        "ok",
        requests=1,
    ),
    _ask(
        "doi-none",
        "a DOI that is not",
        "https://doi.org/10.1234/none",
        "doi.org/api/handles/10.1234/none",
        Answer(404, b'{"responseCode":100}', _JSON),
        "not-found",
        broken=True,
    ),
    _ask(
        "doi-ill",
        "the registry is ill",
        "https://dx.doi.org/10.1234/ill",
        "doi.org/api/handles/10.1234/ill",
        Answer(503, b""),
        "server-error",
    ),
    _ask(
        "wb",
        "a capture",
        "https://web.archive.org/web/20190501000000/http://h.test/",
        "web.archive.org/web/20190501000000id_/http://h.test/",
        Answer(200, b"<p>old</p>", (("Memento-Datetime", "Wed, 01 May 2019 00:00:00 GMT"),)),
        "ok",
        requests=1,
    ),
    _ask(
        "wb-none",
        "no capture",
        "https://web.archive.org/web/20190502000000/http://h.test/",
        "web.archive.org/web/20190502000000id_/",
        Answer(404, bare("Hrm.", "The Wayback Machine has not archived that URL.")),
        "not-found",
        broken=True,
    ),
    _ask(
        "wb-excluded",
        "excluded",
        "https://web.archive.org/web/20190503000000/http://h.test/",
        "web.archive.org/web/20190503000000id_/",
        Answer(403, bare("Sorry.", "This URL has been excluded from the Wayback Machine.")),
        "blocked",
    ),
    _ask(
        "wb-busy",
        "too many",
        "https://web.archive.org/web/20190504000000/http://h.test/",
        "web.archive.org/web/20190504000000id_/",
        Answer(429, b"", (("Retry-After", "9999"),)),
        "rate-limited",
    ),
    _ask(
        "wb-error",
        "a capture of an error page",
        "https://web.archive.org/web/20190505000000/http://h.test/",
        "web.archive.org/web/20190505000000id_/",
        Answer(404, bare("Not found", ""), (("Memento-Datetime", "Sun, 05 May 2019 00:00:00 GMT"),)),
        "soft-404",
        broken=True,
    ),
    _ask(
        "archive-today",
        "a captcha",
        "https://archive.ph/AbCd1",
        "archive.ph/AbCd1",
        Answer(429, bare("One more step", '<div class="g-recaptcha"></div>')),
        "blocked",
    ),
    _ask(
        "github",
        "lines of a file",
        "https://github.com/o/r/blob/main/a.py#L10-L20",
        "github.com/o/r/blob/main/a.py",
        page("a.py", prose(200)),
        "ok",
        requests=1,
    ),
    _ask(
        "github-gone",
        "a file that is gone",
        "https://github.com/o/r/blob/main/b.py",
        "github.com/o/r/blob/main/b.py",
        Answer(404, bare("Not Found", "")),
        "not-found",
        broken=True,
    ),
    Row(
        "drive-gone",
        "a file that is gone",
        "https://drive.google.com/file/d/1/view",
        {"drive.google.com": everywhere(Answer(404, bare("Not found", "")))},
        Reason.NOT_FOUND,
        True,
    ),
    Row(
        "drive-private",
        "a private file",
        "https://docs.google.com/document/d/1/edit",
        {"docs.google.com": everywhere(redirect("https://accounts.google.com/ServiceLogin?x", 302))},
        Reason.LOGIN_REQUIRED,
    ),
]
