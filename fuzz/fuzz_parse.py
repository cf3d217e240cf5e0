"""An atheris target: any text, through the reader and both filters; nothing but ReadError, no host that is not there.

python -m fuzz.fuzz_parse [libFuzzer options] fuzz/corpus
"""

from __future__ import annotations

import re
import sys
import unicodedata

import atheris

with atheris.instrument_imports(include=["cite_audit.parse"]):
    from cite_audit.errors import ReadError
    from cite_audit.parse import read_report
    from cite_audit.parse.links.refang import defang, refang


def letters(text: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).lower()


def check(data: bytes) -> None:
    """Reads the bytes as a report and as a text to filter."""
    try:
        report = read_report("fuzz.md", data)
    except ReadError:
        return
    text = data.decode("utf-8", "replace")
    kept = letters(text)
    for citation in report.citations:
        host = re.split(r"[/?#]", citation.link.url.partition("://")[2] or citation.link.url)[0].rpartition("@")[2]
        missing = [label for label in host.split(".") if letters(label) not in kept]
        if missing and text.isascii():
            raise AssertionError(f"host {host!r} is not in the input: {missing}")
    refang(text)
    defang(text)


if __name__ == "__main__":
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
