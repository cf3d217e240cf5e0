"""Runs a workflow's jobs here: their own `run:` steps in bash, our own actions, and stand-ins for GitHub's.

Of expressions it knows what the recipes use: contexts, `==`, `!=`, `&&`, `||` and `always()`; anything else fails.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).parents[2]
OURS = "cite-audit/cite-audit"
TOKEN = re.compile(r"\s*(?:('(?:[^']|'')*')|(always\(\))|([a-z][\w.-]*)|(&&|\|\||==|!=)|(\d+))")
WORDS = {"&&": "and", "||": "or", "==": "==", "!=": "!="}
Outputs = dict[str, dict[str, str]]


@dataclass
class Job:
    """How a job went: what its steps wrote, the outputs it gives to others."""

    name: str
    failed: bool = False
    skipped: bool = False
    log: str = ""
    outputs: dict[str, str] = field(default_factory=dict)


@dataclass
class Runner:
    """One runner for one repository: `folder` is the checkout, `home` all else; the cache lasts from run to run."""

    folder: Path
    home: Path
    github: Mapping[str, Any]
    environment: Mapping[str, str] = field(default_factory=dict)
    cache: dict[str, bytes] = field(default_factory=dict)
    runs: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def run(self, workflow: str) -> dict[str, Job]:
        """The jobs of a workflow of docs/ci/github, one for each entry of a matrix."""
        spec = yaml.safe_load((ROOT / "docs/ci/github" / workflow).read_text("utf-8"))
        run_id = str(next(self.runs))
        jobs: dict[str, Job] = {}
        for name, job in spec["jobs"].items():
            entries = job.get("strategy", {}).get("matrix", {"": [""]})
            ((key, values),) = entries.items()
            for index, value in enumerate(values):
                contexts = {
                    "github": {**self.github, "job": name, "run_id": run_id, "run_attempt": "1"},
                    "needs": {done: {"outputs": jobs[done].outputs} for done in jobs},
                    "matrix": {key: value},
                    "strategy": {"job-index": str(index)},
                    "failed": any(jobs[needed].failed or jobs[needed].skipped for needed in _listed(job.get("needs"))),
                }
                label = f"{name} {value}".strip()
                jobs[label] = self._run_job(label, job, contexts, run_id)
        return jobs

    def _run_job(self, name: str, spec: Mapping[str, Any], contexts: dict[str, Any], run_id: str) -> Job:
        job = Job(name)
        if not _is_wanted(spec, contexts):
            job.skipped = True
            return job
        temp = self.home / f"temp-{run_id}-{name.replace('/', '-').replace(' ', '-')}"
        temp.mkdir(parents=True)
        environment = {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "HOME": str(self.home),
            "RUNNER_TEMP": str(temp),
            "GITHUB_REPOSITORY": str(self.github["repository"]),
            "GITHUB_STEP_SUMMARY": str(temp / "summary.md"),
            **spec.get("env", {}),
            **self.environment,
        }
        contexts = {**contexts, "runner": {"temp": str(temp)}, "failed": False}
        steps = self._run_steps(spec["steps"], contexts, environment, job)
        job.outputs = {key: _fill(text, {**contexts, "steps": steps}) for key, text in spec.get("outputs", {}).items()}
        return job

    def _run_steps(
        self, specs: Sequence[Mapping[str, Any]], contexts: dict[str, Any], environment: Mapping[str, str], job: Job
    ) -> Outputs:
        steps: Outputs = {}
        contexts = {**contexts, "steps": steps, "failed": False}
        for spec in specs:
            if not _is_wanted(spec, contexts):
                continue
            own = {key: _fill(value, contexts) for key, value in spec.get("env", {}).items()}
            outputs, ended_well = self._run_step(spec, contexts, {**environment, **own}, job)
            steps[spec.get("id", "")] = {"outputs": outputs}  # type: ignore[dict-item]
            contexts["failed"] = contexts["failed"] or not ended_well
        job.failed = job.failed or contexts["failed"]
        return steps

    def _run_step(
        self, spec: Mapping[str, Any], contexts: dict[str, Any], environment: Mapping[str, str], job: Job
    ) -> tuple[dict[str, str], bool]:
        if "run" in spec:
            if spec.get("name") == "Install cite-audit":
                return {}, True  # it is
            return self._run_script(spec["run"], environment, job)
        given = {key: _fill(str(value), contexts) for key, value in spec.get("with", {}).items()}
        action = spec["uses"].partition("@")[0]
        if action.startswith(OURS):
            return self._run_action(ROOT / action.removeprefix(OURS).strip("/"), given, contexts, environment, job)
        if action.startswith("actions/cache/"):
            return self._keep_file(action, given), True
        assert action in ("actions/checkout", "actions/setup-python", "github/codeql-action/upload-sarif"), action
        return {}, True

    def _run_action(
        self, folder: Path, given: dict[str, str], contexts: dict[str, Any], environment: Mapping[str, str], job: Job
    ) -> tuple[dict[str, str], bool]:
        spec = yaml.safe_load((folder / "action.yml").read_text("utf-8"))
        unknown = set(given) - set(spec["inputs"])
        assert not unknown, unknown
        inputs = {name: given.get(name, facts.get("default", "")) for name, facts in spec["inputs"].items()}
        github = {**contexts["github"], "action_path": str(folder), "token": "of-this-run"}
        inside = {**contexts, "inputs": inputs, "github": github}
        failed, job.failed = job.failed, False
        steps = self._run_steps(spec["runs"]["steps"], inside, environment, job)
        ended_well, job.failed = not job.failed, failed
        outputs = {
            name: _fill(facts["value"], {**inside, "steps": steps}) for name, facts in spec.get("outputs", {}).items()
        }
        return outputs, ended_well

    def _run_script(self, script: str, environment: Mapping[str, str], job: Job) -> tuple[dict[str, str], bool]:
        written = Path(environment["RUNNER_TEMP"]) / "output"
        written.write_text("", "utf-8")
        done = subprocess.run(
            [str(shutil.which("bash")), "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.folder,
            env={**environment, "GITHUB_OUTPUT": str(written)},
            capture_output=True,
            text=True,
            timeout=120,
        )
        job.log += done.stdout + done.stderr
        return read_outputs(written.read_text("utf-8")), done.returncode == 0

    def _keep_file(self, action: str, given: dict[str, str]) -> dict[str, str]:
        """GitHub's cache: an exact key, else the newest with one of the prefixes; a key is written once."""
        path = Path(given["path"])
        if action.endswith("save"):
            if path.exists():
                self.cache.setdefault(given["key"], path.read_bytes())
            return {}
        for prefix in given["restore-keys"].split():
            found = [key for key in reversed(self.cache) if key.startswith(prefix)]
            if found:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(self.cache[found[0]])
                break
        return {"cache-primary-key": given["key"]}


