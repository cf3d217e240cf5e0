"""What is fetched at a certificate's own word may complete a chain to the store, and never be its end."""

from __future__ import annotations

import asyncio
import hashlib
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cite_audit.model import FailureKind, Probe
from cite_audit.resolve.check.base import Reply
from cite_audit.resolve.http.client import Client
from cite_audit.resolve.http.tls import TrustStore
from cite_audit.snapshot.credentials import ArchiveKeys
from cite_audit.snapshot.save_page_now import build_quota_request, build_save_request
from tests.loopback.raw import RawServer, Step, ok
from tests.resolve.http.certificates import Signer
from tests.resolve.http.support import kind, look, network

HOST = "site.test"


class Shelf:
    """Certificates at addresses of a server; one that is not there is a 404."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}
        self.server = RawServer(self._answer)

    def _answer(self, head: bytes, number: int) -> list[Step]:
        body = self.bodies.get(head.split()[1].decode())
        return [ok(body)] if body is not None else [ok(b"", status=b"404 Not Found")]

    def url(self, path: str) -> str:
        return self.server.url(path)


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    made = Shelf()
    with made.server:
        yield made


@pytest.fixture
def root() -> Signer:
    return Signer.root("a private authority")


@pytest.fixture
def bundle(tmp_path: Path, root: Signer) -> str:
    return stored(tmp_path, root)


def stored(folder: Path, *signers: Signer) -> str:
    path = folder / "bundle.pem"
    path.write_bytes(b"".join(signer.pem for signer in signers))
    return str(path)


def asked(server: ssl.SSLContext, bundle: str, host: str = HOST) -> tuple[Probe, int]:
    """The probe of a look at a server, and how many requests the server saw."""
    with RawServer(lambda head, number: [ok(b"page")], tls=server) as site:
        probe = look(f"https://{host}:{site.port}/", ca_bundle=bundle, lookup=lambda name, port: ["127.0.0.1"])
    return probe, len(site.requests)


def assert_refused(server: ssl.SSLContext, bundle: str, why: str = "tls-unknown-issuer", host: str = HOST) -> None:
    probe, requests = asked(server, bundle, host)
    assert (kind(probe), probe.body, requests) == (why, b"", 0)


def assert_completed(server: ssl.SSLContext, bundle: str) -> None:
    probe, requests = asked(server, bundle)
    assert (probe.status, probe.body, probe.flags, requests) == (200, b"page", ("tls-incomplete-chain",), 1)


@pytest.mark.parametrize("issuer", ["", "AN  ATTACKER", "a private authority"])
def test_a_root_of_the_servers_own_is_no_end(shelf: Shelf, bundle: str, issuer: str) -> None:
    evil = Signer.root("an attacker", issuer=issuer)  # OpenSSL takes “AN  ATTACKER” for the same name
    shelf.bodies["/root.der"] = evil.der
    assert_refused(evil.leaf(HOST, shelf.url("/root.der")).server(), bundle)


def test_a_root_that_borrows_the_name_of_one_in_the_store_is_no_end(shelf: Shelf, bundle: str) -> None:
    evil = Signer.root("a private authority")
    shelf.bodies["/root.der"] = evil.der
    assert_refused(evil.leaf(HOST, shelf.url("/root.der")).server(), bundle)


@pytest.mark.parametrize("form", ["der", "pem"])
def test_a_root_behind_an_honest_certificate_in_one_body_is_no_end(
    shelf: Shelf, root: Signer, bundle: str, form: str
) -> None:
    evil = Signer.root("an attacker")
    shelf.bodies["/ca"] = bytes(getattr(root.authority("honest"), form)) + bytes(getattr(evil, form))
    assert_refused(evil.leaf(HOST, shelf.url("/ca")).server(), bundle)


def test_a_root_two_steps_away_is_no_end(shelf: Shelf, bundle: str) -> None:
    evil = Signer.root("an attacker")
    middle = evil.authority("middle", address=shelf.url("/root.der"))
    shelf.bodies |= {"/root.der": evil.der, "/middle.der": middle.der}
    assert_refused(middle.leaf(HOST, shelf.url("/middle.der")).server(), bundle)


def test_a_root_sent_in_the_handshake_is_no_end_even_when_it_can_be_fetched(shelf: Shelf, bundle: str) -> None:
    evil = Signer.root("an attacker")
    shelf.bodies["/root.der"] = evil.der
    assert_refused(evil.leaf(HOST, shelf.url("/root.der")).server(evil), bundle, "tls-self-signed")


def test_an_intermediate_that_no_key_of_the_store_signed_is_dropped(shelf: Shelf, bundle: str) -> None:
    namesake = Signer.root("a private authority")
    middle = namesake.authority("middle")
    shelf.bodies["/middle.der"] = middle.der
    assert_refused(middle.leaf(HOST, shelf.url("/middle.der")).server(), bundle)


def test_a_sites_certificate_cannot_sign_for_others(shelf: Shelf, root: Signer, bundle: str) -> None:
    attacker = root.leaf("attacker.test")
    shelf.bodies["/leaf.der"] = attacker.der
    assert_refused(attacker.leaf(HOST, shelf.url("/leaf.der")).server(), bundle)


@pytest.mark.parametrize("form", ["der", "pem"])
def test_a_missing_intermediate_of_a_private_authority_is_fetched(
    shelf: Shelf, root: Signer, bundle: str, form: str
) -> None:
    middle = root.authority("middle")  # like its root without key identifiers and key usage
    shelf.bodies["/middle"] = getattr(middle, form)
    assert_completed(middle.leaf(HOST, shelf.url("/middle")).server(), bundle)
    assert_completed(middle.leaf(HOST, shelf.url("/middle").replace("http:", "HTTP:")).server(), bundle)


@pytest.mark.parametrize(("steps", "is_complete"), [(3, True), (4, False)])
def test_three_missing_intermediates_are_fetched_and_no_more(
    shelf: Shelf, root: Signer, bundle: str, steps: int, is_complete: bool
) -> None:
    signer, address = root, ""
    for step in range(steps):
        signer = signer.authority(f"step {step}", address=address)
        shelf.bodies[f"/{step}"], address = signer.der, shelf.url(f"/{step}")
    server = signer.leaf(HOST, address).server()
    assert_completed(server, bundle) if is_complete else assert_refused(server, bundle)


def test_a_folder_of_roots_is_a_store_too(shelf: Shelf, root: Signer, tmp_path: Path) -> None:
    # OpenSSL's hash of a name in lower case: of its parts as they are encoded, without the outer frame.
    name = hashlib.sha1(root.certificate.subject.public_bytes()[2:], usedforsecurity=False).digest()
    (tmp_path / f"{int.from_bytes(name[:4], 'little'):08x}.0").write_bytes(root.pem)
    middle = root.authority("middle")
    shelf.bodies["/middle.der"] = middle.der
    assert_completed(middle.leaf(HOST, shelf.url("/middle.der")).server(), str(tmp_path))


def test_a_cross_signed_root_leads_to_the_store(shelf: Shelf, root: Signer, bundle: str) -> None:
    new = Signer.root("a new root")
    crossed = root.authority("a new root", key=new.key)
    middle = new.authority("middle", address=shelf.url("/crossed.der"))
    shelf.bodies |= {"/middle.der": middle.der, "/crossed.der": crossed.der}
    leaf = middle.leaf(HOST, shelf.url("/middle.der"))
    assert_completed(leaf.server(), bundle)
    assert_completed(leaf.server(middle), bundle)
    shelf.bodies["/crossed.der"] = new.der  # the same root, signed by itself
    assert_refused(leaf.server(), bundle)


def test_a_root_that_has_expired_completes_nothing(shelf: Shelf, tmp_path: Path) -> None:
    old = Signer.root("an old authority", days=-1)
    middle = old.authority("middle")
    shelf.bodies["/middle.der"] = middle.der
    assert_refused(middle.leaf(HOST, shelf.url("/middle.der")).server(), stored(tmp_path, old), "tls-expired")


def test_a_good_intermediate_does_not_excuse_another_name(shelf: Shelf, root: Signer, bundle: str) -> None:
    middle = root.authority("middle")
    shelf.bodies["/middle.der"] = middle.der
    server = middle.leaf("other.test", shelf.url("/middle.der")).server()
    assert_refused(server, bundle, "tls-host-mismatch")


def test_a_chain_completed_for_one_host_is_not_the_next_ones(shelf: Shelf, root: Signer, bundle: str) -> None:
    middle = root.authority("middle")
    shelf.bodies["/middle.der"] = middle.der
    assert_completed(middle.leaf(HOST, shelf.url("/middle.der")).server(), bundle)
    assert_refused(middle.leaf(HOST, shelf.url("/gone.der")).server(), bundle)


@pytest.mark.parametrize("answer", [b"", b"no certificate", b"\x30\x80\x00\x00", b"-----BEGIN CERTIFICATE-----\n"])
def test_an_answer_that_is_no_certificate_completes_nothing(
    shelf: Shelf, root: Signer, bundle: str, answer: bytes
) -> None:
    shelf.bodies["/ca"] = answer
    assert_refused(root.authority("middle").leaf(HOST, shelf.url("/ca")).server(), bundle)


def test_an_intermediate_put_into_the_store_by_its_owner_is_an_end(root: Signer, tmp_path: Path) -> None:
    middle = root.authority("middle")
    probe, _ = asked(middle.leaf(HOST).server(), stored(tmp_path, middle))
    assert probe.status == 200


@pytest.mark.parametrize("is_honest", [True, False])
def test_the_end_of_a_verified_chain_is_looked_up_in_the_store(root: Signer, bundle: str, is_honest: bool) -> None:
    signer = root if is_honest else Signer.root("an attacker")
    trust = TrustStore(bundle)
    context = trust.context_with_intermediates([signer.der])  # as if the check before it had been passed by
    with (
        RawServer(lambda head, number: [ok()], tls=signer.leaf(HOST).server()) as site,
        socket.create_connection(("127.0.0.1", site.port)) as plain,
        context.wrap_socket(plain, server_hostname=HOST) as session,
    ):
        assert trust.is_end_of(session) is is_honest  # type: ignore[arg-type]


def run(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip()


def test_without_cryptography_the_chain_stays_incomplete_and_that_is_said(
    shelf: Shelf, root: Signer, bundle: str
) -> None:
    server = root.authority("middle").leaf(HOST, shelf.url("/middle.der")).server()
    with RawServer(lambda head, number: [ok(b"page")], tls=server) as site:
        look_at = f"look('https://{HOST}:{site.port}/', ca_bundle={bundle!r}, lookup=lambda *_: ['127.0.0.1'])"
        said = run(
            "import sys; sys.modules['cryptography'] = None\n"
            f"from tests.resolve.http.support import look; print({look_at}.failure)"
        )
    assert "tls-unknown-issuer" in said
    assert "cannot be checked without cryptography" in said
    assert site.requests == []


def test_runs_that_never_need_it_do_not_load_cryptography() -> None:
    modules = "cite_audit.resolve.http.transport, cite_audit.resolve.check.run"
    assert run(f"import sys, {modules}; print('cryptography' in sys.modules)") == "False"


def test_archive_keys_are_not_sent_to_a_false_archive(shelf: Shelf, bundle: str) -> None:
    evil = Signer.root("an attacker")
    shelf.bodies["/root.der"] = evil.der
    server = evil.leaf("web.archive.org", "http://aia.test/root.der").server()
    base, keys = "https://web.archive.org", ArchiveKeys("access", "hush-hush")
    requests = (build_save_request(base, "http://news.example/", keys), build_quota_request(base, keys, 0.0))

    async def ask(archive: RawServer) -> list[Reply]:
        routes = {"*:443": archive.place, "*:80": shelf.server.place}
        async with Client(network(connect_to=routes, ca_bundle=bundle)) as client:
            return [await client.fetch(request) for request in requests]

    with RawServer(lambda head, number: [ok(b"{}")], tls=server) as archive:
        replies = asyncio.run(ask(archive))
    assert [reply.failure and reply.failure.kind for reply in replies] == [FailureKind.TLS_UNKNOWN_ISSUER] * 2
    assert len(shelf.server.requests) == 2, "its root was fetched, and not believed"
    assert archive.requests == []
