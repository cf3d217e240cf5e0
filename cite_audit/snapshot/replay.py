"""A proxy on this machine that answers every request from WARC files: only captured pages can be reached through it."""

from __future__ import annotations

import contextlib
import ssl
import tempfile
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import BufferedIOBase
from socketserver import StreamRequestHandler, TCPServer, ThreadingMixIn
from types import TracebackType
from typing import Any, Self

from cite_audit.loopback_peer import is_foreign_peer
from cite_audit.resolve.archive.warc_place import WarcPlace
from cite_audit.snapshot.warc_records import WarcRecord, iter_records
from cite_audit.urls import canonical_key

_HOP_HEADERS = frozenset({"content-length", "transfer-encoding", "content-encoding", "connection", "keep-alive"})
_RecordPlace = tuple[WarcPlace, int]  # a WARC and the record's offset in it
_NOT_CAPTURED = b"HTTP/1.1 404 Not captured\r\nContent-Length: 0\r\n\r\n"


class _ProxyServer(ThreadingMixIn, TCPServer):
    daemon_threads = True
    allow_reuse_address = True


class ReplayProxy:
    """Serves the captures of `warcs` as an HTTP proxy; https under a certificate that it generates."""

    def __init__(self, warcs: Sequence[WarcPlace]) -> None:
        self._locations: dict[str, _RecordPlace] = {}
        bodies: dict[str, _RecordPlace] = {}
        repeated: dict[str, str] = {}
        for place in warcs:
            _index_warc(place, self._locations, bodies, repeated)
        self._locations |= {key: bodies[digest] for key, digest in repeated.items() if digest in bodies}
        self._server = _ProxyServer(("127.0.0.1", 0), _make_proxy_handler(self))

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self.tls_context = make_tls_context()
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def has_page(self, url: str) -> bool:
        """Whether a page was captured."""
        return canonical_key(url) in self._locations

    def read_answer(self, url: str) -> bytes:
        """The captured answer to a request, head and body; a 404 of our own for what was not captured."""
        if canonical_key(url) not in self._locations:
            return _NOT_CAPTURED
        from warcio.archiveiterator import ArchiveIterator

        place, offset = self._locations[canonical_key(url)]
        with place.path.open("rb") as stream:
            stream.seek(place.start + offset)
            record: Any = next(iter(ArchiveIterator(stream)))
            body = record.content_stream().read()
            http_headers = record.http_headers
        headers = [
            (name, value)
            for name, value in http_headers.headers
            if name.lower().removeprefix("x-orig-") not in _HOP_HEADERS
        ]
        lines = [f"HTTP/1.1 {http_headers.statusline}", *(f"{name}: {value}" for name, value in headers)]
        head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "Connection: keep-alive", "", ""])
        return head.encode("latin-1", "replace") + bytes(body)


def _index_warc(
    place: WarcPlace,
    locations: dict[str, _RecordPlace],
    bodies: dict[str, _RecordPlace],
    repeated: dict[str, str],
) -> None:
    """Enter where each page lies, where each body does by digest, and which one a revisit repeats; the latest count."""
    with place.path.open("rb") as stream:
        for record in iter_records(stream, place.start, place.size):
            if not isinstance(record, WarcRecord):
                continue
            key = canonical_key(record.url)
            if record.kind == "response":
                locations[key] = place, record.offset
                bodies.setdefault(record.digest, locations[key])
                repeated.pop(key, None)
            elif record.kind == "revisit":
                repeated[key] = record.digest


def _make_proxy_handler(replay: ReplayProxy) -> type[StreamRequestHandler]:
    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            if is_foreign_peer(self.client_address, self.server.server_address):
                return  # captures are their owner's alone
            with contextlib.suppress(OSError, ValueError):
                self._requests(self.rfile, self.wfile, "")

        def _requests(self, lines: BufferedIOBase, output: BufferedIOBase, origin: str) -> None:
            while line := lines.readline(65536):
                method, target, _ = line.decode("latin-1").split(" ", 2)
                length = _skip_headers(lines)
                lines.read(length)
                if method == "CONNECT":
                    output.write(b"HTTP/1.1 200 Connected\r\n\r\n")
                    self._tunnel(target)
                    return
                output.write(replay.read_answer(target if "://" in target else origin + target))
                output.flush()

        def _tunnel(self, authority: str) -> None:
            wrapped = replay.tls_context.wrap_socket(self.connection, server_side=True)
            with wrapped as secure, secure.makefile("rb") as lines, secure.makefile("wb") as output:
                self._requests(lines, output, f"https://{authority.removesuffix(':443')}")

    return Handler


def _skip_headers(lines: BufferedIOBase) -> int:
    """Read a request's headers; gives the length of its body."""
    length = 0
    while (line := lines.readline(65536)) not in (b"\r\n", b"\n", b""):
        name, _, value = line.decode("latin-1").partition(":")
        if name.lower() == "content-length" and value.strip().isdigit():
            length = int(value)
    return length


def make_tls_context() -> ssl.SSLContext:
    """A server context with a certificate of its own, which only the browser started here accepts."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    private_key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "cite-audit replay")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, private_key.public_key(), x509.random_serial_number())
    signed = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
    certificate = signed.sign(private_key, hashes.SHA256())
    key_format = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as file:
        file.write(private_key.private_bytes(serialization.Encoding.PEM, *key_format))
        file.write(certificate.public_bytes(serialization.Encoding.PEM))
        file.flush()
        context.load_cert_chain(file.name)
    return context
