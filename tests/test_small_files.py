"""Small files of others: read to a bound, without waiting for a writer that never comes."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cite_audit.config.files import load_settings
from cite_audit.errors import ConfigError, UsageError
from cite_audit.files import read_bounded, read_small_file
from cite_audit.pipeline import prepare_policy

needs_pipes = pytest.mark.skipif(sys.platform == "win32", reason="named pipes of POSIX")


def test_the_bound_is_at_its_byte(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"x" * 100)
    assert read_small_file(file, limit=100) == b"x" * 100
    with pytest.raises(OSError, match="more than 99 bytes"):
        read_small_file(file, limit=99)


class CountedFile(io.FileIO):
    """A file that knows for how many bytes it was asked at most."""

    most = 0

    def read(self, size: int | None = -1) -> bytes:
        self.most = max(self.most, size or 0)
        return super().read(size) or b""


def test_no_more_memory_is_set_aside_than_a_file_needs(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 3_000_000)
    with CountedFile(str(tmp_path / "a")) as file:
        assert len(read_bounded(file, 500_000_000)) == 3_000_000
        assert file.most < 4_500_000
    assert len(read_bounded(io.BytesIO(b"x" * 3_000_000), 2_000_000)) == 2_000_001


@needs_pipes
def test_a_pipe_without_a_writer_is_empty_and_one_with_a_writer_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert read_small_file(pipe) == b""
    reading, writing = os.pipe()
    os.write(writing, b"known")
    os.close(writing)
    assert read_small_file(f"/dev/fd/{reading}") == b"known"
    os.close(reading)


@needs_pipes
@pytest.mark.parametrize("place", ["pipe", "/dev/zero"])
def test_a_baseline_without_end_is_refused(tmp_path: Path, place: str) -> None:
    path = place if place.startswith("/") else str(tmp_path / place)
    if not place.startswith("/"):
        os.mkfifo(path)
    settings = load_settings([], no_config=True, environ={"CITE_AUDIT_BASELINE": path}).settings
    with pytest.raises(UsageError, match="baseline"):
        prepare_policy(settings.policy)


def test_a_configuration_of_more_than_16_mb_is_refused(tmp_path: Path) -> None:
    config = tmp_path / "cite-audit.toml"
    with open(config, "wb") as file:
        file.truncate(16 * 1024 * 1024 + 1)  # without a byte on the disk
    with pytest.raises(ConfigError, match="more than 16,777,216 bytes"):
        load_settings([str(tmp_path / "r.md")], environ={}, config=str(config))


@needs_pipes
@pytest.mark.slow
@pytest.mark.parametrize("command", [["audit", "-", "--offline", "--no-config"], ["refang"]])
def test_standard_input_without_end_is_refused(command: list[str]) -> None:
    with open("/dev/zero", "rb") as endless:
        done = subprocess.run(
            [sys.executable, "-m", "cite_audit", *command], stdin=endless, capture_output=True, timeout=120, check=False
        )
    assert done.returncode == 2
    assert b"-: refused: more than 500,000,000 bytes" in done.stderr
