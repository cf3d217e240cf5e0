"""The catalogue of rules, read from `rules.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files

from cite_audit.model import Finding, Fix, Health, Location, Reason, Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of advice: what was found, why it matters, how to mend it. `on`: the verdicts it speaks of.

    `doubtful`: the severity of a suspicion that rests on little. `together`: once for all places in texts for people,
    where `several` is said instead of `what` if it speaks of more than one site.
    """

    code: str
    name: str
    severity: Severity
    what: str
    why: str
    fix: str
    on: tuple[str, ...] = ()
    doubtful: Severity | None = None
    together: bool = False
    several: str = ""


FAMILIES = {"CA1": "link rot", "CA2": "archive", "CA3": "reading", "CA4": "sourcing", "CA9": "housekeeping"}


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Rule]:
    """Every rule by its code, in the order of the codes."""
    table = tomllib.loads(files(__package__).joinpath("rules.toml").read_text("utf-8"))
    return {row["code"]: Rule(**{**row, **_severities(row), "on": tuple(row.get("on", ()))}) for row in table["rule"]}


def _severities(row: dict[str, str]) -> dict[str, Severity]:
    return {name: Severity(row[name]) for name in ("severity", "doubtful") if name in row}


@lru_cache(maxsize=1)
def _by_verdict() -> Mapping[str, Rule]:
    return {pair: rule for rule in catalogue().values() for pair in rule.on}


def rule_for(health: Health, reason: Reason) -> Rule | None:
    """The rule that speaks of such a verdict; None where there is nothing to say."""
    table = _by_verdict()
    return table.get(f"{health}/{reason}") or table.get(f"{health}/*")


def lookup(name: str) -> Rule | None:
    """The rule of a code or a name, in any case: `CA101`, `ca101`, `link-gone`."""
    wanted = name.strip().lower()
    return next((rule for rule in catalogue().values() if wanted in (rule.code.lower(), rule.name)), None)


def speaks_of(name: str, code: str = "") -> bool:
    """Whether a code, a name or a family (`CA1`) means the rule of `code`; without one, whether it means any."""
    family = name.strip().upper()
    if len(family) < 5 and family.startswith("CA"):
        return any(known.startswith(family) for known in ([code] if code else catalogue()))
    rule = lookup(name)
    return rule is not None and code in ("", rule.code)


def nearest(name: str) -> str:
    """`; did you mean CA101?` for a mistyped code or name; empty where none is near."""
    known = [spelling for rule in catalogue().values() for spelling in (rule.code, rule.name)]
    near = get_close_matches(name.lower(), known, 1) or get_close_matches(name.upper(), known, 1)
    return f"; did you mean {near[0]}?" if near else ""


def advise(
    code: str,
    where: Location,
    details: str = "",
    *,
    note: int | None = None,
    url: str = "",
    fixes: tuple[Fix, ...] = (),
) -> Finding:
    """A finding of the rule `code` at one place; `details` follow the rule's own sentence."""
    rule = catalogue()[code]
    return Finding(rule.code, rule.name, rule.severity, f"{rule.what} {details}".strip(), where, note, url, fixes)


def sentence(text: str) -> str:
    """Some words as a sentence: with a capital at the beginning and a stop at the end."""
    text = text.strip()
    first = text.split(" ", 1)[0]
    if first == "a" or (len(first) > 1 and first.isalpha()):  # “l read as 1” and “a.example …” stay as they are
        text = text[0].upper() + text[1:]
    return text + "." if text and text[-1] not in ".!?…" else text