def read_outputs(text: str) -> dict[str, str]:
    """What a step wrote to GITHUB_OUTPUT: `name=value` and `name<<END … END`."""
    outputs, lines = {}, iter(text.splitlines())
    for line in lines:
        if re.match(r"[\w-]+<<", line):
            name, _, end = line.partition("<<")
            outputs[name] = "\n".join(itertools.takewhile(lambda one, end=end: one != end, lines))  # type: ignore[misc]
        else:
            name, _, outputs[name] = line.partition("=")
    return outputs


def _listed(needs: str | list[str] | None) -> list[str]:
    return [needs] if isinstance(needs, str) else needs or []


def _is_wanted(spec: Mapping[str, Any], contexts: Mapping[str, Any]) -> bool:
    condition = str(spec.get("if", "")).strip()
    if contexts["failed"] and "always()" not in condition:
        return False
    return not condition or bool(_evaluate(condition, contexts))


def _fill(text: Any, contexts: Mapping[str, Any]) -> str:
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: str(_evaluate(found[1].strip(), contexts)), str(text))


def _evaluate(expression: str, contexts: Mapping[str, Any]) -> Any:
    parts, place = [], 0
    while place < len(expression):
        token = TOKEN.match(expression, place)
        assert token, f"not known here: {expression[place:]}"
        text, always, name, sign, number = token.groups()
        if text or number:
            parts.append(repr(text[1:-1]) if text else number)
        elif always:
            parts.append("True")
        else:
            parts.append(WORDS[sign] if sign else repr(_look_up(name, contexts)))
        place = token.end()
    return eval(" ".join(parts), {"__builtins__": {}})


def _look_up(name: str, contexts: Mapping[str, Any]) -> Any:
    value: Any = contexts
    for part in name.split("."):
        value = value.get(part, "") if isinstance(value, Mapping) else ""
    return value
