"""A real pywb on loopback, from an environment of its own (`make test-slow` makes it): GPL, so only ever spoken to."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

ENVIRONMENT = Path(__file__).parents[2] / ".venv-pywb"
WAIT = 30.0  # seconds for it to answer; it takes 0.7 on an idle machine


def installed(environment: Path = ENVIRONMENT) -> bool:
    """Whether the environment with pywb is there."""
    return (environment / "bin" / "wayback").exists()


class Pywb:
    """Serves one collection, `cites`, made of WARC and WACZ files. `framed` False: redirects instead of frames."""

    def __init__(self, directory: Path, *archives: Path, framed: bool = False) -> None:
        self._directory = directory
        directory.mkdir(exist_ok=True)
        self._bin = ENVIRONMENT / "bin"
        # its scripts find their Python by themselves; what is on the path of this process must not leak in
        self._env = {**os.environ, "PYTHONPATH": "", "VIRTUAL_ENV": str(ENVIRONMENT)}
        self._run("init", "cites")
        for archive in archives:
            self._run("add", *(["--unpack-wacz"] if archive.suffix == ".wacz" else []), "cites", str(archive))
        settings = "" if framed else "framed_replay: false\nredirect_to_exact: true\n"
        (directory / "config.yaml").write_text(f"debug: false\n{settings}")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/cites"

    def __enter__(self) -> Self:
        command = [str(self._bin / "wayback"), "-b", "127.0.0.1", "-p", str(self.port), "-t", "2"]
        with (self._directory / "log").open("wb") as log:
            self._process = subprocess.Popen(command, cwd=self._directory, env=self._env, stdout=log, stderr=log)
        until = time.monotonic() + WAIT
        while time.monotonic() < until and self._process.poll() is None:
            try:
                with urlopen(f"http://127.0.0.1:{self.port}/", timeout=5):
                    return self
            except (URLError, OSError):
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(0.1)
        self.__exit__(None, None, None)
        raise RuntimeError((self._directory / "log").read_text()[-2000:])

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _run(self, *arguments: str) -> None:
        tool = shutil.which(str(self._bin / "wb-manager")) or ""
        subprocess.run([tool, *arguments], cwd=self._directory, env=self._env, check=True, capture_output=True)
