"""An atheris target: any bytes as a file of cookies and as Set-Cookie lines; only UsageError, and no value in it.

python -m fuzz.fuzz_cookies [libFuzzer options] [corpus]
"""

from __future__ import annotations

import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["cite_audit.resolve.http", "cite_audit.urls"]):
    from cite_audit.errors import UsageError
    from cite_audit.resolve.http.cookies import CookieJar, read_cookie_file
    from cite_audit.resolve.http.request_target import parse_target

from fuzz.harness import fuzz, refuse_own_fault, split_input

PATH = Path(tempfile.mkdtemp(prefix="cite-audit-fuzz-")) / "cookies.txt"
CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
TARGETS = [
    parse_target(url)
    for url in (
        "https://www.site.example/a/b?c",
        "http://user.pages.example/",
        "https://a.github.io/",
        "http://1.1.1.1/",
    )
]


def _fill_row(data: bytes) -> bytes:
    """A line of seven fields, those between bars, in which the time is one."""
    fields = [*data.split(b"|"), *[b""] * 7][:7]
    return b"\t".join([*fields[:4], b"0", *fields[5:]])


def check(data: bytes) -> None:
    """Reads the bytes as a file, then as the lines of an answer of one of the hosts."""
    setter, data = split_input(data, len(TARGETS))
    is_row, data = split_input(data, 2)
    PATH.write_bytes(_fill_row(data) if is_row else data)
    try:
        _check_headers(read_cookie_file(PATH, NOW))
    except UsageError as error:
        refuse_own_fault(str(error))
        line = str(error).removeprefix(f"{PATH}: line ").partition(" ")[0]
        expected = f"{PATH}: line {line} is no cookie in Netscape's format (seven fields between tabs)"
        if str(error) != expected or not line.isdigit():
            raise AssertionError("the message shows what a line says") from None
    jar = CookieJar(NOW)
    jar.store_cookies(TARGETS[setter], data.decode("latin-1").split("\n"))
    _check_headers(jar)
    for target in TARGETS:
        if target.host != TARGETS[setter].host and jar.cookie_header(target):
            raise AssertionError(f"{target.host} gets what {TARGETS[setter].host} set")


def _check_headers(jar: CookieJar) -> None:
    for target in TARGETS:
        header = jar.cookie_header(target)
        if CONTROLS.search(header):
            raise AssertionError("a control character in the Cookie field")
        header.encode("latin-1")


if __name__ == "__main__":
    fuzz(check)
