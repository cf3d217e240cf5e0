"""A corpus audit: what the tables hold, and how a run goes on where it was left."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("duckdb", reason="the extra cluster is not installed")
pytest.importorskip("msgspec", reason="the extra cluster is not installed")

from cite_audit.config.settings import Settings
from cite_audit.corpus.columns import TABLES, build_schema
from cite_audit.corpus.export import export_report
from cite_audit.corpus.folder import CorpusFolder
from cite_audit.corpus.stages import STAGES
from cite_audit.errors import UsageError
from cite_audit.pipeline import audit
from cite_audit.report.render.audit.json import encode_audit
from tests.corpus.corpora import OFFLINE, SmallWeb, online, rows, run_audit, write_report
from tests.loopback.wayback import Capture, LoopbackWayback

pytestmark = pytest.mark.slow  # in `make test-slow`, whose environment has the extra

HOSTS = [f"site{number}.test" for number in range(6)]


def addresses(*paths: str) -> list[str]:
    return [f"http://{host}{path}" for host in HOSTS for path in paths]


def test_every_table_has_the_columns_it_promises(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    write_report(tmp_path / "in", "a.md", *addresses("/p/1"))
    run_audit([tmp_path / "in"], tmp_path / "out")
    for table in TABLES:
        parts = CorpusFolder(tmp_path / "out").parts(table)
        assert parts, table
        assert pq.read_schema(parts[0]).equals(build_schema(table)), table


def test_an_exported_report_is_that_of_audit(tmp_path: Path) -> None:
    report = write_report(tmp_path / "in", "a.md", *addresses("/p/1", "/gone"))
    write_report(tmp_path / "in", "b.md", *addresses("/p/2"))
    web = SmallWeb(gone={"/gone"})
    now = datetime.now(UTC)
    with web.serve(*HOSTS) as sites:
        settings = online(sites)
        run_audit([tmp_path / "in"], tmp_path / "out", settings, now=now)
        alone = Settings(network=settings.network, archive=False, store=None, facts=False)  # a corpus keeps no pages
        one = audit(str(report), alone, now=now)
    exported, expected = (
        json.loads(json.dumps(encode_audit(each), default=str))
        for each in (export_report(CorpusFolder(tmp_path / "out"), "a.md", settings), one)
    )
    for document in (exported, expected):
        for link in document["links"].values():
            del link["checked_at"]
    assert exported == expected
    assert Counter(row["health"] for row in rows(tmp_path / "out", "links")) == {"alive": 12, "broken": 6}


def test_archives_are_asked_and_mementos_kept(tmp_path: Path) -> None:
    write_report(tmp_path / "in", "a.md", "http://site0.test/p/1", "http://site0.test/p/2")
    story = b"<title>Bridge</title><h1>Bridge</h1>" + b"<p>The bridge will open again in the spring.</p>" * 20
    with (
        SmallWeb(gone=set()).serve("site0.test") as sites,
        LoopbackWayback([Capture("http://site0.test/p/1", "20190603101112", body=story)]) as wayback,
    ):
        run_audit(
            [tmp_path / "in"],
            tmp_path / "out",
            online(sites, wayback=wayback.url, availability=wayback.availability),
        )
    links = {row["url"]: row for row in rows(tmp_path / "out", "links")}
    assert links["http://site0.test/p/1"]["archived"] == "archived"
    assert links["http://site0.test/p/1"]["distance_days"] == 1
    assert links["http://site0.test/p/2"]["archived"] == "not_archived"
    assert [row["url"] for row in rows(tmp_path / "out", "mementos")] == ["http://site0.test/p/1"]


def test_a_run_goes_on_where_it_was_left_and_asks_nothing_again(tmp_path: Path) -> None:
    for number in range(4):
        write_report(tmp_path / "in", f"{number}.md", *addresses(f"/p/{number}"))
    with SmallWeb(gone=set()).serve(*HOSTS) as sites:
        settings = online(sites)
        stages = []
        for stage in STAGES:
            result = run_audit([tmp_path / "in"], tmp_path / "out", settings, stop_after=stage, group_size=5)
            stages.append(result.run.finished[-1])
        asked = Counter((request.host, request.target) for request in sites.log if request.target.startswith("/p/"))
    assert stages == list(STAGES)
    assert len(asked) == 24
    assert set(asked.values()) == {1}
    assert len(CorpusFolder(tmp_path / "out").parts("links")) > 1  # of several groups


def test_an_interrupted_run_keeps_what_it_has_seen(tmp_path: Path) -> None:
    write_report(tmp_path / "in", "a.md", *addresses("/p/1", "/p/2"))
    with SmallWeb(gone=set()).serve(*HOSTS) as sites:
        settings = online(sites)
        run_audit([tmp_path / "in"], tmp_path / "out", settings, stop_after="links")
        result = run_audit([tmp_path / "in"], tmp_path / "out", settings, interrupted=lambda: len(sites.log) > 3)
        assert result.interrupted
        assert "live" not in result.run.finished
        finished = run_audit([tmp_path / "in"], tmp_path / "out", settings)
    assert finished.run.finished == tuple(STAGES)
    assert finished.run.id == result.run.id
    assert len(rows(tmp_path / "out", "links")) == 12


def test_a_deadline_ends_a_run_with_its_reason(tmp_path: Path) -> None:
    write_report(tmp_path / "in", "a.md", *addresses("/p/1"))
    result = run_audit([tmp_path / "in"], tmp_path / "out", deadline=0.0001)
    assert result.problem == "the deadline was reached"
    assert run_audit([tmp_path / "in"], tmp_path / "out").run.finished == tuple(STAGES)


def test_half_written_parts_are_not_read(tmp_path: Path) -> None:
    write_report(tmp_path / "in", "a.md", *addresses("/p/1"))
    run_audit([tmp_path / "in"], tmp_path / "out", stop_after="read")
    for table in ("citations", "links", "probes"):
        (tmp_path / "out" / table / ".half.parquet.99").write_bytes(b"PAR1")
        (tmp_path / "out" / table / ".half.parquet").write_bytes(b"PAR1")
    assert run_audit([tmp_path / "in"], tmp_path / "out").run.counts["links"] == 6
    assert not list((tmp_path / "out").rglob(".half*"))


def test_a_second_run_reads_only_what_has_changed(tmp_path: Path) -> None:
    write_report(tmp_path / "in", "a.md", *addresses("/p/1"))
    run_audit([tmp_path / "in"], tmp_path / "out")
    part = CorpusFolder(tmp_path / "out").parts("reports")[0]
    first = part.stat().st_mtime_ns
    run_audit([tmp_path / "in"], tmp_path / "out")
    assert part.stat().st_mtime_ns == first
    write_report(tmp_path / "in", "a.md", *addresses("/p/1", "/p/2"))
    assert run_audit([tmp_path / "in"], tmp_path / "out").run.counts["links"] == 12
    assert part.stat().st_mtime_ns != first


def test_a_report_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    write_report(tmp_path / "in", "a.md", *addresses("/p/1"))
    (tmp_path / "in" / "b.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    run_audit([tmp_path / "in"], tmp_path / "out")
    problems = {Path(row["path"]).name: row["problem"] for row in rows(tmp_path / "out", "reports")}
    assert problems["a.md"] == ""
    assert "old Word file" in problems["b.docx"]


def test_text_that_no_utf8_holds_is_written_with_its_bytes(tmp_path: Path) -> None:
    """A file name, or the text of a broken report, may have lone surrogates."""
    folder = CorpusFolder(tmp_path / "out")
    folder.make()
    columns: dict[str, list[Any]] = {name: [None] for name in TABLES["reports"]}
    columns |= {"title": ["caf\udce9"], "authors": [("A\ud800", "B")]}
    assert folder.write_columns("reports", "one", columns) == 1
    folder.write_part("reports", "two", [{"title": "caf\udce9", "authors": ("A\ud800", "B")}])
    for part in ("one", "two"):
        (row,) = folder.read_part("reports", part, ["title", "authors", "path"])
        assert row == {"title": "caf\\udce9", "authors": ["A\\ud800", "B"], "path": None}


def test_a_manifest_gives_title_and_date(tmp_path: Path) -> None:
    write_report(tmp_path / "in", "a.md", *addresses("/p/1"))
    (tmp_path / "list.csv").write_text("path,title,date\nin/a.md,The bridge,2015-03-04\n")
    run_audit([tmp_path / "list.csv"], tmp_path / "out")
    (report,) = rows(tmp_path / "out", "reports")
    assert (report["title"], report["published"]) == ("The bridge", date(2015, 3, 4))
    assert {row["published"] for row in rows(tmp_path / "out", "citations")} == {date(2015, 3, 4)}


def test_a_collection_of_captures_is_a_corpus(tmp_path: Path) -> None:
    pytest.importorskip("warcio")
    from io import BytesIO

    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    page = b"<title>A report</title><p>It rains.<a href='https://news.example.com/a'>1</a></p>"
    with (tmp_path / "all.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for name, kind in (("one", "text/html"), ("two", "text/html; charset=utf-8"), ("logo", "image/png")):
            head = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
            address = f"https://paper.example.com/{name}"
            record = writer.create_warc_record(address, "response", BytesIO(page), http_headers=head)
            writer.write_record(record)
            record.raw_stream.close()
    run_audit([tmp_path / "all.warc.gz"], tmp_path / "out")
    names = sorted(row["path"].partition("!")[2] for row in rows(tmp_path / "out", "reports"))
    assert names == ["https://paper.example.com/one", "https://paper.example.com/two"]
    assert {row["problem"] for row in rows(tmp_path / "out", "reports")} == {""}


def test_a_folder_of_another_memory_is_a_corpus(tmp_path: Path) -> None:
    import fsspec

    files = fsspec.filesystem("memory")
    path = write_report(tmp_path / "in", "a.md", *addresses("/p/1"))
    files.pipe_file("/library/a.md", path.read_bytes())
    run_audit(["memory://library"], tmp_path / "out")
    (report,) = rows(tmp_path / "out", "reports")
    assert report["citations"] == 6


@pytest.mark.parametrize("path", ["missing-*.md", "simplecache::s3://a/b", "ftp://host/a"])
def test_what_stands_for_no_report_is_an_error(tmp_path: Path, path: str) -> None:
    with pytest.raises(UsageError):
        run_audit([path], tmp_path / "out")


def test_two_runs_do_not_work_on_one_corpus(tmp_path: Path) -> None:
    from cite_audit.corpus.lease import drive_run

    write_report(tmp_path / "in", "a.md", *addresses("/p/1"))
    folder = CorpusFolder(tmp_path / "out")
    folder.make()
    with drive_run(folder), pytest.raises(UsageError, match="another run"):
        run_audit([tmp_path / "in"], tmp_path / "out")


def test_a_corpus_of_another_version_is_refused(tmp_path: Path) -> None:
    write_report(tmp_path / "in", "a.md", *addresses("/p/1"))
    run_audit([tmp_path / "in"], tmp_path / "out")
    state = tmp_path / "out" / "corpus.json"
    state.write_text(state.read_text().replace('"schema_version": "1.0"', '"schema_version": "2.0"'))
    with pytest.raises(UsageError, match=r"version 2\.0"):
        run_audit([tmp_path / "in"], tmp_path / "out", OFFLINE)
