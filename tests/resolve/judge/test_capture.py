"""What speaks against a capture, and what must not."""

from __future__ import annotations

import pytest

from cite_audit.model import Reason
from cite_audit.resolve.judge.capture import CaptureContent, CaptureGrade, assess_capture, is_same_page
from cite_audit.resolve.judge.capture_faults import FAULTS, describe_faults, reason_of_fault
from tests.loopback.web_pages import article

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


def graded(body: bytes, final: str = "", **more: object) -> CaptureGrade:
    content = CaptureContent(URL, final or URL, 200, (), body, "text/html", bool(final), **more)  # type: ignore[arg-type]
    return assess_capture(content).grade


STORY = b"<!DOCTYPE html><title>The ferry was counted</title><h1>The ferry was counted</h1>" + (
    b"<p>Those who stood at the quay told us how many went aboard that day, and who counted them.</p>" * 20
)


def test_a_story_is_good() -> None:
    assert graded(STORY) is CaptureGrade.GOOD


@pytest.mark.parametrize(
    ("body", "final"),
    [
        (b"<title>Sorry</title><p>An error came up.", "https://a.example/error/?aspxerrorpath=/news/1"),
        (b"<title>Files</title><p>Sorry, there is none.", "https://a.example/en/404Error.aspx"),
        (STORY, "https://a.example/news"),
        (STORY, "https://a.example/en/"),
        (STORY, "https://a.example/index.php"),
        (STORY, "https://a.example/search?q=ferry"),
        (STORY, "https://a.example/unavailable.html"),
        (b"<title>Guide</title><p>Sind Sie mindestens 18 Jahre alt?", ""),
        (b"OK", ""),
        (b"<title>Index of /news</title><h1>Index of /news</h1><pre><a href=../>up</a></pre>", ""),
        (b"<title>A</title><div id=root></div><script src=/m.js></script>", ""),
        (b"<title>A</title><script>location.href='https://a.example/other'</script>", ""),
        (b"<meta http-equiv=refresh content='0; url=https://a.example/other'>", ""),
        (b"<title>x</title><h1>Error establishing a database connection</h1>", ""),
        (b"<title>Wayback</title><p>The Wayback Machine has not archived that URL.</p>", ""),
    ],
)
def test_what_does_not_show_the_page_is_never_good(body: bytes, final: str) -> None:
    assert graded(body, final) is not CaptureGrade.GOOD


def test_what_a_second_look_would_have_to_confirm_is_a_suspicion() -> None:
    assert graded(STORY, "https://a.example/news") is CaptureGrade.SUSPECT


@pytest.mark.parametrize(
    ("cited", "final"),
    [
        ("http://nyti.ms/2abc", "https://www.nytimes.com/2023/05/11/world/ferry.html"),
        ("http://www.guardian.example/world/2010/may/11/ferry", "https://www.theguardian.test/world/ferry-day"),
        ("http://old.example/2015/05/ferry-12", "https://new.test/2015/05/ferry-12"),
    ],
)
def test_a_redirect_to_another_name_of_the_publisher_is_good(cited: str, final: str) -> None:
    content = CaptureContent(cited, final, 200, (), STORY, "text/html", redirected=True)
    assert assess_capture(content).grade is CaptureGrade.GOOD


def test_nothing_is_concluded_from_what_a_cut_body_lacks() -> None:
    styles = b"<!DOCTYPE html><title>A story</title><style>" + b"a{b:c}" * 1000
    assert graded(styles + b"</style><script>x()</script>", is_cut=True) is CaptureGrade.GOOD
    assert graded(styles + b"</style><script>x()</script>") is not CaptureGrade.GOOD


def test_the_page_to_which_a_refresh_leads_is_named() -> None:
    body = b"<meta http-equiv=refresh content='0; url=/other'>"
    assert assess_capture(CaptureContent(URL, URL, 200, (), body, "text/html")).refresh_target == (
        "https://a.example/other"
    )


def test_every_fault_has_a_sentence_and_a_reason() -> None:
    for word in (*FAULTS, "status-404", "status-503"):
        assert describe_faults([word], is_suspect=True) not in (f"it may be {word}", "")
        assert reason_of_fault(word) is not Reason.OK


def test_a_long_article_about_errors_is_a_good_copy_and_a_page_called_like_one_is_not() -> None:
    def find_faults(title: str) -> tuple[str, ...]:
        content = article(title, 500, seed="about")
        url = "http://herald.test/2019/05/how-archives-vanish"
        return assess_capture(CaptureContent(url, url, 200, (), content, "text/html")).faults

    assert find_faults("Page not found: how link rot eats the record") == ()
    assert find_faults("Page not found") == ("soft-404",)
