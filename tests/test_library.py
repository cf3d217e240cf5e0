"""`import cite_audit`: what it offers, that it agrees with the commands, and that the examples of its page run."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import cite_audit
from cite_audit import model
from tests import demo
from tests.cli.running import LACKING, run

PAGE = Path(__file__).parents[1] / "docs" / "library.md"
EXAMPLES = re.findall(r"^## (.*?)\n.*?^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
REPORT = """# The meeting

September 14, 2020

It lasted four hours.[^1] It ended in silence.[^2]

[^1]: hxxps://tass[.]ru/politika/9456187
[^2]: <https://news.tut.by/economics/1.html>
"""
IGNORING = LACKING.replace("# A report\n", "# A report\n\n<!-- cite-audit: ignore-file[CA304]: the note is lost -->\n")
OFFLINE = cite_audit.Settings(offline=True, store=None)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder with `report.md`, and an environment whose user's configuration leads to a web on this machine."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "report.md").write_text(REPORT, "utf-8")
    own = folder / "config" / "cite-audit" / "config.toml"
    own.parent.mkdir(parents=True)
    with demo.loopback(folder / "report.md") as (web, wayback):
        routes = "\n".join(f'"{name}" = "{place}"' for name, place in web.connect_to.items())
        own.write_text(f"""
[network]
allow-addresses = ["127.0.0.0/8"]
ca-bundle = "{web.ca_bundle}"
host-interval = 0
[archiving]
wayback = "{wayback.url}"
availability = "{wayback.availability}"
[network.connect-to]
{routes}
""")
        places = {"XDG_CONFIG_HOME": str(folder / "config"), "XDG_CACHE_HOME": str(folder / "cache")}
        yield folder, {**os.environ, **places}


PRINTS = {
    "An audit in a notebook": ("Counter({'alive': 1, 'broken': 1})", "report.md:8: CA101 The page is gone."),
    "A renderer of your own": ("<ul><li>Note 2: https://news.tut.by/economics/1.html (http://127.0.0.1:",),
    "Only the parser": (
        "The meeting 2020-09-14 ()",
        "1 hxxps://tass[.]ru/politika/9456187 → https://tass.ru/politika/9456187 state_media",
        "https://news.example.org/a",
    ),
}


def test_the_page_has_its_examples() -> None:
    assert [title for title, _ in EXAMPLES] == list(PRINTS)


@pytest.mark.parametrize(("title", "code"), EXAMPLES, ids=[title for title, _ in EXAMPLES])
def test_an_example_of_the_page_runs(desk: tuple[Path, dict[str, str]], title: str, code: str) -> None:
    folder, environment = desk
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [text for text in PRINTS[title] if text not in done.stdout] == []


def test_the_library_returns_what_the_command_shows(tmp_path: Path) -> None:
    """Ignores of the report, severities and the baseline of the settings."""
    (tmp_path / "report.md").write_text(IGNORING, "utf-8")
    (tmp_path / "cite-audit.toml").write_text('[severity]\nCA405 = "error"\n', "utf-8")
    command = json.loads(run(tmp_path, "audit", "report.md", "-f", "json").stdout)
    shown = [(f["rule"], f["severity"], f["state"]) for f in command["reports"][0]["findings"]]
    path = str(tmp_path / "report.md")
    loaded = cite_audit.load_settings([path], environ={"CITE_AUDIT_OFFLINE": "true", "CITE_AUDIT_STORE": ""}).settings
    audit = cite_audit.audit([path], loaded)
    assert [(f.rule, f.severity.value, f.state) for f in audit.findings[path]] == shown
    assert ("CA304", "error", "ignored") in shown


def test_the_baseline_of_the_settings_is_applied(tmp_path: Path) -> None:
    report, baseline = tmp_path / "report.md", tmp_path / "known.json"
    report.write_text(LACKING, "utf-8")
    assert run(tmp_path, "baseline", "update", "report.md", "--baseline", "known.json", "--allow-incomplete").stderr
    settings = cite_audit.Settings(offline=True, store=None, policy=cite_audit.Policy(baseline=str(baseline)))
    states = {f.rule: f.state for f in cite_audit.audit(report, settings).findings[str(report)]}
    assert states["CA304"] == "known"
    assert {f.rule: f.state for f in cite_audit.audit(report, OFFLINE).findings[str(report)]}["CA304"] == "new"


@pytest.mark.parametrize(
    "policy",
    [cite_audit.Policy(baseline="not-there.json"), cite_audit.Policy(fail_on="sometimes")],
    ids=["baseline", "fail-on"],
)
def test_a_policy_that_makes_no_sense_is_refused_before_anything_is_read(policy: cite_audit.Policy) -> None:
    with pytest.raises(cite_audit.UsageError, match=r"not-there|sometimes"):
        cite_audit.audit(["not-there.md"], cite_audit.Settings(policy=policy))


def test_a_report_that_cannot_be_read_is_in_the_audit(tmp_path: Path) -> None:
    (tmp_path / "report.md").write_text(REPORT, "utf-8")
    audit = cite_audit.audit([tmp_path / "report.md", tmp_path / "gone.md"], OFFLINE)
    assert (len(audit.reports), [Path(unread.path).name for unread in audit.unread]) == (1, ["gone.md"])


def test_a_coroutine_and_a_call_within_a_running_loop_give_the_same() -> None:
    contents = {"report.md": REPORT.encode()}

    async def both() -> tuple[cite_audit.Audit, cite_audit.Audit]:
        now = cite_audit.audit([], OFFLINE).generated_at
        awaited = await cite_audit.aaudit(["report.md"], OFFLINE, now=now, contents=contents)
        return awaited, cite_audit.audit(["report.md"], OFFLINE, now=now, contents=contents)  # as a notebook calls it

    awaited, called = asyncio.run(both())
    assert awaited == called
    assert awaited.reports[0].title == "The meeting"


def test_every_noun_and_every_name_is_there() -> None:
    assert set(model.__all__) <= set(cite_audit.__all__)
    assert all(getattr(cite_audit, name) is not None for name in cite_audit.__all__)
    assert set(cite_audit.__all__) <= set(dir(cite_audit))
    with pytest.raises(AttributeError, match="no_such_name"):
        cite_audit.no_such_name  # noqa: B018


def test_importing_loads_nothing_else() -> None:
    script = "import sys, cite_audit; print(*[name for name in sys.modules if name.startswith('cite_audit.')])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
