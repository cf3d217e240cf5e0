"""An RFC 3161 timestamp over a manifest, from a real authority: openssl's."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cite_audit.errors import ArchiveError
from cite_audit.snapshot.timestamp import request_timestamp
from cite_audit.snapshot.timestamp_token import read_token
from tests.loopback.fetching import PlainFetcher
from tests.loopback.serving import Serving
from tests.loopback.wayback import Answer

pytest.importorskip("rfc3161_client")
pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl as the authority")

SETTINGS = """
[tsa]
default_tsa = here
[here]
serial = ./serial
signer_cert = ./tsa.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
"""
CONTENT = b"uri_r,uri_m\r\nhttps://news.example/1,x\r\n"


class Authority:
    """Signs with openssl; `instead` answers something else."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.instead: Answer | None = None
        (directory / "tsa.cnf").write_text(SETTINGS)
        (directory / "serial").write_text("01\n")
        usage = "extendedKeyUsage=critical,timeStamping"
        certificate = [
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            "tsa.key",
            "-out",
            "tsa.pem",
            "-subj",
            "/CN=Test TSA",
        ]
        self.openssl("req", "-x509", "-days", "2", *certificate, "-addext", usage)

    def openssl(self, *arguments: str) -> bytes:
        done = subprocess.run(["openssl", *arguments], cwd=self.directory, capture_output=True, check=True)
        return done.stdout

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        if self.instead:
            return self.instead
        (self.directory / "query").write_bytes(body)
        self.openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply")
        return Answer(200, (self.directory / "reply").read_bytes(), (("Content-Type", "application/timestamp-reply"),))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa"))


@pytest.fixture
def address(authority: Authority) -> Iterator[str]:
    authority.instead = None
    with Serving(authority.answer) as serving:
        yield f"http://{serving.netloc}/"


def stamp(content: bytes, address: str) -> tuple[bytes, datetime]:
    async def run() -> tuple[bytes, datetime]:
        async with PlainFetcher() as fetcher:
            return await request_timestamp(content, address, fetcher)

    return asyncio.run(run())


def test_the_token_is_one_that_openssl_verifies(authority: Authority, address: str) -> None:
    token, when = stamp(CONTENT, address)
    assert abs((datetime.now(UTC) - when).total_seconds()) < 60
    (authority.directory / "token.tsr").write_bytes(token)
    (authority.directory / "manifest").write_bytes(CONTENT)
    said = authority.openssl("ts", "-verify", "-data", "manifest", "-in", "token.tsr", "-CAfile", "tsa.pem")
    assert b"OK" in said


def test_a_token_of_something_else_is_refused(authority: Authority, address: str) -> None:
    token, _ = stamp(b"another manifest", address)
    authority.instead = Answer(200, token)
    with pytest.raises(ArchiveError, match="not of this manifest"):
        stamp(CONTENT, address)


def test_certificates_in_any_order_are_taken(authority: Authority, address: str) -> None:
    key = ["-newkey", "rsa:2048", "-nodes", "-keyout", "other.key", "-subj", "/CN=A longer name"]
    authority.openssl("req", "-x509", "-days", "2", *key, "-out", "other.pem")
    certificates = [(authority.directory / name).read_text() for name in ("tsa.pem", "other.pem")]
    settings = (authority.directory / "tsa.cnf").read_text()
    try:
        for order in (certificates, certificates[::-1]):  # one of them is not sorted as DER sorts sets
            (authority.directory / "certs.pem").write_text("".join(order))
            (authority.directory / "tsa.cnf").write_text(f"{settings}certs = ./certs.pem\n")
            token, _ = stamp(CONTENT, address)
            assert token.count(b"A longer name") == 2
    finally:
        (authority.directory / "tsa.cnf").write_text(settings)


def test_a_token_of_indefinite_lengths_is_read(authority: Authority, address: str) -> None:
    token, when = stamp(CONTENT, address)
    assert token[:2] == b"\x30\x82"
    indefinite = b"\x30\x80" + token[4:] + b"\0\0"
    info = read_token(indefinite)
    assert (info.imprint, info.stamped_at) == (hashlib.sha256(CONTENT).digest(), when)


@given(st.binary(max_size=60) | st.binary(max_size=40).map(lambda text: b"\x30\x80" * 40 + text))
def test_anything_else_is_no_token(content: bytes) -> None:
    with pytest.raises(ValueError):
        read_token(content)


def test_a_token_that_is_cut_is_none(authority: Authority, address: str) -> None:
    token, _ = stamp(CONTENT, address)
    for size in range(0, len(token) - 1, 97):
        with pytest.raises(ValueError):
            read_token(token[:size])


@pytest.mark.parametrize("answer", [Answer(200, b"<html>"), Answer(500), Answer(200), Answer(drop=True)])
def test_an_authority_that_gives_no_token_is_said(authority: Authority, address: str, answer: Answer) -> None:
    authority.instead = answer
    with pytest.raises(ArchiveError, match="timestamp authority"):
        stamp(CONTENT, address)
