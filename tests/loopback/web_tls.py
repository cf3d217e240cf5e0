"""Certificates for the loopback web, good and bad, from an authority of its own."""

from __future__ import annotations

import ssl
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

from tests.resolve.http.certificates import leaf_only

_PAST = datetime.now(UTC) - timedelta(days=10)


class TlsWorkshop:
    """Makes a server context for any host; `fault` is what is wrong with its certificate.

    valid; expired; unknown-issuer (an authority nobody knows); national (one named as a state's); mismatch (for
    another name); www-only (for `www.` + host); forgotten (the middle one is not sent, but `http://middle.test/` has
    it); old (TLS 1.1 at most); no-common-cipher (none that a client offers). `http2` is no fault: only that is spoken.
    """

    def __init__(self, folder: Path) -> None:
        self.ca = trustme.CA(organization_name="Loopback Authority")
        self.stranger = trustme.CA(organization_name="Nobody In Particular")
        self.national = trustme.CA(
            organization_name="The Ministry of Digital Development and Communications",
            organization_unit_name="Russian Trusted Sub CA",
        )
        self.bundle = str(folder / "loopback-ca.pem")
        self.ca.cert_pem.write_to_path(self.bundle)
        self.middle = b""
        self._made: dict[tuple[str, str], ssl.SSLContext] = {}

    def context(self, fault: str, host: str) -> ssl.SSLContext:
        """The server context for a host, made once."""
        if fault == "forgotten" and (fault, host) not in self._made:
            chain = leaf_only(self.ca, "http://middle.test/", host)
            self._made[fault, host], self.middle = chain.server, chain.intermediate
        if (fault, host) not in self._made:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._certificate(fault, host).configure_cert(context)
            _weaken(context, fault)
            if fault == "http2":
                context.set_alpn_protocols(["h2"])
            self._made[fault, host] = context
        return self._made[fault, host]

    def _certificate(self, fault: str, host: str) -> trustme.LeafCert:
        match fault:
            case "expired":
                return self.ca.issue_cert(host, not_after=_PAST)
            case "unknown-issuer":
                return self.stranger.issue_cert(host)
            case "national":
                return self.national.issue_cert(host)
            case "mismatch":
                return self.ca.issue_cert("other-name.test")
            case "www-only":
                return self.ca.issue_cert(f"www.{host.removeprefix('www.')}")
        return self.ca.issue_cert(host)


def _weaken(context: ssl.SSLContext, fault: str) -> None:
    """Make the handshake itself fail; certificates here have elliptic keys, for which `AES128-SHA` is of no use."""
    if fault == "old":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("ALL:@SECLEVEL=0")
    if fault == "no-common-cipher":
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("AES128-SHA")
