"""Every behaviour of the table, through the real client: the right word, and never a false alarm."""

from __future__ import annotations

from pathlib import Path

import pytest

from cite_audit.model import Health
from cite_audit.resolve.judge.assessment import find_reason_row
from tests.resolve.judge.bed import Outcome, run
from tests.resolve.judge.behaviours import behaviours
from tests.resolve.judge.families import FAMILIES
from tests.resolve.judge.matrix import per_link

_ROWS = [(family, row) for family, rows in FAMILIES.items() for row in rows]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    folder: Path = tmp_path_factory.mktemp("certificates")
    return {outcome.row.id: outcome for outcome in run([row for _, row in _ROWS], folder)}


@pytest.mark.parametrize("name", [row.id for _, row in _ROWS])
def test_verdict(name: str, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[name]
    row, verdict = outcome.row, outcome.verdict
    said = f"{row.says}: {verdict.health} {verdict.reason} ({verdict.detail}) {verdict.evidence}"
    assert verdict.reason is row.reason, said
    assert (verdict.health is Health.BROKEN) is row.broken, said
    assert verdict.evidence, "an editor is told why"
    assert not row.detail or verdict.detail == row.detail, said
    assert not row.moved_to or verdict.moved_to == row.moved_to, said
    assert verdict.attempts <= min(6, row.requests), f"{verdict.attempts} looks: {said}"


def test_names_are_unique() -> None:
    assert len({row.id for _, row in _ROWS}) == len(_ROWS)


def test_reasons_have_their_health(outcomes: dict[str, Outcome]) -> None:
    for outcome in outcomes.values():
        if outcome.verdict.health is not Health.BROKEN:
            expected = find_reason_row(outcome.verdict.reason)["health"]
            assert outcome.verdict.health == expected or outcome.verdict.reason == "unsafe", outcome


def test_a_live_link_costs_little(outcomes: dict[str, Outcome]) -> None:
    """Rows are hard cases, many of them near misses that need a second look; even over them a link costs little."""
    live = [outcome.verdict.attempts for outcome in outcomes.values() if outcome.verdict.health is Health.ALIVE]
    assert sum(live) / len(live) <= 1.6


def test_the_shared_list_is_told_as_listed(outcomes: dict[str, Outcome]) -> None:
    told = [behaviour for behaviour in behaviours() if behaviour.rows]
    other = [b.id for b in told for name in b.rows if not b.agrees(outcomes[name].verdict)]
    assert len(told) >= 192
    assert other == []


def test_a_live_link_of_the_shared_list_costs_little_more_than_a_request(outcomes: dict[str, Outcome]) -> None:
    live = [(b, [outcomes[name] for name in b.rows]) for b in behaviours() if b.rows and b.live]
    assert per_link(live, lambda outcome: outcome.live - outcome.mute) <= 1.15
    assert per_link(live, lambda outcome: outcome.live) <= 1.16, "tries: a server of HTTP/2 alone takes two"


def test_what_is_not_in_this_web_is_shown_elsewhere() -> None:
    for behaviour in behaviours():
        assert not behaviour.elsewhere or (Path(__file__).parents[1] / behaviour.elsewhere).exists(), behaviour
    assert [b.id for b in behaviours() if not b.rows and not b.elsewhere] == []
