"""One page in a browser: opened, read to its end, and taken down as text, picture and print.

Each page has a context of its own, without cookies or storage of another, and a proxy of its own.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Sequence
from contextlib import suppress
from importlib.resources import files
from types import TracebackType
from typing import Any, Self

from cite_audit.frozen_record import frozen_record
from cite_audit.resolve.http.client import Client
from cite_audit.resolve.http.exchange_recorder import Exchange, Recording
from cite_audit.snapshot.browser.devtools import BrowserError, DevTools
from cite_audit.snapshot.browser.recording_proxy import RecordingProxy
from cite_audit.snapshot.replay import make_tls_context

MAX_PAGES = 2  # at once
PAGE_TIMEOUT = 150.0  # seconds for one page in all
LOAD_TIMEOUT = 30.0
QUIET = 0.8  # seconds without a request that end the wait for more
WIDTH, HEIGHT = 1280, 1600
MAX_HEIGHT = 16_384  # pixels of a picture; the longest that Chromium draws
MAX_PRINT = 48 << 20  # bytes of a PDF


@frozen_record
class BrowsedPage:
    """A page as a browser showed it. `html`: what its scripts made; `picture`: PNG, `print`: PDF, empty on failure."""

    exchanges: Sequence[Exchange]
    url: str
    html: str
    text: str
    title: str
    picture: bytes
    print: bytes
    is_cut: bool


class BrowserCapture:
    """A browser for a run; it is started for the first page. It is an async context manager."""

    def __init__(self, chromium: str, client: Client) -> None:
        self._chromium = chromium
        self._client = client
        self._devtools: DevTools | None = None
        self._start_lock = asyncio.Lock()
        self._page_slots = asyncio.Semaphore(MAX_PAGES)
        self._user_agent = ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._devtools:
            await self._devtools.__aexit__(kind, error, trace)

    async def capture_page(self, url: str, recording: Recording) -> BrowsedPage:
        """Open a page; its exchanges are taken from the recording. Raises BrowserError."""
        async with self._page_slots:
            devtools = await self._start()
            try:
                async with (
                    asyncio.timeout(PAGE_TIMEOUT),
                    RecordingProxy(self._client, recording, self._tls_context) as proxy,
                ):
                    return await self._browse(devtools, proxy, url, recording)
            except TimeoutError as error:
                raise BrowserError(f"the page did not end in {PAGE_TIMEOUT:g} s") from error

    async def _start(self) -> DevTools:
        async with self._start_lock:
            if self._devtools and self._devtools.has_ended:  # by a page that it could not bear
                ended, self._devtools = self._devtools, None
                await ended.__aexit__(None, None, None)
            if self._devtools is None:
                self._tls_context = await asyncio.to_thread(make_tls_context)
                devtools = await DevTools(self._chromium).__aenter__()
                self._devtools = devtools
                version = await devtools.call("Browser.getVersion")
                self._user_agent = str(version.get("userAgent", "")).replace("HeadlessChrome", "Chrome")
            return self._devtools

    async def _browse(self, devtools: DevTools, proxy: RecordingProxy, url: str, recording: Recording) -> BrowsedPage:
        context = await devtools.call(
            "Target.createBrowserContext",
            proxyServer=f"http://127.0.0.1:{proxy.port}",
            proxyBypassList="<-loopback>",
        )
        context_id = context["browserContextId"]
        try:
            tab = await _BrowserTab.open(devtools, context_id, self._user_agent)
            await tab.load(url, proxy)
            page = await tab.run_script("read_page") or {}
            picture, printed = await tab.take_picture(), await tab.print_page()
        finally:
            with suppress(BrowserError):
                await devtools.call("Target.disposeBrowserContext", browserContextId=context_id, timeout=10)
        return BrowsedPage(
            recording.take_exchanges(),
            str(page.get("url", "")),
            str(page.get("html", "")) if "html" in str(page.get("type", "")) else "",
            str(page.get("text", "")),
            str(page.get("title", "")),
            picture,
            printed,
            proxy.is_cut,
        )


class _BrowserTab:
    """A page that is open."""

    def __init__(self, devtools: DevTools, session: str) -> None:
        self._devtools = devtools
        self._session = session

    @classmethod
    async def open(cls, devtools: DevTools, context_id: str, user_agent: str) -> _BrowserTab:
        target = await devtools.call(
            "Target.createTarget", url="about:blank", browserContextId=context_id, width=WIDTH, height=HEIGHT
        )
        attached = await devtools.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        tab = cls(devtools, attached["sessionId"])
        await devtools.call("Browser.setDownloadBehavior", behavior="deny", browserContextId=context_id)
        await tab._call("Page.enable")
        await tab._call("Emulation.setUserAgentOverride", userAgent=user_agent)
        devtools.listen(tab._session, "Page.javascriptDialogOpening", lambda _: tab._dismiss_dialog())
        return tab

    async def load(self, url: str, proxy: RecordingProxy) -> None:
        """Open an address and read its page to the end."""
        loaded = asyncio.Event()
        self._devtools.listen(self._session, "Page.loadEventFired", lambda _: loaded.set())
        navigation = await self._call("Page.navigate", url=url)
        if error := navigation.get("errorText"):
            raise BrowserError(str(error))
        with suppress(TimeoutError):
            await asyncio.wait_for(loaded.wait(), LOAD_TIMEOUT)
        await proxy.wait_for_silence(QUIET, LOAD_TIMEOUT)
        for script in ("close_overlays", "load_all"):
            with suppress(BrowserError):  # a page that moves on ends its scripts
                await self.run_script(script)
            await proxy.wait_for_silence(QUIET, LOAD_TIMEOUT)

    async def run_script(self, name: str) -> Any:
        """The value of a script of the folder `scripts`, run in the page. Raises BrowserError."""
        script = (files(__package__) / "scripts" / f"{name}.js").read_text(encoding="utf-8")
        answer = await self._call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        return answer.get("result", {}).get("value")

    async def take_picture(self) -> bytes:
        """A PNG of the whole page; empty on failure."""
        try:
            metrics = await self._call("Page.getLayoutMetrics")
            size = metrics.get("cssContentSize") or {}
            clip = {
                "x": 0,
                "y": 0,
                "width": min(float(size.get("width", WIDTH)), 2 * WIDTH),
                "height": min(float(size.get("height", HEIGHT)), MAX_HEIGHT),
                "scale": 1,
            }
            answer = await self._call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        except BrowserError:
            return b""
        return base64.b64decode(answer.get("data", ""))

    async def print_page(self) -> bytes:
        """A PDF of the page; empty on failure."""
        try:
            answer = await self._call("Page.printToPDF", printBackground=True)
        except BrowserError:
            return b""
        printed = base64.b64decode(answer.get("data", ""))
        return printed if len(printed) <= MAX_PRINT else b""

    async def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        return await self._devtools.call(method, self._session, **parameters)

    def _dismiss_dialog(self) -> None:
        task = asyncio.ensure_future(self._call("Page.handleJavaScriptDialog", accept=False))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
