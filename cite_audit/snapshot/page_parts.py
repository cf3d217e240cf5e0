"""The parts of a page on disk: what it and its style sheets name, fetched one after another within limits."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from urllib.parse import urljoin

from cite_audit.resolve.archive.playback import encode_url
from cite_audit.resolve.check.base import Reply, Request
from cite_audit.resolve.http.client import Client
from cite_audit.resolve.http.exchange_recorder import Exchange, Recording
from cite_audit.resolve.http.user_agents import BROWSER_HEADERS
from cite_audit.snapshot.requisites import MAX_REQUISITE_SECONDS, RequisiteQueue, find_requisites, names_parts
from cite_audit.snapshot.warc_files import WarcFile

MAX_REDIRECTS = 10
TIMEOUT = 60.0  # seconds for one part
# Uncompressed, so that the stored bytes are the server's.
_REQUEST_HEADERS = (
    *(field for field in BROWSER_HEADERS if field[0] != "Accept-Encoding"),
    ("Accept-Encoding", "identity"),
)


class PartCapture:
    """Captures the parts of pages; one that several pages name is fetched once a run."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._fetched_addresses: set[str] = set()

    async def capture_parts(
        self, pages: Sequence[Exchange], recording: Recording, warc: WarcFile, known: Iterable[str] = ()
    ) -> bool:
        """Fetch and write what the pages name, without what is `known`; whether the limits left anything out.

        A part that fails is left out without an error. Raises StoreError.
        """
        self._fetched_addresses.update(known)
        queue = RequisiteQueue(self._fetched_addresses)
        for page in pages:
            self._fetched_addresses.add(page.request.url)
            queue.add(list_parts(page), 0)
        try:
            async with asyncio.timeout(MAX_REQUISITE_SECONDS):
                while taken := queue.take():
                    address, depth = taken
                    part = await self._fetch_part(address, recording, warc, queue)
                    if part and names_parts(media_type(part.reply)):
                        queue.add(list_parts(part), depth)
        except TimeoutError:
            return True
        return queue.is_cut

    async def _fetch_part(
        self, address: str, recording: Recording, warc: WarcFile, queue: RequisiteQueue
    ) -> Exchange | None:
        """The last exchange of a part and its redirects; None where nothing answered."""
        exchange = None
        for _ in range(MAX_REDIRECTS + 1):
            recording.max_body = min(recording.max_body, queue.bytes_left)
            reply = await self._client.fetch(Request(address, headers=_REQUEST_HEADERS, timeout=TIMEOUT))
            for exchange in recording.take_exchanges()[-1:]:
                queue.bytes_left -= len(exchange.reply.body)
                warc.write(exchange.request, exchange.reply, exchange.sent_at)
            location = reply.header("location")
            address = find_target(address, location) if 300 <= reply.status < 400 and location else ""
            if not address:
                break
        return exchange


def media_type(reply: Reply) -> str:
    """The content type of an answer without its parameters."""
    return reply.header("content-type").partition(";")[0].strip().lower()


def list_parts(page: Exchange) -> list[str]:
    """The addresses that a page or style sheet names, as they are asked."""
    url = page.request.url
    addresses = find_requisites(url, page.reply.body, media_type(page.reply))
    return [target for address in addresses if (target := find_target(url, address))]


def find_target(current_url: str, location: str) -> str:
    """Where a reference leads; empty when that is no web address."""
    try:
        target = encode_url(urljoin(current_url, location))
    except ValueError:
        return ""
    return target if target.startswith(("http://", "https://")) else ""
