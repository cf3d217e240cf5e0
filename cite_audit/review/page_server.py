"""Serves the page of one report to the browser on this machine, and takes decisions back: `review --open`.

Only this machine can reach it, only the page it handed out can talk to it: the address holds a token, the Host must be
ours (a name that was rebound to 127.0.0.1 is not), and what changes something needs our Origin and a header that no
form of another site can send. Programs of other users, who may read the address in a list of processes, are refused
where the system tells whose they are. There are four places and no files behind them.
"""

from __future__ import annotations

import hmac
import re
import secrets
import select
import socket
import threading
from collections.abc import Callable
from dataclasses import KW_ONLY
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cite_audit.frozen_record import frozen_record
from cite_audit.loopback_peer import is_foreign_peer

MAX_BODY = 8_000_000  # bytes: thousands of decisions
_LENGTH = re.compile("0|[1-9][0-9]*")
_LENGTH_DIGITS = 12
READ_TIMEOUT = 30.0  # seconds that a request may take to arrive
GRACE = 4.0  # seconds without the page after which it counts as closed; a reload takes less
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@frozen_record
class ReviewDesk:
    """What is behind the page. Each may raise an error whose text is told on the page.

    `load`: the decisions saved so far, as JSON; `save`: keep these, told what was done; `review`: make the reviewed
    document, told where it is.
    """

    page: str
    _: KW_ONLY
    load: Callable[[], str]
    save: Callable[[bytes], str]
    review: Callable[[], str]


class ReviewServer:
    """Serves one desk on a port of its own. `url` is what the browser is to open."""

    def __init__(self, desk: ReviewDesk) -> None:
        self.desk = desk
        self.token = secrets.token_urlsafe(32)
        self.lock = threading.Lock()  # of what is written
        self._pages, self._was_opened = 0, False
        self._changed = threading.Condition()
        self.ended = threading.Event()
        self._http = _LoopbackServer(self)
        host, port = self._http.server_address[:2]
        self.host = f"{host!s}:{port}"
        self.url = f"http://{self.host}/{self.token}/"

    def __enter__(self) -> ReviewServer:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._http.shutdown()
        self._http.server_close()

    def await_close(self, grace: float = GRACE) -> None:
        """Wait until the page was opened, and then closed for `grace` seconds; or until `stop`."""
        with self._changed:
            self._changed.wait_for(lambda: self._was_opened or self.ended.is_set())
            while not self.ended.is_set():
                self._changed.wait_for(lambda: self._pages == 0 or self.ended.is_set())
                if not self._changed.wait_for(lambda: self._pages > 0 or self.ended.is_set(), timeout=grace):
                    return

    def stop(self) -> None:
        """End it, page or no page."""
        self.ended.set()
        with self._changed:
            self._changed.notify_all()

    def count_page(self, difference: int) -> None:
        """A page was opened (1) or has gone (-1)."""
        with self._changed:
            self._pages += difference
            self._was_opened = True
            self._changed.notify_all()


class _LoopbackServer(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = False

    def __init__(self, owner: ReviewServer) -> None:
        self.owner = owner
        super().__init__(("127.0.0.1", 0), _ReviewRequest)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        return not is_foreign_peer(client_address, self.server_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke is no event."""


class _ReviewRequest(BaseHTTPRequestHandler):
    """One request to a review server."""

    server: _LoopbackServer
    timeout = READ_TIMEOUT
    server_version, sys_version = "cite-audit", ""

    def do_GET(self) -> None:
        place = self._find_place()
        if place == "":
            self._answer(200, self.server.owner.desk.page, "text/html")
        elif place == "decisions":
            self._answer_with(self.server.owner.desk.load, "application/json")
        elif place == "open":
            self._stay_open()
        elif place is not None:
            self._answer(404, "There is no such page.")

    def do_POST(self) -> None:
        place = self._find_place()
        if place is None:
            return
        owner = self.server.owner
        if place not in ("decisions", "reviewed"):
            self._answer(404, "There is no such page.")
        elif self.headers.get("Origin") != f"http://{owner.host}" or self.headers.get("X-Cite-Audit") != "1":
            self._answer(403, "Only the page itself may do this.")
        elif self.headers.get_content_type() != "application/json":
            self._answer(415, "This is no JSON.")
        elif (body := self._read_body()) is not None:
            desk = owner.desk
            self._answer_with((lambda: desk.save(body)) if place == "decisions" else desk.review)

    def _find_place(self) -> str | None:
        """The place that is asked for, below the token; None, and answered, for whom it is none of their business."""
        owner = self.server.owner
        if self.headers.get_all("Host") != [owner.host]:
            self._answer(421, "This address is not served here.")
            return None
        token, slash, place = self.path.removeprefix("/").partition("/")
        is_known = hmac.compare_digest(token.encode("utf-8", "replace"), owner.token.encode())
        is_foreign = self.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")
        if not is_known or not slash or is_foreign:
            self._answer(403, "This page is for the browser that cite-audit opened.")
            return None
        return place

    def _read_body(self) -> bytes | None:
        """The body, within bounds; None, and answered, for any other."""
        lengths = self.headers.get_all("Content-Length") or [""]
        length = lengths[0]
        if "Transfer-Encoding" in self.headers or len(lengths) > 1 or not _LENGTH.fullmatch(length):
            self._answer(411, "The length is missing.")
        elif len(length) > _LENGTH_DIGITS or int(length) > MAX_BODY:
            self._answer(413, "This is too much.")
        else:
            body = self.rfile.read(int(length))
            return body if len(body) == int(length) else None
        return None

    def _answer_with(self, work: Callable[[], str], kind: str = "text/plain") -> None:
        from cite_audit.errors import CiteAuditError, describe_own_fault

        with self.server.owner.lock:
            try:
                status, text = 200, work()
            except (CiteAuditError, OSError) as error:
                status, text, kind = 409, str(error), "text/plain"
            except Exception as error:  # told on the page; what was decided is kept
                status, text, kind = 500, f"this failed, {describe_own_fault(error)}", "text/plain"
        self._answer(status, text, kind)

    def _answer(self, status: int, text: str, kind: str = "text/plain") -> None:
        content = text.encode("utf-8", "replace")
        self.close_connection = True
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _stay_open(self) -> None:
        """An answer that lasts as long as the page: when the browser drops it, the page is closed."""
        owner = self.server.owner
        owner.count_page(1)
        try:
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            self.wfile.write(b"open\n")
            self.wfile.flush()
            while not owner.ended.is_set():
                readable, _, _ = select.select([self.connection], [], [], 0.5)
                if readable and not self.connection.recv(1, socket.MSG_PEEK):
                    return
                if readable:
                    self.connection.recv(4096)
        finally:
            self.close_connection = True
            owner.count_page(-1)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are nobody's business."""
