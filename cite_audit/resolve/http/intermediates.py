"""Intermediate certificates that a server does not send: fetched by AIA, used when a chain to a trusted root verifies.

The server also chooses the address and its content, so a fetched certificate proves nothing by itself: a
certificate counts only when signatures lead from it to a root of the store (docs/decisions/0306). OpenSSL then judges
the whole chain in the handshake: dates, names, constraints, key sizes.
"""

from __future__ import annotations

import warnings
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

Fetch = Callable[[str], Awaitable[bytes]]
MAX_STEPS = 3  # intermediates fetched for one chain


async def missing_intermediates(leaf: bytes, roots: Iterable[bytes], fetch: Fetch) -> list[bytes]:
    """The certificates between `leaf` and one of `roots`, all DER, leaf's issuer first; empty when they are not found.

    `fetch` gives the body at an http address. Raises ImportError where the package cryptography is missing.
    """
    certificate = _parsed(leaf)
    store = [root for root in map(_parsed, roots) if root]
    links: list[Certificate] = []
    while certificate and not any(_is_issued_by(certificate, root) for root in store):
        address = _issuer_address(certificate)
        if not address or len(links) == MAX_STEPS:
            return []
        issuer = _parsed(await fetch(address))
        if issuer is None or not _is_intermediate(issuer) or not _is_issued_by(certificate, issuer):
            return []
        links.append(issuer)
        certificate = issuer
    return [_der(link) for link in links]


def _parsed(body: bytes) -> Certificate | None:
    """The certificate of a body: DER and nothing after it, or the first in PEM; None when there is none."""
    from cryptography import x509

    is_pem = body.lstrip().startswith(b"-----BEGIN CERTIFICATE")
    try:
        with warnings.catch_warnings():  # of old roots: serial numbers that RFC 5280 no longer allows
            warnings.simplefilter("ignore")
            return x509.load_pem_x509_certificate(body) if is_pem else x509.load_der_x509_certificate(body)
    except Exception:  # bytes of others: the library promises ValueError only
        return None


def _der(certificate: Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)


def _is_issued_by(certificate: Certificate, issuer: Certificate) -> bool:
    """Whether the names match and the key of `issuer` made the signature."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except Exception:  # a wrong name or signature, or an algorithm or key that the library refuses
        return False
    return True


def _is_intermediate(certificate: Certificate) -> bool:
    """Whether it may sign others (RFC 5280 §4.2.1.9) and is not self-issued, as a root is."""
    from cryptography import x509

    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        return constraints.ca and certificate.subject != certificate.issuer
    except Exception:  # no such extension, or one that cannot be read
        return False


def _issuer_address(certificate: Certificate) -> str:
    """Where the issuer's certificate can be had (caIssuers, RFC 5280 §4.2.2.1), or the empty string."""
    from cryptography import x509
    from cryptography.x509.oid import AuthorityInformationAccessOID

    try:
        places = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
        addresses = [
            place.access_location.value
            for place in places
            if place.access_method == AuthorityInformationAccessOID.CA_ISSUERS
        ]
    except Exception:  # no such extension, or one that cannot be read
        return ""
    # RFC 5280 wants plain HTTP; https could go round in circles.
    return next((address for address in addresses if str(address).lower().startswith("http://")), "")
