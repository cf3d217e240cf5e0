"""A WARC or bundle checked whole: large ones in parts side by side, signatures, what the index says."""

from __future__ import annotations

import hashlib
import json
import random
import zipfile
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

pytest.importorskip("warcio")

from cite_audit.resolve.archive.warc_place import locate_member
from cite_audit.resolve.check.base import Reply, Request
from cite_audit.snapshot.bundle_check import SPAN, check_bundle, check_package_digest
from cite_audit.snapshot.folder import read_index
from cite_audit.snapshot.wacz import write_wacz
from cite_audit.snapshot.warc_files import WarcFile

WHEN = datetime(2026, 1, 1, 12, tzinfo=UTC)
PAGES = 9


def write_bundle(directory: Path, size: int) -> Path:
    """A bundle of PAGES pages of `size` bytes each that do not compress, one of them twice."""
    noise = random.Random(5)
    with WarcFile(directory / "report" / "one.warc.gz") as warc:
        for number in [*range(PAGES), 0]:
            url = f"https://site.example/{number}"
            body = noise.randbytes(size) if number or warc.end < size else b"again"
            headers = (("content-type", "text/html"),)
            warc.write(Request(url), Reply(url, 200, headers, body), WHEN)
    bundle = directory / "report" / "one.wacz"
    write_wacz(directory / "report" / "one.warc.gz", bundle, [], whole_bytes=warc.end)
    return bundle


def damage_byte(bundle: Path, position: int) -> None:
    with bundle.open("r+b") as stream:
        stream.seek(position)
        byte = stream.read(1)
        stream.seek(position)
        stream.write(bytes([byte[0] ^ 0x55]))


def test_a_bundle_read_in_parts_is_whole_and_any_damage_names_its_page(tmp_path: Path) -> None:
    bundle = write_bundle(tmp_path, SPAN // 3)
    place = locate_member(bundle, "archive/one.warc.gz")
    assert place.size > 2 * SPAN
    survey = check_bundle(bundle)
    assert not survey.all_faults
    assert len(survey.members["archive/one.warc.gz"].offsets) == 2 * (PAGES + 1) + 1
    for share in (0.05, 0.5, 0.95):
        position = place.start + int(place.size * share)
        damage_byte(bundle, position)
        faults = [fault for fault in check_bundle(bundle).all_faults if fault.url]
        assert [fault.url for fault in faults] == [f"https://site.example/{int(share * PAGES)}"]
        damage_byte(bundle, position)  # as it was
    assert not check_bundle(bundle).all_faults


def test_the_index_names_the_type_of_what_came_without_http(tmp_path: Path) -> None:
    with WarcFile(tmp_path / "report" / "one.warc.gz") as warc:
        for uri, kind in (("urn:view:https://site.example/", "image/png"), ("urn:text:a", "text/plain; charset=utf-8")):
            warc.write_resource(uri, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", kind, WHEN)
    bundle = tmp_path / "report" / "one.wacz"
    write_wacz(warc.path, bundle, [])
    assert {entry["url"]: entry["mime"] for entry in read_index(bundle)} == {
        "urn:view:https://site.example/": "image/png",
        "urn:text:a": "text/plain",
    }


def sign_digest(sha256: str) -> dict[str, str]:
    """What a browser that signs as an unnamed observer writes."""
    key = ec.generate_private_key(ec.SECP384R1())
    encoded = key.sign(sha256.encode(), ec.ECDSA(hashes.SHA256()))
    numbers = b"".join(number.to_bytes(48, "big") for number in utils.decode_dss_signature(encoded))
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return {"hash": sha256, "signature": b64encode(numbers).decode(), "publicKey": b64encode(public).decode()}


def sign_bundle(bundle: Path, **changes: str) -> Path:
    """The bundle with its digest signed; `changes` to what is signed."""
    signed_path = bundle.with_name("signed.wacz")
    with zipfile.ZipFile(bundle) as source, zipfile.ZipFile(signed_path, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "datapackage-digest.json":
                digest = json.loads(content)
                content = json.dumps({**digest, "signedData": {**sign_digest(digest["hash"]), **changes}}).encode()
            target.writestr(info, content)
    return signed_path


def test_a_signed_bundle_is_whole_and_one_signed_by_another_is_not(tmp_path: Path) -> None:
    bundle = write_bundle(tmp_path, 100)
    assert not check_bundle(sign_bundle(bundle)).all_faults
    other_key = sign_digest("sha256:" + "0" * 64)
    faults = check_bundle(sign_bundle(bundle, publicKey=other_key["publicKey"])).faults
    assert [fault.problem for fault in faults] == ["its signature does not hold"]
    faults = check_bundle(sign_bundle(bundle, hash="sha256:" + "0" * 64)).faults
    assert [fault.problem for fault in faults] == ["its signature is of another datapackage"]


@pytest.mark.parametrize("signed", [{}, {"domainCert": ""}, {"signature": "AAAA"}])
def test_a_signature_of_an_unknown_kind_is_not_checked_and_no_damage(signed: dict[str, str]) -> None:
    sha256 = f"sha256:{hashlib.sha256(b'content').hexdigest()}"
    digest = {"hash": sha256, "signedData": {"hash": sha256, **signed}}
    faults = check_package_digest(b"content", json.dumps(digest).encode())
    assert [fault.is_unchecked for fault in faults] == [True]


@pytest.mark.parametrize("key", ["bm8ga2V5", "%", "é"])
def test_a_signature_that_cannot_be_read_does_not_hold(key: str) -> None:
    sha256 = f"sha256:{hashlib.sha256(b'content').hexdigest()}"
    signed = {"hash": sha256, "signature": "AAAA", "publicKey": key}
    faults = check_package_digest(b"content", json.dumps({"hash": sha256, "signedData": signed}).encode())
    assert [fault.problem for fault in faults] == ["its signature does not hold"]
