"""The page on loopback: nobody but the page itself may ask or change anything, and it ends when the page is closed."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from cite_audit.errors import UsageError
from cite_audit.report.render.audit.page.document import render_page
from cite_audit.review.page_server import MAX_BODY, ReviewDesk, ReviewServer
from tests.report.audits import everything_wrong
from tests.report.render.browser import CHROMIUM, needs_chromium


class Desk:
    """A desk that remembers what it was given."""

    def __init__(self) -> None:
        self.saved: list[bytes] = []

    def save(self, content: bytes) -> str:
        if b"unfit" in content:
            raise UsageError("these decisions are unfit")
        self.saved.append(content)
        return "Saved."

    def open(self) -> ReviewDesk:
        return ReviewDesk("<p>the page</p>", load=lambda: "{}", save=self.save, review=lambda: "made")


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def server(desk: Desk) -> Iterator[ReviewServer]:
    with ReviewServer(desk.open()) as running:
        yield running


def ask(
    server: ReviewServer,
    place: str,
    body: bytes | None = None,
    *,
    method: str = "",
    changed: Mapping[str, str | None] | None = None,
) -> tuple[int, str]:
    """The answer to a request of the page itself, but for the headers that are changed (None: left out)."""
    headers: dict[str, str | None] = {"Host": server.host}
    if body is not None:
        headers |= {"Origin": f"http://{server.host}", "Content-Type": "application/json", "X-Cite-Audit": "1"}
        headers |= {"Content-Length": str(len(body)), "Sec-Fetch-Site": "same-origin"}
    headers |= {name.replace("_", "-"): value for name, value in (changed or {}).items()}
    connection = http.client.HTTPConnection("127.0.0.1", int(server.host.partition(":")[2]), timeout=20)
    connection.putrequest(method or ("GET" if body is None else "POST"), place, skip_host=True)
    for name, value in headers.items():
        if value is not None:
            connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def test_the_page_may_read_save_and_ask_for_the_document(server: ReviewServer, desk: Desk) -> None:
    home = f"/{server.token}/"
    assert ask(server, home) == (200, "<p>the page</p>")
    assert ask(server, f"{home}decisions") == (200, "{}")
    assert ask(server, f"{home}decisions", b'{"a": 1}') == (200, "Saved.")
    assert desk.saved == [b'{"a": 1}']
    assert ask(server, f"{home}reviewed", b"{}") == (200, "made")
    assert ask(server, f"{home}decisions", b"unfit") == (409, "these decisions are unfit")


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"Host": "evil.example"}, 421),  # a name that was rebound to this machine
        ({"Host": "localhost:80"}, 421),
        ({"Host": None}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": None}, 403),
        ({"X_Cite_Audit": None}, 403),  # a form cannot send it
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content_Length": None}, 411),
        ({"Content_Length": "-1"}, 411),
        ({"Content_Length": "two"}, 411),
        ({"Content_Length": "02"}, 411),
        ({"Content_Length": "+2"}, 411),
        ({"Content_Length": "0x2"}, 411),
        ({"Content_Length": "\u0662".encode().decode("latin-1")}, 411),
        ({"Content_Length": "2, 2"}, 411),
        ({"Content_Length": "2", "content_length": "2"}, 411),
        ({"Transfer_Encoding": "chunked"}, 411),
        ({"Content_Length": str(MAX_BODY + 1)}, 413),
        ({"Content_Length": "9" * 30}, 413),
    ],
    ids=str,
)
def test_nobody_else_may_change_anything(
    server: ReviewServer, desk: Desk, changed: dict[str, str | None], status: int
) -> None:
    assert ask(server, f"/{server.token}/decisions", b"{}", changed=changed)[0] == status
    assert desk.saved == []


@pytest.mark.parametrize(
    "place",
    [
        "/",
        "//",
        "/decisions",
        "/x/decisions",
        "/../etc/passwd",
        "/%2e%2e/etc/passwd",
    ],
)
def test_without_the_token_nothing_is_told(server: ReviewServer, place: str) -> None:
    assert ask(server, place)[0] == 403


@pytest.mark.parametrize(
    "place", ["../decisions", "..%2f..%2fetc/passwd", "/etc/passwd", "draft.docx", "decisions/..", "decisions?a"]
)
def test_there_are_no_files_behind_it(server: ReviewServer, desk: Desk, place: str) -> None:
    assert ask(server, f"/{server.token}/{place}")[0] == 404
    assert ask(server, f"/{server.token}/{place}", b"{}")[0] == 404
    assert desk.saved == []


def test_other_methods_and_preflights_are_refused(server: ReviewServer, desk: Desk) -> None:
    for method in ("OPTIONS", "PUT", "DELETE", "TRACE"):
        assert ask(server, f"/{server.token}/decisions", b"{}", method=method)[0] == 501
    assert desk.saved == []


def test_it_is_on_loopback_alone_and_each_has_a_token_of_its_own(server: ReviewServer, desk: Desk) -> None:
    assert server.url.startswith("http://127.0.0.1:")
    assert len(server.token) >= 40
    with ReviewServer(desk.open()) as other:
        assert other.token != server.token
        assert ask(server, f"/{other.token}/")[0] == 403


def test_a_fault_of_our_own_is_told_and_ends_nothing() -> None:
    def fail() -> str:
        raise RuntimeError("boom")

    with ReviewServer(ReviewDesk("page", load=lambda: "{}", save=lambda _: "", review=fail)) as server:
        status, text = ask(server, f"/{server.token}/reviewed", b"{}")
        assert (status, "failed" in text) == (500, True)
        assert ask(server, f"/{server.token}/") == (200, "page")


def open_page(server: ReviewServer) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", int(server.host.partition(":")[2]), timeout=20)
    connection.request("GET", f"/{server.token}/open", headers={"Host": server.host})
    answer = connection.getresponse()
    assert answer.readline() == b"open\n"
    return answer


def test_it_ends_when_the_last_page_is_closed(server: ReviewServer) -> None:
    first, second = open_page(server), open_page(server)
    first.close()
    waiting = threading.Thread(target=server.await_close, args=(0.05,), daemon=True)
    waiting.start()
    waiting.join(0.7)
    assert waiting.is_alive()  # the other is still open
    second.close()
    waiting.join(20)
    assert not waiting.is_alive()


def test_it_ends_when_it_is_told_to(server: ReviewServer) -> None:
    waiting = threading.Thread(target=server.await_close, daemon=True)
    waiting.start()
    server.stop()
    waiting.join(20)
    assert not waiting.is_alive()


PRESSED = """
  addEventListener('load', () => {
    const key = (name) => document.activeElement.dispatchEvent(
      new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
    key('j'); key('a'); key('k');
    document.querySelector('[data-act=review]').click();
  });
"""


@pytest.mark.slow
@needs_chromium
def test_in_a_browser_decisions_are_kept_at_once_and_closing_it_ends_the_program(tmp_path: Path) -> None:
    made = threading.Event()
    desk = Desk()

    def review() -> str:
        made.set()
        return "made"

    page = render_page(everything_wrong(), served=True)
    assert "connect-src 'self'" in page
    page = re.sub(r"script-src [^;]*;", "script-src 'unsafe-inline';", page)
    page = page.replace("</body>", f"<script>{PRESSED}</script></body>")
    behind = ReviewDesk(page, load=lambda: '{"decisions": []}', save=desk.save, review=review)
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-port=0"]
    with ReviewServer(behind) as server:
        command = [str(CHROMIUM), *flags, f"--user-data-dir={tmp_path / 'profile'}", server.url]
        browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            assert made.wait(60)
        finally:
            browser.terminate()
            browser.wait(20)
        waiting = threading.Thread(target=server.await_close, daemon=True)
        waiting.start()
        waiting.join(60)
        assert not waiting.is_alive()
    last = json.loads(desk.saved[-1])
    assert [(row["note"], row["action"]) for row in last["decisions"]] == [("1", "replace"), ("2", "keep")]
