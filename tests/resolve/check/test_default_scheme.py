"""Links printed without a scheme."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from cite_audit.config.settings import Settings
from cite_audit.model import CitedLink, Health, Reason
from cite_audit.progress import SilentObserver
from cite_audit.resolve import resolve
from cite_audit.resolve.check.default_scheme import with_scheme
from tests.loopback import web_behaviours as does
from tests.loopback.web import LoopbackWeb


@pytest.mark.parametrize(("cited", "asked"), [
    ("www.herald.test/a", "https://www.herald.test/a"),
    ("herald.test:8080/a", "https://herald.test:8080/a"),
    ("herald.test", "https://herald.test"),
    ("http://herald.test/a", "http://herald.test/a"),
    ("mailto:desk@herald.test", "mailto:desk@herald.test"),
    ("desk@herald.test", "desk@herald.test"),
    ("tel:+37500", "tel:+37500"),
])  # fmt: skip
def test_what_is_asked(cited: str, asked: str) -> None:
    assert with_scheme(cited) == asked


def test_a_live_page_cited_without_a_scheme_is_alive_under_the_name_it_was_cited_by() -> None:
    with LoopbackWeb({"www.herald.test": does.live()}) as web:  # it has no https
        settings = Settings(network=web.network(host_interval=0.0), archive=False, store=None)
        links = [
            CitedLink("www.herald.test/a"),
            CitedLink("https://www.herald.test/a"),
            CitedLink("http://www.herald.test/b"),
        ]
        found = asyncio.run(resolve(links, settings, SilentObserver(), datetime.now(UTC)))
    assert {url: verdict.health for url, verdict in found.verdicts.items()} == {
        "www.herald.test/a": Health.ALIVE,
        "https://www.herald.test/a": found.verdicts["www.herald.test/a"].health,
        "http://www.herald.test/b": Health.ALIVE,
    }
    assert found.verdicts["www.herald.test/a"].reason is not Reason.INVALID
