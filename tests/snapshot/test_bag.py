"""A hand-over: the bag is valid to the library's own validator, complete, and told where it is not."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

pytest.importorskip("warcio")
pytest.importorskip("bagit")

import bagit

from cite_audit.snapshot.fixity import check_folder
from tests.cli.running import run
from tests.snapshot.captured_site import Site

DC = "{http://purl.org/dc/elements/1.1/}"
REPORT = """---
title: Who was there & when
author: [Ada Example, Jo Sample]
date: 2026-01-01
lang: en
---

It was so.[1]

[1] hxxp://news[.]example/1
"""


@pytest.fixture
def folder(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Captures of `one.md`, which is there, and of `two.md`, which is not."""
    monkeypatch.chdir(tmp_path)
    site.snapshot(tmp_path / "captures", "one.md", "/1", "/2")
    site.snapshot(tmp_path / "captures", "two.md", "/3")
    (tmp_path / "one.md").write_text(REPORT, "utf-8")
    return tmp_path / "captures"


def digest_files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_bag_is_valid_and_holds_the_folder_as_it_lies(folder: Path) -> None:
    before = digest_files(folder)
    done = run(Path(), "captures", "package", "captures", "one.md", "--to", "bag", "--organization", "A library")
    assert done.returncode == 3  # two.md was not given
    assert "two.md" in done.stdout
    bag = bagit.Bag("bag")
    bag.validate()
    assert bag.info["Source-Organization"] == "A library"
    assert "Who was there & when" in bag.info["External-Description"]
    assert digest_files(Path("bag/data/captures")) == before == digest_files(folder)
    assert Path("bag/data/reports/one.md").read_text("utf-8") == REPORT
    assert not check_folder(Path("bag/data/captures")).damages
    rows = list(csv.DictReader(io.StringIO(Path("bag/data/copies.csv").read_text("utf-8"))))
    assert [row["cited_in"] for row in rows] == ["one.md note 1", "one.md note 2", "two.md note 1"]
    assert {"metadata/fixity.json", "metadata/one.md.dc.xml"} <= set(bag.tagfile_entries())


def test_its_dublin_core_is_the_masthead(folder: Path) -> None:
    run(Path(), "captures", "package", "captures", "one.md", "--to", "bag")
    record = ET.parse("bag/metadata/one.md.dc.xml").getroot()
    told = {name: [element.text for element in record.findall(DC + name)] for name in ("title", "creator", "date")}
    assert told == {
        "title": ["Who was there & when"],
        "creator": ["Ada Example", "Jo Sample"],
        "date": ["2026-01-01"],
    }
    (bundle,) = [element.text for element in record.findall(f"{DC}relation")]
    assert Path("bag", str(bundle)).suffix == ".wacz"
    assert Path("bag", str(bundle)).is_file()


def test_all_reports_given_is_a_whole_hand_over(folder: Path) -> None:
    Path("two.md").write_text(REPORT, "utf-8")
    assert run(Path(), "captures", "package", "captures", "one.md", "two.md").returncode == 0
    bagit.Bag("captures-bag").validate()


def test_damage_is_handed_over_as_such(folder: Path) -> None:
    bundle = next((folder / "one").glob("*.wacz"))
    bundle.write_bytes(bundle.read_bytes()[:-30])
    Path("two.md").write_text(REPORT, "utf-8")
    done = run(Path(), "captures", "package", "captures", "one.md", "two.md", "--to", "bag")
    assert done.returncode == 1
    assert bundle.name in done.stdout
    bagit.Bag("bag").validate()
    assert bundle.name in Path("bag/metadata/fixity.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["captures", "--to", "captures/bag"], "lies in the captures folder"),
        (["captures", "--to", "taken"], "stands already"),
        (["nothing"], "holds no captures"),
        (["captures", "no-such.md"], "no-such.md"),
    ],
)
def test_a_wrong_call_writes_nothing(folder: Path, arguments: list[str], words: str) -> None:
    Path("taken").mkdir()
    before = sorted(folder.parent.iterdir())
    done = run(Path(), "captures", "package", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert sorted(folder.parent.iterdir()) == before
    assert not any(Path("taken").iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_in_the_folder_is_not_followed(folder: Path) -> None:
    secret = folder.parent / "secret"
    secret.write_text("mine", "utf-8")
    (folder / "one" / "more.wacz").symlink_to(secret)
    run(Path(), "captures", "package", "captures", "one.md", "--to", "bag")
    assert not any(path.name == "more.wacz" for path in Path("bag").rglob("*"))
    shutil.rmtree("bag")
