"""Drift is judged alike with the extra `drift` and without it, and a run that lacks it says so once."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path

import pytest

from cite_audit.config.settings import Archiving, Network, Settings
from cite_audit.pipeline import audit
from tests.loopback.raw import RawServer, ok
from tests.resolve.judge.bed import run
from tests.resolve.judge.rows.drift import ROWS

REPORT = b"T\n\nJune 2, 2021\n\nA.[1]\n\n[1] http://127.0.0.1:%d/a\n"


@pytest.fixture(params=["with", "without"])
def extra(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Whether trafilatura can be imported."""
    if request.param == "without":
        monkeypatch.setitem(sys.modules, "trafilatura", None)
    else:
        pytest.importorskip("trafilatura")
    return str(request.param)


def test_the_extra_can_be_imported_where_it_is_installed() -> None:
    """Its own dependency on lxml_html_clean is an extra that old versions of pip pass over."""
    if importlib.util.find_spec("trafilatura") is None:
        pytest.skip("the extra drift is not installed")
    assert importlib.import_module("trafilatura")


def test_drift_is_judged_alike(extra: str, tmp_path: Path) -> None:
    wrong = {
        outcome.row.id: (outcome.verdict.health.value, outcome.verdict.reason.value)
        for outcome in run(list(ROWS), tmp_path)
        if not outcome.right or outcome.verdict.reason is not outcome.row.reason
    }
    assert wrong == {}


def test_a_run_that_compares_without_the_extra_says_so_once(extra: str) -> None:
    with RawServer(lambda head, number: [ok(b"<p>" + b"word " * 60)]) as server:
        settings = Settings(
            network=Network(allow_addresses=("127.0.0.0/8",), canaries=()),
            archiving=Archiving(archives=(), drift=True),
            archive=False,
            store=None,
        )
        result = audit(["r.txt"], settings, contents={"r.txt": REPORT % server.port})
    remarks = [remark for remark in result.remarks if "without trafilatura" in remark]
    assert len(remarks) == (extra == "without")
