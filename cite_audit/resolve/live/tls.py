"""Trust, and why it was refused: each certificate fault has its own name, since readers act differently on each."""

from __future__ import annotations

import os
import ssl
from collections.abc import Awaitable, Callable
from functools import cached_property

import certifi

from cite_audit.errors import UsageError
from cite_audit.model import FailureKind
from cite_audit.resolve.live.errors import ExchangeError

# X509_V_ERR_* of OpenSSL → what a person would call it.
VERIFY_CODES = {
    9: FailureKind.TLS_EXPIRED,  # not yet valid
    10: FailureKind.TLS_EXPIRED,
    18: FailureKind.TLS_SELF_SIGNED,
    19: FailureKind.TLS_SELF_SIGNED,
    2: FailureKind.TLS_UNKNOWN_ISSUER,
    20: FailureKind.TLS_UNKNOWN_ISSUER,
    21: FailureKind.TLS_UNKNOWN_ISSUER,
    62: FailureKind.TLS_HOST_MISMATCH,
    64: FailureKind.TLS_HOST_MISMATCH,
}
# Issuers that a state runs and no browser but its own trusts. Never shipped, never trusted by default.
NATIONAL_ISSUERS = (
    b"Russian Trusted",
    b"The Ministry of Digital Development and Communications",
    b"Belarusian National PKI",
    b"Qaznet Trust Network",
)
_CA_ISSUERS = bytes.fromhex("06082b06010505073002")  # id-ad-caIssuers, RFC 5280 §4.2.2.1, as DER
_MAX_STEPS = 3  # intermediates fetched for one chain


class Trust:
    """The roots of a run: the system's (`SSL_CERT_FILE` counts), certifi's, and `ca_bundle` on top."""

    def __init__(self, ca_bundle: str = "") -> None:
        self.ca_bundle = ca_bundle
        if ca_bundle and not os.path.exists(ca_bundle):
            raise UsageError(f"no such CA bundle: {ca_bundle}")
        if ca_bundle:
            _ = self.context  # a bundle that cannot be read ends the run before it begins

    @cached_property
    def context(self) -> ssl.SSLContext:
        """The one context that verifies; made when the first https link is met, since loading roots takes 30 ms."""
        return self._verifying()

    @cached_property
    def framed(self) -> ssl.SSLContext:
        """The same for hosts that may speak HTTP/2 alone."""
        return self._verifying(http2=True)

    @cached_property
    def blind(self) -> ssl.SSLContext:
        """Verifies nothing: only to read a refused certificate, never to send a request."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context

    def with_intermediates(self, certificates: list[bytes], http2: bool = False) -> ssl.SSLContext:
        """A verifying context that knows these DER certificates as links of a chain, not as roots."""
        context = self._verifying(http2)
        context.verify_flags &= ~ssl.VERIFY_X509_PARTIAL_CHAIN
        for der in certificates:
            context.load_verify_locations(cadata=der)
        return context

    def _verifying(self, http2: bool = False) -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.set_alpn_protocols(["h2", "http/1.1"] if http2 else ["http/1.1"])
        try:
            if not os.environ.get("SSL_CERT_FILE"):
                context.load_verify_locations(certifi.where())
            if self.ca_bundle:
                folder = os.path.isdir(self.ca_bundle)
                context.load_verify_locations(**{"capath" if folder else "cafile": self.ca_bundle})
        except (OSError, ssl.SSLError) as error:
            raise UsageError(f"the CA bundle cannot be read: {self.ca_bundle or certifi.where()}: {error}") from error
        return context


def named(error: ssl.SSLError | OSError) -> ExchangeError:
    """The failure a TLS error stands for."""
    if isinstance(error, ssl.SSLCertVerificationError):
        kind = VERIFY_CODES.get(error.verify_code, FailureKind.TLS_HANDSHAKE)
        return ExchangeError(kind, error.verify_message or str(error))
    if isinstance(error, ssl.SSLError):
        said = (error.reason or str(error)).replace("_", " ").lower()
        return ExchangeError(FailureKind.TLS_HANDSHAKE, said, hint=2 if "no application protocol" in said else 0)
    return ExchangeError(FailureKind.TLS_HANDSHAKE, "the server closed during the handshake")


def is_national(leaf: bytes) -> bool:
    """Whether a DER certificate names a national issuer no browser trusts."""
    return any(name in leaf or name.decode().encode("utf-16-be") in leaf for name in NATIONAL_ISSUERS)


def issuer_address(certificate: bytes) -> str:
    """The address at which a DER certificate says its issuer's can be had (AIA caIssuers), or the empty string."""
    place = certificate.find(_CA_ISSUERS)
    if place < 0:
        return ""
    tail = certificate[place + len(_CA_ISSUERS) :]
    if len(tail) < 2 or tail[0] != 0x86 or tail[1] > 127:  # a URI in the short form of DER
        return ""
    return tail[2 : 2 + tail[1]].decode("ascii", "replace")


async def missing_intermediates(leaf: bytes, fetch: Callable[[str], Awaitable[bytes]]) -> list[bytes]:
    """What the server forgot to send, fetched the way Chrome, Edge and Safari do; empty when it cannot be had."""
    found: list[bytes] = []
    certificate = leaf
    for _ in range(_MAX_STEPS):
        address = issuer_address(certificate)
        if not address.startswith("http://"):  # RFC 5280 wants plain HTTP; https could go round in circles
            break
        certificate = der(await fetch(address))
        if not certificate:
            break
        found.append(certificate)
    return found


def der(body: bytes) -> bytes:
    """A certificate as DER, from DER or PEM; empty when it is neither."""
    if body.lstrip().startswith(b"-----BEGIN CERTIFICATE"):
        try:
            return ssl.PEM_cert_to_DER_cert(body.decode("ascii").strip())
        except ValueError:
            return b""
    return body if body[:1] == b"\x30" else b""
