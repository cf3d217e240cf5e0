"""The workflows of docs/ci/github: their jobs run here, against a git repository, a loopback web and API."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.loopback.serving import Serving
from tests.loopback.wayback_answers import Answer
from tests.loopback.web_pages import article

yaml = pytest.importorskip("yaml")

from tests.ci.workflow import ROOT, Runner  # noqa: E402

pytestmark = pytest.mark.skipif(not (shutil.which("bash") and shutil.which("git")), reason="no bash or git")

RECIPES = sorted((ROOT / "docs/ci/github").glob("*.yml"))
SOUND = "# Good\n\nA.[^1]\n\n[^1]: <https://news.example.com/a>\n"
LACKING = "# Bad\n\nA.[^1] B.[^2]\n\n[^1]: <https://news.example.com/a>\n"
PULL = {"number": "7", "head": {"repo": {"full_name": "them/reports"}}}
OFFLINE = {"CITE_AUDIT_OFFLINE": "true"}


@dataclass
class Api:
    """GitHub's comments and issues, in memory; everything that is written is a bot's, as the job's token makes it."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    refuses: bool = False

    def respond(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        self.asked.append(method)
        if self.refuses or headers.get("authorization") != "Bearer of-this-run":
            return answer({"message": "Resource not accessible by integration"}, 403)
        parts = urlsplit(target)
        kind = self.comments if "comments" in parts.path else self.issues
        if method == "GET":
            asked = parse_qs(parts.query)
            page, size = int(asked["page"][0]), int(asked["per_page"][0])
            there = [one for one in kind if one.get("state", "open") == "open"]
            return answer(there[(page - 1) * size : page * size])
        content = json.loads(body)
        if method == "PATCH":
            kind[int(parts.path.rpartition("/")[2]) - 1].update(content)
            return answer({})
        assert parts.path.startswith("/repos/them/reports/issues")
        number = len(kind) + 1
        kind.append({"id": number, "number": number, "user": {"type": "Bot"}, "state": "open", **content})
        return answer(kind[-1], 201)


def answer(content: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(content).encode(), (("Content-Type", "application/json"),))


@pytest.fixture
def api() -> Iterator[tuple[Api, dict[str, str]]]:
    """The interface, and the variables under which a job meets it."""
    known = Api()
    with Serving(known.respond) as server:
        yield known, {"GITHUB_API_URL": f"http://{server.netloc}"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def repository(tmp_path: Path, home: Path) -> Path:
    """A repository whose first commit holds a sound report and one that lacks a note."""
    folder = tmp_path / "repository"
    (folder / "reports").mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    write(folder, {"reports/good.md": SOUND, "reports/old.md": LACKING})
    return folder


def git(folder: Path, *arguments: str) -> str:
    names = {f"GIT_{who}_{what}": "a@b.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **names}
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True, text=True
    ).stdout


def write(folder: Path, files: dict[str, str]) -> None:
    """Write and commit these files."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "A change")


def propose(folder: Path, files: dict[str, str]) -> None:
    """A pull request with these files, checked out as GitHub does: the merge, whose first parent is the base."""
    git(folder, "checkout", "--quiet", "-B", "proposal", "main")
    write(folder, files)
    git(folder, "checkout", "--quiet", "-B", "merge", "main")
    git(folder, "merge", "--quiet", "--no-ff", "--no-edit", "proposal")


def pull_request(
    repository: Path, home: Path, environment: dict[str, str], pull: dict[str, Any] | None = None
) -> Runner:
    event = {"repository": "them/reports", "ref_name": "7/merge", "ref": "refs/pull/7/merge"}
    github = {**event, "event": {"pull_request": pull or PULL}}
    return Runner(repository, home, github, {**OFFLINE, **environment})


# Pull requests --------------------------------------------------------------------------------------------------------


def test_only_the_reports_that_a_pull_request_changes_are_audited(
    repository: Path, home: Path, api: tuple[Api, dict[str, str]]
) -> None:
    known, environment = api
    propose(repository, {"reports/new one.md": LACKING, "notes.txt": "no report"})
    jobs = pull_request(repository, home, environment).run("pull-request.yml")
    assert jobs["audit"].failed
    assert "::error file=reports/new one.md,line=3,title=CA304" in jobs["audit"].log
    (comment,) = known.comments
    assert "reports/new one.md" in comment["body"]
    assert "old.md" not in comment["body"] + jobs["audit"].log


@pytest.mark.slow
def test_a_pull_request_has_one_comment_that_follows_it(
    repository: Path, home: Path, api: tuple[Api, dict[str, str]]
) -> None:
    known, environment = api
    strange: dict[str, Any] = {"id": 1, "user": {"type": "User"}, "body": "<!-- cite-audit -->\nplanted by a person"}
    known.comments += [strange, *({**strange, "id": n + 2, "body": "talk"} for n in range(120))]
    runner = pull_request(repository, home, environment)
    propose(repository, {"reports/new.md": LACKING})
    runner.run("pull-request.yml")
    assert len(known.comments) == 122
    ours = known.comments[-1]
    assert ours["body"].startswith("<!-- cite-audit -->\n# Citation audit\n")
    assert "CA304 missing-note" in ours["body"]
    propose(repository, {"reports/new.md": SOUND})
    jobs = runner.run("pull-request.yml")
    assert not jobs["audit"].failed, jobs["audit"].log
    assert len(known.comments) == 122
    assert "CA304" not in ours["body"]
    assert strange["body"].endswith("planted by a person")


@pytest.mark.slow
def test_a_pull_request_without_problems_is_not_commented_on(
    repository: Path, home: Path, api: tuple[Api, dict[str, str]]
) -> None:
    known, environment = api
    propose(repository, {"reports/new.md": SOUND})
    jobs = pull_request(repository, home, environment).run("pull-request.yml")
    assert not any(job.failed for job in jobs.values()), jobs
    assert known.comments == []


def test_a_pull_request_without_reports_runs_nothing(
    repository: Path, home: Path, api: tuple[Api, dict[str, str]]
) -> None:
    known, environment = api
    propose(repository, {"notes.txt": "no report"})
    jobs = pull_request(repository, home, environment).run("pull-request.yml")
    assert (jobs["audit"].failed, jobs["comment"].skipped, known.asked) == (False, True, [])


def test_a_forks_pull_request_is_audited_and_never_written_to(
    repository: Path, home: Path, api: tuple[Api, dict[str, str]]
) -> None:
    known, environment = api
    propose(repository, {"reports/new.md": LACKING})
    fork = {"number": "7", "head": {"repo": {"full_name": "stranger/reports"}}}
    jobs = pull_request(repository, home, environment, fork).run("pull-request.yml")
    assert (jobs["audit"].failed, jobs["comment"].skipped, known.asked) == (True, True, [])


@pytest.mark.slow
def test_a_refused_comment_fails_its_job_and_says_so(
    repository: Path, home: Path, api: tuple[Api, dict[str, str]]
) -> None:
    known, environment = api
    known.refuses = True
    propose(repository, {"reports/new.md": LACKING})
    jobs = pull_request(repository, home, environment).run("pull-request.yml")
    assert jobs["comment"].failed
    assert "::error title=cite-audit::nothing was posted: HTTP Error 403" in jobs["comment"].log


EXCUSES = {
    "configuration": {"cite-audit.toml": 'fail-on = "never"\n[severity]\nCA304 = "off"\n'},
    "hidden-configuration": {"reports/.cite-audit.toml": '[severity]\nCA304 = "off"\n'},
    "pyproject": {"pyproject.toml": '[tool.cite-audit.severity]\nCA304 = "off"\n'},
    "proxy": {"cite-audit.toml": '[network]\nproxy = "http://stranger.example:1"\n'},
}


@pytest.mark.slow
@pytest.mark.parametrize("excuse", EXCUSES)
def test_a_pull_request_cannot_bring_the_configuration_that_excuses_it(
    excuse: str, repository: Path, home: Path, api: tuple[Api, dict[str, str]]
) -> None:
    propose(repository, {"reports/new.md": LACKING, **EXCUSES[excuse]})
    jobs = pull_request(repository, home, api[1]).run("pull-request.yml")
    assert jobs["audit"].failed
    assert "CA304" in jobs["audit"].log
    assert "CA304" in api[0].comments[0]["body"]


@pytest.mark.slow
def test_a_pull_request_cannot_bring_the_baseline_that_excuses_it(
    repository: Path, home: Path, api: tuple[Api, dict[str, str]]
) -> None:
    git(repository, "checkout", "--quiet", "-b", "made")
    write(repository, {"reports/new.md": LACKING})
    command = [sys.executable, "-m", "cite_audit", "baseline", "update", "reports", "--offline", "--baseline"]
    subprocess.run([*command, ".cite-audit-baseline.json"], cwd=repository, check=True, capture_output=True)
    excuse = (repository / ".cite-audit-baseline.json").read_text("utf-8")
    (repository / ".cite-audit-baseline.json").unlink()
    git(repository, "checkout", "--quiet", "main")
    propose(repository, {"reports/new.md": LACKING, ".cite-audit-baseline.json": excuse})
    runner = pull_request(repository, home, api[1])
    assert runner.run("pull-request.yml")["audit"].failed
    git(repository, "checkout", "--quiet", "main")
    write(repository, {".cite-audit-baseline.json": excuse})  # of the base it counts
    propose(repository, {"reports/new.md": LACKING + "\n"})
    jobs = runner.run("pull-request.yml")
    assert not jobs["audit"].failed, jobs["audit"].log


@pytest.mark.slow
def test_what_the_base_says_of_its_own_tree_holds_when_a_pull_request_deletes_it(
    repository: Path, home: Path, api: tuple[Api, dict[str, str]]
) -> None:
    write(repository, {"cite-audit.toml": '[severity]\nCA304 = "error"\n', "outside.txt": "outside"})
    git(repository, "checkout", "--quiet", "-B", "proposal", "main")
    (repository / "cite-audit.toml").unlink()
    (repository / "cite-audit.toml").symlink_to("../written-through")
    write(repository, {"reports/new.md": LACKING})
    git(repository, "checkout", "--quiet", "-B", "merge", "main")
    git(repository, "merge", "--quiet", "--no-ff", "--no-edit", "proposal")
    assert pull_request(repository, home, api[1]).run("pull-request.yml")["audit"].failed
    assert not (repository.parent / "written-through").exists()
    assert (repository / "cite-audit.toml").read_text("utf-8").startswith("[severity]")


# Every week -----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_new_rot_opens_one_issue_that_closes_when_nothing_is_left(
    repository: Path, home: Path, api: tuple[Api, dict[str, str]]
) -> None:
    known, environment = api
    runner = Runner(repository, home, {"repository": "them/reports", "ref_name": "main"}, {**OFFLINE, **environment})
    for _ in range(2):
        jobs = runner.run("weekly.yml")
        assert not any(job.failed for job in jobs.values()), jobs
        (issue,) = known.issues
        assert (issue["title"], issue["state"]) == ("Citations that have gone", "open")
        assert "CA304 missing-note" in issue["body"]
    write(repository, {"reports/old.md": SOUND})
    runner.run("weekly.yml")
    assert (len(known.issues), issue["state"]) == (1, "closed")
    write(repository, {"reports/old.md": LACKING})
    runner.run("weekly.yml")
    assert [one["state"] for one in known.issues] == ["closed", "open"]


@pytest.mark.slow
def test_a_week_without_rot_opens_nothing(repository: Path, home: Path, api: tuple[Api, dict[str, str]]) -> None:
    known, environment = api
    write(repository, {"reports/old.md": SOUND})
    runner = Runner(repository, home, {"repository": "them/reports", "ref_name": "main"}, {**OFFLINE, **environment})
    assert not any(job.failed for job in runner.run("weekly.yml").values())
    assert known.issues == []


# Stores and proxies ---------------------------------------------------------------------------------------------------


def trust(home: Path, network: str) -> None:
    """The user's own configuration: how a runner reaches the web."""
    folder = home / ".config" / "cite-audit"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(f"archive = false\n[network]\n{network}\n", "utf-8")


def press(asked: list[str]) -> Serving:
    def respond(method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        asked.append(target)
        return Answer(200, article("The bridge"), (("Content-Type", "text/html"),))

    return Serving(respond)


@pytest.mark.slow
def test_jobs_of_a_matrix_share_one_store(repository: Path, home: Path) -> None:
    report = "# Good\n\nA.[^1]\n\n[^1]: <http://press.test/story>\n"
    write(repository, {f"reports/{year}/a.md": report for year in (2024, 2025, 2026)})
    asked: list[str] = []
    with press(asked) as server:
        trust(home, f'connect-to = {{"*:80" = "{server.netloc}"}}\nallow-addresses = ["127.0.0.0/8"]')
        runner = Runner(repository, home, {"repository": "them/reports", "ref_name": "main"})
        first = runner.run("matrix.yml")
        assert not any(job.failed for job in first.values()), first
        assert len(first) == len(runner.cache) == 3
        assert asked.count("/story") == 1
        assert not any(job.failed for job in runner.run("matrix.yml").values())
        assert asked.count("/story") == 1
    assert len(runner.cache) == 6


@pytest.mark.slow
def test_a_runner_of_ones_own_keeps_its_store_and_asks_through_the_proxy(
    repository: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(repository, {"reports/old.md": SOUND.replace("https://news.example.com/a", "http://press.test/story")})
    write(repository, {"reports/good.md": SOUND.replace("https://news.example.com/a", "http://press.test/other")})
    asked: list[str] = []
    store = tmp_path / "disk" / "store.sqlite"
    recipe = (ROOT / "docs/ci/github/self-hosted.yml").read_text("utf-8")
    with press(asked) as proxy:
        trust(home, "")
        local = recipe.replace("/var/lib/cite-audit/store.sqlite", str(store))
        local = local.replace("proxy.example:3128", proxy.netloc)
        local = re.sub(r"CITE_AUDIT_NETWORK_CA_BUNDLE: \S+", f"CITE_AUDIT_NETWORK_CA_BUNDLE: {certifi_bundle()}", local)
        (tmp_path / "self-hosted.yml").write_text(local, "utf-8")
        runner = Runner(repository, home, {"repository": "them/reports", "ref_name": "main"})
        for _ in range(2):
            jobs = runner.run(str(tmp_path / "self-hosted.yml"))
            assert not jobs["audit"].failed, jobs["audit"].log
    assert sorted({one for one in asked if "press.test" in one}) == [
        "http://press.test/other",
        "http://press.test/story",
    ]
    assert len([one for one in asked if one.endswith("/story")]) == 1
    assert store.exists()
    assert runner.cache == {}


def certifi_bundle() -> str:
    import certifi

    return certifi.where()


# What the files say ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.stem)
def test_recipes_give_each_job_the_rights_it_needs_and_nobody_elses_code_a_moving_name(recipe: Path) -> None:
    spec = yaml.safe_load(recipe.read_text("utf-8"))
    assert spec["permissions"] == {}
    for job in spec["jobs"].values():
        rights = set(job["permissions"].items())
        assert rights <= {("contents", "read"), ("pull-requests", "write"), ("issues", "write")}
        assert len(rights) == 1
        for step in job["steps"]:
            assert "uses" not in step or re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"])
            assert "${{" not in step.get("run", "")


def test_zizmor_finds_nothing() -> None:
    zizmor = shutil.which("zizmor", path=str(Path(sys.executable).parent)) or shutil.which("zizmor")
    if zizmor is None:
        pytest.skip("no zizmor")
    files = [ROOT / "action.yml", ROOT / "post/action.yml", *RECIPES]
    done = subprocess.run(
        [zizmor, "--offline", "--no-config", "--format=plain", *map(str, files)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    assert "No findings" in done.stdout
