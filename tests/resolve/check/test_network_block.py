"""A network that blocks: the links of several owners end on one page."""

from __future__ import annotations

import pytest

from tests.loopback.web import Answer, LoopbackWeb
from tests.loopback.web_behaviours import everywhere, redirect
from tests.loopback.web_pages import article, page
from tests.resolve.checking import check, said

_NOTICE = page(
    "NetPlus", "<h1>NetPlus</h1><p>We are sorry for the trouble. Our desk answers every day of the week.</p>"
)
_PATH = "/2019/05/convoy-counted-twice"


def _told(owners: int, respond: object) -> tuple[dict[str, str], tuple[str, ...]]:
    hosts = [f"www.owner{number}.test" for number in range(owners)]
    sites = dict.fromkeys(hosts, respond) | {"desk.netplus.test": everywhere(Answer(body=_NOTICE))}
    with LoopbackWeb(sites) as web:  # type: ignore[arg-type]
        resolution = check(
            [f"http://{host}{_PATH}" for host in hosts],
            lookup=web.lookup,
            connect_to=web.connect_to,
            allow_addresses=("127.0.0.0/8",),
            host_interval=0.0,
        )
    return said(resolution), resolution.remarks


@pytest.mark.parametrize(
    "respond",
    [everywhere(redirect("http://desk.netplus.test/", 302)), everywhere(Answer(body=_NOTICE))],
    ids=["redirect", "in place"],
)
def test_one_page_for_three_owners_is_the_networks(respond: object) -> None:
    verdicts, remarks = _told(3, respond)
    assert set(verdicts.values()) == {"unknown geo-blocked"}
    assert [remark for remark in remarks if "3 links of 3 owners" in remark] == list(remarks)


def test_two_owners_may_have_merged() -> None:
    verdicts, remarks = _told(2, everywhere(redirect("http://desk.netplus.test/", 302)))
    assert "unknown geo-blocked" not in verdicts.values()
    assert remarks == ()


def test_an_article_that_three_owners_publish_stays_alive() -> None:
    verdicts, _ = _told(3, everywhere(Answer(body=article("Convoy counted twice", 600, seed="x"))))
    assert set(verdicts.values()) == {"alive ok"}
