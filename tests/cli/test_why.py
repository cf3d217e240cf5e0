"""`cite-audit why`: an editor is told what was seen, which rule fired, and what would change the verdict."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cite_audit.cli import build_app
from cite_audit.errors import StoreError, UsageError
from tests.loopback import web_behaviours as behave
from tests.loopback.web import LoopbackWeb
from tests.loopback.web_pages import article
from tests.resolve.checking import check

SITES = {
    "live.test": behave.live(),
    "lost.test": behave.soft_404(),
    "wall.test": behave.blocked(),
    "odd.test": behave.everywhere(article("Report \x1b[31m\u202egnp.exe", 300)),
}


@pytest.fixture(scope="module")
def web() -> Iterator[LoopbackWeb]:
    with LoopbackWeb(SITES) as served:
        yield served


def _why(web: LoopbackWeb, *arguments: str, store: str = "") -> Result:
    routes = [part for place in web.connect_to.items() for part in ("--connect-to", "=".join(place))]
    kept = ["--store", store] if store else ["--no-cache"]
    fixed = ["--no-archive", *kept, "--no-config", "--allow-address", "127.0.0.0/8", *routes]
    return CliRunner().invoke(build_app("why"), ["why", *arguments, *fixed])


def test_a_defanged_address_is_looked_into(web: LoopbackWeb) -> None:
    shown = _why(web, "hxxp://live[.]test/2019/05/story-12").stdout
    assert shown.startswith("http://live.test/2019/05/story-12")
    assert "Look 1: the page, as this program" in shown
    assert "Verdict: alive: ok" in shown
    assert "Look 2" not in shown


def test_every_look_and_the_rule_are_told(web: LoopbackWeb) -> None:
    shown = _why(web, "http://lost.test/2019/05/story-12").stdout
    assert "Look 2: the page, as a browser would" in shown
    assert "the page is headed: “Page not found" in shown
    assert "What would change it\n  one look that shows the page" in shown


def test_a_wall_is_named_with_its_source(web: LoopbackWeb) -> None:
    shown = _why(web, "http://wall.test/a").stdout
    assert "unknown: blocked (cloudflare-challenge)" in shown
    assert "rule cloudflare-challenge" in shown


def test_what_a_page_calls_itself_cannot_command_the_terminal(web: LoopbackWeb) -> None:
    shown = _why(web, "http://odd.test/a").stdout
    assert "Report" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_an_address_that_is_none_needs_no_look(web: LoopbackWeb) -> None:
    shown = _why(web, "mailto:editor@herald.test").stdout
    assert "No look was needed" in shown
    assert "skipped: skipped" in shown


def test_a_bad_date_is_refused(web: LoopbackWeb) -> None:
    assert isinstance(_why(web, "http://live.test/a", "--near", "yesterday").exception, UsageError)


def test_what_the_last_run_saw_is_shown_as_it_was_without_asking_again(web: LoopbackWeb, tmp_path: Path) -> None:
    url, store = "http://lost.test/2019/05/story-12", str(tmp_path / "store.sqlite")
    check([url], store=store, connect_to=web.connect_to)
    asked = len(web.log)
    told = _why(web, "--seen", url.replace("http", "hxxp"), store=store).stdout.splitlines()
    assert len(web.log) == asked
    assert told[0] == url
    assert told[1].startswith(f"seen on {datetime.now(UTC):%Y-%m-%d} at ")
    assert told[1].endswith(" UTC, and then called broken: soft-404")
    live = _why(web, url).stdout.splitlines()
    assert [line for line in told[2:] if " words, " not in line] == [
        line for line in live[1:] if " words, " not in line
    ]


def test_a_link_that_no_run_saw_is_said_so(web: LoopbackWeb, tmp_path: Path) -> None:
    shown = _why(web, "--seen", "http://live.test/never", store=str(tmp_path / "store.sqlite"))
    assert isinstance(shown.exception, StoreError)
    assert "nothing is kept of http://live.test/never" in str(shown.exception)
