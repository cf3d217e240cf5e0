"""The user's proxy: requests go to it, and it decides which addresses it contacts."""

from __future__ import annotations

import asyncio
import base64
import os
import re
from dataclasses import field
from urllib.parse import unquote, urlsplit

from cite_audit.errors import UsageError
from cite_audit.frozen_record import frozen_record
from cite_audit.model import FailureKind
from cite_audit.resolve.http.connection import Connection
from cite_audit.resolve.http.dns import Endpoint, system_lookup
from cite_audit.resolve.http.failures import ExchangeError


@frozen_record
class Proxy:
    """An HTTP proxy; its own address is the user's word and not judged by the guard."""

    host: str
    port: int
    authorization: str = field(default="", repr=False)
    from_environment: bool = False

    def bypasses_host(self, host: str, port: int) -> bool:
        """Whether NO_PROXY names this host."""
        if not self.from_environment:
            return False
        import urllib.request

        return bool(urllib.request.proxy_bypass(f"{host}:{port}"))

    async def resolve_endpoints(self) -> list[Endpoint]:
        loop = asyncio.get_running_loop()
        try:
            addresses = await loop.run_in_executor(None, system_lookup, self.host, self.port)
        except OSError as error:
            raise ExchangeError(FailureKind.NO_NETWORK, f"the proxy {self.host} cannot be found") from error
        return [(address, self.port) for address in addresses]


def proxy_from_setting(setting: str) -> Proxy | None:
    """The proxy of a run: `setting`, or what HTTPS_PROXY or HTTP_PROXY say; `none` wants none.

    Raises UsageError for an address that is not one of an HTTP proxy.
    """
    if setting.lower() == "none":
        return None
    address = setting or _proxy_from_environment()
    if not address:
        return None
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        port = parts.port or 8080
    except ValueError:
        raise UsageError(f"not a proxy: {mask_login(address)} (write http://host:port)") from None
    if parts.scheme != "http" or not parts.hostname:
        raise UsageError(f"not an HTTP proxy: {parts.scheme}://{parts.hostname or ''} (write http://host:port)")
    secret = ""
    if parts.username:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        secret = "Basic " + base64.b64encode(pair.encode()).decode()
    return Proxy(parts.hostname, port, secret, from_environment=not setting)


def mask_login(address: str) -> str:
    """A proxy's address without the name and password in it, however they are written."""
    return re.sub(r"(?is)\A([a-z][a-z0-9+.-]*://)?.*@", r"\1…@", address)


def _proxy_from_environment() -> str:
    """What HTTPS_PROXY, else HTTP_PROXY, say (in small letters too); empty where neither does."""
    if not any(name.lower() in ("http_proxy", "https_proxy") for name in os.environ):
        return ""
    import urllib.request  # 16 ms that nobody without a proxy need spend

    proxies = urllib.request.getproxies_environment()
    return proxies.get("https") or proxies.get("http") or ""


async def open_tunnel(connection: Connection, proxy: Proxy, host: str, port: int) -> None:
    """CONNECT (RFC 9110 §9.3.6). A proxy's refusal says nothing of the site: it is `UNREACHABLE`, never a status."""
    name = f"[{host}]" if ":" in host else host
    lines = [f"CONNECT {name}:{port} HTTP/1.1", f"Host: {name}:{port}"]
    if proxy.authorization:
        lines.append(f"Proxy-Authorization: {proxy.authorization}")
    connection.send(("\r\n".join(lines) + "\r\n\r\n").encode("ascii"))
    head = await connection.receive_head()
    if not 200 <= head.status < 300:
        connection.close()
        raise ExchangeError(FailureKind.UNREACHABLE, f"the proxy refused {host}:{port} with {head.status}")
