"""Several workers on a Dask cluster, and what a kill leaves behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("distributed", reason="the extra cluster is not installed")

from bench.corpus import Scale, kill_once, loopback_sites, make_reports, page_address, run_cli
from cite_audit.corpus.crew import DaskCrew, open_crew
from cite_audit.corpus.folder import CorpusFolder
from tests.corpus.corpora import rows, run_audit, write_report

pytestmark = pytest.mark.slow
SMALL = Scale(reports=40, citations=1200, links=600, hosts=120, most_on_host=60)


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    make_reports(tmp_path / "reports", SMALL)
    return tmp_path / "reports"


def asked_pages(log: Path, offset: int = 0) -> Counter[str]:
    lines = log.read_text()[offset:].splitlines()
    return Counter(page_address(line) for line in lines if line.split(" ", 3)[1] == "page" and " /p/" in line)


def test_two_workers_find_what_one_finds(tmp_path: Path, reports: Path) -> None:
    counts = []
    for workers in ("1", "2"):
        log, out = tmp_path / f"{workers}.log", tmp_path / f"out-{workers}"
        with loopback_sites(log) as sites:
            run_cli("audit", str(reports), "--out", str(out), "--workers", workers, *sites)
        counts.append(json.loads((out / "corpus.json").read_text())["counts"])
        hosts = {row["host"] for row in rows(out, "links")}
        assert len(hosts) == SMALL.hosts
    assert counts[0]["links"] == counts[1]["links"]
    assert counts[0]["health"]["broken"] == counts[1]["health"]["broken"]
    assert counts[0]["archived"] == counts[1]["archived"]


@pytest.mark.parametrize("victim", ["worker", "driver"])
def test_a_kill_loses_nothing_and_asks_nothing_again(tmp_path: Path, reports: Path, victim: str) -> None:
    log, out = tmp_path / "kill.log", tmp_path / "out"
    with loopback_sites(log) as sites:
        arguments = ("audit", str(reports), "--out", str(out), "--workers", "2", *sites)
        seen, offset, _ = kill_once(arguments, out, log, victim, SMALL.links * 2 // 5)
        run_cli(*arguments)
    again = {url for url in asked_pages(log, offset) if url in seen}
    assert seen
    assert again == set()
    assert len(rows(out, "links")) == len({row["url"] for row in rows(out, "citations")})
    assert len(rows(out, "grades")) == SMALL.reports


def test_the_workers_of_this_machine_obey_nobody_else(tmp_path: Path) -> None:
    """Whoever reaches a scheduler runs code in its workers."""
    import distributed

    with open_crew(CorpusFolder(tmp_path), 1 + 1, "") as crew:
        assert isinstance(crew, DaskCrew)
        address = crew._client.scheduler.address
        assert crew.submit(os.getppid).result() == os.getpid()
        assert address.startswith("tls://127.0.0.1:")
        for stranger in (address.replace("tls", "tcp"), address):
            with pytest.raises((OSError, TypeError)):
                distributed.Client(stranger, timeout=2, set_as_default=False)


def test_a_bucket_is_a_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`MOTO_SERVER` names the program moto_server, which wants another python-dateutil than this environment has."""
    program = os.environ.get("MOTO_SERVER") or str(Path(sys.prefix).parent / ".venv-moto" / "bin" / "moto_server")
    if not Path(program).exists():
        pytest.skip("moto_server is not there (make .venv-moto/.ready)")
    from pyarrow.fs import S3FileSystem

    server = subprocess.Popen([program, "-p", "0"], stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr
        line = next(line for line in server.stderr if "Running on http://127.0.0.1" in line)
        endpoint = line.split()[-1]
        for name, value in {"ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b", "ENDPOINT_URL": endpoint}.items():
            monkeypatch.setenv(f"AWS_{name}", value)
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        files = S3FileSystem(endpoint_override=endpoint.partition("://")[2], scheme="http", allow_bucket_creation=True)
        files.create_dir("library")
        for name in ("a.md", "b.md", "c.png"):
            path = write_report(tmp_path / "in", name, f"http://site.test/{name}")
            with files.open_output_stream(f"library/2019/{name}") as target:
                target.write(path.read_bytes())
        run_audit(["s3://library/2019"], tmp_path / "out")
        assert sorted(row["path"] for row in rows(tmp_path / "out", "reports")) == [
            "s3://library/2019/a.md",
            "s3://library/2019/b.md",
        ]
        assert run_audit(["s3://library/2019/*.md"], tmp_path / "glob").run.reports == 2
        assert CorpusFolder(tmp_path / "out").parts("grades")
    finally:
        server.terminate()
        server.communicate()
