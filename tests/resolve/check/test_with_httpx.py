"""What the checker makes of one exchange, given by pytest-httpx: the client takes any transport of httpx."""

from __future__ import annotations

import httpx
import pytest
from pytest_httpx import HTTPXMock

from cite_audit.model import Verdict
from tests.resolve.checking import check

URL = "http://site.test/page"
ARTICLE = (
    f"<html><head><title>Bridge reopened</title></head><body><p>{'The bridge is open again. ' * 60}</p></body></html>"
)

pytestmark = pytest.mark.httpx_mock(assert_all_responses_were_requested=False)


def verdict_of(retries: int = 0) -> Verdict:
    """The verdict on a link whose every request goes to the transport that pytest-httpx has taken over."""
    transport = httpx.AsyncHTTPTransport()
    result = check([URL], lookup=lambda host, port: ["127.0.0.1"], transport=transport, retries=retries)
    return result.verdicts[URL]


def test_a_page_is_alive_and_asked_once_as_it_is_cited(httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=URL, html=ARTICLE)
    verdict = verdict_of()
    assert (verdict.health, verdict.reason) == ("alive", "ok")
    (request,) = httpx_mock.get_requests()
    assert (request.method, str(request.url)) == ("GET", URL)
    assert "cite-audit/" in request.headers["user-agent"]


def test_a_page_that_is_not_there_is_broken_after_two_looks_agree(httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(status_code=404, html="<h1>Not found</h1>", is_reusable=True)
    verdict = verdict_of()
    assert (verdict.health, verdict.reason) == ("broken", "not-found")
    agents = {request.headers["user-agent"] for request in httpx_mock.get_requests(url=URL)}
    assert len(agents) == 2


def test_a_page_that_only_a_browser_gets_is_alive(httpx_mock: HTTPXMock) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        is_browser = "cite-audit" not in request.headers["user-agent"]
        return httpx.Response(200, html=ARTICLE) if is_browser else httpx.Response(404, html="<h1>Not found</h1>")

    httpx_mock.add_callback(answer, is_reusable=True)
    assert verdict_of().health == "alive"


def test_a_redirect_is_followed_and_named(httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=URL, status_code=301, headers={"Location": "/moved"})
    httpx_mock.add_response(url="http://site.test/moved", html=ARTICLE)
    verdict = verdict_of()
    assert (verdict.health, verdict.reason) == ("alive", "moved-permanently")
    assert verdict.probe
    assert verdict.probe.final_url == "http://site.test/moved"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (httpx.ConnectTimeout("no connection"), "timeout"),
        (httpx.ReadTimeout("no answer"), "timeout"),
        (httpx.ReadError("reset"), "refused"),
        (httpx.ConnectError("no way"), "refused"),
        (httpx.RemoteProtocolError("no HTTP"), "protocol-error"),
        (KeyError("a fault of ours"), "protocol-error"),
    ],
)
def test_trouble_is_unknown_and_never_broken(httpx_mock: HTTPXMock, error: Exception, reason: str) -> None:
    httpx_mock.add_exception(error, is_reusable=True)
    verdict = verdict_of()
    assert (verdict.health, verdict.reason) == ("unknown", reason)


def test_trouble_that_passes_is_retried(httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_exception(httpx.ReadTimeout("no answer"))
    httpx_mock.add_response(url=URL, html=ARTICLE)
    assert verdict_of(retries=1).health == "alive"


@pytest.mark.parametrize(
    "error", [OSError(24, "Too many open files"), httpx.PoolTimeout("full"), RuntimeError("can't start new thread")]
)
def test_a_shortage_of_ours_says_nothing_of_the_link(httpx_mock: HTTPXMock, error: Exception) -> None:
    httpx_mock.add_exception(error, is_reusable=True)
    verdict = verdict_of()
    assert (verdict.health, verdict.reason, verdict.detail) == ("unchecked", "offline", "local")


def test_a_shortage_that_passes_is_retried(httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_exception(OSError(24, "Too many open files"))
    httpx_mock.add_response(url=URL, html=ARTICLE)
    assert verdict_of(retries=1).health == "alive"
