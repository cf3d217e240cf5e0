"""The files that CI services run: their own steps, run here, offline."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

yaml = pytest.importorskip("yaml")

from tests.ci.workflow import read_outputs  # noqa: E402

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
BASH = shutil.which("bash")

pytestmark = pytest.mark.skipif(BASH is None, reason="no bash")


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A repository with two reports: one lacks a note, the other is sound."""
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "reports" / "2026"
    folder.mkdir(parents=True)
    (folder / "bad one.md").write_text("# Bad\n\nA.[^1] B.[^2]\n\n[^1]: <https://news.example.com/a>\n", "utf-8")
    (folder / "good.md").write_text("# Good\n\nA.[^1]\n\n[^1]: <https://news.example.com/a>\n", "utf-8")
    return tmp_path


def environment(folder: Path, **more: str) -> dict[str, str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    own = {"PATH": path, "HOME": str(folder), "CITE_AUDIT_OFFLINE": "true", "RUNNER_TEMP": str(folder / "temp")}
    out = {"GITHUB_OUTPUT": str(folder / "output"), "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    return {**own, **out, **more}


def step(folder: Path, **inputs: str) -> tuple[subprocess.CompletedProcess[str], dict[str, str]]:
    """The action's audit step with these inputs, and the outputs it set."""
    given = {name: spec.get("default", "") for name, spec in ACTION["inputs"].items()}
    given |= {name.replace("_", "-"): value for name, value in inputs.items()}
    audit = next(one for one in ACTION["runs"]["steps"] if one.get("id") == "audit")
    env = {
        name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: str(given[m[1]]), value).replace(
            "${{ github.action_path }}", str(ROOT)
        )
        for name, value in audit["env"].items()
    }
    command = [str(BASH), "-e", "-o", "pipefail", "-c", audit["run"]]
    done = subprocess.run(
        command, cwd=folder, env=environment(folder, **env), capture_output=True, text=True, timeout=60
    )
    return done, read_outputs((folder / "output").read_text("utf-8"))


def test_the_action_audits_what_a_pattern_names(reports: Path) -> None:
    done, outputs = step(reports, reports="  reports/**/*.md \n\n")
    assert done.returncode == 1
    assert set(outputs) == set(ACTION["outputs"])
    assert outputs["exit-code"] == "1"
    assert int(outputs["findings"]) >= int(outputs["problems"]) >= 1
    assert outputs["comment"].startswith("<!-- cite-audit -->\n# Citation audit\n")
    assert json.loads(Path(outputs["json"]).read_text("utf-8"))["counts"]["reports"] == 2
    assert json.loads(Path(outputs["sarif"]).read_text("utf-8"))["version"] == "2.1.0"
    assert "::error file=reports/2026/bad one.md,line=3,title=CA304 missing-note::" in done.stdout
    assert "# Citation audit" in (reports / "summary.md").read_text("utf-8")


def test_the_action_honours_its_inputs(reports: Path) -> None:
    done, outputs = step(reports, reports="reports/2026/bad one.md", fail_on="never", html="a report.html")
    assert (done.returncode, outputs["exit-code"]) == (0, "0")
    assert (reports / "a report.html").read_text("utf-8").startswith("<!DOCTYPE html>")


def test_a_pattern_without_files_is_an_error_and_not_a_success(reports: Path) -> None:
    done, outputs = step(reports, reports="report/*.md")
    assert (done.returncode, outputs["exit-code"]) == (2, "2")
    assert "report/*.md" in done.stderr


def test_inputs_are_never_run(reports: Path) -> None:
    step(reports, reports='$(touch pwned) `touch pwned`; touch pwned"', fail_on="$(touch pwned)", html="x; touch pwned")
    assert not (reports / "pwned").exists()
    for one in ACTION["runs"]["steps"]:
        assert "${{" not in one.get("run", "")


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: str(hook["id"]))
def test_the_hooks_find_what_is_wrong_and_pass_what_is_not(hook: dict[str, Any], reports: Path) -> None:
    bad, good = "reports/2026/bad one.md", "reports/2026/good.md"
    (reports / "README.md").write_text("# No notes here\n", "utf-8")
    for files, code in (([bad, good], 1), ([good], 0), (["README.md"], 0)):
        assert all(re.search(hook["files"], file) for file in files)
        command = [*shlex.split(hook["entry"]), *hook["args"], *files]
        done = subprocess.run(
            command, cwd=reports, env=environment(reports), capture_output=True, text=True, timeout=60
        )
        assert done.returncode == code, done.stderr
        assert ("CA304" in done.stdout) is (code == 1)


