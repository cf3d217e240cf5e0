"""The proxy that a browser is shut in behind: whose cookies go where, who may use it, and what it refuses."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cite_audit.resolve.http.client import Client
from cite_audit.resolve.http.cookies import read_cookie_file
from cite_audit.resolve.http.exchange_recorder import Recording
from cite_audit.resolve.http.request_target import parse_target
from cite_audit.snapshot.browser import recording_proxy
from cite_audit.snapshot.browser.recording_proxy import RecordingProxy
from tests.loopback.serving import Serving
from tests.loopback.wayback_answers import Answer
from tests.resolve.http.support import network

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)  # no test here speaks TLS


class Site:
    """Two sites on one server, that keep the cookies and the methods they got."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str, str]] = []

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        self.got.append((method, headers.get("host", ""), headers.get("cookie", "")))
        return Answer(200, b"x", ())


def through_proxy(site: Site, tmp_path: Path, use: Callable[[RecordingProxy, Recording], Awaitable[None]]) -> None:
    jar_path = tmp_path / "cookies.txt"
    jar_path.write_text("news.test\tFALSE\t/\tFALSE\t0\tsid\tn1\nbank.test\tFALSE\t/\tFALSE\t0\tsid\tb1\n", "latin-1")

    async def run() -> None:
        with Serving(site.answer) as serving:
            places = {"news.test:80": serving.netloc, "bank.test:80": serving.netloc}
            recording = Recording(1 << 20, 5.0, read_cookie_file(jar_path, NOW))
            async with (
                Client(network(connect_to=places)) as client,
                RecordingProxy(client, recording, TLS) as proxy,
            ):
                await use(proxy, recording)

    asyncio.run(run())


async def ask(proxy: RecordingProxy, head: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    writer.write(head.encode("latin-1") + b"\r\n\r\n")
    try:
        return await reader.readuntil(b"\r\n\r\n")
    finally:
        writer.close()


def test_a_page_gets_no_other_sites_cookies_by_asking_it(tmp_path: Path) -> None:
    site = Site()

    async def use(proxy: RecordingProxy, recording: Recording) -> None:
        recording.keep_cookies_to_site("http://news.test/story")
        await ask(proxy, "GET http://news.test/style.css HTTP/1.1")
        await ask(proxy, "GET http://bank.test/account HTTP/1.1")
        await ask(proxy, "POST http://bank.test/transfer HTTP/1.1\r\nContent-Length: 0")

    through_proxy(site, tmp_path, use)
    assert [cookie for _, host, cookie in site.got if host == "news.test"] == ["sid=n1"]
    assert [(method, cookie) for method, host, cookie in site.got if host == "bank.test"] == [("GET", ""), ("POST", "")]


def knock_as_a_stranger(port: int) -> None:
    """Ends this process, with the number of bytes that the proxy answered another user."""
    count = 99
    try:
        os.setuid(65534)
        with socket.create_connection(("127.0.0.1", port), 10) as stranger:
            stranger.sendall(b"GET http://news.test/ HTTP/1.1\r\n\r\n")
            count = len(stranger.recv(10))
    except ConnectionError:
        count = 0
    finally:
        os._exit(count)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can start a program as another user")
def test_another_users_program_gets_nothing_from_the_proxy(tmp_path: Path) -> None:
    site = Site()

    async def use(proxy: RecordingProxy, recording: Recording) -> None:
        child = os.fork()  # another program would need an interpreter that this user may read
        if not child:
            knock_as_a_stranger(proxy.port)
        _, status = await asyncio.to_thread(os.waitpid, child, 0)
        assert os.waitstatus_to_exitcode(status) == 0

    through_proxy(site, tmp_path, use)
    assert site.got == []


@pytest.mark.parametrize(
    "head",
    [
        "GET http://news.test/ HTTP/1.1" + "\r\na: b" * (recording_proxy.MAX_FIELDS + 1),
        "POST http://news.test/ HTTP/1.1\r\nContent-Length: -1",
        f"POST http://news.test/ HTTP/1.1\r\nContent-Length: {1 << 40}",
    ],
)
def test_a_request_without_bounds_is_not_sent_on(head: str, tmp_path: Path) -> None:
    site = Site()

    async def use(proxy: RecordingProxy, recording: Recording) -> None:
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await ask(proxy, head)

    through_proxy(site, tmp_path, use)
    assert site.got == []


def test_a_web_socket_is_refused(tmp_path: Path) -> None:
    site = Site()

    async def use(proxy: RecordingProxy, recording: Recording) -> None:
        answer = await ask(proxy, "GET http://news.test/ HTTP/1.1\r\nUpgrade: websocket")
        assert answer.startswith(b"HTTP/1.1 501 ")

    through_proxy(site, tmp_path, use)
    assert site.got == []


def test_a_cookie_in_utf_8_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "cookies.txt"
    path.write_bytes("news.test\tFALSE\t/\tFALSE\t0\tcity\tÅrhus…\r\n".encode())
    header = read_cookie_file(path, NOW).cookie_header(parse_target("http://news.test/"))
    assert header.encode("latin-1") == "city=Århus…".encode()
