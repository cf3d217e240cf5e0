"""Chains, whole and not, honest and not, with addresses where an issuer is said to be had (AIA)."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID


@dataclass(frozen=True, slots=True)
class Chain:
    """`server` sends its leaf only; `intermediate` is what it forgot, as DER."""

    server: ssl.SSLContext
    intermediate: bytes


def leaf_only(root: trustme.CA, address: str, host: str) -> Chain:
    middle = root.create_child_ca()
    issuer = x509.load_pem_x509_certificate(middle.cert_pem.bytes())
    signer = serialization.load_pem_private_key(middle.private_key_pem.bytes(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    place = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(address))
    leaf = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.AuthorityInformationAccess([place]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()), critical=False)  # type: ignore[arg-type]
        .sign(signer, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.LeafCert(secret, leaf.public_bytes(serialization.Encoding.PEM), []).configure_cert(server)
    return Chain(server, issuer.public_bytes(serialization.Encoding.DER))


Key = ec.EllipticCurvePrivateKey
_TODAY = datetime.now(UTC)


def named(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


@dataclass(frozen=True, slots=True)
class Signer:
    """A key and its certificate. `bare` certificates say no more than whether they are an authority's."""

    certificate: x509.Certificate
    key: Key

    @classmethod
    def root(cls, name: str, *, days: int = 9, issuer: str = "") -> Signer:
        """One that signed itself; it ends in `days`. `issuer`: its own name in another spelling."""
        key = ec.generate_private_key(ec.SECP256R1())
        return cls(_certificate(named(issuer or name), named(name), key, key, days=days), key)

    def authority(self, name: str, *, address: str = "", key: Key | None = None) -> Signer:
        """An intermediate. `key`: one that exists already (cross-signing)."""
        own = key or ec.generate_private_key(ec.SECP256R1())
        return Signer(_certificate(self.certificate.subject, named(name), self.key, own, address=address), own)

    def leaf(self, host: str, address: str = "") -> Signer:
        key = ec.generate_private_key(ec.SECP256R1())
        return Signer(
            _certificate(self.certificate.subject, named(host), self.key, key, address=address, host=host), key
        )

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def server(self, *sent: Signer) -> ssl.SSLContext:
        """A server of this certificate that sends these after it."""
        secret = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trustme.LeafCert(secret, self.pem, [other.pem for other in sent]).configure_cert(context)
        return context


def _certificate(
    issuer: x509.Name, subject: x509.Name, signer: Key, key: Key, *, address: str = "", host: str = "", days: int = 9
) -> x509.Certificate:
    made = (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(_TODAY - timedelta(days=30))
        .not_valid_after(_TODAY + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=not host, path_length=None), critical=True)
    )
    if host:
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    if address:
        place = x509.UniformResourceIdentifier(address)
        access = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, place)
        made = made.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
    return made.sign(signer, hashes.SHA256())
