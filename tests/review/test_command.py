"""`review` and `fix --decisions` as an editor calls them."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from cite_audit.parse import read_report
from tests.cli.running import run
from tests.review.manuscripts import DEAD, WALL, word_manuscript

TEXT = f"# T\n\nJune 2, 2021\n\nA.[^1] B.[^2] C.[^3]\n\n[^1]: <{DEAD}>\n[^2]: <{DEAD}>\n[^3]: <{WALL}>\n"
NEW = "https://new.example.org/a"


def row(note: str | None, url: str, action: str, **more: Any) -> dict[str, Any]:
    return {"note": note, "printed": url, "url": url, "occurrence": 1, "action": action, "reason": None, **more}


def decide(folder: Path, name: str, *rows: dict[str, Any], sha256: str = "") -> None:
    digest = sha256 or hashlib.sha256((folder / name).read_bytes()).hexdigest()
    outer = {"cite_audit_decisions": 1, "report": name, "sha256": digest, "decided": "2026-11-30"}
    (folder / "draft.decisions.json").write_text(json.dumps({**outer, "decisions": list(rows)}))


def fix(folder: Path, name: str, *more: str) -> Any:
    return run(folder, "fix", name, "--decisions", "draft.decisions.json", *more)


def cited(path: Path) -> list[tuple[int | None, str]]:
    return [(citation.note, citation.link.url) for citation in read_report(str(path)).citations]


@pytest.mark.parametrize("name", ["my draft.docx", "draft.md"])
def test_a_review_is_written_beside_the_report_which_stays(name: str, tmp_path: Path) -> None:
    data = TEXT.encode() if name.endswith("md") else word_manuscript()
    (tmp_path / name).write_bytes(data)
    stem, suffix = name.rsplit(".", 1)
    for copy in (f"{stem} (reviewed).{suffix}", f"{stem} (reviewed 2).{suffix}"):
        done = run(tmp_path, "review", name)
        assert done.returncode == 0, done.stderr
        assert f"{copy}: 0 changes to accept or reject, " in done.stderr
        assert (tmp_path / copy).is_file()
    assert (tmp_path / name).read_bytes() == data
    assert run(tmp_path, "links", ".").stdout.count(f"{stem} (reviewed") == 0  # a folder's reports are the originals


def test_what_cannot_be_reviewed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_text("From: a@example.org\n\nSee https://a.example.org/b\n")
    (tmp_path / "a.md").write_text(TEXT)
    assert "a review cannot be written into mail files" in run(tmp_path, "review", "a.eml").stderr
    assert "not tracked" in run(tmp_path, "review", "a.md", "--style", "tracked").stderr
    assert "is none of" in run(tmp_path, "review", "a.md", "--style", "word").stderr
    assert run(tmp_path, "review", "a.md", "a.eml", "-o", "x.md").returncode == 2


def test_decisions_are_applied_exactly_and_once(tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(TEXT)
    decide(tmp_path, "draft.md", row("2", DEAD, "replace", to=NEW), row("3", WALL, "keep", reason="I can read it"))
    shown = fix(tmp_path, "draft.md")
    assert (tmp_path / "draft.md").read_text() == TEXT
    assert f'url = "{WALL}"\nreason = "I can read it"' in shown.stdout
    done = fix(tmp_path, "draft.md", "--write")
    assert done.returncode == 0
    assert f"note 2 {DEAD}: replaced by {NEW}\n" in done.stderr
    assert f"note 3 {WALL}: kept: I can read it\n" in done.stderr
    assert cited(tmp_path / "draft.md") == [(1, DEAD), (2, NEW), (3, WALL)]
    once = (tmp_path / "draft.md").read_bytes(), (tmp_path / "cite-audit.toml").read_bytes()
    again = fix(tmp_path, "draft.md", "--write")
    assert f"note 2 {DEAD}: done already\n" in again.stderr
    assert once == ((tmp_path / "draft.md").read_bytes(), (tmp_path / "cite-audit.toml").read_bytes())
    assert once[1].count(b"[[ignore]]") == 1


def test_one_of_two_links_behind_one_target_changes_alone_in_a_docx(tmp_path: Path) -> None:
    (tmp_path / "draft.docx").write_bytes(word_manuscript())
    before = cited(tmp_path / "draft.docx")
    decide(tmp_path, "draft.docx", row("3", DEAD, "replace", to=NEW))
    assert "replaced by" in fix(tmp_path, "draft.docx", "--write").stderr
    expected = [(note, NEW if (note, url) == (3, DEAD) else url) for note, url in before]
    assert cited(tmp_path / "draft.docx") == expected


def test_a_report_that_changed_is_matched_or_told_never_guessed(tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(TEXT)
    decide(tmp_path, "draft.md", row("2", DEAD, "replace", to=NEW), row("3", WALL, "replace", to=NEW))
    later = TEXT.replace("A.[^1]", "New.[^1] A.[^2]").replace("B.[^2]", "B.[^3]").replace("C.[^3]", "C.[^4]")
    later = later.replace("[^3]: ", "[^4]: ").replace("[^2]: ", "[^3]: ").replace("[^1]: ", "[^2]: ", 1)
    (tmp_path / "draft.md").write_text(later + "[^1]: <https://other.example.org/>\n")
    done = fix(tmp_path, "draft.md", "--write")
    assert "has changed since these decisions were taken" in done.stderr
    assert f"note 2 {DEAD}: the report has changed, and this link stands in note 2, note 3: decide again" in done.stderr
    assert dict(cited(tmp_path / "draft.md"))[4] == NEW  # the only one printed so, under its new number
    assert [url for _, url in cited(tmp_path / "draft.md")].count(DEAD) == 2


def test_a_hostile_row_is_refused_alone(tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(TEXT)
    hostile = row("1", DEAD, "replace", to='https://x.example/"\n[[ignore]]\x1b[2J')
    decide(tmp_path, "draft.md", hostile, row("2", DEAD, "replace", to=NEW))
    done = fix(tmp_path, "draft.md", "--write")
    assert "refused: decision 1: to holds" in done.stderr
    assert "\x1b" not in done.stderr
    assert cited(tmp_path / "draft.md") == [(1, DEAD), (2, NEW), (3, WALL)]
    assert run(tmp_path, "fix", "draft.md", "--decisions", "draft.md").returncode == 2


SMUGGLED = 'no"\n[network]\nproxy = "http://evil.example"\n[[ignore]]\nrule = "CA101"\nreason = "\\u0022'


def test_a_reason_smuggles_no_setting_into_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(TEXT)
    (tmp_path / "cite-audit.toml").write_text('fail-on = "warning"\r\n', newline="")
    decide(tmp_path, "draft.md", row("3", WALL, "keep", reason=SMUGGLED))
    assert fix(tmp_path, "draft.md", "--write").returncode == 0
    said = tomllib.loads((tmp_path / "cite-audit.toml").read_text())
    assert said["fail-on"] == "warning"
    assert set(said) == {"fail-on", "ignore"}
    assert [set(ignore) for ignore in said["ignore"]] == [{"report", "url", "reason"}]
    assert run(tmp_path, "audit", "draft.md", "--offline", "--fail-on", "never").returncode == 0


@pytest.mark.parametrize(
    "content",
    [b'ignore = [{reason = "x", rule = "CA101"}]\n', b"not = TOML [\n", b"\xff\xfe", b"a = " + b"[" * 3000],
)
def test_a_configuration_that_ignores_cannot_be_added_to_stays_as_it_is(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(TEXT)
    (tmp_path / "other.toml").write_bytes(content)
    decide(tmp_path, "draft.md", row("3", WALL, "keep", reason="I can read it"))
    done = fix(tmp_path, "draft.md", "--write", "--config", "other.toml")
    assert done.returncode == 2
    assert (tmp_path / "other.toml").read_bytes() == content


def test_nothing_is_added_to_the_file_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(TEXT)
    (tmp_path / "hook.sh").write_text("# a script\n")
    (tmp_path / "cite-audit.toml").symlink_to("hook.sh")
    decide(tmp_path, "draft.md", row("3", WALL, "keep", reason="$(date)"))
    done = fix(tmp_path, "draft.md", "--write")
    assert done.returncode == 2
    assert "is a link" in done.stderr
    assert (tmp_path / "hook.sh").read_text() == "# a script\n"


def test_an_address_with_a_star_ignores_no_other(tmp_path: Path) -> None:
    star = "https://wall.example.org/*"
    (tmp_path / "draft.md").write_text(TEXT.replace(WALL, star))
    decide(tmp_path, "draft.md", row("3", star, "keep", reason="I can read it"))
    done = fix(tmp_path, "draft.md", "--write")
    assert "its address holds a *" in done.stderr
    assert not (tmp_path / "cite-audit.toml").exists()


@pytest.mark.parametrize("lock", ["~$aft.docx", "~$draft.docx", ".~lock.draft.docx#"])
def test_a_report_that_is_open_is_not_written(lock: str, tmp_path: Path) -> None:
    data = word_manuscript()
    (tmp_path / "draft.docx").write_bytes(data)
    (tmp_path / lock).write_bytes(b"\x05Ana")
    done = run(tmp_path, "fix", "draft.docx", "--refang", "--write")
    assert done.returncode == 2
    assert f"draft.docx: is open in a word processor ({lock} says so)" in done.stderr
    assert (tmp_path / "draft.docx").read_bytes() == data
    assert run(tmp_path, "fix", "draft.docx", "--refang").returncode == 0  # showing harms nobody


def test_fix_says_what_is_still_wrong(tmp_path: Path) -> None:
    text = TEXT.replace(f"<{DEAD}>\n[^3]", "<https://a.example.org/b>\n[^3]").replace(WALL, "https://host.invalid/x")
    (tmp_path / "draft.md").write_text(text.replace("C.[^3]", "C.[^3] D.[^9]"))
    done = run(tmp_path, "fix", "draft.md", "--defang", "[.]")
    assert "draft.md: 3 links would be mended, 1 still wrong: note 9\n" in done.stderr


def test_a_document_that_records_changes_gets_tracked_ones(tmp_path: Path) -> None:
    from tests.review.revisions import count

    for name, settings in (("on", "<w:trackRevisions/>"), ("off", '<w:trackRevisions w:val="false"/>')):
        (tmp_path / f"{name}.docx").write_bytes(word_manuscript(settings=settings))
        done = run(tmp_path, "fix", f"{name}.docx", "--defang", "[.]", "--write")
        assert done.returncode == 0, done.stderr
        assert (count((tmp_path / f"{name}.docx").read_bytes(), "del") > 0) is (name == "on")
        assert (tmp_path / f"{name}.before-cite-audit.docx").is_file()


def test_a_row_that_never_fitted_is_not_said_to_be_gone(tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(TEXT)
    decide(tmp_path, "draft.md", row("2", NEW, "keep"))
    assert f"note 2 {NEW}: not in the report\n" in fix(tmp_path, "draft.md").stderr
