"""What speaks against a capture, and what must not."""

from __future__ import annotations

import pytest

from cite_audit.resolve.judge.capture import CaptureContent, assess_capture, is_same_page

URL = "https://a.example/news/1"
PAGE = b"<!DOCTYPE html><html><head><title>%s</title></head><body><p>Words.</p></body></html>"


def of(
    title: str = "An article",
    *,
    asked: str = URL,
    final: str = "",
    body: bytes = b"",
    mimetype: str = "text/html",
    status: int = 200,
) -> tuple[str, ...]:
    content = body or PAGE % title.encode()
    return assess_capture(CaptureContent(asked, final or asked, status, (), content, mimetype, bool(final))).faults


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("Just a moment...", "challenge"),
        ("DDoS-Guard", "challenge"),
        ("Attention Required! | Cloudflare", "challenge"),
        ("Access Denied", "challenge"),
        ("Доступ ограничен", "challenge"),
        ("404 Not Found", "soft-404"),
        ("404 - Страница не найдена", "soft-404"),
        ("Сторінку не знайдено | Видання", "soft-404"),
        ("Page not found – The Example", "soft-404"),
        ("Ошибка 404", "soft-404"),
        ("This domain is for sale", "parked"),
    ],
)
def test_a_title_that_says_it(title: str, word: str) -> None:
    assert of(title) == (word,)


@pytest.mark.parametrize(
    "title",
    [
        "Evidence not found, court says",
        "The 404 bus is late again",
        "Access denied: how journalists were kept out of Crimea",
        "Вход в НАТО: что говорят в Киеве",
        "Just a moment of silence for the victims",
        "Страница истории: 1991",
        "Domain of the Tsars",
    ],
)
def test_a_title_that_only_sounds_like_it(title: str) -> None:
    text = (f"<h1>{title}</h1>" + "<p>Words of a report, told at some length for its readers.</p>" * 30).encode()
    assert of(body=(PAGE % title.encode()).replace(b"<p>Words.</p>", text)) == ()


@pytest.mark.parametrize("title", ["Access Denied | Human Rights Watch", "Forbidden", "Вход", "Just a moment..."])
def test_a_long_text_under_such_a_title_is_an_article(title: str) -> None:
    text = b"<p>" + b"Words of a long report. " * 80 + b"</p>"
    assert of(body=(PAGE % title.encode()).replace(b"<p>Words.</p>", text)) == ()
    assert of("Page not found", body=(PAGE % b"Page not found").replace(b"<p>Words.</p>", text)) == ("soft-404",)


def test_content_types_lie_and_first_bytes_do_not() -> None:
    pdf = "https://a.example/r.pdf"
    assert of(asked=pdf, body=b"%PDF-1.7 ...", mimetype="text/html") == ()
    assert of(asked=pdf, body=b"%PDF-1.7 ...", mimetype="application/pdf") == ()
    assert of(asked=pdf, mimetype="application/pdf") == ("type-mismatch",)
    assert of("Page not found", mimetype="text/plain") == ("soft-404",)
    assert of(body=b"\x89PNG\r\n", asked="https://a.example/i.png", mimetype="text/html") == ()


@pytest.mark.parametrize(
    ("asked", "final", "word"),
    [
        (URL, "https://a.example/", "redirect-to-root"),
        (URL, "https://a.example/login?next=/news/1", "login"),
        (URL, "https://casino.example.org/x", "other-site"),
        (URL, "https://www.a.example/news/1/", ""),
        ("https://a-site.org/news/1", "https://m.a-site.org/news/one", ""),
        ("https://bit.ly/x1", "https://a.example/news/1", ""),
        ("https://twitter.com/a/status/1", "https://x.com/a/status/1", ""),
        ("https://a.example/", "https://a.example/", ""),
    ],
)
def test_where_an_archived_redirect_may_lead(asked: str, final: str, word: str) -> None:
    assert of(asked=asked, final=final) == ((word,) if word else ())


def test_one_page_in_two_spellings_is_one_page() -> None:
    assert is_same_page("https://a.example/%D1%81?b=2&a=1#x", "http://www.a.example:80/с?a=1&b=2")
    assert not is_same_page("https://youtube.com/watch?v=1", "https://youtube.com/watch?v=2")
