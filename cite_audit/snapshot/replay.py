"""A proxy on this machine that answers every request from WARC files: a web as it was captured, and no more of it."""

from __future__ import annotations

import contextlib
import ssl
import tempfile
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import BufferedIOBase
from pathlib import Path
from socketserver import StreamRequestHandler, TCPServer, ThreadingMixIn
from types import TracebackType
from typing import Any, Self

from cite_audit.urls import key

_HOP = frozenset({"content-length", "transfer-encoding", "content-encoding", "connection", "keep-alive"})
_MISSING = b"HTTP/1.1 404 Not captured\r\nContent-Length: 0\r\n\r\n"


class _Server(ThreadingMixIn, TCPServer):
    daemon_threads = True
    allow_reuse_address = True


class Replay:
    """Serves the captures of `warcs` as an HTTP proxy; https under a certificate made up for it."""

    def __init__(self, warcs: Sequence[Path]) -> None:
        self._places: dict[str, tuple[Path, int]] = {}
        for path in warcs:
            self._read(path)
        self._server = _Server(("127.0.0.1", 0), _handler(self))

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self.context = _certificate()
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def shows(self, url: str) -> bool:
        """Whether a page was captured."""
        return key(url) in self._places

    def answer(self, url: str) -> bytes:
        """The captured answer to a request, head and body; a 404 of our own for what was not captured."""
        if key(url) not in self._places:
            return _MISSING
        from warcio.archiveiterator import ArchiveIterator

        path, offset = self._places[key(url)]
        with path.open("rb") as stream:
            stream.seek(offset)
            record: Any = next(iter(ArchiveIterator(stream)))
            body = record.content_stream().read()
            http = record.http_headers
        kept = [(name, value) for name, value in http.headers if name.lower().removeprefix("x-orig-") not in _HOP]
        lines = [f"HTTP/1.1 {http.statusline}", *(f"{name}: {value}" for name, value in kept)]
        head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "Connection: keep-alive", "", ""])
        return head.encode("latin-1", "replace") + bytes(body)

    def _read(self, path: Path) -> None:
        """Where each page lies; a revisit lies where the body it repeats does."""
        from warcio.archiveiterator import ArchiveIterator

        bodies: dict[str, int] = {}
        with path.open("rb") as stream:
            iterator = ArchiveIterator(stream)
            for record in iterator:
                uri = record.rec_headers.get_header("WARC-Target-URI") or ""
                digest = record.rec_headers.get_header("WARC-Payload-Digest") or ""
                if record.rec_type == "response":
                    self._places[key(uri)] = path, iterator.get_record_offset()
                    bodies.setdefault(digest, iterator.get_record_offset())
                elif record.rec_type == "revisit" and digest in bodies:
                    self._places[key(uri)] = path, bodies[digest]


def _handler(replay: Replay) -> type[StreamRequestHandler]:
    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError, ValueError):
                self._requests(self.rfile, self.wfile, "")

        def _requests(self, lines: BufferedIOBase, out: BufferedIOBase, origin: str) -> None:
            while line := lines.readline(65536):
                method, target, _ = line.decode("latin-1").split(" ", 2)
                length = _skip_headers(lines)
                lines.read(length)
                if method == "CONNECT":
                    out.write(b"HTTP/1.1 200 Connected\r\n\r\n")
                    self._tunnel(target)
                    return
                out.write(replay.answer(target if "://" in target else origin + target))
                out.flush()

        def _tunnel(self, place: str) -> None:
            wrapped = replay.context.wrap_socket(self.connection, server_side=True)
            with wrapped as secure, secure.makefile("rb") as lines, secure.makefile("wb") as out:
                self._requests(lines, out, f"https://{place.removesuffix(':443')}")

    return Handler


def _skip_headers(lines: BufferedIOBase) -> int:
    """Read a request's headers; gives the length of its body."""
    length = 0
    while (line := lines.readline(65536)) not in (b"\r\n", b"\n", b""):
        name, _, value = line.decode("latin-1").partition(":")
        if name.lower() == "content-length" and value.strip().isdigit():
            length = int(value)
    return length


def _certificate() -> ssl.SSLContext:
    """A server context with a certificate of its own, which nobody but the browser we start is told to accept."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "cite-audit replay")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, secret.public_key(), x509.random_serial_number())
    signed = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
    certificate = signed.sign(secret, hashes.SHA256())
    form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as file:
        file.write(secret.private_bytes(serialization.Encoding.PEM, *form))
        file.write(certificate.public_bytes(serialization.Encoding.PEM))
        file.flush()
        context.load_cert_chain(file.name)
    return context
