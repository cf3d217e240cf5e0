"""What the years show, what changed, and what to ask next."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

pytest.importorskip("duckdb", reason="the extra cluster is not installed")
pytest.importorskip("scipy", reason="the extra cluster is not installed")
pytest.importorskip("matplotlib", reason="the extra cluster is not installed")

from cite_audit.corpus.changes import NEWLY_DEAD, RECOVERED, compare_corpora
from cite_audit.corpus.figures import collect_figures
from cite_audit.corpus.folder import CorpusFolder
from cite_audit.corpus.queries import open_database
from cite_audit.corpus.survival import LEAST_LINKS, estimate_survival
from cite_audit.corpus.watch import watch_corpus
from cite_audit.corpus.watch_list import WatchBudget, choose_links
from cite_audit.corpus.years_page import render_csv, render_json, render_page
from cite_audit.errors import UsageError
from cite_audit.report.render import RenderOptions
from tests.corpus.corpora import SmallWeb, online, rows, run_audit, write_report

pytestmark = pytest.mark.slow  # in `make test-slow`, whose environment has the extra

GUIDE = Path(__file__).parents[2] / "docs" / "for-corpora.md"


def test_the_estimate_is_that_of_the_textbook() -> None:
    # Kaplan and Meier by hand: of 20 links one goes at 1 year (19/20), and of the 10 left one at 3 (× 9/10)
    ages = [1.0, *[2.0] * 9, 3.0, *[4.0] * 9]
    gone = [True, *[False] * 9, True, *[False] * 9]
    curve = estimate_survival("all", ages, gone)
    assert curve is not None
    assert [curve.share_at(age) for age in (0.5, 1, 2.5, 3, 9)] == pytest.approx([1, 0.95, 0.95, 0.855, None])
    assert curve.half_life is None
    for low, share, high in zip(curve.low, curve.shares, curve.high, strict=True):
        assert low <= share <= high


def test_half_life_is_the_age_at_which_half_are_gone() -> None:
    curve = estimate_survival("all", [float(age) for age in range(1, 21)], [True] * 20)
    assert curve is not None
    assert curve.half_life == 10


def test_few_links_have_no_curve() -> None:
    assert LEAST_LINKS == 20
    assert estimate_survival("all", [1.0] * 19, [True] * 19) is None
    assert estimate_survival("all", [1.0] * 20, [True] * 20) is not None


def test_a_page_shows_every_figure_with_its_table_and_asks_nobody(tmp_path: Path) -> None:
    urls = [f"http://site0.test/p/{number}" for number in range(30)]
    write_report(tmp_path / "in", "a.md", *urls)
    with SmallWeb(gone={"/p/1", "/p/2"}).serve("site0.test") as sites:
        run_audit([tmp_path / "in"], tmp_path / "out", online(sites))
    folder = CorpusFolder(tmp_path / "out")
    figures, run = collect_figures(folder), folder.open_run()
    page = render_page(figures, run, RenderOptions())
    assert {"rot", "archived", "groups", "broken-hosts"} <= {figure.name for figure in figures}
    assert page.count("<table>") == len(figures)
    assert "default-src 'none'" in page
    assert not re.search(r"<(script|link|iframe)|src=\"(?!data:)", page)
    document = json.loads(render_json(figures, run, RenderOptions()))
    (rot,) = document["figures"]["rot"]["rows"]
    assert (rot["count"], rot["gone"]) == (30, 2)
    assert document["figures"]["broken-hosts"]["rows"][0]["broken"] == 2
    assert "rot,1,gone,2" in render_csv(figures, run, RenderOptions())


def test_the_questions_of_the_guide_are_answered(tmp_path: Path) -> None:
    write_report(tmp_path / "in", "a.md", "http://site0.test/p/1", "http://site0.test/gone")
    with SmallWeb(gone={"/gone"}).serve("site0.test") as sites:
        run_audit([tmp_path / "in"], tmp_path / "out", online(sites))
    queries = re.findall(r"^SELECT .*;$", GUIDE.read_text("utf-8"), re.M)
    assert len(queries) == 3
    with open_database(CorpusFolder(tmp_path / "out"), "guide") as db:
        answers = [db.execute(query.replace("corpus/", f"{tmp_path}/out/")).fetchall() for query in queries]
    assert answers[0] == [(2019, 0.5)]
    assert answers[1] == [("unknown", 2)]
    assert answers[2] == [(str(tmp_path / "in" / "a.md"), 1)]


def test_diff_tells_the_dead_and_the_recovered_by_report(tmp_path: Path) -> None:
    write_report(tmp_path / "in", "a.md", "http://site0.test/p/1", "http://site0.test/p/2", "http://site0.test/p/3")
    web = SmallWeb(gone={"/p/1"})
    with web.serve("site0.test") as sites:
        run_audit([tmp_path / "in"], tmp_path / "old", online(sites))
        web.gone = {"/p/2"}
        run_audit([tmp_path / "in"], tmp_path / "new", online(sites))
    changes = compare_corpora(CorpusFolder(tmp_path / "old"), CorpusFolder(tmp_path / "new"))
    assert [(change.kind, change.url[-4:]) for change in changes] == [(NEWLY_DEAD, "/p/2"), (RECOVERED, "/p/1")]
    assert changes[0].reports == (str(tmp_path / "in" / "a.md"),)


def test_a_watch_asks_what_is_due_and_tells_what_changed(tmp_path: Path) -> None:
    write_report(tmp_path / "in", "a.md", *[f"http://site0.test/p/{number}" for number in range(5)])
    write_report(tmp_path / "in", "b.md", "http://site0.test/p/3")
    web = SmallWeb(gone=set())
    folder, budget = CorpusFolder(tmp_path / "out"), WatchBudget.parse("2/day")
    with web.serve("site0.test") as sites:
        settings = online(sites)
        run_audit([tmp_path / "in"], tmp_path / "out", settings)
        now = datetime.now(UTC)
        assert choose_links(folder, budget, now + timedelta(hours=19)) == []  # just asked
        later = now + timedelta(days=3)
        assert choose_links(folder, budget, later)[0]["url"] == "http://site0.test/p/3"  # cited most
        web.gone = {"/p/3"}
        before = len(sites.log)
        result = watch_corpus(folder, budget, settings, later, is_interrupted=lambda: False)
        asked = {request.target for request in sites.log[before:] if request.target.startswith("/p/")}
    assert result.asked == 2
    assert len(asked) == 2
    assert [(change.kind, change.url[-4:], len(change.reports)) for change in result.changes] == [
        (NEWLY_DEAD, "/p/3", 2)
    ]
    links = {row["url"][-4:]: row["health"] for row in rows(tmp_path / "out", "links")}
    assert links == {"/p/0": "alive", "/p/1": "alive", "/p/2": "alive", "/p/3": "broken", "/p/4": "alive"}
    assert len(rows(tmp_path / "out", "probes")) == 7


@pytest.mark.parametrize(("text", "links"), [("500", 500), ("20000/day", 20_000), ("3/hour", 3)])
def test_a_budget_is_a_number_of_links_in_a_time(text: str, links: int) -> None:
    assert WatchBudget.parse(text).links == links


@pytest.mark.parametrize("text", ["", "many", "-3", "5/year"])
def test_another_budget_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        WatchBudget.parse(text)