def test_the_networked_hook_waits_to_be_asked() -> None:
    stages = {hook["id"]: hook.get("stages") for hook in HOOKS}
    assert stages == {"cite-audit-offline": None, "cite-audit": ["manual", "pre-push"]}


def test_the_gitlab_job_leaves_its_documents(reports: Path) -> None:
    job = yaml.safe_load((ROOT / "docs/ci/gitlab-ci.yml").read_text("utf-8"))["citations"]
    env = environment(reports, **job["variables"])
    done = subprocess.run(
        [str(BASH), "-e", "-c", "\n".join(job["script"])],
        cwd=reports,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1, done.stderr
    assert (reports / job["artifacts"]["reports"]["junit"]).read_text("utf-8").startswith("<?xml")
    assert all((reports / path).is_file() for path in job["artifacts"]["paths"])


def run_plain_script(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(BASH), str(ROOT / "docs/ci/audit.sh")]
    return subprocess.run(command, cwd=folder, env=environment(folder), capture_output=True, text=True, timeout=60)


def test_the_plain_script_fails_without_a_baseline_in_every_fresh_checkout(reports: Path) -> None:
    for _ in range(2):
        done = run_plain_script(reports)
        assert done.returncode == 1, done.stderr
        assert "new findings" in done.stdout
        assert not list(reports.glob("*baseline*"))


def test_the_plain_script_fails_only_for_what_the_baseline_does_not_know(reports: Path) -> None:
    update = ["baseline", "update", "reports", "--baseline", ".cite-audit-baseline.json"]
    subprocess.run([sys.executable, "-m", "cite_audit", *update], cwd=reports, env=environment(reports), check=True)
    assert run_plain_script(reports).returncode == 0
    good = reports / "reports/2026/good.md"
    good.write_text(good.read_text("utf-8").replace("A.[^1]", "A.[^1] C.[^7]"), "utf-8")
    assert run_plain_script(reports).returncode == 1
    assert (reports / ".cite-audit/store.sqlite").parent.is_dir()


def test_what_was_seen_is_kept_when_a_job_fails() -> None:
    gitlab = yaml.safe_load((ROOT / "docs/ci/gitlab-ci.yml").read_text("utf-8"))["citations"]
    assert gitlab["cache"]["when"] == "always"
    steps = {step.get("uses", "").partition("@")[0]: step for step in ACTION["runs"]["steps"]}
    assert "actions/cache" not in steps, "its post step saves only after success"
    assert steps["actions/cache/save"]["if"].startswith("always()")
    assert steps["actions/cache/save"]["with"]["path"] == steps["actions/cache/restore"]["with"]["path"]


def test_every_action_of_others_is_pinned_by_its_full_commit() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "uses" not in step or re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"]), step


def test_the_extras_that_are_asked_for_exist() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    files = ("action.yml", ".pre-commit-hooks.yaml", "docs/ci/gitlab-ci.yml", "pyproject.toml")
    asked = [re.findall(r"(?:cite-audit|\.|PATH)\[([a-z,]+)\]", (ROOT / name).read_text("utf-8")) for name in files]
    assert all(asked)
    assert {extra for found in asked for group in found for extra in group.split(",")} <= set(extras)
