"""The trust store, and the names of certificate faults: each has its own, since readers act differently on each."""

from __future__ import annotations

import contextlib
import os
import ssl
from functools import cached_property
from pathlib import Path

import certifi

from cite_audit.errors import UsageError
from cite_audit.model import FailureKind
from cite_audit.resolve.http.descriptors import is_shortage
from cite_audit.resolve.http.failures import ExchangeError

# X509_V_ERR_* of OpenSSL → what a person would call it.
VERIFY_CODES = {
    9: FailureKind.TLS_EXPIRED,  # not yet valid
    10: FailureKind.TLS_EXPIRED,
    18: FailureKind.TLS_SELF_SIGNED,
    19: FailureKind.TLS_SELF_SIGNED,
    2: FailureKind.TLS_UNKNOWN_ISSUER,
    7: FailureKind.TLS_UNKNOWN_ISSUER,  # signed by a namesake of an authority we know
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


class TrustStore:
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
        return self._verifying_context()

    @cached_property
    def http2_context(self) -> ssl.SSLContext:
        """The same for hosts that may speak HTTP/2 alone."""
        return self._verifying_context(http2=True)

    @cached_property
    def unverified_context(self) -> ssl.SSLContext:
        """Verifies nothing: only to read a refused certificate, never to send a request."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context

    @cached_property
    def roots(self) -> frozenset[bytes]:
        """All certificates of the store, as DER; OpenSSL itself reads those of folders only when it needs one."""
        return frozenset([*self.context.get_ca_certs(binary_form=True), *_certificates_in(self._folders())])

    def context_with_intermediates(self, certificates: list[bytes], http2: bool = False) -> ssl.SSLContext:
        """A verifying context that knows these DER certificates, signed for by a root, as links of a chain."""
        context = self._verifying_context(http2)
        context.verify_flags &= ~ssl.VERIFY_X509_PARTIAL_CHAIN  # a link is no end
        for der in certificates:
            context.load_verify_locations(cadata=der)
        return context

    def is_end_of(self, session: ssl.SSLObject) -> bool:
        """Whether the chain that was verified in a handshake ends in a certificate of the store."""
        # ssl.SSLObject has this method from Python 3.13 on, the object inside it from 3.10.
        chain = session._sslobj.get_verified_chain()  # type: ignore[attr-defined]
        return bool(chain) and ssl.PEM_cert_to_DER_cert(chain[-1].public_bytes()) in self.roots

    def _folders(self) -> list[str]:
        default = ssl.get_default_verify_paths()
        folders = os.environ.get(default.openssl_capath_env) or default.openssl_capath
        return [*folders.split(os.pathsep), *([self.ca_bundle] if os.path.isdir(self.ca_bundle) else [])]

    def _verifying_context(self, http2: bool = False) -> ssl.SSLContext:
        context = ssl.create_default_context()
        # Python 3.13 refuses, by its defaults, what browsers and older Pythons take (STRICT: a private root without key
        # identifiers), and takes a store's intermediate for an end, as curl does. The same rules for all Pythons.
        context.verify_flags = context.verify_flags & ~ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
        context.set_alpn_protocols(["h2", "http/1.1"] if http2 else ["http/1.1"])
        try:
            if not os.environ.get("SSL_CERT_FILE"):
                context.load_verify_locations(certifi.where())
            if self.ca_bundle:
                folder = os.path.isdir(self.ca_bundle)
                context.load_verify_locations(**{"capath" if folder else "cafile": self.ca_bundle})
        except (OSError, ssl.SSLError) as error:
            if is_shortage(error):
                raise ExchangeError(FailureKind.LOCAL, str(error)) from error
            raise UsageError(f"the CA bundle cannot be read: {self.ca_bundle or certifi.where()}: {error}") from error
        return context


def tls_failure(error: ssl.SSLError | OSError) -> ExchangeError:
    """The failure a TLS error stands for."""
    if isinstance(error, ssl.SSLCertVerificationError):
        kind = VERIFY_CODES.get(error.verify_code, FailureKind.TLS_HANDSHAKE)
        return ExchangeError(kind, error.verify_message or str(error))
    if isinstance(error, ssl.SSLError):
        reason = (error.reason or str(error)).replace("_", " ").lower()
        return ExchangeError(FailureKind.TLS_HANDSHAKE, reason, hint=2 if "no application protocol" in reason else 0)
    return ExchangeError(FailureKind.TLS_HANDSHAKE, "the server closed during the handshake")


def is_national_issuer(leaf: bytes) -> bool:
    """Whether a DER certificate names a national issuer no browser trusts."""
    return any(name in leaf or name.decode().encode("utf-16-be") in leaf for name in NATIONAL_ISSUERS)


def _certificates_in(folders: list[str]) -> list[bytes]:
    """The certificates that OpenSSL could find in folders, as DER: files named by a hash (`man openssl-rehash`)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for folder in filter(None, folders):
        for path in Path(folder).glob("????????.[0-9]*"):
            with contextlib.suppress(OSError, ssl.SSLError):
                context.load_verify_locations(path)
    return context.get_ca_certs(binary_form=True)
