"""A small HTTP/1.1 server in a thread, for loopback servers whose answers are functions."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from tests.loopback.wayback_answers import Answer

Respond = Callable[[str, str, dict[str, str], bytes], Answer]


class Serving:
    """Serves `respond(method, target, headers, body)` on 127.0.0.1 while the context lasts; header names lower-case."""

    def __init__(self, respond: Respond) -> None:
        self._open: set[socket.socket] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler(respond), bind_and_activate=False)
        self._server.request_queue_size = 128
        self._server.daemon_threads = True
        self._server.server_bind()
        self._server.server_activate()
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._listening = True

    @property
    def netloc(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.refuse()

    def refuse(self) -> None:
        """Stop listening and close what is open: connections are refused from now on."""
        if self._listening:
            self._listening = False
            self._server.shutdown()
            self._server.server_close()
            for connection in list(self._open):
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def _handler(self, respond: Respond) -> type[BaseHTTPRequestHandler]:
        opened = self._open

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self) -> None:
                super().setup()
                opened.add(self.connection)

            def finish(self) -> None:
                opened.discard(self.connection)
                with contextlib.suppress(OSError):
                    super().finish()

            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    super().handle()

            def do_GET(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                body = self.rfile.read(length) if length else b""
                headers = {name.lower(): value for name, value in self.headers.items()}
                self._send(respond(self.command, self.path, headers, body))

            do_POST = do_PATCH = do_HEAD = do_GET  # noqa: N815

            def _send(self, answer: Answer) -> None:
                if answer.delay:
                    time.sleep(answer.delay)
                if answer.drop:
                    self.close_connection = True
                    return
                lines = [f"HTTP/1.1 {answer.status} X", f"Content-Length: {len(answer.body)}"]
                lines += [f"{name}: {value}" for name, value in answer.headers]
                head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
                body = answer.body if self.command != "HEAD" and answer.status != 304 else b""
                if answer.cut:
                    body, self.close_connection = body[: len(body) // 2], True
                self.wfile.write(head + body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler
