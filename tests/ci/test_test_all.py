"""`make test-all` fails where too few Pythons are here, and where the tests fail under one of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"
BASH = shutil.which("bash")

pytestmark = pytest.mark.skipif(BASH is None, reason="no bash")

# stands in for an environment's Python: knows its version, installs nothing, and its tests end as they are told to
STUB = f"""#!/bin/sh
case "$*" in
  *version_info*) echo {HERE} ;;
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  "-m pip "*) ;;
  "-m pytest "*) echo "pytest ran: $*"; exit ${{TESTS_END:-0}} ;;
esac
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the script, and a Python on PATH that is the stub."""
    (tmp_path / "ci").mkdir()
    for name in ("test_all.sh", "interpreters.sh"):
        shutil.copy(ROOT / "ci" / name, tmp_path / "ci")
    stub = tmp_path / "bin" / f"python{HERE}"
    stub.parent.mkdir()
    stub.write_text(STUB)
    stub.chmod(0o755)
    return tmp_path


def run_all(project: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(project / "bin"), "/usr/bin", "/bin"])
    command = [str(BASH), str(project / "ci" / "test_all.sh"), "-k", "some"]
    environment = {"PATH": path, "HOME": str(project), **variables}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_the_tests_run_under_each_python_with_the_arguments_given(project: Path) -> None:
    done = run_all(project, VERSIONS=HERE, FEWEST="1")
    assert done.returncode == 0, done.stderr
    assert "pytest ran: -m pytest -p no:cacheprovider -k some" in done.stdout
    assert "the tests pass under 1 Pythons" in done.stdout


def test_a_failure_under_one_python_is_a_failure(project: Path) -> None:
    done = run_all(project, VERSIONS=HERE, FEWEST="1", TESTS_END="1")
    assert (done.returncode, done.stderr) == (1, f"the tests fail under Python {HERE}\n")


def test_fewer_pythons_than_three_are_a_failure(project: Path) -> None:
    done = run_all(project, VERSIONS=f"{HERE} 9.9")
    assert done.returncode == 1
    assert "Python 9.9: not here" in done.stdout
    assert f"only 1 of the Pythons {HERE} 9.9 are here; at least 3 are needed" in done.stderr
