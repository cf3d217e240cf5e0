"""A request of httpx to a target that is parsed already."""

from __future__ import annotations

from functools import lru_cache

import httpx

from cite_audit.resolve.http.connect import ExchangeProgress
from cite_audit.resolve.http.request_target import RequestTarget


class TargetRequest(httpx.Request):
    """`url` is read by httpx when somebody asks for it: that costs more than all else of an exchange's objects."""

    def __init__(
        self, target: RequestTarget, method: str, fields: httpx.Headers, content: bytes, progress: ExchangeProgress
    ) -> None:
        self.target = target
        self._url: httpx.URL | None = None
        super().__init__(
            method,
            _any_url(),
            headers=fields,
            stream=httpx.ByteStream(content),
            extensions={"progress": progress, "target": target.path.encode("ascii")},
        )

    @property
    def url(self) -> httpx.URL:
        if self._url is None:
            self._url = httpx.URL(self.target.url)
        return self._url

    @url.setter
    def url(self, url: httpx.URL) -> None:
        """What httpx sets while it makes the request is not kept: the target tells the address."""


@lru_cache(maxsize=1)
def _any_url() -> httpx.URL:
    return httpx.URL("http://target.invalid/")
