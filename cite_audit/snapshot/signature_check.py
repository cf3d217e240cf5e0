"""Whether the signature of a WACZ is of its datapackage (WACZ Signing and Verification 0.1.0, webrecorder).

Who signed is not judged: the certificate of a domain is not followed to a root, nor the time of the signature.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Mapping
from enum import StrEnum


class SignatureState(StrEnum):
    """What is known of a signature."""

    VALID = "valid"
    INVALID = "invalid"
    UNCHECKED = "unchecked"  # of a kind that is not known here


def check_signature(signed: Mapping[str, object]) -> SignatureState:
    """Check `signedData` of `datapackage-digest.json`: ECDSA with SHA-256 over the text of `hash`."""
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    try:
        if signed.get("publicKey"):  # of an unnamed signer: raw r and s, as browsers sign
            key = serialization.load_der_public_key(b64decode(str(signed["publicKey"])))
            signature = b64decode(str(signed["signature"]))
            middle = len(signature) // 2
            numbers = int.from_bytes(signature[:middle], "big"), int.from_bytes(signature[middle:], "big")
            encoded = utils.encode_dss_signature(*numbers)
        elif signed.get("domainCert"):
            key = x509.load_pem_x509_certificate(str(signed["domainCert"]).encode()).public_key()
            encoded = b64decode(str(signed["signature"]))
        else:
            return SignatureState.UNCHECKED
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return SignatureState.UNCHECKED
        key.verify(encoded, str(signed["hash"]).encode(), ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError, KeyError, binascii.Error):
        return SignatureState.INVALID
    return SignatureState.VALID
