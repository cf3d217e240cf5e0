"""The catalogue of rules, read from `rules.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache

from cite_audit.frozen_record import frozen_record
from cite_audit.model import Citation, Finding, Fix, Health, Location, Reason, Severity
from cite_audit.package_data import find_package_folder


@frozen_record(kw_only=True)
class FindingRule:
    """One kind of advice: what was found, why it matters, how to fix it.

    `on`: the verdicts it covers. `measure`: the measure of the grade that it follows. `doubtful`: the severity of a
    suspicion of little confidence. `together`: in texts for people one entry for all places, with `several` instead of
    `what` if there is more than one site. `always_told`: a note that texts tell without -v. `about_copy`: of the copies
    of a link that works. `guess`: it offers a reading that nobody has looked at. `question`: one that no code scanning
    service asks. `otherwise`: what is said where `what` would say too much.
    """

    code: str
    name: str
    severity: Severity
    what: str
    why: str
    fix: str
    on: tuple[str, ...] = ()
    measure: str = ""
    doubtful: Severity | None = None
    together: bool = False
    several: str = ""
    always_told: bool = False
    about_copy: bool = False
    guess: bool = False
    question: bool = False
    otherwise: str = ""


FAMILIES = {
    "CA1": "link rot",
    "CA2": "archive",
    "CA3": "reading",
    "CA4": "sourcing",
    "CA5": "claims",
    "CA9": "housekeeping",
}


@lru_cache(maxsize=1)
def load_catalogue() -> Mapping[str, FindingRule]:
    """Every rule by its code, in the order of the codes."""
    table = tomllib.loads(find_package_folder(__package__).joinpath("rules.toml").read_text("utf-8"))
    return {
        row["code"]: FindingRule(**{**row, **_parse_severities(row), "on": tuple(row.get("on", ()))})
        for row in table["rule"]
    }


def _parse_severities(row: dict[str, str]) -> dict[str, Severity]:
    return {name: Severity(row[name]) for name in ("severity", "doubtful") if name in row}


@lru_cache(maxsize=1)
def _rules_by_verdict() -> Mapping[str, FindingRule]:
    return {pair: rule for rule in load_catalogue().values() for pair in rule.on}


def find_rule_for_verdict(health: Health, reason: Reason) -> FindingRule | None:
    """The rule that covers such a verdict; None where no rule does."""
    rules = _rules_by_verdict()
    return rules.get(f"{health}/{reason}") or rules.get(f"{health}/*")


def find_rule(name: str) -> FindingRule | None:
    """The rule of a code or a name, in any case: `CA101`, `ca101`, `link-gone`."""
    lowered_name = name.strip().lower()
    return next((rule for rule in load_catalogue().values() if lowered_name in (rule.code.lower(), rule.name)), None)


def names_rule(name: str, code: str = "") -> bool:
    """Whether a code, a name or a family (`CA1`) means the rule of `code`; without one, whether it means any."""
    family = name.strip().upper()
    if len(family) < 5 and family.startswith("CA"):
        return any(rule_code.startswith(family) for rule_code in ([code] if code else load_catalogue()))
    rule = find_rule(name)
    return rule is not None and code in ("", rule.code)


def suggest_rule(name: str) -> str:
    """`; did you mean CA101?` for a mistyped code or name; empty where none is near."""
    from difflib import get_close_matches

    spellings = [spelling for rule in load_catalogue().values() for spelling in (rule.code, rule.name)]
    close_spellings = get_close_matches(name.lower(), spellings, 1) or get_close_matches(name.upper(), spellings, 1)
    return f"; did you mean {close_spellings[0]}?" if close_spellings else ""


def build_finding(
    code: str,
    location: Location,
    details: str = "",
    *,
    note: int | None = None,
    url: str = "",
    fixes: tuple[Fix, ...] = (),
    otherwise: bool = False,
) -> Finding:
    """A finding of the rule `code` at one place; `details` follow the rule's own sentence, or its `otherwise`."""
    rule = load_catalogue()[code]
    return Finding(
        rule.code,
        rule.name,
        severity=rule.severity,
        message=f"{rule.otherwise if otherwise else rule.what} {details}".strip(),
        location=location,
        note=note,
        url=url,
        fixes=fixes,
    )


def build_citation_finding(
    code: str, citation: Citation, details: str = "", fixes: tuple[Fix, ...] = (), *, otherwise: bool = False
) -> Finding:
    """A finding of the rule `code` about one citation."""
    where, note, url = citation.location, citation.note, citation.link.url
    return build_finding(code, where, details, note=note, url=url, fixes=fixes, otherwise=otherwise)


def format_sentence(text: str) -> str:
    """A text as a sentence: with a capital at the beginning and a stop at the end."""
    text = text.strip()
    first_word = text.split(" ", 1)[0]
    if first_word == "a" or (
        len(first_word) > 1 and first_word.isalpha()
    ):  # “l read as 1” and “a.example …” stay as they are
        text = text[0].upper() + text[1:]
    return text + "." if text and text[-1] not in ".!?…" else text
