"""`cite-audit refang` and `cite-audit defang`: filters over standard input or files."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated

import typer

InputFiles = Annotated[list[str] | None, typer.Argument(help="Files to read; standard input without any, or for '-'.")]
StyleName = Annotated[str, typer.Option("--style", help="[.]  (.)  ((.))  dot  [dot]  {.}  hxxp")]


def refang(files: InputFiles = None) -> None:
    """Write a text with every defanged link made real."""
    from cite_audit.parse.links.refang import refang as real

    _filter_files(files or ["-"], real)


def defang(files: InputFiles = None, style: StyleName = "[.]") -> None:
    """Write a text with every link defanged.

    Nothing makes a defanged link clickable by accident.
    """
    from cite_audit.errors import UsageError
    from cite_audit.parse.links.refang import STYLES
    from cite_audit.parse.links.refang import defang as written

    if style.strip() not in STYLES:
        raise UsageError(f"no such style: {style!r}; there are {', '.join(STYLES)}")
    _filter_files(files or ["-"], lambda text: written(text, style))


def _filter_files(files: list[str], change: Callable[[str], str]) -> None:
    """Every file through `change` to standard output, in the encoding it came in."""
    from cite_audit.cli.stdin import read_stdin
    from cite_audit.parse import check_size, content_of
    from cite_audit.parse.readers import refuse_structured
    from cite_audit.parse.readers.text import decode_text

    for path in files:
        data = check_size(path, read_stdin()) if path == "-" else content_of(path)
        if not data:
            continue
        refuse_structured(data, path)
        text, encoding = decode_text(data, path)
        sys.stdout.buffer.write(change(text).encode(encoding, "replace"))
    sys.stdout.buffer.flush()
