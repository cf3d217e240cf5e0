"""Certificates, good and bad, each fault by its name; and proxies the user set."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterable
from pathlib import Path

import pytest
import trustme

from cite_audit.errors import UsageError
from cite_audit.model import Probe
from cite_audit.resolve.http import tls
from cite_audit.resolve.http.proxy import proxy_from_setting
from tests.loopback.raw import RawServer, Step, closed_port, ok
from tests.loopback.web_tls import TlsWorkshop
from tests.resolve.http.certificates import leaf_only
from tests.resolve.http.support import kind, look


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> TlsWorkshop:
    return TlsWorkshop(tmp_path_factory.mktemp("tls"))


def over_tls(context: ssl.SSLContext, bundle: str, host: str = "site.test") -> Probe:
    with RawServer(lambda head, number: [ok(b"secret page")], tls=context) as server:
        return look(f"https://{host}:{server.port}/", ca_bundle=bundle, lookup=lambda name, port: ["127.0.0.1"])


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("valid", ""),
        ("expired", "tls-expired"),
        ("unknown-issuer", "tls-unknown-issuer"),
        ("national", "tls-national-root"),
        ("mismatch", "tls-host-mismatch"),
    ],
)
def test_each_certificate_fault_has_its_name(workshop: TlsWorkshop, fault: str, why: str) -> None:
    probe = over_tls(workshop.context(fault, "site.test"), workshop.bundle)
    assert kind(probe) == why
    assert probe.body == (b"" if why else b"secret page")


def test_a_self_signed_certificate(tmp_path: Path) -> None:
    ca = trustme.CA()  # its own certificate signs itself
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.LeafCert(ca.private_key_pem.bytes(), ca.cert_pem.bytes(), []).configure_cert(context)
    assert kind(over_tls(context, "")) == "tls-self-signed"


def test_the_name_in_the_handshake_is_the_host_and_not_the_address(workshop: TlsWorkshop) -> None:
    names: list[str | None] = []
    context = workshop.context("valid", "named.test")
    context.sni_callback = lambda wire, name, own: names.append(name)
    assert over_tls(context, workshop.bundle, "named.test").status == 200
    assert names == ["named.test"]


def test_plain_http_on_an_https_port_is_a_handshake_fault() -> None:
    with RawServer(greeting=ok()) as server:
        assert kind(look(f"https://127.0.0.1:{server.port}/")) == "tls-handshake"


def test_a_forgotten_intermediate_is_fetched_as_browsers_do(tmp_path: Path) -> None:
    root = trustme.CA()
    bundle = tmp_path / "root.pem"
    root.cert_pem.write_to_path(str(bundle))
    forgotten: list[bytes] = []
    with RawServer(lambda head, number: [ok(forgotten[0])]) as shelf:
        chain = leaf_only(root, shelf.url("/ca.der"), "site.test")
        forgotten.append(chain.intermediate)
        probe = over_tls(chain.server, str(bundle))
        assert (probe.status, probe.flags) == (200, ("tls-incomplete-chain",))
        forgotten[0] = b"no certificate"
        assert kind(over_tls(chain.server, str(bundle))) == "tls-unknown-issuer"
        stranger = leaf_only(trustme.CA(), shelf.url("/ca.der"), "site.test")
        forgotten[0] = stranger.intermediate
        assert kind(over_tls(stranger.server, str(bundle))) == "tls-unknown-issuer"


def test_a_silent_handshake_is_a_time_out_of_its_own() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        probe = look(f"https://127.0.0.1:{mute.getsockname()[1]}/", timeout=0.3)
    assert kind(probe) == "timeout-tls"


def test_ssl_cert_file_is_honoured(workshop: TlsWorkshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", workshop.bundle)
    assert over_tls(workshop.context("valid", "site.test"), "").status == 200


def test_a_bundle_that_is_missing_or_no_bundle_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such CA bundle"):
        look("https://127.0.0.1/", ca_bundle=str(tmp_path / "none.pem"))
    broken = tmp_path / "broken.pem"
    broken.write_text("nothing")
    with pytest.raises(UsageError, match="cannot be read"):
        _ = tls.TrustStore(str(broken)).context


def proxying(target: RawServer) -> RawServer:
    """A proxy that answers for plain requests itself, and refuses tunnels."""

    def script(head: bytes, number: int) -> Iterable[Step]:
        if head.startswith(b"CONNECT refused.test"):
            return [ok(b"no", status=b"403 Forbidden")]
        return [ok(b"through the proxy: " + head.split(b"\r\n")[0])]

    return RawServer(script)


def test_a_proxy_gets_the_whole_address_and_looks_up_the_name_itself() -> None:
    with RawServer() as unused, proxying(unused) as proxy:
        probe = look("http://known-to-the-proxy.test/x?y", proxy=f"http://me:pass@{proxy.place}", allow_addresses=())
        tunnel = look("https://refused.test/", proxy=proxy.place)
    assert probe.body == b"through the proxy: GET http://known-to-the-proxy.test/x?y HTTP/1.1"
    assert b"Proxy-Authorization: Basic bWU6cGFzcw==" in proxy.requests[0]
    assert kind(tunnel) == "unreachable"
    assert tunnel.status is None


def test_a_proxy_of_the_environment_is_used_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert proxy_from_setting("") is None
    monkeypatch.setenv("https_proxy", "http://proxy.test:3128")
    monkeypatch.setenv("no_proxy", "intranet.test")
    proxy = proxy_from_setting("")
    assert proxy
    assert (proxy.host, proxy.port) == ("proxy.test", 3128)
    assert proxy.bypasses_host("intranet.test", 80)
    assert not proxy.bypasses_host("elsewhere.test", 80)
    assert proxy_from_setting("none") is None


@pytest.mark.parametrize("setting", ["socks5://x:1", "http://", "http://x:notaport"])
def test_a_proxy_that_is_none(setting: str) -> None:
    with pytest.raises(UsageError):
        proxy_from_setting(setting)


def test_a_proxy_that_is_away_is_not_the_links_fault() -> None:
    probe = look("http://site.test/", proxy=f"127.0.0.1:{closed_port()}")
    assert probe.status is None
    assert kind(probe) == "no-network"


def test_a_proxy_that_says_nothing_is_let_go() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        mute.settimeout(5)
        probe = look("https://site.test/", proxy=f"http://127.0.0.1:{mute.getsockname()[1]}", timeout=0.3)
        taken, _ = mute.accept()
        with taken:
            taken.settimeout(5)
            assert taken.recv(1000).startswith(b"CONNECT site.test:443")
            with contextlib.suppress(ConnectionResetError):
                assert taken.recv(1000) == b"", "the connection is closed with the look"
    assert probe.status is None
