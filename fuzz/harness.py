"""What every target shares: it fails on any error that is not documented, and on one that an edge had to catch."""

from __future__ import annotations

import sys
from collections.abc import Callable

import atheris


def fuzz(check: Callable[[bytes], None]) -> None:
    """Run a target with libFuzzer's options and corpora of the command line."""
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()


def refuse_own_fault(text: str) -> None:
    """Raises AssertionError for a message of an edge that caught a fault of this program."""
    from cite_audit.errors import OWN_FAULT

    if OWN_FAULT in text:
        raise AssertionError(text)


def split_input(data: bytes, count: int) -> tuple[int, bytes]:
    """A choice among `count` by the first byte, and the other bytes."""
    return (data[0] % count, data[1:]) if data else (0, b"")
