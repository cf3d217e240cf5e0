"""The confusion matrix of the test bed, per family: `make verdicts`. Fails on any link falsely called dead."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cite_audit.model import Health
from tests.resolve.judge.bed import Outcome, run
from tests.resolve.judge.behaviours import Behaviour, behaviours
from tests.resolve.judge.families import FAMILIES


def matrix(outcomes: dict[str, list[Outcome]]) -> list[str]:
    """One line a family, the sum, and every wrong verdict."""
    lines = [f"{'family':28}{'rows':>6}{'right':>7}{'word':>6}{'false dead':>12}{'false alive':>13}{'looks/live':>12}"]
    every = [outcome for family in outcomes.values() for outcome in family]
    for family, found in [*outcomes.items(), ("all", every)]:
        live = [outcome.verdict.attempts for outcome in found if outcome.verdict.health is Health.ALIVE]
        words = sum(outcome.verdict.reason is outcome.row.reason for outcome in found)
        lines.append(
            f"{family:28}{len(found):6}{sum(o.right for o in found):7}{words / len(found):6.0%}"
            f"{sum(o.false_dead for o in found):12}{sum(o.false_alive for o in found):13}"
            f"{sum(live) / max(len(live), 1):12.2f}"
        )
    expected = Counter(
        (_class(outcome.row.broken, outcome.row.reason), outcome.verdict.health.value) for outcome in every
    )
    lines.append("")
    lines += [f"{wanted} → {got}: {count}" for (wanted, got), count in sorted(expected.items())]
    lines += [
        f"WRONG {o.row.id} ({o.row.says}): wanted {o.row.reason}, got {o.verdict.health} {o.verdict.reason}: "
        f"{o.verdict.evidence}"
        for o in every
        if not o.right
    ]
    return lines


def shared_list(by_id: Mapping[str, Outcome]) -> list[str]:
    """The behaviours of the project's shared list alone: one that has several rows counts once, as their mean."""
    told = [(b, [by_id[name] for name in b.rows]) for b in behaviours() if b.rows]
    wrong = [(b, o) for b, found in told for o in found if not b.agrees(o.verdict)]
    live = [(b, found) for b, found in told if b.live]
    lines = [
        f"shared list: {len(told)} of {len(behaviours())} behaviours in this web, "
        f"{len(told) - len({b.id for b, _ in wrong})} exact, "
        f"{sum(any(o.false_dead for o in found) for _, found in told)} false dead, "
        f"{sum(any(o.false_alive for o in found) for _, found in told)} false alive"
    ]
    for name, some in (("a live link", live), ("a link", told)):
        sent, hops, tries = (per_link(some, count) for count in (lambda o: o.live - o.mute, _hops, lambda o: o.live))
        lines.append(
            f"requests for {name}: {sent:.3f} ({sent + hops:.3f} with the redirects followed; "
            f"{tries:.3f} tries, refused connections and failed handshakes counted)"
        )
    for behaviour, found in live:
        if (cost := _mean([o.live for o in found])) > 1:
            row = found[0].row
            lines.append(f"  {behaviour.id} {row.id}: {cost:.1f} ({row.says}: {found[0].verdict.evidence[0]})")
    lines += [f"NOT AS LISTED {b.id} {o.row.id}: {b.reason} listed, {o.verdict.reason} said" for b, o in wrong]
    return lines


def per_link(some: Sequence[tuple[Behaviour, list[Outcome]]], count: Callable[[Outcome], int]) -> float:
    """The mean over behaviours of what their rows took."""
    return sum(_mean([count(outcome) for outcome in found]) for _, found in some) / len(some)


def _hops(outcome: Outcome) -> int:
    return outcome.hops


def _mean(counts: list[int]) -> float:
    return sum(counts) / len(counts)


def _class(broken: bool, reason: str) -> str:
    from cite_audit.resolve.judge.assessment import find_reason_row

    return "broken" if broken else find_reason_row(reason)["health"]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        rows = [row for found in FAMILIES.values() for row in found]
        by_id = {outcome.row.id: outcome for outcome in run(rows, Path(folder))}
    outcomes = {family: [by_id[row.id] for row in found] for family, found in FAMILIES.items()}
    print("\n".join([*matrix(outcomes), "", *shared_list(by_id)]))
    return int(any(outcome.false_dead for outcome in by_id.values()))


if __name__ == "__main__":
    sys.exit(main())
