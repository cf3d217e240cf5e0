"""An atheris target: any bytes as a configuration file, or as the value of a variable; nothing but ConfigError.

python -m fuzz.fuzz_config [libFuzzer options] [corpus]
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["cite_audit.config"]):
    from cite_audit.config.files import load_settings
    from cite_audit.config.keys import KEYS, name_variable
    from cite_audit.errors import ConfigError

from fuzz.harness import fuzz, refuse_own_fault, split_input

FOLDER = Path(tempfile.mkdtemp(prefix="cite-audit-fuzz-"))
NAMES = [name_variable(key) for key in KEYS]


def check(data: bytes) -> None:
    """Loads settings from a file of these bytes, and from one variable."""
    variable, data = split_input(data, len(NAMES))
    trusted, data = split_input(data, 2)
    path = FOLDER / "cite-audit.toml"
    path.write_bytes(data)
    try:
        load_settings([str(FOLDER / "r.md")], environ={}, **{"trusted" if trusted else "config": str(path)})
    except ConfigError as error:
        refuse_own_fault(str(error))
    try:
        load_settings([], environ={NAMES[variable]: data.decode("utf-8", "replace")}, no_config=True)
    except ConfigError as error:
        refuse_own_fault(str(error))


if __name__ == "__main__":
    fuzz(check)
